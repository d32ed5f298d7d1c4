"""Bring notes together when synchronizing is switched on (D1): counts before, a job, and what people must choose."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Coalesce

from accounts.kinds import Actor
from customers.kinds import NoteSync
from customers.models import CustomerNote
from customers.services import noting
from events.models import Event
from events.services.recording import record
from integrations.kinds import JobKind, NoteChoice, StoreEvent
from integrations.models import Connection, StoreCustomer
from integrations.services.batching import BATCH, start_job, work_batch
from integrations.services.locating import Standing, mark_note
from integrations.services.syncing import find_place, sync_note
from jobs.models import Job

LISTED = 50


class AlreadyChosen(Exception):
    """A colleague chose first, or the two sides have become the same."""


@dataclass(frozen=True)
class Preview:
    """How many notes would be filled here, and in the store, are equal, or differ; `unread` were never asked for."""

    fill_here: int
    fill_there: int
    equal: int
    differ: int
    unread: int
    blocked: int


@dataclass(frozen=True)
class Difference:
    """Two notes to choose from."""

    link: StoreCustomer
    ours: str
    theirs: str


def preview_alignment(*, connection: Connection) -> Preview:
    """What switching on would do, by what we last heard of the store's notes; the job reads each one again."""
    texts = Subquery(CustomerNote.objects.filter(customer=OuterRef("customer")).values("text")[:1])
    others = StoreCustomer.objects.filter(customer=OuterRef("customer")).exclude(pk=OuterRef("pk"))
    links = StoreCustomer.objects.of_connection(connection.pk).annotate(
        ours=Coalesce(texts, Value(""), output_field=TextField()), other=Subquery(others.values("pk")[:1])
    )
    alone, heard = Q(other=None), Q(other=None, remote_text__isnull=False)
    ours, theirs, same = ~Q(ours=""), ~Q(remote_text=""), Q(ours=F("remote_text"))
    counts = links.aggregate(
        fill_here=Count("pk", filter=heard & ~ours & theirs),
        fill_there=Count("pk", filter=heard & ours & ~theirs),
        equal=Count("pk", filter=heard & same),
        differ=Count("pk", filter=heard & ours & theirs & ~same),
        unread=Count("pk", filter=alone & Q(remote_text=None)),
        blocked=Count("pk", filter=~alone),
    )
    return Preview(**counts)


def align_notes(*, connection: Connection, cause: Event) -> Job:
    """Start the job that looks at every linked customer's note; also after switching off, to say so on the notes."""
    total = StoreCustomer.objects.of_connection(connection.pk).count()
    return start_job(kind=JobKind.ALIGN_NOTES, connection=connection, total=total, cause=cause)


def align_batch(*, job: Job, connection: Connection, at: datetime, cause: Event) -> None:
    """One batch of that job. Raises Retryable as `batching.work_batch` does."""
    with transaction.atomic():
        links = StoreCustomer.objects.of_connection(connection.pk).filter(pk__gt=job.cursor["after"]).order_by("pk")
        customers = dict(links.values_list("pk", "customer_id")[:BATCH])

    def align(link_id: int) -> str:
        _, home = find_place(customer_id=customers[link_id])
        if isinstance(home, Standing):
            return home.state
        return sync_note(customer_id=customers[link_id], at=at, cause=cause)

    work_batch(job=job, connection=connection, items=list(customers), work=align, at=at, cause=cause)


def list_differences(*, connection: Connection) -> list[Difference]:
    """The notes both sides have filled differently, oldest link first, at most LISTED of them, in two queries."""
    links = StoreCustomer.objects.of_connection(connection.pk).differing().select_related("customer").order_by("pk")
    shown = list(links[:LISTED])
    notes = CustomerNote.objects.filter(customer__in=[link.customer_id for link in shown])
    texts = dict(notes.values_list("customer_id", "text"))
    return [Difference(link, texts.get(link.customer_id, ""), link.remote_text or "") for link in shown]


def choose_note(*, link: StoreCustomer, choice: NoteChoice, actor: Actor, at: datetime) -> None:
    """Settle a difference. What is chosen becomes the note here; the store is told after the commit.

    The store's text as it was shown is what both sides are said to agree upon: has it changed since, that is a change
    like any other. Raises AlreadyChosen.
    """
    with transaction.atomic():
        note = noting.lock_note(customer=link.customer)
        link = (
            StoreCustomer.objects.select_related("customer", "connection")
            .select_for_update(of=("self",))
            .get(pk=link.pk)
        )
        if link.note_state != NoteSync.DIFFERS:
            raise AlreadyChosen
        theirs = link.remote_text or ""
        mark_note(link.customer, link, NoteSync.PENDING)
        data = {"connection": link.connection_id, "link": link.pk, "choice": str(choice)}
        live = [link.connection.live_name]
        chosen = record(
            StoreEvent.NOTE_CHOSEN, subject=link, actor=actor, data=data, customer_id=link.customer_id, live=live
        )
        text = {NoteChoice.OURS: note.text, NoteChoice.STORES: theirs, NoteChoice.BOTH: f"{note.text}\n\n{theirs}"}
        noting.save_note(
            customer=link.customer, text=text[choice], based_on=note.version, actor=actor, at=at, cause=chosen
        )
        link.mark_agreed_upon(base=theirs)
