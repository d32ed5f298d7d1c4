"""Where a value or a line came from when profiles were merged, and what the other one is called (B2, D30)."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from customers.changes import Change
from customers.models import Customer
from customers.models.provenance import because

MERGING, SPLITTING = "merge", "split"


def name_merged(customer: Customer, ids: Iterable[int | None]) -> dict[int, str]:
    """Id -> "Ana (43)", of those that are not the customer's own; one query where there are any."""
    wanted = {one for one in ids if one and one != customer.pk}
    rows = Customer.objects.filter(pk__in=wanted) if wanted else ()
    return {one.pk: f"{one.display_name} (#{one.number})" for one in rows}


def mark_origins(customer: Customer, rows: Iterable[Any]) -> None:
    """Have each row say with whom it came (`came_with`), where that was another profile; one query where any did."""
    rows = list(rows)
    names = name_merged(customer, (row.origin_customer_id for row in rows))
    for row in rows:
        row.came_with = names.get(row.origin_customer_id or 0, "")


def writing_by_merge(*, survivor_id: int, other_id: int) -> AbstractContextManager[None]:
    """Rows of history that are written in the block say that this merge wrote them."""
    return because(f"{MERGING} {survivor_id} {other_id}")


def writing_by_split(*, holder_id: int, other_id: int) -> AbstractContextManager[None]:
    """The same of a merge that is undone."""
    return because(f"{SPLITTING} {holder_id} {other_id}")


def tell_origins(customer: Customer, changes: Sequence[Change]) -> list[Change]:
    """The same changes; each says whose it was where it was another profile's, and by which merge it was written.

    One query, and none for what nobody merged.
    """
    reasons = [_read(one.reason) for one in changes]
    names = name_merged(customer, [*(one.of for one in changes), *(pk for _, *pair in reasons for pk in pair)])
    return [replace(one, came_from=_words(one, why, names)) for one, why in zip(changes, reasons, strict=True)]


def _read(reason: str) -> tuple[str, int, int]:
    """What was done, and the ids of who stayed and of the other; "" for what has nothing to do with a merge."""
    match reason.split(" "):
        case [(("merge" | "split") as word), holder, other] if f"{holder}{other}".isdecimal():
            return word, int(holder), int(other)
        case _:
            return "", 0, 0


def _words(change: Change, why: tuple[str, int, int], names: Mapping[int, str]) -> str:
    word, holder, other = why
    if word == MERGING:
        return f"by merging {names[other]}" if other in names else f"by merging into {names.get(holder, 'another')}"
    if word == SPLITTING:
        return (
            f"by splitting off {names[other]}"
            if other in names
            else f"by splitting from {names.get(holder, 'another')}"
        )
    return f"from {names[change.of]}" if change.of in names else ""
