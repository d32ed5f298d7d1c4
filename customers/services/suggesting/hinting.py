"""Say beside a customer who they may be as well (F43)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.database.queries import Query
from customers.models import Customer, Suggestion

# At which score it is called what.
VERY_LIKELY, LIKELY = 0.95, 0.8
MOST_COUNTED = 10


@dataclass(frozen=True)
class Hint:
    """The likeliest, and how many others there are: at most nine are counted."""

    customer: Customer
    other: Customer
    evidence: tuple[str, ...]
    score: float
    more: int

    @property
    def chance(self) -> str:
        return say_chance(self.score)


def say_chance(score: float) -> str:
    """Nothing is quite sure."""
    word = "Very likely" if score >= VERY_LIKELY else "Likely" if score >= LIKELY else "Possible"
    return f"{word}, {min(int(score * 100), 99)} %"


def open_suggestions() -> QuerySet[Suggestion, Suggestion]:
    """Of customers who are there: whoever was merged is deleted, too."""
    rows: QuerySet[Suggestion, Suggestion] = Suggestion.objects.filter(one__deleted_at=None, other__deleted_at=None)
    return rows


def is_suggested() -> Q:
    """For a query of customers: whether there may be a hint, so that most cards need not ask for one."""
    mine = (Suggestion.objects.filter(**{side: OuterRef("pk")}) for side in ("one", "other"))
    first, second = (Exists(rows) for rows in mine)
    return Q(first) | Q(second)


def _hints(customer: int) -> QuerySet[Suggestion, Suggestion]:
    mine = open_suggestions().filter(Q(one=customer) | Q(other=customer))
    return mine.select_related("one", "other").order_by("-score", "pk")[:MOST_COUNTED]


_HINTS = Query(_hints)


def read_hint(*, customer: Customer) -> Hint | None:
    """In one query."""
    found = _HINTS.all(customer.pk)
    if not found:
        return None
    best = found[0]
    other = best.other if best.one_id == customer.pk else best.one
    return Hint(customer, other, tuple(best.evidence), best.score, len(found) - 1)
