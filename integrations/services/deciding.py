"""Decide what follows from what the store's note is now, and write it down: one transaction of a pass."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from customers.kinds import NoteSync
from customers.models import Customer, CustomerNote
from customers.services import noting
from events.kinds import EventType
from events.models import Event
from events.services.recording import record
from integrations.base import note_length
from integrations.kinds import StoreEvent
from integrations.models import StoreCustomer
from integrations.registry import adapter_class
from integrations.services.comparing import Step, compare, is_blank, is_same
from integrations.services.locating import Standing, find_home, mark_note
from integrations.types import NoteFacts


class Moved(Exception):
    """While the store was called, the customer got another home, or synchronizing was switched off."""


@dataclass(frozen=True)
class Pass:
    """What one pass works on; the rows are read again, under locks, in each of its transactions."""

    customer_id: int
    link_id: int
    lease: uuid.UUID
    at: datetime
    cause: Event | None


@dataclass(frozen=True)
class Sending:
    """A text to be sent, and the version of the note it is."""

    text: str
    version: int


def decide(work: Pass, *, remote: NoteFacts, sent: Sending | None) -> NoteSync | Sending:
    """Compare the store's note, as it was read or answered just now, and say what to send, or how the note stands.

    `sent` is what the store has just taken. Locks note before link, as everybody does. Raises Moved.
    """
    with transaction.atomic():
        customer = Customer.objects.get(pk=work.customer_id)
        note = noting.lock_note(customer=customer)
        link = _own_link(work)
        _hear(work, link, remote, sent)
        step = compare(local=note.text, remote=remote.text, base=link.base_text)
        if step is Step.DIFFER:
            detail = f"{link.connection.label} has another text: an admin chooses on the store's page"
            return _stands(customer, link, NoteSync.DIFFERS, detail)
        if step is Step.TAKE:
            _take(work, customer, link, remote)
        if step is Step.CONTEST and not is_blank(remote.text):
            actor = link.connection.as_actor()
            noting.keep_losing_text(customer=customer, text=remote.text, actor=actor, at=work.at, cause=work.cause)
        # After a contest too: the store's text has been kept, and only our side is left to be sent.
        link.mark_agreed_upon(base=remote.text)
        if step in (Step.AGREED, Step.TAKE):
            return _stands(customer, link, NoteSync.IN_SYNC)
        return _prepare(work, customer, link, note, remote)


def _own_link(work: Pass) -> StoreCustomer:
    links = list(StoreCustomer.objects.of_customer(work.customer_id).select_for_update(of=("self",)))
    home = find_home(links)
    if isinstance(home, Standing) or home.pk != work.link_id or home.lease != work.lease:
        raise Moved
    return home


def _hear(work: Pass, link: StoreCustomer, remote: NoteFacts, sent: Sending | None) -> None:
    """Keep what the store said; where it speaks our own words, these are what both sides agreed upon."""
    link.mark_heard(text=remote.text, stamp=remote.updated_at)
    if sent is not None:
        # The store took it; where its answer is another text, that is somebody's next change.
        link.mark_agreed_upon(base=sent.text)
        link.mark_sent(stamp=remote.updated_at)
        _record(StoreEvent.NOTE_PUSHED, work, link, {"version": sent.version})
    elif not link.is_sent and is_same(remote.text, link.sent_text):
        link.mark_agreed_upon(base=link.sent_text)
        link.mark_sent(stamp=remote.updated_at)


def _take(work: Pass, customer: Customer, link: StoreCustomer, remote: NoteFacts) -> None:
    pulled = _record(StoreEvent.NOTE_PULLED, work, link)
    actor = link.connection.as_actor()
    noting.take_store_text(customer=customer, text=remote.text, actor=actor, at=work.at, cause=pulled)


def _prepare(
    work: Pass, customer: Customer, link: StoreCustomer, note: CustomerNote, remote: NoteFacts
) -> NoteSync | Sending:
    """Never sends a cut text: one that is too long stays here until somebody shortens it (B8)."""
    length, limit = (note_length(note.text), adapter_class(link.connection.kind).note_limit)
    if length > limit:
        reason = f"The note has {length:,} characters, {link.connection.label} takes {limit:,}: shorten it"
        return _stands(customer, link, NoteSync.FAILED, reason)
    link.mark_sending(text=note.text, read_stamp=remote.updated_at)
    mark_note(customer, link, NoteSync.PENDING)
    return Sending(note.text, note.version)


def _stands(customer: Customer, link: StoreCustomer, state: NoteSync, detail: str = "") -> NoteSync:
    mark_note(customer, link, state, detail)
    return state


def _record(type: EventType, work: Pass, link: StoreCustomer, data: Mapping[str, int] = MappingProxyType({})) -> Event:
    return record(
        type,
        subject=link,
        actor=link.connection.as_actor(),
        data={"connection": link.connection_id, "link": link.pk, **data},
        customer_id=work.customer_id,
        cause=work.cause,
    )
