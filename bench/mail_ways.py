"""The two halves of taking a mail in, as the doors and the workers do them. Imported once Django is set up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from celery.exceptions import Ignore
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Tenant
from accounts.services.opening import add_member, open_workspace
from accounts.tenancy import tenant_scope
from bench.floors import bare_connection
from bench.letters import INBOX
from channels import tasks
from channels.kinds import Way
from channels.models import RawMail
from channels.services import receiving
from channels.services.addressing import find_place
from core.database.roles import as_owner
from events.models import Reaction
from tickets.services.creating_inbox import create_inbox

__all__ = ["bare_connection", "count_statements", "outcomes", "prepare", "store", "work"]
AGENTS = 5
TASK = "channels.tasks.work_mail"


def prepare() -> int:
    """Tables, a workspace with agents and an inbox, and the bare table of the floor; the workspace's id."""
    call_command("migrate", verbosity=0, skip_checks=True)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_mail (sender text, subject text, body text, raw bytea)")
        cursor.execute("GRANT ALL ON bench_mail TO PUBLIC")
    with transaction.atomic():
        tenant: Tenant = open_workspace(slug="bench", name="Bench")
        with tenant_scope(tenant):
            create_inbox(name="Support", address=INBOX)
            for number in range(AGENTS):
                add_member(tenant=tenant, email=f"agent{number}@bench.example", name=f"Agent {number}")
    return tenant.pk


def store(tenant: int, raws: Sequence[bytes], wakes: list[int]) -> list[int]:
    """What the SMTP door does with each; the ids of what a worker is woken with, added to `wakes`."""
    newest = Reaction.objects.filter(task=TASK).order_by("-pk").values_list("pk", flat=True).first() or 0
    for raw in raws:
        place = find_place(INBOX)
        if place is None:
            raise RuntimeError("the inbox is gone")
        receiving.store_at(place=place, raw=raw, way=Way.COMMAND, at=timezone.now())
    wakes += Reaction.objects.filter(task=TASK, pk__gt=newest).order_by("pk").values_list("pk", flat=True)
    return wakes


def work(tenant: int, reactions: Sequence[int]) -> None:
    """What a worker does when it is woken with each; some it has worked with one before by then."""
    for one in reactions:
        with suppress(Ignore):
            tasks.work_mail(tenant_id=tenant, reaction_id=one)


def count_statements(tenant: int, raws: Sequence[bytes]) -> str:
    """How many statements, savepoints included, a mail takes in the middle of these."""
    with CaptureQueriesContext(connection) as storing:
        stored = store(tenant, raws, [])
    with CaptureQueriesContext(connection) as working:
        work(tenant, stored)
    return f"{len(storing) / len(raws):.1f} and {len(working) / len(raws):.1f}"


def outcomes(tenant: int) -> str:
    """How many of all mails became what."""
    with transaction.atomic(), tenant_scope(tenant):
        rows: Any = Counter(RawMail.objects.values_list("outcome", flat=True))
    return ", ".join(f"{count} {name}" for name, count in sorted(rows.items()))
