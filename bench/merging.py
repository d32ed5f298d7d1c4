"""How long two profiles take to become one and two again, and in how many statements, the more there is to move.

Beside it the least that could do it: one statement that points the tickets to another customer.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from bench.generating import join

if TYPE_CHECKING:
    from customers.models import Customer

T = TypeVar("T")
SIZES = (100, 1_000, 10_000)  # tickets of who goes away
CONTACTS = 0.1  # for each of them


def run(largest: int = SIZES[-1]) -> dict[str, Any]:
    """Start servers in a new directory, and measure there: a workspace for each size."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from helpdesk import embedded

    try:
        join(place)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        return {f"{size:,} tickets": _measure(size) for size in SIZES if size <= largest}
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)


@dataclass(frozen=True)
class Timed:
    """Seconds and statements."""

    seconds: float
    statements: int

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s, {self.statements} statements"


def _measure(tickets: int) -> str:
    from django.utils import timezone

    from accounts.kinds import SYSTEM
    from accounts.models import Tenant
    from accounts.tenancy import tenant_scope
    from customers.services.merging.joining import merge_customers
    from customers.services.merging.parting import undo_merge
    from customers.services.merging.previewing import preview_merge

    tenant, survivor, other = _make_two(tickets)
    with tenant_scope(Tenant.objects.get(pk=tenant)):
        floor = _floor(survivor, other)
        preview, look = _time(lambda: preview_merge(survivor=survivor, other=other))
        merge, there = _time(lambda: merge_customers(survivor=survivor, other=other, actor=SYSTEM, at=timezone.now()))
        _, back = _time(lambda: undo_merge(merge=merge, actor=SYSTEM, at=timezone.now()))
    moved = ", ".join(f"{one.count:,} {one.name}" for one in preview.moves)
    return f"{moved}: preview {look}; merged in {there}; split again in {back}; bare update of the tickets {floor}"


def _make_two(tickets: int) -> tuple[int, Customer, Customer]:
    """A workspace with a customer of whom there is little, and one with so many tickets."""
    from django.db import connection, transaction
    from django.utils import timezone

    from accounts.kinds import SYSTEM
    from accounts.tenancy import tenant_scope
    from bench.busy import add_tickets
    from bench.staffing import make_workspace
    from core.database.roles import as_owner
    from customers.kinds import ContactKind
    from customers.services.creating import NewContact, create_customer

    workspace = make_workspace(f"merging-{tickets}", tickets)
    with tenant_scope(workspace.tenant), transaction.atomic():
        survivor = create_customer(actor=SYSTEM, at=timezone.now(), first_name="Anna", note="Call first.")
        phones = [NewContact(ContactKind.PHONE, f"+35121{number:07d}") for number in range(int(tickets * CONTACTS))]
        other = create_customer(actor=SYSTEM, at=timezone.now(), first_name="Ana", contacts=phones, note="Call later.")
        add_tickets(workspace, survivor, 10)
        add_tickets(workspace, other, tickets)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return workspace.tenant, survivor, other


def _floor(survivor: Customer, other: Customer) -> Timed:
    from django.db import transaction

    from tickets.models import Ticket

    with transaction.atomic():
        _, bare = _time(lambda: Ticket.objects.filter(customer=other).update(customer=survivor))
        transaction.set_rollback(True)
    return bare


def _time(act: Callable[[], T]) -> tuple[T, Timed]:
    """Of one transaction."""
    from django.db import connection, transaction
    from django.test.utils import CaptureQueriesContext

    begin = time.perf_counter()
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        said = act()
    return said, Timed(time.perf_counter() - begin, len(asked))
