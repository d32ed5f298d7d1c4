"""What the page shows of a customer's addresses (F26)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from customers.addresses.writing import one_line
from customers.models import Customer, CustomerAddress
from customers.services.naming_merged import name_merged
from customers.services.saving_addresses import SaidAddress, read_held, say


@dataclass(frozen=True)
class ShownAddress:
    """`line` is the whole address, `hints` what helps to find the door; `name` is "" for one that has none."""

    name: str
    is_main: bool
    line: str
    hints: Sequence[str]


def read_addresses(*, customer: Customer) -> list[ShownAddress]:
    """All of them, the one for delivery first; in one query, in two where some came by a merge."""
    return show_addresses(customer, read_held(customer=customer))


def show_addresses(customer: Customer, rows: Sequence[CustomerAddress]) -> list[ShownAddress]:
    """Of these rows of theirs."""
    names = name_merged(customer, (row.origin_customer_id for row in rows))
    return [_show(row, names.get(row.origin_customer_id or 0, "")) for row in rows]


def show_address(said: SaidAddress) -> str:
    """On one line: by its fields, else as it was typed."""
    return said.text if said.is_empty() else one_line(said)


def _show(row: CustomerAddress, came_with: str) -> ShownAddress:
    hints = [
        f"Metro: {row.metro}" if row.metro else "",
        row.courier_notes,
        f"Came with {came_with}" if came_with else "",
    ]
    return ShownAddress(row.name, row.is_main, show_address(say(row)), [hint for hint in hints if hint])
