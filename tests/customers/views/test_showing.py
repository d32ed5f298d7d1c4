"""The customer's own page."""

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.kinds import ContactKind, Evidence
from customers.models import Customer
from customers.services import contacting, noting, seeing
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

PAGE = "/acme/customers/1/"


def test_customer_page_shows_note_contacts_and_presence(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        noting.save_note(customer=ana, text="Call after six", based_on=0, actor=ADA, at=NOON)
        contacting.add_contact(customer=ana, kind=ContactKind.EMAIL, typed="Ana@post.example", actor=ADA)
        make_contact(make_customer("Bruno", "Reis"), "ana@post.example")
        seeing.see(customer=ana, evidence=Evidence.PING, at=clock.now() - timedelta(days=2))

    page = as_ada.get(PAGE).content.decode()

    assert "<html" in page
    for words in ("Ana Lopes", "Call after six", "Ana@post.example", "Also held by", "Bruno Reis", "Seen 2 days ago"):
        assert words in page
    assert "/acme/customers/1/blocks/" in page


def test_customer_page_answers_htmx_with_its_live_part(as_ada: Client, ana: Customer) -> None:
    page = as_ada.get(PAGE, headers={"HX-Request": "true"}).content.decode()

    assert 'data-live="customer-1"' in page
    assert "<html" not in page


def test_customer_page_of_nobody_is_not_found(as_ada: Client, ana: Customer) -> None:
    assert as_ada.get("/acme/customers/2/").status_code == 404
    assert as_ada.get(f"/acme/customers/{2**70}/").status_code == 404


def test_customer_page_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer) -> None:
    cleo_finds_nothing("/customers/1/")
