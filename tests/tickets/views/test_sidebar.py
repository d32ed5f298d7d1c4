"""The side panel: look somebody up, and their card on a page of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Customer, CustomerSource, CustomerTag
from customers.services import remembering
from customers.services.contacting import mark_bounced
from customers.services.noting import save_note
from customers.services.portraying import judge_photo, set_photo
from integrations.models import Order
from tests.core.test_pictures import png
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer
from tests.factories.integrations import make_connection, make_link
from tests.factories.tickets import make_ticket
from tests.tickets.views.test_showing import bookkeeping

SignIn = Callable[[Membership], Client]
PANEL = "/acme/sidebar/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        ana = make_customer(is_vip=True)
        make_contact(ana, "ana@post.example")
        make_contact(ana, "+351912345678", kind=ContactKind.PHONE)
        return ana


@pytest.fixture
def as_bela(bela: Membership, sign_in: SignIn) -> Client:
    return sign_in(bela)


def test_panel_opens_the_only_one_found(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        link = make_link(make_connection(), ana)
        names = {"name": "#1001", "name_folded": "#1001"}
        Order.objects.create(connection=link.connection, store_customer=link, remote_id="1", placed_at=NOON, **names)
        make_customer("Bruno", "Reis")

    for words in ("lopes", "ANA", "ana@post.example", "912 345 678", "1001", "#1001"):
        answer = as_bela.get(PANEL, {"q": words})

        assert (words, answer.headers.get("Location")) == (words, "/acme/sidebar/customers/1/")


def test_panel_lists_several_with_what_tells_them_apart(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_contact(make_customer("Ana", "Reis"), "reis@post.example")

    for headers in ({}, HTMX):
        page = as_bela.get(PANEL, {"q": "ana"}, headers=headers).content.decode()
        page = page.replace("<mark>", "").replace("</mark>", "")

        for words in ("Ana Lopes", "VIP", "ana@post.example", "Ana Reis", "reis@post.example"):
            assert words in page
        assert ("<html" in page) != bool(headers)


def test_panel_says_that_nobody_was_found(as_bela: Client, ana: Customer) -> None:
    for headers in ({}, HTMX):
        assert "Nobody found" in as_bela.get(PANEL, {"q": "zoe"}, headers=headers).content.decode()


def test_panel_shows_the_card_with_what_stores_and_tickets_know(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_link(make_connection(name="Garden"), ana, orders_count=3)
        make_ticket(customer=ana)
        save_note(customer=ana, text="Call after six", based_on=0, actor=ADA, at=NOON)

    page = as_bela.get("/acme/sidebar/customers/1/").content.decode()

    for words in ("Ana Lopes", "Call after six", "ana@post.example", "Garden", "Returning · 3 orders", "1 open"):
        assert words in page
    assert 'id="rail"' not in page
    assert 'hx-get="/acme/sidebar/customers/1/"' in page


def test_panel_answers_htmx_with_the_live_part(as_bela: Client, ana: Customer, acme: Tenant, bela: Membership) -> None:
    page = as_bela.get("/acme/sidebar/customers/1/", headers=HTMX).content.decode()

    assert 'data-live="customer-1"' in page
    assert "<html" not in page
    with tenant_scope(acme):
        assert list(remembering.read_opened(member=bela)) == []


def test_panel_offers_whom_the_agent_opened_last(
    as_bela: Client, ana: Customer, ada: Membership, bela: Membership, sign_in: SignIn, acme: Tenant
) -> None:
    with tenant_scope(acme):
        for name in ("Bruno", "Carla"):
            make_customer(name, "Reis")
    for number in (1, 2, 3, 1):
        as_bela.post(f"/acme/sidebar/customers/{number}/opened/")

    page = as_bela.get(PANEL).content.decode()

    assert page.index("Ana Lopes") < page.index("Carla Reis") < page.index("Bruno Reis")
    assert "Ana Lopes" not in sign_in(ada).get(PANEL).content.decode()


def test_opened_are_eight_at_most_and_none_of_them_deleted(ana: Customer, bela: Membership, acme: Tenant) -> None:
    with tenant_scope(acme):
        people = [ana, *(make_customer(f"Bruno {number}") for number in range(9))]
        for one in people:
            remembering.remember_opened(customer=one, member=bela)
        people[5].deleted_at = timezone.now()
        people[5].save()

        opened = remembering.read_opened(member=bela)

    assert [one.number for one in opened] == [10, 9, 8, 7, 5, 4, 3]


def count(client: Client, path: str) -> int:
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len([one for one in captured.captured_queries if not bookkeeping(one["sql"])])


def test_panel_takes_the_same_few_questions_however_much_there_is(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    few = {path: count(as_bela, f"{PANEL}{path}") for path in ("customers/1/", "")}
    with tenant_scope(acme):
        for number in range(12):
            make_contact(ana, f"ana{number}@post.example")
            make_contact(make_customer("Ana", f"Reis {number}"), f"reis{number}@post.example")
            make_ticket(customer=ana)
    for number in range(2, 6):
        as_bela.get(f"/acme/sidebar/customers/{number}/")
    as_bela.get("/acme/sidebar/customers/1/")

    many = {path: count(as_bela, f"{PANEL}{path}") for path in ("customers/1/", "?q=ana", "")}

    assert many["customers/1/"] <= few["customers/1/"] <= 15
    assert many["?q=ana"] <= 11
    assert many[""] == few[""]


def test_panel_shows_photos_for_one_question_in_all(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        people = [ana, *(make_customer("Ana", f"Reis {number}") for number in range(3))]
    for one in people:
        as_bela.post(f"{PANEL}customers/{one.number}/opened/")
    bare = {path: count(as_bela, f"{PANEL}{path}") for path in ("", "?q=ana")}
    with tenant_scope(acme):
        for one in people:
            set_photo(customer=one, photo=judge_photo(name="ana.png", content=png(4, 3)), actor=ADA)

    for path, questions in bare.items():
        assert as_bela.get(f"{PANEL}{path}").content.decode().count("avatar__photo") == 4
        assert count(as_bela, f"{PANEL}{path}") == questions


def test_panel_is_nothing_to_cleo(ana: Customer, cleo: Membership, sign_in: SignIn) -> None:
    client = sign_in(cleo)

    for path in ("", "?q=ana", "customers/1/"):
        assert client.get(f"{PANEL}{path}").status_code == 404
    assert client.get("/globex/sidebar/customers/1/").status_code == 404
    assert "Ana" not in client.get("/globex/sidebar/?q=ana").content.decode()


def test_panel_keeps_what_is_done_in_it_and_opens_pages_beside_it(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        for text in ("Call after six", "Hates calls"):
            save_note(customer=ana, text=text, based_on=0, actor=ADA, at=NOON)
        mark_bounced(kind=ContactKind.EMAIL, value="ana@post.example", at=NOON)

    page = as_bela.get("/acme/sidebar/customers/1/").content.decode()

    forms = re.findall("<form [^>]*>", page)
    assert len(forms) >= 4
    assert [form for form in forms if 'target="_self"' not in form and 'method="dialog"' not in form] == []
    assert '<a class="skip" href="#main" target="_self">' in page
    assert '<base target="_blank">' in page


def test_panel_tells_everything_under_more_info(as_bela: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        CustomerTag.objects.create(customer=ana, name="Wholesale", name_folded="wholesale")
        CustomerSource.objects.create(customer=ana, source="newsletter", campaign="Spring")
        Customer.objects.filter(pk=ana.pk).update(reference="A-17", language="pt-BR", preferred_channel="phone")

    page = as_bela.get("/acme/sidebar/customers/1/").content.decode()

    more = page[page.index("data-more") :]
    for words in ("Wholesale", "newsletter", "Spring", "A-17", "Brazilian Portuguese", "Phone", "Registered", "#1"):
        assert words in more


def test_panel_may_not_be_framed(as_bela: Client, ana: Customer) -> None:
    """A side panel of a browser shows it as a page of its own; a frame of a stranger's page must not."""
    policy = as_bela.get("/acme/sidebar/customers/1/")["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in policy
