"""One e-mail address, phone or handle: who has it, taking it off, and what is said of it."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers import telephony
from customers.kinds import ContactKind, Subscription
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting
from customers.services.subscribing import set_subscription
from tests.customers.actors import ADA, NOON
from tests.factories.customers import make_contact, make_customer

ADDRESS = "ana@post.example"


@pytest.fixture
def line(ana: Customer, acme: Tenant) -> CustomerContact:
    """Ana's, who wrote from it; Bruno has it too."""
    with tenant_scope(acme):
        line = contacting.add_contact(customer=ana, kind=ContactKind.EMAIL, typed=ADDRESS, actor=ADA)
        line.mark_written(at=NOON)
        contacting.add_contact(customer=make_customer("Bruno"), kind=ContactKind.EMAIL, typed=ADDRESS, actor=ADA)
        return line


@pytest.fixture
def url(line: CustomerContact) -> str:
    return f"/acme/customers/1/contacts/{line.pk}/"


@pytest.fixture
def dialing() -> Iterator[None]:
    """A workspace whose telephony is set up."""
    telephony.register_telephony(lambda: lambda number: f"tel:{number}")
    yield
    telephony._telephonies.pop()


def page_of(client: Client, url: str = "/acme/customers/1/") -> str:
    return client.get(url).content.decode()


def test_mark_beside_a_shared_value_leads_to_who_has_it(as_ada: Client, url: str) -> None:
    assert f'href="{url}"' in page_of(as_ada)

    whole = page_of(as_ada, url)
    part = as_ada.get(url, headers={"HX-Request": "true"}).content.decode()

    for page in (whole, part):
        assert "Bruno Lopes" in page
        assert "goes to <bdi>Ana Lopes</bdi>. Of 2 customers with this address, the one who wrote from it last." in page
    assert ("<html" in whole, "<html" in part) == (True, False)


def test_who_has_a_value_asks_as_much_for_many(as_ada: Client, url: str, acme: Tenant) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            as_ada.get(url)
        return len(queries)

    count()
    few = count()
    with tenant_scope(acme):
        for number in range(60):
            make_contact(make_customer(f"Holder {number}"), ADDRESS)

    assert count() == few
    assert "62 customers have it. The first 50 are shown." in page_of(as_ada, url)


def test_taken_off_here_it_is_the_others_at_once(as_ada: Client, url: str, line: CustomerContact, acme: Tenant) -> None:
    part = as_ada.post(f"{url}remove/", headers={"HX-Request": "true"}).content.decode()

    assert "goes to <bdi>Bruno Lopes</bdi>. The only customer with this address." in part
    with tenant_scope(acme):
        assert CustomerContact.objects.get().customer.first_name == "Bruno"


def test_taken_off_the_other_it_stays_here(as_ada: Client, url: str, acme: Tenant) -> None:
    with tenant_scope(acme):
        theirs = CustomerContact.objects.get(customer__number=2)

    response = as_ada.post(
        f"/acme/customers/2/contacts/{theirs.pk}/remove/", headers={"Referer": f"http://testserver{url}"}
    )

    assert response.headers["Location"] == url
    assert "Bruno" not in page_of(as_ada, url)


def test_taken_off_without_scripts_leads_back_to_the_customer(as_ada: Client, url: str) -> None:
    response = as_ada.post(f"{url}remove/", headers={"Referer": f"http://testserver{url}"})

    assert response.headers["Location"] == "/acme/customers/1/"


def test_shared_by_several_people_it_is_matched_to_nobody(as_ada: Client, url: str, acme: Tenant) -> None:
    part = as_ada.post(f"{url}share/", headers={"HX-Request": "true"}).content.decode()

    assert "goes to nobody. Several people share this address." in part
    assert ">Shared</a>" in page_of(as_ada)
    as_ada.post(f"{url}unshare/")
    with tenant_scope(acme):
        assert not Contact.objects.get().is_shared


def test_bounced_address_works_again_in_one_click(as_ada: Client, url: str, acme: Tenant) -> None:
    with tenant_scope(acme):
        contacting.mark_bounced(kind=ContactKind.EMAIL, value=ADDRESS, at=NOON)
    assert ">Bounced<" in page_of(as_ada)

    part = as_ada.post(f"{url}works/", headers={"HX-Request": "true"}).content.decode()

    assert ADDRESS in part
    assert ">Bounced<" not in part
    assert ">Bounced<" not in page_of(as_ada)


def test_unsubscribed_address_says_when_and_by_whom(as_ada: Client, line: CustomerContact, acme: Tenant) -> None:
    with tenant_scope(acme):
        set_subscription(contact=line.contact, state=Subscription.UNSUBSCRIBED, actor=ADA, at=NOON)

    page = page_of(as_ada)

    assert ">Unsubscribed<" in page
    assert 'datetime="2026-11-23T12:00:00+00:00"' in page
    assert "by Agent." in page


def test_number_nobody_can_have_is_marked(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        contacting.add_contact(customer=ana, kind=ContactKind.PHONE, typed="+351 012 345 678", actor=ADA)

    assert 'aria-label="Not a valid number"' in page_of(as_ada)


@pytest.mark.usefixtures("dialing")
def test_handset_stands_beside_numbers_that_can_be_called(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        for typed in ("+351 912 345 678", "+351 012 345 678"):
            contacting.add_contact(customer=ana, kind=ContactKind.PHONE, typed=typed, actor=ADA)

    page = page_of(as_ada)

    assert 'href="tel:+351912345678"' in page
    assert page.count("tel:+351") == 1


def test_handset_is_hidden_without_telephony(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        contacting.add_contact(customer=ana, kind=ContactKind.PHONE, typed="+351 912 345 678", actor=ADA)

    assert "tel:+351" not in page_of(as_ada)


def test_contacts_of_another_customer_are_not_reached(as_ada: Client, line: CustomerContact) -> None:
    assert as_ada.get(f"/acme/customers/2/contacts/{line.pk}/").status_code == 404
    assert as_ada.post(f"/acme/customers/2/contacts/{line.pk}/remove/").status_code == 404


def test_contacts_are_nothing_to_cleo(
    cleo_finds_nothing: Callable[..., None], line: CustomerContact, acme: Tenant
) -> None:
    cleo_finds_nothing(f"/customers/1/contacts/{line.pk}/")
    for verb in ("remove", "share", "unshare", "works"):
        cleo_finds_nothing(f"/customers/1/contacts/{line.pk}/{verb}/", "post")

    with tenant_scope(acme):
        assert CustomerContact.objects.count() == 2
        assert not Contact.objects.get().is_shared
