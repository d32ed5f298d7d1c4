"""The dot, at its edges."""

from datetime import timedelta

import pytest

from customers.kinds import Evidence
from customers.presence import NEVER, Cutoffs, judge
from tests.customers.actors import NOON


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(seconds=-5), "active"),
        (timedelta(seconds=270), "active"),
        (timedelta(seconds=271), "recent"),
        (timedelta(minutes=30), "recent"),
        (timedelta(minutes=30, seconds=1), "away"),
    ],
)
def test_judge_cuts_where_the_cutoffs_say(age: timedelta, state: str) -> None:
    seen = judge(last_seen_at=NOON - age, evidence=Evidence.PING, at=NOON, cutoffs=Cutoffs())

    assert seen.state == state


def test_judge_says_never_without_a_sign() -> None:
    assert judge(last_seen_at=None, evidence="", at=NOON, cutoffs=Cutoffs()) == NEVER


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=20), "Seen just now by ping"),
        (timedelta(minutes=3), "Seen 3 minutes ago by ping"),
        (timedelta(hours=1, minutes=59), "Seen 1 hour ago by ping"),
        (timedelta(days=2), "Seen 2 days ago by ping"),
    ],
)
def test_judge_says_when_and_by_what(age: timedelta, words: str) -> None:
    assert judge(last_seen_at=NOON - age, evidence=Evidence.PING, at=NOON, cutoffs=Cutoffs()).detail == words
