"""Remember that two customers are not the same person (B4), and take that back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.kinds import Actor
from core.database.among import Among
from core.text import clean_text
from customers.kinds import SuggestionEvent
from customers.models import Customer, Dismissal, Suggestion
from customers.models.suggestion import PairQuerySet
from customers.services.merging.locking import lock_customers
from events.kinds import EventType
from events.services.recording import record

# What a page listens to that shows suggestions of the whole workspace.
LIVE_NAME = "duplicates"


class OnePerson(Exception):
    """Both are one customer: they were the same from the start, or a colleague has merged them."""


class AlreadyDismissed(Exception):
    """A colleague was first."""


class NotDismissed(Exception):
    """Nobody says that they are two, any more."""


@dataclass(frozen=True)
class Pair:
    """Two customers, the older one first. Made by pair_of."""

    one: Customer
    other: Customer

    @property
    def ids(self) -> tuple[int, int]:
        return self.one.pk, self.other.pk

    @property
    def live_names(self) -> tuple[str, ...]:
        """Pages on which a suggestion of theirs stands."""
        return LIVE_NAME, self.one.live_name, self.other.live_name


def pair_of(first: Customer, second: Customer) -> Pair:
    """Raises OnePerson."""
    if first.pk == second.pk:
        raise OnePerson
    return Pair(first, second) if first.pk < second.pk else Pair(second, first)


def dismiss(*, pair: Pair, why: str = "", actor: Actor, at: datetime) -> Dismissal:
    """Take the suggestion away, if there is one, and suggest these two no more; nor who is merged with either.

    Raises AlreadyDismissed, OnePerson.
    """
    with transaction.atomic():
        pair = _lock(pair)
        if said_of(pair).exists():
            raise AlreadyDismissed
        suggestion = Suggestion.objects.filter(one=pair.one, other=pair.other).first()
        dismissal = Dismissal(
            one=pair.one, other=pair.other, why=" ".join(clean_text(why).split())[:200].rstrip(), created_at=at
        )
        if suggestion is not None:
            dismissal.score, dismissal.evidence = suggestion.score, suggestion.evidence
            suggestion.delete()
        dismissal.set_author(actor)
        dismissal.save()
        _record(SuggestionEvent.DISMISSED, pair, actor)
    return dismissal


def undismiss(*, pair: Pair, actor: Actor, at: datetime) -> None:
    """They may be one after all: a suggestion that was dismissed stands again as it was.

    Raises NotDismissed, OnePerson.
    """
    with transaction.atomic():
        pair = _lock(pair)
        said = list(said_of(pair).order_by("-score", "pk"))
        if not said:
            raise NotDismissed
        Dismissal.objects.filter(pk__in=[one.pk for one in said]).delete()
        best = said[0]
        if best.score and not (pair.one.is_deleted or pair.other.is_deleted):
            facts = {"score": best.score, "evidence": best.evidence, "created_at": at}
            Suggestion.objects.get_or_create(one=pair.one, other=pair.other, defaults=facts)
        _record(SuggestionEvent.TAKEN_UP, pair, actor)


def said_of(pair: Pair) -> PairQuerySet:
    """What was said of these two, and of any two profiles that were merged into them."""
    ones, others = pair.one.all_ids, pair.other.all_ids
    there = Q(one__in=ones, other__in=others) | Q(one__in=others, other__in=ones)
    rows: PairQuerySet = Dismissal.objects.filter(there)
    return rows


def dismissed_pairs(ids: Collection[int] | None = None) -> set[tuple[int, int]]:
    """The pairs among these customers, or among all, of whom somebody said that they are two: (smaller, larger id).

    Each stands for all that were merged into it. Two queries.
    """
    heads = _heads(ids)
    said = (
        Dismissal.objects.all() if ids is None else Dismissal.objects.filter(Among("one", heads), Among("other", heads))
    )
    pairs = ((heads.get(one, one), heads.get(other, other)) for one, other in said.values_list("one", "other"))
    return {(min(pair), max(pair)) for pair in pairs if pair[0] != pair[1]}


def _heads(ids: Collection[int] | None) -> Mapping[int, int]:
    """By the id of a profile the one it stands in now; for all customers, only of those that were merged."""
    rows = Customer.objects.filter(merged_into=None)
    rows = rows.exclude(absorbed_ids=[]) if ids is None else rows.filter(Among("pk", ids))
    return {pk: head for head, absorbed in rows.values_list("pk", "absorbed_ids") for pk in (head, *absorbed)}


def _lock(pair: Pair) -> Pair:
    """A merge of either waits, or was first. Raises OnePerson for a profile that stands in another now."""
    locked = lock_customers(pair.ids)
    pair = Pair(locked[pair.one.pk], locked[pair.other.pk])
    if pair.one.is_merged or pair.other.is_merged:
        raise OnePerson
    return pair


def _record(type: EventType, pair: Pair, actor: Actor) -> None:
    record(
        type,
        subject=pair.one,
        actor=actor,
        customer_id=pair.one.pk,
        data={"one": pair.one.number, "other": pair.other.number},
        live=pair.live_names,
    )
