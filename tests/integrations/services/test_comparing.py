"""The comparison by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.services.comparing import Step, compare, is_blank, is_same

texts = st.text(alphabet="ab \r\n\t\u00e9e\u0301\x00\ufeff", max_size=6)


@pytest.mark.parametrize(
    ("local", "remote", "base", "step"),
    [
        ("a", "a", "b", Step.AGREED),
        ("a", "b", "b", Step.PUSH),
        ("b", "a", "b", Step.TAKE),
        ("a", "c", "b", Step.CONTEST),
        ("a", "a", None, Step.AGREED),
        ("", "a", None, Step.TAKE),
        ("a", "", None, Step.PUSH),
        ("a", "b", None, Step.DIFFER),
        ("", "", None, Step.AGREED),
        ("\n ", "a", None, Step.TAKE),
        ("", "a", "a", Step.PUSH),
    ],
)
def test_compare_says_what_follows(local: str, remote: str, base: str | None, step: Step) -> None:
    assert compare(local=local, remote=remote, base=base) is step


@given(texts, texts, texts)
def test_is_same_is_an_equivalence(one: str, two: str, three: str) -> None:
    assert is_same(one, one)
    assert is_same(one, two) == is_same(two, one)
    assert not (is_same(one, two) and is_same(two, three)) or is_same(one, three)


@given(texts, texts, st.none() | texts)
def test_compare_never_overwrites_a_changed_side(local: str, remote: str, base: str | None) -> None:
    step = compare(local=local, remote=remote, base=base)

    assert step is not Step.TAKE or is_blank(local) or is_same(local, base)
    assert step is not Step.PUSH or is_blank(remote) or is_same(remote, base)
