"""Changes of a customer's legal and bank details, as their history holds them (F31, F81)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from customers.addresses.countries import country_name
from customers.changes import LEGAL, Change
from customers.legal.kinds import ContractorType
from customers.models import LegalDetails
from customers.services.recounting_rows import Ask, change_of, seen_as
from customers.services.retracing import differing, place_of
from customers.services.saving_legal import Legal, read_legal
from customers.services.wording_changes import show_plain


def streams(ask: Ask) -> Sequence[Sequence[Change]]:
    """Newest first; not read where nobody asked for them."""
    return [list(_of_legal(ask))] if ask.narrowing.among(LEGAL) else []


def _of_legal(ask: Ask) -> Iterator[Change]:
    labels = {code.removeprefix("legal_"): label for code, label in ask.narrowing.among(LEGAL).items()}
    history = LegalDetails.history.filter(customer_id__in=ask.customer.all_ids)
    rows = ask.former(history, columns=list(labels), prefix="i")
    now = read_legal(customer=ask.customer) if rows else Legal()
    for row in rows:
        if row.was_nothing:
            # Before the first row there was what a private individual has.
            row.was_contractor_type = str(ContractorType.INDIVIDUAL)
        for order, name in enumerate(labels):
            if differing(row, [name]):
                yield _change(row, name, labels[name], order, now)


def _change(row: Any, name: str, label: str, order: int, now: Legal) -> Change:
    was = getattr(row, f"was_{name}")
    change = change_of(
        row,
        place=place_of("i", row.history_id, order, name),
        field=f"legal_{name}",
        label=label,
        before=_show(name, was),
        after=_show(name, getattr(row, name)),
    )
    can = not row.was_nothing and change.before and was != getattr(now, name)
    return seen_as(change, getattr(now, name)) if can else change


def _show(name: str, value: Any) -> str:
    if name == "contractor_type":
        return str(ContractorType(value).label)
    return country_name(value) if name == "country" and value else show_plain(value)
