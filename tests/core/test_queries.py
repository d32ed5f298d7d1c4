"""Queries put together once: the answers are the ORM's, for each workspace its own."""

from typing import Any

import pytest
from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.tenancy import NoActiveTenant, tenant_scope
from core.database.queries import Query
from customers.kinds import ContactKind
from customers.models import Contact, CustomerContact
from customers.services.creating import NewContact, create_customer


@pytest.fixture
def ana(in_acme: Tenant, ada: Membership) -> CustomerContact:
    contacts = [
        NewContact(ContactKind.EMAIL, "ana@shopper.example"),
        NewContact(ContactKind.EMAIL, "a@shopper.example"),
    ]
    create_customer(actor=ada.as_actor(), at=ada.created_at, first_name="Ana", contacts=contacts)
    line: CustomerContact = CustomerContact.objects.order_by("pk")[0]
    return line


BY_VALUE = Query(lambda kind, value: Contact.objects.filter(kind=kind, value=value))
BY_VALUES = Query(lambda values: Contact.objects.filter(value__in=values).order_by("-value"))
HOLDERS = Query(lambda pk: CustomerContact.objects.filter(pk=pk).select_related("contact", "customer"))


def test_answers_are_those_of_the_orm(ana: CustomerContact) -> None:
    assert BY_VALUE.first("email", "ana@shopper.example") == ana.contact
    assert BY_VALUE.first("phone", "ana@shopper.example") is None
    assert BY_VALUE.all("email", "a@shopper.example") == list(Contact.objects.filter(value="a@shopper.example"))


def test_text_stands_for_itself(ana: CustomerContact) -> None:
    for value in ("%s", "' OR 1=1 --", "\x020\x02", "\\"):
        assert BY_VALUE.all("email", value) == []


def test_joined_rows_come_with_it(ana: CustomerContact, django_assert_num_queries: Any) -> None:
    HOLDERS.all(ana.pk)

    with django_assert_num_queries(1):
        found = HOLDERS.first(ana.pk)
        assert found is not None
        assert (found.contact.value, found.customer.first_name) == ("ana@shopper.example", "Ana")


def test_annotations_come_with_it(ana: CustomerContact) -> None:
    kinds = Contact.objects.filter(pk=OuterRef("contact"), kind=ContactKind.EMAIL)
    lines = CustomerContact.objects.annotate(is_email=Exists(kinds), values=ArraySubquery(kinds.values("value")))

    found = Query(lambda pk: lines.filter(pk=pk).select_related("customer")).first(ana.pk)

    assert found is not None
    assert (vars(found)["is_email"], vars(found)["values"]) == (True, ["ana@shopper.example"])
    assert found.customer.first_name == "Ana"


@pytest.mark.parametrize("count", [1, 2, 3])
def test_lists_of_any_length(ana: CustomerContact, count: int) -> None:
    wanted = ["a@shopper.example", "ana@shopper.example", "nobody@shopper.example"][:count]

    assert [one.value for one in BY_VALUES.all(wanted)] == sorted(wanted, reverse=True)[count > 2 :]


def test_empty_list_asks_nothing(in_acme: Tenant, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert BY_VALUES.all([]) == []


def test_each_workspace_gets_its_own(ana: CustomerContact, globex: Tenant) -> None:
    assert BY_VALUE.all("email", "ana@shopper.example")

    with tenant_scope(globex):
        assert BY_VALUE.all("email", "ana@shopper.example") == []


def test_workspace_stands_in_the_condition_too(ana: CustomerContact, in_acme: Tenant) -> None:
    with CaptureQueriesContext(connection) as asked:
        BY_VALUE.all("email", "ana@shopper.example")

    assert f'"tenant_id" = {in_acme.pk} ' in asked[0]["sql"]


@pytest.mark.parametrize("is_made", [False, True])
def test_without_a_workspace_it_is_refused(acme: Tenant, is_made: bool) -> None:
    query = Query(lambda pk: Contact.objects.filter(pk=pk))
    if is_made:
        with tenant_scope(acme):
            query.all(1)

    with pytest.raises((NoActiveTenant, ValueError)):
        query.all(1)


def test_value_that_the_orm_changes_is_refused(in_acme: Tenant) -> None:
    query = Query(lambda value: Contact.objects.filter(value__startswith=value))

    with pytest.raises(ValueError, match="does not reach"):
        query.all("ana")


def test_wrong_number_of_values_is_refused(in_acme: Tenant) -> None:
    with pytest.raises(TypeError):
        BY_VALUE.all("email")
