"""Make of a webhook's word about a note what it is worth: a hint to read the store, and at times the last copy."""

from datetime import datetime

from django.db import transaction

from customers.models import Customer, CustomerNote, NoteDraft, NoteVersion
from customers.services import noting
from events.models import Event
from integrations.models import StoreCustomer
from integrations.services.comparing import is_blank, is_same
from integrations.services.syncing import sync_note

# Enough to know any text that a webhook may still repeat; notes with more versions than that are rare.
VERSIONS_LOOKED_AT = 200


def hear_note(*, link: StoreCustomer, text: str, stamp: datetime | None, at: datetime, cause: Event) -> str:
    """Work a webhook that carries a note, which may be late, repeated, or our own echo; answers what came of it.

    Nothing is written because of the payload alone: the store is read again. Raises as `sync_note` does.
    """
    is_late = stamp is not None and link.remote_stamp is not None and stamp < link.remote_stamp
    if not link.connection.syncs_notes:
        return _remember(link, text, stamp, is_late)
    if _is_known(link, text):
        return "the note is unchanged"
    outcome = "the note came too late"
    if not is_late:
        state = sync_note(customer_id=link.customer_id, at=at, cause=cause)
        outcome = f"the note is {state.label.lower()}"
    if _keep_covered(link, text, stamp, at, cause):
        return "the note was covered by one of ours and is kept beside it"
    return outcome


def _is_known(link: StoreCustomer, text: str) -> bool:
    """An echo, or an edit of something else. Asks for no customer: the store sends these all day long."""
    agreed = link.remote_text if link.base_text is None else link.base_text
    if agreed is not None and is_same(text, agreed):
        return True
    return link.sent_text is not None and is_same(text, link.sent_text)


def _remember(link: StoreCustomer, text: str, stamp: datetime | None, is_late: bool) -> str:
    """Only for the counts shown before somebody switches synchronizing on."""
    if not is_late:
        with transaction.atomic():
            link.mark_heard(text=text, stamp=stamp)
    return "notes are not synchronized"


def _keep_covered(link: StoreCustomer, text: str, stamp: datetime | None, at: datetime, cause: Event) -> bool:
    """Keep a store's text that vanished under our own writing before we ever read it.

    The store has no compare-and-set, so between our reading and our writing a merchant's save can land unseen; its
    webhook is then the only copy. A text that somebody replaced in the store itself is not brought back.
    """
    with transaction.atomic():
        customer = Customer.objects.top_of(link.customer_id)
        note = noting.lock_note(customer=customer)
        link = StoreCustomer.objects.locked(link)
        if is_blank(text) or not link.may_have_covered(stamp) or _is_known(link, text) or _was_here(note, text):
            return False
        actor = link.connection.as_actor()
        kept = noting.keep_losing_text(customer=customer, text=text, actor=actor, at=at, cause=cause)
    return kept is not None


def _was_here(note: CustomerNote, text: str) -> bool:
    """Whether the text ever was the note, or was kept beside it."""
    versions = NoteVersion.objects.filter(note=note).order_by("-number").values_list("text", flat=True)
    drafts = NoteDraft.objects.filter(note=note).values_list("text", flat=True)
    seen = [note.text, *versions[:VERSIONS_LOOKED_AT], *drafts]
    return any(is_same(text, one) for one in seen)
