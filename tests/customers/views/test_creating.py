"""New customer, by hand."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting, defining, noting, setting_fields
from customers.services.defining import FieldDraft
from tests.customers.actors import ADA
from tests.posted import posted_by

NEW, LOOKALIKES = "/acme/customers/new/", "/acme/customers/new/lookalikes/"
DETAILS = {"first_name": "Ana", "last_name": "Lopes"}


@pytest.fixture
def line(ana: Customer, acme: Tenant) -> CustomerContact:
    with tenant_scope(acme):
        return contacting.add_contact(customer=ana, kind=ContactKind.EMAIL, typed="ana@post.example", actor=ADA)


def typed(client: Client, *rows: tuple[str, str], **fields: str) -> QueryDict:
    """The page's form with rows of contacts filled as somebody with scripts would."""
    data = posted_by(client.get(NEW).content.decode())
    for key, value in rows:
        if key not in data.getlist("contact"):
            data.appendlist("contact", key)
        data[f"{key}-value"] = value
    for name, value in fields.items():
        data[name] = value
    return data


def post(client: Client, data: QueryDict) -> str:
    response = client.post(NEW, data.urlencode(), content_type="application/x-www-form-urlencoded")
    return response.headers.get("Location", response.content.decode())


def test_new_customer_is_created_with_all_that_was_typed(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        write_settings(values={"customers.phone_region": "US"})
    rows = [("email-new0", "Ana@post.example"), ("email-new1", "ana@work.example"), ("phone-new0", "(202) 555-0123")]
    data = typed(as_ada, *rows, **DETAILS, note="Call after six")
    data["email-main"] = "email-new1"
    data["email-new1-subscription"] = "unsubscribed"
    data["phone-new0-extension"] = "9"
    data["phone-new0-is_shared"] = "on"

    assert post(as_ada, data) == "/acme/customers/1/"

    with tenant_scope(acme):
        customer = Customer.objects.get()
        held = customer.contacts.select_related("contact").in_order()
        assert [(one.contact.value, one.extension, one.is_primary) for one in held] == [
            ("ana@work.example", "", True),
            ("+12025550123", "9", True),
            ("ana@post.example", "", False),
        ]
        assert Contact.objects.get(value="ana@work.example").subscription == "unsubscribed"
        assert Contact.objects.get(is_shared=True).value == "+12025550123"
        assert noting.read_note(customer=customer).text == "Call after six"
        assert customer.history.get().actor_name == "Ada"


@pytest.mark.parametrize(
    ("rows", "first_name", "words"),
    [
        ([], " ", "This field is required."),
        ([("email-new0", "ana at post")], "Ana", "This is no e-mail address."),
        ([("phone-new0", "call me")], "Ana", "This is no phone number."),
        ([("email-new0", "ana@post.example"), ("email-new1", "ANA@post.example")], "Ana", "This stands here twice."),
    ],
)
def test_new_customer_refused_says_why_and_keeps_what_was_typed(
    as_ada: Client, acme: Tenant, rows: list[tuple[str, str]], first_name: str, words: str
) -> None:
    page = post(as_ada, typed(as_ada, *rows, first_name=first_name, note="Call after six"))

    assert words in page
    assert "Call after six" in page
    with tenant_scope(acme):
        assert not Customer.objects.exists()


def test_lookalikes_are_named_while_one_types(as_ada: Client, line: CustomerContact) -> None:
    half = {
        "contact": ["email-new0", "email-new1"],
        "email-new0-value": "half@",
        "email-new1-value": "ANA@post.example",
    }

    page = as_ada.get(LOOKALIKES, half).content.decode()

    assert "Ana Lopes" in page
    assert "has ana@post.example" in page
    assert "has a name like it" in as_ada.get(LOOKALIKES, {"first_name": "ana", "last_name": "lo"}).content.decode()
    for nothing in ({}, {"first_name": "Ana"}, {"first_name": "x" * 200}):
        assert "Ana Lopes" not in as_ada.get(LOOKALIKES, nothing).content.decode()


def test_lookalikes_of_many_contacts_ask_no_more(as_ada: Client, line: CustomerContact) -> None:
    def count(number: int) -> int:
        keys = [f"email-new{n}" for n in range(number)]
        half = {"contact": keys, **{f"{key}-value": f"{key}@post.example" for key in keys}}
        with CaptureQueriesContext(connection) as queries:
            as_ada.get(LOOKALIKES, half)
        return len(queries)

    count(1)  # whatever the first request alone asks

    assert count(30) == count(1)


def test_new_customer_is_nothing_to_cleo(as_cleo: Client, line: CustomerContact) -> None:
    asked = {"contact": "email-new0", "email-new0-value": "ana@post.example"}

    assert as_cleo.get(NEW).status_code == 404
    assert as_cleo.post(NEW, DETAILS).status_code == 404
    assert as_cleo.get(LOOKALIKES, asked).status_code == 404
    assert "Ana" not in as_cleo.get(LOOKALIKES.replace("acme", "globex"), asked).content.decode()


def test_required_custom_field_is_asked_for(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        for draft in (FieldDraft("Size", is_required=True), FieldDraft("Hobby")):
            defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, actor=ADA)
    page = as_ada.get(NEW).content.decode()
    assert 'name="custom_size"' in page and 'name="custom_hobby"' not in page

    for wrong, said in (("", "Must be filled in"), ("large", "whole number")):
        refused = as_ada.post(NEW, {**DETAILS, "custom_size": wrong})
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
        assert 'value="Lopes"' in refused.content.decode()
    with tenant_scope(acme):
        assert not Customer.objects.exists()
    as_ada.post(NEW, {**DETAILS, "custom_size": "42"})

    with tenant_scope(acme):
        assert setting_fields.read_values(customer=Customer.objects.get())["size"].number == 42


def test_required_custom_field_with_a_default_stands_there_already(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        draft = FieldDraft("Size", is_required=True, default="38")
        defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, actor=ADA)

    post(as_ada, typed(as_ada, **DETAILS))

    with tenant_scope(acme):
        assert setting_fields.read_values(customer=Customer.objects.get())["size"].number == 38
