"""Changes of a customer's addresses, as their history holds them (F26, F81)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from customers.addresses.layouts import fields_for
from customers.changes import ADDRESS, Change
from customers.models import Customer, CustomerAddress
from customers.services.reading_addresses import show_address
from customers.services.recounting_rows import Ask, change_of, seen_as
from customers.services.retracing import differing, place_of
from customers.services.saving_addresses import NAMES, SaidAddress, say
from customers.services.wording_changes import shorten, show_plain

# Whether the city was chosen from suggestions is nothing people look for.
COLUMNS = ("is_main", *(name for name in NAMES if name != "is_city_chosen"))


def streams(ask: Ask) -> Sequence[Sequence[Change]]:
    """Newest first; not read where nobody asked for addresses."""
    return [list(_of_addresses(ask))] if ask.narrowing.takes(ADDRESS) else []


def _of_addresses(ask: Ask) -> Iterator[Change]:
    history = CustomerAddress.history.filter(customer_id__in=ask.customer.all_ids)
    rows = ask.former(history, columns=COLUMNS, prefix="h", whole=True)
    held = _held(ask.customer, rows)
    for row in rows:
        before, after = _said_of(row)
        place = place_of("h", row.history_id)
        change = change_of(row, place=place, field=ADDRESS, label="Address", before=before, after=after)
        current = held.get(row.id)
        if row.history_type == "-" and current is None:
            yield seen_as(change, None)
        elif row.history_type == "~" and current is not None and was_otherwise(row, current):
            yield seen_as(change, said_of(current))
        else:
            yield change


def said_of(row: CustomerAddress) -> tuple[Any, ...]:
    """All that an agent can say of it, as it stands."""
    return tuple(getattr(row, name) for name in COLUMNS)


def was_otherwise(row: Any, current: CustomerAddress) -> bool:
    """Whether bringing back what this row changed would change the address. That one was not the main one is no value:
    another is made the main one.
    """
    changed = [name for name in differing(row, COLUMNS) if name != "is_main" or row.was_is_main]
    return any(getattr(row, f"was_{name}") != getattr(current, name) for name in changed)


def _held(customer: Customer, rows: Sequence[Any]) -> dict[int, CustomerAddress]:
    if not rows:
        return {}
    return {one.pk: one for one in CustomerAddress.objects.filter(customer=customer)}


def _said_of(row: Any) -> tuple[str, str]:
    if row.history_type == "+":
        return "", _shown(row)
    if row.history_type == "-":
        return _shown(row), ""
    was, now = show_address(_former(row)), show_address(say(row))
    if was != now:
        return shorten(was), shorten(now)
    labels = {**fields_for(row.country).labels, "name": "Name", "text": "In one line", "is_main": "For delivery"}
    changed = differing(row, COLUMNS)
    former, latter = (
        ", ".join(f"{labels[name]}: {show_plain(getattr(row, prefix + name)) or 'no'}" for name in changed)
        for prefix in ("was_", "")
    )
    return former, latter


def _shown(row: Any) -> str:
    line = show_address(say(row))
    return shorten(f"{row.name}: {line}" if row.name else line)


def _former(row: Any) -> SaidAddress:
    was: dict[str, Any] = {name: getattr(row, f"was_{name}") or "" for name in COLUMNS if name != "is_main"}
    return SaidAddress(**was)
