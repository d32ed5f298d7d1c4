"""Say whom a contract with a customer names, and their bank (F30, F31)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import CustomerEvent
from customers.legal.checking import check
from customers.legal.kinds import ContractorType, Kind
from customers.models import Customer, LegalDetails
from customers.services.siting import site_of
from events.services.recording import record

LOOKED_BACK = 50  # changes


@dataclass(frozen=True)
class Legal:
    """What can be said; "" is what nobody said. `country` is two letters, "" where D18 decides."""

    contractor_type: str = str(ContractorType.INDIVIDUAL)
    country: str = ""
    legal_name: str = ""
    legal_address: str = ""
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    ogrnip: str = ""
    okpo: str = ""
    tax: str = ""
    vat: str = ""
    registration: str = ""
    certificate_number: str = ""
    certificate_date: date | None = None
    bik: str = ""
    bank: str = ""
    bank_address: str = ""
    corr_account: str = ""
    bank_account: str = ""
    iban: str = ""
    bic: str = ""

    @property
    def type(self) -> ContractorType:
        return ContractorType(self.contractor_type)


NAMES = tuple(field.name for field in fields(Legal))
NUMBERS = tuple(str(kind) for kind in Kind if kind is not Kind.CERTIFICATE_DATE)
LENGTHS: Mapping[str, int] = {name: vars(LegalDetails._meta.get_field(name))["max_length"] for name in NUMBERS}


class LegalContested(Exception):
    """Somebody else changed the same fields meanwhile. Nothing was saved; `theirs` is what is said now.

    `who` are the names of those who wrote it, as far back as one looks for them.
    """

    def __init__(self, names: frozenset[str], theirs: Legal, who: Mapping[str, str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names, self.theirs, self.who = names, theirs, dict(who)


def read_legal(*, customer: Customer) -> Legal:
    """What is said now; a private individual where nothing is. One query."""
    row = LegalDetails.objects.filter(customer=customer).first()
    return _say(row) if row else Legal()


def save_legal(*, customer: Customer, legal: Legal, actor: Actor, based_on: Legal | None = None) -> frozenset[str]:
    """Say it anew; returns what changed, as the history calls it. Numbers are stored compact, right or wrong.

    With `based_on`, what the writer had before them, only what they changed is written. Raises LegalContested when a
    field they changed was changed by somebody else too, to another value.
    """
    with transaction.atomic():
        customer = Customer.objects.locked_unmerged(customer)
        row = LegalDetails.objects.filter(customer=customer).first()
        now = _say(row) if row else Legal()
        wanted = _compact(customer, legal, now if based_on is None else based_on)
        if based_on is not None:
            wanted = _joined(row, now, wanted, based_on)
        changed = [name for name in NAMES if getattr(wanted, name) != getattr(now, name)]
        if changed:
            _write(customer, row or LegalDetails(customer=customer), wanted, changed, actor)
    return frozenset(f"legal_{name}" for name in changed)


def _say(row: LegalDetails) -> Legal:
    return Legal(**{name: getattr(row, name) for name in NAMES})


def _compact(customer: Customer, legal: Legal, was: Legal) -> Legal:
    """What nobody touched stays as it is, whatever it would be read as by the rules of another country."""
    touched = [name for name in NUMBERS if getattr(legal, name) != getattr(was, name)]
    if not touched:
        return legal
    country = legal.country or site_of(customer=customer)
    stored: dict[str, Any] = {
        name: check(name, getattr(legal, name), country=country, bik=legal.bik, contractor_type=legal.type).compact[
            : LENGTHS[name]
        ]
        for name in touched
    }
    return replace(legal, **stored)


def _joined(row: LegalDetails | None, now: Legal, wanted: Legal, based_on: Legal) -> Legal:
    touched = {name for name in NAMES if getattr(wanted, name) != getattr(based_on, name)}
    moved = {name for name in touched if getattr(now, name) not in (getattr(based_on, name), getattr(wanted, name))}
    if moved:
        raise LegalContested(frozenset(moved), now, _authors(row, moved) if row else {})
    changes: dict[str, Any] = {name: getattr(wanted, name) for name in touched}
    return replace(now, **changes)


def _authors(row: LegalDetails, names: Iterable[str]) -> dict[str, str]:
    """Who wrote what is said now, for fields that somebody changed a moment ago."""
    rows = list(row.history.order_by("-history_id")[:LOOKED_BACK])
    found: dict[str, str] = {}
    for one, former in pairwise([*rows, Legal()] if len(rows) < LOOKED_BACK else rows):
        for name in names:
            if name not in found and getattr(one, name) != getattr(former, name):
                found[name] = one.actor_name
    return found


def _write(customer: Customer, row: LegalDetails, legal: Legal, changed: Iterable[str], actor: Actor) -> None:
    for name in changed:
        setattr(row, name, getattr(legal, name))
    row.sign(actor)
    row.save()
    record(
        CustomerEvent.EDITED,
        subject=customer,
        actor=actor,
        data={"fields": [f"legal_{name}" for name in changed]},
        customer_id=customer.pk,
        live=[customer.live_name],
        wakes=False,  # nothing that is compared
    )
