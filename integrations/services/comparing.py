"""Compare a note's two sides with what they were when they last agreed. Pure: no rows, no calls."""

from enum import StrEnum

from customers.services.noting import clean_note
from integrations.base import normalize_note


class Step(StrEnum):
    """What follows from a comparison."""

    AGREED = "agreed"  # nothing to do
    PUSH = "push"  # only our side changed
    TAKE = "take"  # only the store's side changed
    CONTEST = "contest"  # both did: ours was first in our database, the store's is kept beside it (D2)
    DIFFER = "differ"  # both filled and never agreed: a person chooses (D1)


def is_same(one: str | None, other: str | None) -> bool:
    """Equal for people: neither side's cleaning of line ends, blanks and accents counts as a change."""
    return _bare(one) == _bare(other)


def is_blank(text: str | None) -> bool:
    """Whether there is nothing to read."""
    return not _bare(text)


def compare(*, local: str, remote: str, base: str | None) -> Step:
    """What follows from ours, the store's and the text both last agreed upon; None when they never did."""
    if is_same(local, remote):
        return Step.AGREED
    if base is None:
        return _compare_first(local, remote)
    if is_same(local, base):
        return Step.TAKE
    return Step.PUSH if is_same(remote, base) else Step.CONTEST


def _compare_first(local: str, remote: str) -> Step:
    """An empty side is filled from the other (D1)."""
    if is_blank(local):
        return Step.TAKE
    return Step.PUSH if is_blank(remote) else Step.DIFFER


def _bare(text: str | None) -> str:
    return normalize_note(clean_note(text or ""))
