"""Link a store's customer to one of ours, take over what the store knows, and undo the link."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import ContactKind, NoteSync
from customers.models import Customer, CustomerContact
from customers.services import claiming, contacting, describing, finding, noting
from customers.spelling import NotAnAddress
from events.kinds import EventType
from events.models import Event
from events.services.recording import record
from integrations.kinds import StoreEvent
from integrations.models import Connection, Order, StoreCustomer
from integrations.services.comparing import is_same
from integrations.services.locating import Standing, find_home, mark_note, mark_standing
from integrations.services.tallying import write_totals
from integrations.services.telling_contacts import tell
from integrations.types import StoreCustomerFacts


class LinkedElsewhere(Exception):
    """The store's customer is linked to another customer of ours."""


class ErasedMeanwhile(Exception):
    """Nothing is to be known of the customer any more, whatever the store was asked before."""


def link_customer(
    *,
    connection: Connection,
    customer: Customer,
    facts: StoreCustomerFacts,
    actor: Actor,
    at: datetime,
    cause: Event | None = None,
) -> StoreCustomer:
    """Link, or refresh the link there is, with what the store knows as of `at`. Raises LinkedElsewhere,
    ErasedMeanwhile.

    E-mail addresses and phones are added and never taken away, blanks are filled (F41). Calls nobody: where a note is
    to be synchronized, `syncing.sync_note` comes next.
    """
    with transaction.atomic():
        # Two links made at one moment would each think themselves the only one.
        # Whoever was merged into another while the store was asked is that other now.
        customer = Customer.objects.locked_top(customer)
        if customer.is_erased:
            raise ErasedMeanwhile
        link, is_new = StoreCustomer.objects.get_or_create(
            connection=connection, remote_id=facts.remote_id, defaults={"customer": customer}
        )
        if link.customer_id != customer.pk:
            raise LinkedElsewhere
        if not customer.is_deleted:  # whose addresses are free for whoever writes from them next
            _take_facts(connection, customer, facts, at)
        if link.refreshed_at is None or link.refreshed_at <= at:
            link.mark_refreshed(facts=facts, at=at)
        if not link.connection.syncs_notes:
            link.mark_heard(text=facts.note, stamp=facts.updated_at)
        if is_new:
            _record(StoreEvent.CUSTOMER_LINKED, link, actor, cause)
            tell_standing(customer=customer)
    return link


def unlink(*, link: StoreCustomer, actor: Actor, cause: Event | None = None) -> None:
    """Undo a link; its orders go, everything else that came from the store stays. Raises MergedAway."""
    with transaction.atomic():
        # Its customer may have been merged into another since it was read.
        link = StoreCustomer.objects.select_related("customer", "connection").get(pk=link.pk)
        _end(link, actor, cause)
        write_totals(customer_id=link.customer_id)


def merge_links(*, connection: Connection, kept_id: str, gone_id: str, cause: Event) -> list[int]:
    """Follow a merge of two customers in the store; answers the customers of ours whose notes must be looked at.

    Was only the gone one linked, its link now leads to the kept one, with the base text it had: what the store joined
    to it is the store's change. Were both, the gone one's link ends and its orders move; of two customers of ours, the
    kept one's stays linked.
    """
    with transaction.atomic():
        rows = StoreCustomer.objects.of_connection(connection.pk).filter(remote_id__in=(kept_id, gone_id))
        rows = rows.select_related("customer").order_by("customer", "pk")
        for link in rows:
            noting.lock_note(customer=link.customer)
        links = {link.remote_id: link for link in rows.select_for_update(of=("self",))}
        gone, kept = links.get(gone_id), links.get(kept_id)
        touched = [link.customer_id for link in links.values()]
        if gone and kept:
            _join(gone, kept)
            tell(kept, actor=connection.as_actor(), cause=cause)
            _end(gone, connection.as_actor(), cause)
        elif gone:
            gone.mark_moved(remote_id=kept_id)
        for customer_id in sorted(set(touched)):
            write_totals(customer_id=customer_id)
    return list(dict.fromkeys(touched))


def tell_standing(*, customer: Customer) -> None:
    """Say on the note at once what a new or ended link makes of it. Call inside a transaction.

    Without a home it is off or blocked (F58). With one that was none before it is pending: `syncing.sync_note` is due.
    """
    links = list(StoreCustomer.objects.of_customer(customer.pk))
    home = find_home(links)
    if isinstance(home, Standing):
        mark_standing(customer=customer, links=links, standing=home)
    elif home.note_state in (NoteSync.OFF, NoteSync.BLOCKED):
        mark_note(customer, home, NoteSync.PENDING)


def _end(link: StoreCustomer, actor: Actor, cause: Event | None) -> None:
    customer = link.customer
    # Note before link, as everybody locks them.
    noting.lock_note(customer=customer)
    _record(StoreEvent.CUSTOMER_UNLINKED, link, actor, cause)
    link.delete()
    tell_standing(customer=customer)


def _join(gone: StoreCustomer, kept: StoreCustomer) -> None:
    Order.objects.filter(store_customer=gone).update(store_customer=kept)
    if gone.customer_id == kept.customer_id:
        note = noting.read_note(customer=kept.customer)
        if gone.base_text is not None and is_same(note.text, gone.base_text):
            # Ours has not changed since it agreed with one of the two: what the store joined is the store's change.
            kept.mark_agreed_upon(base=gone.base_text)


def _take_facts(connection: Connection, customer: Customer, facts: StoreCustomerFacts, at: datetime) -> None:
    actor = connection.as_actor()
    known = describing.Details(
        first_name=facts.first_name[:100],
        last_name=facts.last_name[:100],
        language=facts.language[:35],
        location=facts.location[:200],
    )
    describing.fill_blanks(customer=customer, details=known, actor=actor)
    # Anybody may write our customer's phone into an account of their own in the store: found by it alone, the account's
    # address is what somebody says (B10), and mail from it is not our customer's until an agent knows it is.
    is_proven = not facts.emails or _holds_one_of(customer, facts.emails)
    for email in facts.emails:
        _add(customer, ContactKind.EMAIL, email, actor, None if is_proven else at)
    for phone in facts.phones:
        _add(customer, ContactKind.PHONE, phone, actor, None)


def _holds_one_of(customer: Customer, emails: Iterable[str]) -> bool:
    values = [spelled for typed in emails if (spelled := _spell(typed))]
    held = CustomerContact.objects.filter(customer=customer, claimed_at=None, contact__kind=ContactKind.EMAIL)
    return held.filter(contact__value__in=values).exists()


def _spell(typed: str) -> str:
    try:
        return finding.spell(kind=ContactKind.EMAIL, typed=typed).value
    except NotAnAddress:
        return ""


def _add(customer: Customer, kind: ContactKind, typed: str, actor: Actor, claimed_at: datetime | None) -> None:
    try:
        with transaction.atomic():
            if claimed_at is None:
                contacting.add_contact(customer=customer, kind=kind, typed=typed, actor=actor)
            else:
                claiming.claim_contact(customer=customer, kind=kind, typed=typed, actor=actor, at=claimed_at)
    except (contacting.AlreadyHeld, NotAnAddress):
        # Known already, or nothing one could write to: neither is a reason to leave the rest out.
        return


def _record(type: EventType, link: StoreCustomer, actor: Actor, cause: Event | None) -> None:
    record(
        type,
        subject=link,
        actor=actor,
        data={"connection": link.connection_id, "link": link.pk},
        customer_id=link.customer_id,
        cause=cause,
        live=[link.customer.live_name],
    )
