"""Look a customer up in the connected stores when they contact us, link them, and take over what the stores know."""

from datetime import datetime, timedelta

from django.db import transaction

from core.retry import Retryable
from customers.kinds import ContactKind, NoteSync
from customers.models import Customer, CustomerContact
from events.models import Event
from integrations.base import GiveUp, StoreAdapter
from integrations.models import Connection, StoreCustomer
from integrations.services.collecting import NEWEST, collect_orders
from integrations.services.comparing import is_same
from integrations.services.connecting import calling
from integrations.services.doubting import may_be
from integrations.services.linking import ErasedMeanwhile, LinkedElsewhere, link_customer, unlink
from integrations.services.syncing import sync_note
from integrations.types import Capability, StoreCustomerFacts

# Several letters in a row, or several workers on one, ask once.
FRESH = timedelta(seconds=60)
# Of each kind; more addresses than this of one person are not looked up.
MOST_CONTACTS = 5

LOOKUPS = ((ContactKind.EMAIL, Capability.CUSTOMER_LOOKUP_EMAIL), (ContactKind.PHONE, Capability.CUSTOMER_LOOKUP_PHONE))


def refresh_customer(*, customer_id: int, at: datetime, cause: Event | None) -> None:
    """Ask every connected store about a customer (F39); one that is in trouble keeps none of the others waiting.

    Raises Retryable when a store could not answer, after all others were asked.
    """
    with transaction.atomic():
        customer = Customer.objects.top_of(customer_id)
        connections = list(Connection.objects.working().order_by("pk"))
    trouble: Retryable | None = None
    for connection in connections:
        try:
            refresh_at(connection=connection, customer=customer, at=at, cause=cause)
        except Retryable as error:
            trouble = error
        except GiveUp:
            # Its health says so on the store's page; asking again would change nothing.
            continue
    if trouble:
        raise trouble


def refresh_at(*, connection: Connection, customer: Customer, at: datetime, cause: Event | None) -> str:
    """Refresh the customer's links with one store; without one, look for a match and link it. Says which it was.

    Raises TryAgain or GiveUp where the store does, and Busy.
    """
    with transaction.atomic():
        links = list(StoreCustomer.objects.of_customer(customer.pk).filter(connection=connection))
    for link in links:
        if link.refreshed_at is None or at - link.refreshed_at >= FRESH:
            refresh_link(link=link, at=at, cause=cause)
        elif link.note_state == NoteSync.PENDING:
            # An earlier attempt got the facts and stopped before the note.
            sync_note(customer_id=customer.pk, at=at, cause=cause)
    if links:
        return "refreshed"
    return _look_up(connection, customer, at, cause) if connection.auto_link else "not looked up"


def refresh_link(*, link: StoreCustomer, at: datetime, cause: Event | None) -> None:
    """Take over what the store knows now; a customer the store no longer has is unlinked."""
    with calling(link.connection, at=at) as adapter:
        facts = adapter.fetch_customer(link.remote_id)
        if facts is not None:
            _store(adapter, link.connection, link.customer, facts, at, cause)
    if facts is None:
        unlink(link=link, actor=link.connection.as_actor(), cause=cause)
        sync_note(customer_id=link.customer_id, at=at, cause=cause)
    elif link.note_state != NoteSync.IN_SYNC or not is_same(facts.note, link.base_text):
        sync_note(customer_id=link.customer_id, at=at, cause=cause)


def find_match(*, adapter: StoreAdapter, customer: Customer) -> StoreCustomerFacts | None:
    """The store's customer with an equal e-mail address, else phone; None when there is none, or more than one.

    A phone alone may be a family's: then nothing else may speak against it (doubting).
    """
    for kind, capability in LOOKUPS:
        if capability not in adapter.capabilities:
            continue
        found: dict[str, StoreCustomerFacts] = {}
        for value in _own_contacts(customer, kind):
            email, phone = (value, None) if kind is ContactKind.EMAIL else (None, value)
            found |= {facts.remote_id: facts for facts in adapter.find_customers(email=email, phone=phone)}
        if found:
            [first, *others] = found.values()
            is_sure = not others and (kind is ContactKind.EMAIL or may_be(customer, facts=first))
            return first if is_sure else None
    return None


def _look_up(connection: Connection, customer: Customer, at: datetime, cause: Event | None) -> str:
    with calling(connection, at=at) as adapter:
        facts = find_match(adapter=adapter, customer=customer)
        if facts is None:
            return "no match"
        _store(adapter, connection, customer, facts, at, cause)
    sync_note(customer_id=customer.pk, at=at, cause=cause)
    return "linked"


def _own_contacts(customer: Customer, kind: ContactKind) -> list[str]:
    """Those that mean this customer and nobody else of ours."""
    with transaction.atomic():
        lines = CustomerContact.objects.filter(customer=customer, contact__kind=kind, contact__is_shared=False)
        # A number with an extension is an office's.
        lines = lines.filter(claimed_at=None, extension="")
        lines = lines.select_related("contact").in_order()[:MOST_CONTACTS]
        others = set(
            CustomerContact.objects.filter(contact__in=[line.contact_id for line in lines])
            .exclude(customer=customer)
            .values_list("contact_id", flat=True)
        )
    return [line.contact.value for line in lines if line.contact_id not in others]


def _store(
    adapter: StoreAdapter,
    connection: Connection,
    customer: Customer,
    facts: StoreCustomerFacts,
    at: datetime,
    cause: Event | None,
) -> None:
    orders = adapter.fetch_orders(facts.remote_id, NEWEST) if Capability.ORDERS in adapter.capabilities else ()
    actor = connection.as_actor()
    try:
        link = link_customer(connection=connection, customer=customer, facts=facts, actor=actor, at=at, cause=cause)
    except (LinkedElsewhere, ErasedMeanwhile):
        # Somebody of ours has that store customer already, and two profiles are for a person to merge; or nobody may.
        return
    collect_orders(link=link, orders=orders, at=at, cause=cause)
