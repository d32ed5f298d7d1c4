"""Keep a customer's note and the store's the same, in both directions (F55-F58, D2).

A pass reads the store, compares both sides with the text they last agreed upon, and writes where only ours changed.
It holds a lease and no transaction while the store is called; killed at any point, it may simply be run again.
"""

from datetime import datetime

from django.db import transaction

from customers.kinds import NoteSync
from customers.models import Customer, MergedAway
from customers.services import noting
from events.models import Event
from events.services.recording import record
from integrations.base import GiveUp, StoreAdapter, TryAgain
from integrations.kinds import StoreEvent
from integrations.models import StoreCustomer
from integrations.services.comparing import is_same
from integrations.services.connecting import calling
from integrations.services.deciding import Moved, Pass, decide
from integrations.services.leasing import Busy, leased
from integrations.services.locating import Standing, find_home, mark_note, mark_standing

# Texts saved here while one is being sent follow at once; whoever saves faster than that is served by a retry.
MOST_WRITES = 3


def push_note(*, customer_id: int, at: datetime, cause: Event | None) -> NoteSync:
    """After a save on our side: as `sync_note`, but calls nobody where both sides hold this text already."""
    with transaction.atomic():
        customer = Customer.objects.top_of(customer_id)
        home = find_home(list(StoreCustomer.objects.of_customer(customer.pk)))
        note = noting.read_note(customer=customer)
        # Whoever took this text from the store has saved it, and so has called us: the loop of echoes ends here.
        if (
            isinstance(home, StoreCustomer)
            and home.is_sent
            and home.base_text is not None
            and is_same(note.text, home.base_text)
        ):
            mark_note(customer, home, NoteSync.IN_SYNC, version=note.version)
            return NoteSync.IN_SYNC
    return sync_note(customer_id=customer_id, at=at, cause=cause)


def sync_note(*, customer_id: int, at: datetime, cause: Event | None) -> NoteSync:
    """Bring both sides together and say how the note stands. Calls the store: never inside a transaction.

    Raises Busy; TryAgain or GiveUp where the store does, with the note saying pending or failed, and why.
    """
    customer, home = find_place(customer_id=customer_id)
    if isinstance(home, Standing):
        return home.state
    with leased(home, cause=cause) as lease:
        try:
            with calling(home.connection, at=at) as adapter:
                work = Pass(customer.pk, home.pk, lease, at, cause)
                return _run(work, adapter, home.remote_id)
        except (Moved, MergedAway) as error:
            raise Busy("the note has got another home") from error
        except TryAgain as error:
            with transaction.atomic():
                mark_note(customer, home, NoteSync.PENDING, error.reason)
            raise
        except GiveUp as error:
            fail_note(customer_id=customer_id, reason=error.reason, cause=cause)
            raise


def find_place(*, customer_id: int) -> tuple[Customer, StoreCustomer | Standing]:
    """The customer, or whom they were merged into, and the note's home; without one, note and links are told so."""
    with transaction.atomic():
        customer = Customer.objects.top_of(customer_id)
        links = list(StoreCustomer.objects.of_customer(customer.pk))
        home = find_home(links)
        if isinstance(home, Standing):
            mark_standing(customer=customer, links=links, standing=home)
    return customer, home


def fail_note(*, customer_id: int, reason: str, cause: Event | None) -> None:
    """Say on the note that it was not synchronized and why; nothing is said twice."""
    customer, home = find_place(customer_id=customer_id)
    if isinstance(home, Standing):
        return
    with transaction.atomic():
        if not mark_note(customer, home, NoteSync.FAILED, reason):
            return
        data = {"connection": home.connection_id, "link": home.pk, "reason": reason[:500]}
        actor = home.connection.as_actor()
        record(StoreEvent.NOTE_FAILED, subject=home, actor=actor, data=data, customer_id=customer.pk, cause=cause)


def _run(work: Pass, adapter: StoreAdapter, remote_id: str) -> NoteSync:
    remote = adapter.fetch_note(remote_id)
    if remote is None:
        raise GiveUp("The store no longer has this customer")
    # What is compared was read just now, or answered a writing just now: nothing comes between it and the next.
    outcome = decide(work, remote=remote, sent=None)
    for _ in range(MOST_WRITES):
        if isinstance(outcome, NoteSync):
            return outcome
        answer = adapter.write_note(remote_id, outcome.text)
        outcome = decide(work, remote=answer, sent=outcome)
    if isinstance(outcome, NoteSync):
        return outcome
    raise TryAgain("The note changes faster than it can be sent", after=2.0)
