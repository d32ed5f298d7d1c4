"""Forget what others' pasts say of a person who was merged into them once and stands apart again.

What an agent chose to keep is the others' own by now; only what nobody says any more goes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction
from django.db.models import CharField, Q, TextField

from customers.knowledge import Person
from customers.models import (
    Customer,
    CustomerFieldValue,
    CustomerNote,
    CustomerSource,
    LegalDetails,
    Merge,
    NoteDraft,
    NoteVersion,
)
from customers.services.merging.choosing import BETWEEN_NOTES
from customers.services.naming_merged import MERGING, SPLITTING

# Of a profile, what tells nothing of a person, and the name it had before it had one, which is no merge's.
PLAIN = frozenset({"fallback_name", "name_folded", "supposed_sex", "origin"})
VALUES = ("field_id", "option_id", "text", "number", "flag", "date", "moment")


def find_parted(person: Person, *, is_up: bool = False) -> set[int]:
    """Ids of who was merged with them once, whoever into whom, and is not now; `is_up`: only those who took them in."""
    seen, wanted = set(person.ids), set(person.ids)
    while wanted:
        merges = Merge.objects.filter(Q(other__in=wanted) if is_up else Q(other__in=wanted) | Q(survivor__in=wanted))
        wanted = {pk for pair in merges.values_list("survivor_id", "other_id") for pk in pair} - seen
        seen |= wanted
    return seen - set(person.ids)


def search(person: Person) -> None:
    """Done twice it changes nothing. Call while what the person says still stands, outside a transaction."""
    with transaction.atomic():
        holders = sorted(find_parted(person, is_up=True))
    for holder_id in holders:
        with transaction.atomic():
            _forget_at(holder_id, person.ids)


def _forget_at(holder_id: int, ids: Sequence[int]) -> None:
    for model, key in ((Customer, "id"), (LegalDetails, "customer_id"), (CustomerSource, "customer_id")):
        _blank_past(model, key, holder_id, ids)
    _drop_values(holder_id, ids)
    _cut_notes(holder_id, ids)


def _blank_past(model: Any, key: str, holder_id: int, ids: Sequence[int]) -> None:
    """Since the holder was merged for the first time, of each column what the person says or said there."""
    past = model.history.filter(**{key: holder_id})
    begun = past.filter(history_change_reason__startswith=f"{MERGING} {holder_id} ").order_by("history_id").first()
    if begun is None:
        return
    past = past.filter(history_id__gte=begun.history_id)
    for name, blank in _blanks(model, key):
        own = model._default_manager.filter(**{f"{key}__in": ids}).values_list(name, flat=True)
        said = {*own, *model.history.filter(**{f"{key}__in": ids}).values_list(name, flat=True)}
        kept = model._default_manager.filter(**{key: holder_id}).values_list(name, flat=True)
        if gone := said - {*kept, "", None}:
            past.filter(**{f"{name}__in": gone}).update(**{name: blank})


def _blanks(model: Any, key: str) -> list[tuple[str, Any]]:
    """Columns that say something, and what they say when they say nothing."""
    ours = {"id", "tenant_id", key, *PLAIN}
    known = {one.attname for one in model.history.model._meta.concrete_fields}
    fields = [one for one in model._meta.concrete_fields if one.attname in known - ours]
    return [
        (one.attname, "" if isinstance(one, CharField | TextField) else None)
        for one in fields
        if one.null or (isinstance(one, CharField | TextField) and one.blank)
    ]


def _drop_values(holder_id: int, ids: Sequence[int]) -> None:
    own = CustomerFieldValue.objects.filter(customer__in=ids).values_list(*VALUES)
    said = {*own, *CustomerFieldValue.history.filter(customer_id__in=ids).values_list(*VALUES)}
    said -= set(CustomerFieldValue.objects.filter(customer=holder_id).values_list(*VALUES))
    # A split is told with who held it all, wherever in between the value stood.
    by_merges = Q(history_change_reason__startswith=f"{MERGING} ") | Q(
        history_change_reason__startswith=f"{SPLITTING} "
    )
    rows = CustomerFieldValue.history.filter(by_merges, customer_id=holder_id)
    gone = [pk for pk, *values in rows.values_list("history_id", *VALUES) if tuple(values) in said]
    CustomerFieldValue.history.filter(history_id__in=gone).delete()


def _cut_notes(holder_id: int, ids: Sequence[int]) -> None:
    """Versions a merge wrote hold the person's whole text, by itself or beside the holder's."""
    versions = NoteVersion.objects.filter(note__customer__in=ids).exclude(text="")
    said = set(versions.values_list("text", flat=True))
    said |= set(NoteDraft.objects.filter(note__customer__in=ids).exclude(text="").values_list("text", flat=True))
    kept = CustomerNote.objects.filter(customer=holder_id).values_list("text", flat=True).first() or ""
    said = {text for text in said if text not in kept}
    if not said:
        return
    for version in NoteVersion.objects.filter(note__customer=holder_id).exclude(text=""):
        cut = _without(version.text, said)
        if cut != version.text:
            NoteVersion.objects.filter(pk=version.pk).update(text=cut)
    NoteDraft.objects.filter(note__customer=holder_id, text__in=said, settled_at__isnull=False).delete()


def _without(text: str, said: Collection[str]) -> str:
    for one in sorted(said, key=len, reverse=True):
        if text == one:
            return ""
        text = text.removesuffix(f"{BETWEEN_NOTES}{one}").removeprefix(f"{one}{BETWEEN_NOTES}")
    return text
