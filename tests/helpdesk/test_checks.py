"""System checks: nothing starts on a bad configuration, and the reason is a sentence."""

import os
import subprocess
import sys
from typing import Any

import pytest

from helpdesk import checks
from helpdesk.env import read
from tests.house.source import ROOT

GOOD = {
    "SECRET_KEY": "s" * 50,
    "ENCRYPTION_KEYS": "dGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGU=",
    "DATABASE_URL": "postgresql://app@db/helpdesk",
    "REDIS_URL": "redis://redis:6379/0",
}


def found(monkeypatch: pytest.MonkeyPatch, **variables: str) -> list[tuple[str, str]]:
    monkeypatch.setattr(checks, "env", read({**GOOD, **variables}))
    return [(str(one.id), one.msg) for one in checks.check_environment()]


def test_good_configuration_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(monkeypatch) == []


@pytest.mark.parametrize(
    ("variables", "id_", "said"),
    [
        ({"SECRET_KEY": ""}, "helpdesk.E001", "SECRET_KEY is not set"),
        ({"ENCRYPTION_KEYS": "abc"}, "helpdesk.E002", "key 1 is not a Fernet key"),
        ({"ENCRYPTION_KEYS": f"{GOOD['ENCRYPTION_KEYS']},schlüssel"}, "helpdesk.E002", "key 2 is not a Fernet key"),
        ({"SHOPIFY_BASE_URL": "http://127.0.0.1:8001/shops/{shop}"}, "helpdesk.E003", "store tokens elsewhere"),
        (
            {"SHOPIFY_BASE_URL": "http://127.0.0.1:8001/shops", "SHOPIFY_ALLOW_BASE_URL": "1"},
            "helpdesk.E003",
            "{shop}",
        ),
        ({"EMAIL_TLS": "yes"}, "helpdesk.E004", "EMAIL_TLS"),
        ({"LOG_LEVEL": "LOUD"}, "helpdesk.E004", "LOG_LEVEL"),
        ({"SECRET_KEY": "short"}, "helpdesk.E005", "SECRET_KEY"),
    ],
)
def test_fault_has_its_id_and_a_sentence(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], id_: str, said: str
) -> None:
    [(found_id, message)] = found(monkeypatch, **variables)

    assert found_id == id_
    assert said in message


def run(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {"PATH": os.environ["PATH"], "LOG_LEVEL": "CRITICAL", **variables}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", [("manage.py", "check"), ("-c", "import helpdesk.asgi")], ids=["command", "server"])
@pytest.mark.parametrize("wrong", [{}, {**GOOD, "DATABASE_URL": "postgresql://["}], ids=["nothing set", "bad URL"])
def test_nothing_starts_and_the_reason_is_no_traceback(words: tuple[str, ...], wrong: dict[str, str]) -> None:
    done = run(*words, **wrong)

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert "DATABASE_URL is " in done.stderr


def test_store_base_url_without_leave_changes_nothing(settings: Any) -> None:
    env = read({**GOOD, "SHOPIFY_BASE_URL": "http://127.0.0.1:9/{shop}"})

    assert not env.shopify_allow_base_url
    assert settings.SHOPIFY_BASE_URL == ""
