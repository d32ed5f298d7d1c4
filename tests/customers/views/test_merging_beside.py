"""The merge page of one browser, while a colleague is at work in another: nothing is lost, nobody is merged unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerContact
from customers.services import describing
from customers.services.describing import Details, describe_customer
from customers.services.noting import save_note
from tests.customers.actors import ADA, NOON
from tests.customers.merged import merge
from tests.customers.views.sending import read_form
from tests.factories.customers import make_contact, make_customer

PAGE = "/acme/customers/1/merge/?other=2"


@pytest.fixture
def anna(acme: Tenant, ana: Customer) -> Customer:
    with tenant_scope(acme):
        anna = make_customer("Anna", "Lopez")
        for one in (ana, anna):
            make_contact(one, f"{one.first_name.lower()}@post.example", is_primary=True)
            save_note(customer=one, text=f"Of {one.first_name}.", based_on=0, actor=ADA, at=NOON)
        return anna


@pytest.fixture
def bo(acme: Tenant) -> Customer:
    with tenant_scope(acme):
        return make_customer("Bo", "Berg")


def chosen(client: Client, acme: Tenant) -> dict[str, Any]:
    """What somebody sends who chose all of Anna on the page as it is."""
    with tenant_scope(acme):
        theirs = CustomerContact.objects.get(typed="anna@post.example").pk
    form = read_form(client.get(PAGE).content.decode(), "merge")
    return {**form, "keep-name": ["theirs"], "keep-note": ["theirs"], "main-email": [str(theirs)]}


def standing(acme: Tenant) -> set[int]:
    with tenant_scope(acme):
        return set(Customer.objects.filter(merged_into=None).values_list("number", flat=True))


def test_choices_stand_when_a_colleague_changed_something_else(
    as_bela: Client, as_ada: Client, acme: Tenant, anna: Customer
) -> None:
    form = chosen(as_bela, acme)
    with tenant_scope(acme):
        said = vars(describing.read_details(anna))
        describe_customer(customer=anna, details=Details(**{**said, "location": "Faro"}), actor=ADA)

    answer = as_bela.post(PAGE, form)

    page = answer.content.decode()
    assert answer.status_code == 409
    again = read_form(page, "merge")
    assert {name: again[name] for name in ("keep-name", "keep-note", "main-email")} == {
        name: form[name] for name in ("keep-name", "keep-note", "main-email")
    }
    assert "Faro" in page
    as_bela.post(PAGE, {**again, "confirmed": "yes"})
    with tenant_scope(acme):
        ana = Customer.objects.get(number=1)
        assert (ana.full_name, ana.location) == ("Anna Lopez", "Faro")
        assert CustomerContact.objects.get(customer=ana, is_primary=True).typed == "anna@post.example"


def test_note_a_colleague_wrote_meanwhile_is_marked_and_not_overwritten(
    as_bela: Client, acme: Tenant, anna: Customer
) -> None:
    form = chosen(as_bela, acme)
    with tenant_scope(acme):
        save_note(customer=anna, text="Of Anna, and allergic to nuts.", based_on=1, actor=ADA, at=NOON)

    page = as_bela.post(PAGE, {**form, "confirmed": "yes"}).content.decode()

    assert "allergic to nuts" in page
    assert 'aria-labelledby="weigh-note"' in page.partition("weigh--new")[2][:60]
    assert standing(acme) == {1, 2}


def test_other_who_went_into_a_third_one_meanwhile_is_told_and_nobody_is_merged(
    as_bela: Client, acme: Tenant, anna: Customer, bo: Customer
) -> None:
    form = chosen(as_bela, acme)
    with tenant_scope(acme):
        merge(bo, anna)

    for step in ({}, {"confirmed": "yes"}):
        answer = as_bela.post(PAGE, {**form, **step})
        page = " ".join(answer.content.decode().split())
        assert answer.status_code == 409
        assert "Customer #2 was merged into <bdi>Bo Berg</bdi> (#3)." in page
        assert 'action="/acme/customers/1/merge/?other=3' in page
    assert standing(acme) == {1, 3}

    assert "was merged into" not in as_bela.get("/acme/customers/1/merge/?other=3").content.decode()
    as_bela.post("/acme/customers/1/merge/?other=3", {**read_form(page, "merge"), "confirmed": "yes"})
    assert standing(acme) == {1}


def test_survivor_who_went_into_a_third_one_meanwhile_is_told_too(
    as_bela: Client, acme: Tenant, ana: Customer, anna: Customer, bo: Customer
) -> None:
    form = chosen(as_bela, acme)
    with tenant_scope(acme):
        merge(bo, ana)

    answer = as_bela.post(PAGE, {**form, "confirmed": "yes"})

    assert answer.status_code == 409
    assert "Customer #1 was merged into <bdi>Bo Berg</bdi> (#3)." in answer.content.decode()
    assert standing(acme) == {2, 3}
