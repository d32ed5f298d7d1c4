"""Setting whose ticket it is."""

from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.services.merging.joining import merge_customers
from events.models import Event
from integrations.models import Order
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Participant, Ticket
from tickets.services import closing, setting_customer


def test_customer_is_set_with_the_reason_and_said(in_acme: Tenant, ada: Membership) -> None:
    ana, ben = make_customer("Ana"), make_customer("Ben")
    ticket = make_ticket(customer=ana)
    Participant.objects.create(ticket=ticket, customer=ana, address="ana@shopper.example")

    setting_customer.set_customer(ticket=ticket, customer=ben, actor=ada.as_actor())

    ticket = Ticket.objects.get()
    assert (ticket.customer, ticket.customer_reason) == (ben, "Set by Ada")
    assert Participant.objects.get().customer == ana
    event = Event.objects.get(type="ticket.customer_set")
    assert (event.customer_id, event.data["from_name"], event.data["to"]) == (ben.pk, "Ana Lopes", ben.number)


def test_customer_is_set_on_closed_tickets_too(in_acme: Tenant, ada: Membership) -> None:
    ticket = make_ticket()
    closing.close_ticket(ticket=ticket, actor=ada.as_actor(), at=timezone.now())

    setting_customer.set_customer(ticket=ticket, customer=make_customer(), actor=ada.as_actor())

    assert (Ticket.objects.get().is_closed, Ticket.objects.get().customer is None) == (True, False)


def test_no_customer_is_legal_and_nothing_changed_says_nothing(in_acme: Tenant, ada: Membership) -> None:
    ana = make_customer()
    ticket = make_ticket(customer=ana)

    for _ in range(2):
        setting_customer.set_customer(ticket=ticket, customer=None, actor=ada.as_actor())

    assert Ticket.objects.get().customer is None
    assert [one.customer_id for one in Event.objects.filter(type="ticket.customer_set")] == [ana.pk]


def test_customers_are_found_by_name_address_number_and_order(in_acme: Tenant, globex: Tenant, ada: Membership) -> None:
    ana = make_customer("Ana")
    make_contact(ana, "ana@shopper.example")
    make_contact(ana, "+351912345678", kind=ContactKind.PHONE)
    store = make_connection("acme.myshopify.com")
    Order.objects.create(
        connection=store,
        store_customer=make_link(store, ana),
        remote_id="1",
        name="#1001",
        name_folded="#1001",
        placed_at=timezone.now(),
    )
    with tenant_scope(globex):
        make_contact(make_customer("Ana"), "other@globex.example")

    for words in ("an", "ANA lopes", "ana@shopper.example", "+351 912 345 678", "1001", "#1001"):
        assert setting_customer.find_customers(words=words) == [ana], words
    for words in ("", "other@globex.example", "lo"):
        assert not setting_customer.find_customers(words=words)


def test_people_of_the_ticket_are_suggested(in_acme: Tenant) -> None:
    ana, ben, cara = make_customer("Ana"), make_customer("Ben"), make_customer("Cara")
    ticket = make_ticket(customer=ana)
    for author in (ana, ben):
        make_message(ticket, author_customer=author)
    Participant.objects.create(ticket=ticket, customer=cara, address="cara@shopper.example")

    assert setting_customer.suggest_customers(ticket=ticket) == [ben, cara]


def test_of_people_who_were_merged_since_the_survivor_is_suggested(in_acme: Tenant, ada: Membership) -> None:
    ana, ben, cara = make_customer("Ana"), make_customer("Ben"), make_customer("Cara")
    ticket = make_ticket(customer=ana)
    for author in (ana, ben):
        make_message(ticket, author_customer=author)
    for survivor, other in ((ana, make_customer("Anna")), (cara, ben)):
        make_message(ticket, author_customer=other)
        merge_customers(survivor=survivor, other=other, actor=ada.as_actor(), at=timezone.now())

    assert setting_customer.suggest_customers(ticket=ticket) == [cara]
