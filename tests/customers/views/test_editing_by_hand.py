"""New customer, edit mode, contacts."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services import contacting, noting
from tests.customers.actors import ADA
from tests.factories.customers import make_contact, make_customer

NEW, EDIT = "/acme/customers/new/", "/acme/customers/1/edit/"
DETAILS = {"first_name": "Ana", "last_name": "Lopes"}


@pytest.fixture
def line(ana: Customer, acme: Tenant) -> CustomerContact:
    with tenant_scope(acme):
        contacting.add_contact(customer=ana, kind=ContactKind.EMAIL, typed="ana@post.example", actor=ADA)
        return contacting.add_contact(customer=ana, kind=ContactKind.PHONE, typed="+12025550123", actor=ADA)


def test_new_customer_is_created_with_all_that_was_typed(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        write_settings(values={"customers.phone_region": "US"})
    typed = {
        "first_name": "Ana",
        "last_name": "Lopes",
        "emails": "Ana@post.example\r\nana@work.example\r\nana@POST.example\r\n",
        "phones": "(202) 555-0123",
        "note": "Call after six",
    }

    response = as_ada.post(NEW, typed)

    assert response.headers["Location"] == "/acme/customers/1/"
    with tenant_scope(acme):
        customer = Customer.objects.get()
        values = set(customer.contacts.values_list("contact__value", flat=True))
        assert values == {"ana@post.example", "ana@work.example", "+12025550123"}
        assert noting.read_note(customer=customer).text == "Call after six"
        assert customer.history.get().actor_name == "Ada"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"first_name": " "}, "This field is required."),
        ({"first_name": "Ana", "emails": "ana at post"}, "ana at post: This is no e-mail address."),
        ({"first_name": "Ana", "phones": "call me"}, "call me: This is no phone number."),
        ({"first_name": "Ana", "emails": "\n".join(f"{n}@post.example" for n in range(51))}, "At most 50 at once."),
    ],
)
def test_new_customer_refused_says_why_and_keeps_what_was_typed(
    as_ada: Client, acme: Tenant, typed: dict[str, str], words: str
) -> None:
    response = as_ada.post(NEW, {**typed, "note": "Call after six"})

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert "Call after six" in page
    with tenant_scope(acme):
        assert not Customer.objects.exists()


def test_new_customer_form_names_lookalikes_while_one_types(as_ada: Client, line: CustomerContact) -> None:
    typed = {"first_name": "", "emails": "half@\nana@post.example"}

    page = as_ada.get("/acme/customers/new/lookalikes/", typed).content.decode()

    assert "Ana Lopes" in page
    assert "has ana@post.example" in page
    assert "Ana Lopes" not in as_ada.get("/acme/customers/new/lookalikes/").content.decode()


def test_new_customer_is_nothing_to_cleo(as_cleo: Client, line: CustomerContact) -> None:
    assert as_cleo.post(NEW, DETAILS).status_code == 404
    assert as_cleo.get("/acme/customers/new/lookalikes/", {"emails": "ana@post.example"}).status_code == 404
    page = as_cleo.get("/globex/customers/new/lookalikes/", {"emails": "ana@post.example"}).content.decode()
    assert "Ana" not in page


def test_edit_changes_what_is_said(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    assert 'value="Lopes"' in as_ada.get(EDIT).content.decode()

    response = as_ada.post(EDIT, {**DETAILS, "last_name": "Reis", "is_vip": "on", "time_zone": "Europe/Lisbon"})

    assert response.headers["Location"] == "/acme/customers/1/"
    with tenant_scope(acme):
        ana.refresh_from_db()
    assert (ana.display_name, ana.is_vip, ana.time_zone) == ("Ana Reis", True, "Europe/Lisbon")


def test_edit_asks_for_a_first_name_only_when_names_were_touched(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_customer("", "", fallback_name="ana@post.example")

    assert as_ada.post(EDIT, {"location": "Porto"}).status_code == 302
    refused = as_ada.post(EDIT, {"last_name": "Lopes"})

    assert refused.status_code == 422
    assert "Write at least a first name." in refused.content.decode()


def test_edit_refuses_an_unknown_time_zone(as_ada: Client, ana: Customer) -> None:
    assert as_ada.post(EDIT, {**DETAILS, "time_zone": "Mars/Olympus"}).status_code == 422


def test_contacts_are_added_tagged_shared_and_removed(as_ada: Client, line: CustomerContact, acme: Tenant) -> None:
    contacts = "/acme/customers/1/contacts"
    steps = [
        ("add", {"kind": "phone", "value": "+12025550199", "tag": "work"}),
        ("add", {"kind": "handle", "value": "@ana", "network": "Twitter"}),
        (f"{line.pk}/tag", {"tag": "home"}),
        (f"{line.pk}/share", {}),
    ]

    for verb, data in steps:
        assert as_ada.post(f"{contacts}/{verb}/", data).headers["Location"] == EDIT

    with tenant_scope(acme):
        line.refresh_from_db()
        assert (line.tag, line.contact.is_shared) == ("home", True)
        values = list(CustomerContact.objects.in_order().values_list("contact__value", "tag"))
    assert ("+12025550199", "work") in values
    assert ("twitter:ana", "twitter") in values
    page = as_ada.get(EDIT).content.decode()
    assert "+1 202-555-0199" in page
    assert "One person&#x27;s again" in page or "One person's again" in page

    for verb in (f"{line.pk}/unshare", f"{line.pk}/remove"):
        as_ada.post(f"{contacts}/{verb}/")
    with tenant_scope(acme):
        line.contact.refresh_from_db()
        assert not line.contact.is_shared
        assert not CustomerContact.objects.filter(pk=line.pk).exists()
        assert CustomerContact.objects.get(contact__value="+12025550199").is_primary


def test_contacts_primary_moves(as_ada: Client, ana: Customer, line: CustomerContact, acme: Tenant) -> None:
    with tenant_scope(acme):
        second = make_contact(ana, "+12025550199", ContactKind.PHONE, position=1)

    as_ada.post(f"/acme/customers/1/contacts/{second.pk}/primary/")

    with tenant_scope(acme):
        primary = CustomerContact.objects.filter(is_primary=True, contact__kind=ContactKind.PHONE)
        assert primary.get() == second


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"kind": "email", "value": "ana at post"}, "This is no e-mail address."),
        ({"kind": "email", "value": "ANA@post.example"}, "has this already"),
        ({"kind": "fax", "value": "1"}, "Select a valid choice."),
    ],
)
def test_contacts_refused_say_why(as_ada: Client, line: CustomerContact, typed: dict[str, str], words: str) -> None:
    assert words in as_ada.post("/acme/customers/1/contacts/add/", typed, follow=True).content.decode()


def test_contacts_of_another_customer_are_not_reached(as_ada: Client, line: CustomerContact, acme: Tenant) -> None:
    with tenant_scope(acme):
        make_customer("Bruno")

    assert as_ada.post(f"/acme/customers/2/contacts/{line.pk}/remove/").status_code == 404
    assert as_ada.post(f"/acme/customers/1/contacts/{line.pk}/tag/", {"tag": "fax"}).status_code == 400


def test_editing_is_nothing_to_cleo(
    cleo_finds_nothing: Callable[..., None], line: CustomerContact, acme: Tenant
) -> None:
    cleo_finds_nothing("/customers/1/edit/")
    cleo_finds_nothing("/customers/1/edit/", "post", **DETAILS)
    cleo_finds_nothing("/customers/1/contacts/add/", "post", kind="email", value="cleo@globex.example")
    for verb in ("remove", "primary", "tag", "share", "unshare"):
        cleo_finds_nothing(f"/customers/1/contacts/{line.pk}/{verb}/", "post", tag="home")

    with tenant_scope(acme):
        assert CustomerContact.objects.count() == 2
