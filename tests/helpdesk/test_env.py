"""The environment: parsed once, every fault a sentence that says what to put there."""

from pathlib import Path

import pytest

from helpdesk.env import read, variables

ENOUGH = {
    "SECRET_KEY": "s" * 50,
    "ENCRYPTION_KEYS": "newest, older ,",
    "DATABASE_URL": "postgresql://app@db/helpdesk",
    "REDIS_URL": "redis://redis:6379/0",
}


def test_enough_is_enough() -> None:
    env = read(ENOUGH)

    assert env.problems == ()
    assert env.encryption_keys == ("newest", "older")
    assert (env.port, env.debug, env.base_url) == (8000, False, "http://127.0.0.1:8000")


@pytest.mark.parametrize("name", sorted(ENOUGH))
def test_missing_variable_is_named(name: str) -> None:
    [problem] = read({key: value for key, value in ENOUGH.items() if key != name}).problems

    assert problem.startswith(f"{name} is not set. ")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("PORT", "web", "put a number from 1 to 65535"),
        ("PORT", "0", "put a number from 1 to 65535"),
        ("PORT", "65536", "put a number from 1 to 65535"),
        ("DEBUG", "maybe", "put 1 or 0"),
        ("DATABASE_URL", "mysql://db", "put a URL that begins with postgresql://"),
        ("DATABASE_URL", "postgresql://db/helpdesk?nonsense=1", "PostgreSQL cannot read it"),
        ("DATABASE_OWNER_URL", "postgresql://[", "Invalid IPv6 URL"),
        ("REDIS_URL", "127.0.0.1:6379", "put a URL that begins with redis://"),
        ("BASE_URL", "helpdesk.example", "put a URL that begins with http://"),
        ("TRUSTED_PROXIES", "one", "put a number"),
        ("TRUSTED_PROXIES", "-1", "put a number"),
    ],
)
def test_wrong_value_is_named_with_what_to_put(name: str, value: str, said: str) -> None:
    problems = read({**ENOUGH, name: value}).problems

    assert any(problem.startswith(f"{name} is ") and said in problem for problem in problems), problems


def test_fault_does_not_repeat_a_password() -> None:
    problems = read({**ENOUGH, "DATABASE_URL": "mysql://app:hush@db/helpdesk"}).problems

    assert "hush" not in " ".join(problems)


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n", encoding="utf-8")

    env = read({**ENOUGH, "SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "key")})

    assert env.secret_key == "from a file"
    assert env.problems == ()


def test_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    problems = read({**ENOUGH, "SECRET_KEY": "", "SECRET_KEY_FILE": str(tmp_path / "nothing")}).problems

    assert any(problem.startswith("SECRET_KEY_FILE: ") for problem in problems)


def test_every_variable_says_what_it_means_once() -> None:
    names = [name for name, *_ in variables()]

    assert len(names) == len(set(names))
    assert [name for name, _, meaning, _ in variables() if not meaning.endswith(".")] == []
