"""The customer's own page."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import ContactKind, Evidence
from customers.models import Contact, Customer, CustomerSource, CustomerTag
from customers.services import contacting, noting, seeing, timeline_noting
from events.models import Event
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Ticket

PAGE = "/acme/customers/1/"
DATA = re.compile(r"<div><dt>\s*(?:<a [^>]*>)?([^<]*)(?:</a>)?\s*</dt><dd[^>]*>(.*?)</dd></div>", re.DOTALL)


def test_customer_page_shows_note_contacts_and_presence(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        noting.save_note(customer=ana, text="Call after six", based_on=0, actor=ADA, at=NOON)
        contacting.add_contact(customer=ana, kind=ContactKind.EMAIL, typed="Ana@post.example", actor=ADA)
        make_contact(make_customer("Bruno", "Reis"), "ana@post.example")
        seeing.see(customer=ana, evidence=Evidence.PING, at=clock.now() - timedelta(days=2))

    page = as_ada.get(PAGE).content.decode()

    assert "<html" in page
    for words in (
        "Ana Lopes",
        "Call after six",
        "Ana@post.example",
        "Also held by 1 other customer",
        "Seen 2 days ago",
    ):
        assert words in page
    assert "customer-1-work" in page
    assert "customer-1-totals" in page


@pytest.fixture
def known(acme: Tenant, bela: Membership) -> Customer:
    """Of whom everything is said."""
    with tenant_scope(acme):
        store = make_connection("acme-home.myshopify.com", name="Acme Home")
        customer = make_customer(
            sex="female",
            birthday=date(1990, 12, 1),
            manager=bela,
            store_number=store.number,
            language="pt",
            preferred_channel="phone",
            time_zone="Europe/Lisbon",
            location="Lisboa",
            personal_discount="7.5",
            discount_card="C-17",
            reference="R-9",
            is_vip=True,
            is_bad=True,
        )
        CustomerTag.objects.create(customer=customer, name="Wholesale", name_folded="wholesale")
        make_contact(customer, "ana@post.example", is_primary=True)
        Contact.objects.update(subscription="unsubscribed")
        make_contact(customer, "+351912345678", kind=ContactKind.PHONE)
        make_contact(customer, "ana_lopes", kind=ContactKind.HANDLE, tag="twitter")
        bela.mark_inactive()
        return customer


def test_main_data_has_every_line_of_the_seed(as_ada: Client, known: Customer, bela: Membership) -> None:
    page = as_ada.get(PAGE).content.decode()

    lines = {
        "E-mail": "ana@post.example",
        "Phone": "+351 912 345 678",
        "Handles": "ana_lopes",
        "Location": "Lisboa",
        "Sex": "Female",
        "Birthday": "Dec 1, 1990",
        "Manager": bela.name,
        "Store": "Acme Home",
        "Tags": "Wholesale",
        "E-mail subscription": "Unsubscribed",
        "Preferred channel": "Phone",
        "Language": "Portuguese",
        "Time zone": "Europe/Lisbon",
        "External number": "R-9",
        "Personal discount": "7.5 %",
        "Discount card": "C-17",
        "Last visit": "None known",
        "Registration date": "added by an agent",
    }
    said = dict(DATA.findall(page.partition("profile__aside")[0]))
    assert [label for label, value in lines.items() if value not in said.get(label, "")] == []
    assert page.index(">VIP<") < page.index(">BAD<") < page.index("Main data")
    assert "data__inactive" in said["Manager"]


def test_each_line_leads_to_its_history(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_customer(sex="female", is_vip=True)

    page = as_ada.get(PAGE).content.decode()

    assert '<a class="data__label" href="/acme/customers/1/history/?field=sex" data-dialog=' in page
    assert '<a class="block__link" href="/acme/customers/1/history/" data-dialog=' in page
    for group in ("name", "marks"):
        assert f'href="/acme/customers/1/history/?field={group}" data-dialog=' in page


def test_source_names_what_links_call_it_and_follows_only_the_web(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        CustomerSource.objects.create(
            customer=ana,
            source="google",
            medium="cpc",
            campaign="autumn",
            keyword="oak chair",
            content="blue",
            landing_page="https://shop.example/chairs",
            referrer="javascript:alert(1)",
            first_visit_at=NOON,
            first_client_id="GA1.2.3",
            last_client_id="GA1.9.9",
        )

    page = as_ada.get(PAGE).content.decode()

    for words in ("google", "utm_source", "cpc", "autumn", "oak chair", "blue", "GA1.2.3", "GA1.9.9", "Nov 23, 2026"):
        assert words in page
    assert 'href="https://shop.example/chairs"' in page
    assert 'href="javascript' not in page


def test_customer_nobody_knows_more_of_has_no_empty_blocks(as_ada: Client, ana: Customer) -> None:
    page = as_ada.get(PAGE).content.decode()

    for title in ("Source", "Finance", "Legal details", "Handles", "Birthday"):
        assert f">{title}<" not in page


def test_customer_page_answers_htmx_with_its_live_part(as_ada: Client, ana: Customer) -> None:
    page = as_ada.get(PAGE, headers={"HX-Request": "true"}).content.decode()

    assert 'data-live="customer-1"' in page
    assert "<html" not in page
    assert "Earlier" not in page


@pytest.mark.parametrize(("tab", "shown"), [("notes", "No notes yet"), ("visits", "Nothing counts visits")])
def test_page_opens_at_the_tab_that_is_asked_for(as_ada: Client, ana: Customer, tab: str, shown: str) -> None:
    page = as_ada.get(f"{PAGE}?tab={tab}").content.decode()

    assert shown in page
    assert page.count('aria-current="page"') == 2  # the tab's, and the rail's


def test_tab_nobody_knows_is_not_found(as_ada: Client, ana: Customer) -> None:
    assert as_ada.get(f"{PAGE}?tab=gossip").status_code == 404


def test_rich_customer_takes_as_many_statements_as_a_bare_one(as_ada: Client, acme: Tenant) -> None:
    """40 phones, 12 e-mails, 3 stores, 900 tickets, all of them with events and notes."""
    with tenant_scope(acme):
        make_customer("Bare")
        rich = make_customer("Rich", sex="female", store_number=1)
        _enrich(rich)
    as_ada.get(PAGE)
    statements = []
    for path in (PAGE, "/acme/customers/2/"):
        with CaptureQueriesContext(connection) as captured:
            page = as_ada.get(path).content.decode()
        statements.append(len(captured))

    assert "17 more" in page
    assert "20 beyond these twenty are kept" in page
    # Only what a bare customer has nothing of is not asked for: stores, custom values, who else holds a contact, and
    # what the tickets of the lines are called.
    assert statements[1] - statements[0] <= 6
    assert statements[1] <= 28


def _enrich(customer: Customer) -> None:
    for number in range(40):
        make_contact(customer, f"+3519123456{number:02}", kind=ContactKind.PHONE, position=number)
    for number in range(12):
        make_contact(customer, f"rich{number}@post.example", position=number)
    for number in range(3):
        make_link(make_connection(f"acme-{number}.myshopify.com"), customer, remote_id=str(number))
    inbox, now = make_inbox(), clock.now()
    first = make_ticket(inbox, customer=customer)
    numbers = range(first.number + 1, first.number + 900)
    about = {"inbox": inbox, "customer": customer, "created_at": now, "last_message_at": now}
    tickets = Ticket.objects.bulk_create(
        Ticket(number=number, subject=f"Chair {number}", **about) for number in numbers
    )
    said = {"type": "ticket.opened", "subject_kind": "ticket", "actor_kind": "customer", "data": {"channel": "email"}}
    Event.objects.bulk_create(
        Event(subject_id=one.pk, ticket_id=one.pk, customer_id=customer.pk, created_at=now, **said) for one in tickets
    )
    for number in range(30):
        timeline_noting.add_timeline_note(customer=customer, html=f"Note {number}", actor=ADA, at=now)


def test_customer_page_of_nobody_is_not_found(as_ada: Client, ana: Customer) -> None:
    assert as_ada.get("/acme/customers/2/").status_code == 404
    assert as_ada.get(f"/acme/customers/{2**70}/").status_code == 404


def test_customer_page_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer) -> None:
    cleo_finds_nothing("/customers/1/")


def test_visits_are_a_pop_up_and_a_page(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        seeing.see(customer=ana, evidence=Evidence.PING, at=clock.now() - timedelta(days=2))
        CustomerSource.objects.create(customer=ana, landing_page="https://shop.example/chairs", first_visit_at=NOON)

    assert 'href="/acme/customers/1/visit/" data-dialog=' in as_ada.get(PAGE).content.decode()
    for headers, is_page in (({}, True), ({"HX-Request": "true"}, False)):
        answer = as_ada.get(f"{PAGE}visit/", headers=headers).content.decode()
        assert ("<html" in answer) is is_page
        for words in ("Seen 2 days ago by ping", "shop.example/chairs", "Nov 23, 2026"):
            assert words in answer


def test_visits_are_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer) -> None:
    cleo_finds_nothing("/customers/1/visit/")
