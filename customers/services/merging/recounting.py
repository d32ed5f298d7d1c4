"""Tell of merges: which a profile is made of, and the values a merge changed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from customers.changes import DETAILS
from customers.models import Customer, CustomField, Merge
from customers.services.merging.choosing import FIRST, LABELS
from customers.services.merging.fields import LEGAL, NAMES, OWN, PHOTO, SOURCE
from customers.services.merging.previewing import ValueBack
from customers.services.wording_changes import Names, shorten

MOST_SHOWN = 50
ORDER = (*NAMES, *FIRST)


@dataclass(frozen=True)
class WordedValue:
    """A value of the survivor: what is said now, and what they say again after the split; "" for nothing."""

    label: str
    now: str
    back: str
    is_changed: bool


def list_merges(*, customer: Customer) -> Sequence[Merge]:
    """By which others went into this profile and into those, the newest first; undone ones too."""
    merges = Merge.objects.filter(survivor__in=customer.all_ids).defer("values", "images", "aside")
    return list(merges.select_related("survivor", "other").order_by("-number")[:MOST_SHOWN])


def word_values(values: Sequence[ValueBack]) -> list[WordedValue]:
    """In the words of the history, in at most four queries."""
    names = Names()
    names.look_up_members(said for one in values if one.name == "manager_id" for said in (one.now, one.back))
    codes = [one.name.removeprefix(OWN) for one in values if one.name.startswith(OWN)]
    fields = dict(CustomField.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}
    worded = []
    for one in sorted(values, key=_place):
        label = LABELS.get(one.name) or fields.get(one.name.removeprefix(OWN)) or DETAILS.get(one.name, one.name)
        now, back = (_word(names, one.name, said) for said in (one.now, one.back))
        worded.append(WordedValue(label, now, back, one.is_changed))
    return worded


def _place(value: ValueBack) -> int:
    """Where the merge page has it; what stands further down comes in its own order."""
    return ORDER.index(value.name) if value.name in ORDER else len(ORDER)


def _word(names: Names, name: str, said: Any) -> str:
    if name in (PHOTO, LEGAL, SOURCE):
        return _whole(said)
    return shorten(said) if name.startswith(OWN) and said else names.show(name, said)


def _whole(said: Any) -> str:
    """Of what is not told in a line."""
    if isinstance(said, dict):
        return shorten(" · ".join(str(value) for value in said.values() if value not in (None, "", False)))
    return "A picture" if said else ""
