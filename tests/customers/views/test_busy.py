"""Somebody else holds rows of a customer for long: nothing is done, nothing that was chosen is lost, and it is said."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import ComparisonBasis, Customer, CustomerContact, Dismissal, Merge
from customers.services.merging import locking
from customers.services.suggesting.locking import lock_comparing
from jobs.models import Job
from tests.customers.merged import merge
from tests.customers.views.sending import read_form
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket

pytestmark = pytest.mark.django_db(transaction=True)

PAGE, SPLIT = "/acme/customers/1/merge/?other=2", "/acme/customers/1/merged/2/"
WORDS = "Somebody is at work on one of the two."
# What a message that arrives holds of its customer, and what a change of the profile does.
HOLDS = ("FOR KEY SHARE", "FOR UPDATE")
Holding = Callable[..., AbstractContextManager[None]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch, acme: Tenant) -> Iterator[None]:
    monkeypatch.setattr(locking, "ATTEMPTS", 2)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '100ms'")
        yield
        cursor.execute("RESET lock_timeout")


@pytest.fixture
def ana(acme: Tenant) -> Customer:
    with tenant_scope(acme), transaction.atomic():
        ana = make_customer()
        make_contact(ana, "ana@post.example", is_primary=True)
        return ana


@pytest.fixture
def anna(ana: Customer, acme: Tenant) -> Customer:
    """Customer 2."""
    with tenant_scope(acme), transaction.atomic():
        anna = make_customer("Anna", "Lopez")
        make_contact(anna, "anna@post.example", is_primary=True)
        return anna


@pytest.fixture
def holding(acme: Tenant) -> Holding:
    """Rows of a table, held in another connection within the block."""

    @contextmanager
    def hold(model: type[Any], pk: int, how: str = HOLDS[1]) -> Iterator[None]:
        is_held, may_go = threading.Event(), threading.Event()

        def run() -> None:
            with tenant_scope(acme), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM {model._meta.db_table} WHERE id = %s {how}", [pk])
                is_held.set()
                may_go.wait(timeout=30)
            connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        assert is_held.wait(timeout=10)
        try:
            yield
        finally:
            may_go.set()
            thread.join()

    return hold


@pytest.mark.parametrize("how", HOLDS)
def test_busy_merge_merges_nothing_and_keeps_what_was_chosen(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant, holding: Holding, how: str
) -> None:
    with tenant_scope(acme), transaction.atomic():
        theirs = CustomerContact.objects.get(typed="anna@post.example").pk
    chosen = {**read_form(as_bela.get(PAGE).content.decode(), "merge"), "keep-name": "theirs", "main-email": theirs}

    with holding(Customer, anna.pk, how):
        answer = as_bela.post(PAGE, {**chosen, "confirmed": "yes"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{WORDS} Nothing was merged; try again in a moment." in page
    form = read_form(page, "merge")
    assert (form["keep-name"], form["main-email"]) == (["theirs"], [str(theirs)])
    with tenant_scope(acme), transaction.atomic():
        assert not Merge.objects.exists()
    as_bela.post(PAGE, {**form, "confirmed": "yes"})
    with tenant_scope(acme), transaction.atomic():
        assert Merge.objects.exists()


@pytest.mark.parametrize("how", HOLDS)
def test_busy_split_splits_nothing_and_keeps_what_was_ticked(
    as_ada: Client, ana: Customer, anna: Customer, acme: Tenant, holding: Holding, how: str
) -> None:
    with tenant_scope(acme), transaction.atomic():
        merge(ana, anna)
        ticket = make_ticket(make_inbox(), customer=ana)

    with holding(Customer, anna.pk, how):
        answer = as_ada.post(SPLIT, {"also": [ticket.pk]})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{WORDS} Nothing was split; try again in a moment." in page
    assert read_form(page, "split")["also"] == [str(ticket.pk)]
    as_ada.post(SPLIT, read_form(page, "split"))
    with tenant_scope(acme), transaction.atomic():
        assert Merge.objects.get().undone_at is not None
        ticket.refresh_from_db()
        assert ticket.customer_id == anna.pk


def test_busy_change_of_any_other_kind_says_so(as_bela: Client, anna: Customer, acme: Tenant, holding: Holding) -> None:
    dismiss = "/acme/customers/1/duplicates/2/dismiss/"

    with holding(Customer, anna.pk):
        part = as_bela.post(dismiss, headers={"HX-Request": "true"})
        page = as_bela.post(dismiss)

    assert part.status_code == page.status_code == 409
    assert "try again in a moment" in json.loads(part["HX-Trigger"])["busy"]["words"]
    assert "Somebody is at work on this" in page.content.decode()
    with tenant_scope(acme), transaction.atomic():
        assert not Dismissal.objects.exists()


def test_workspace_that_is_compared_by_others_is_told_so(as_ada: Client, acme: Tenant, holding: Holding) -> None:
    with tenant_scope(acme), transaction.atomic():
        basis = lock_comparing()

    with holding(ComparisonBasis, basis.pk):
        answer = as_ada.post("/acme/customers/duplicates/compare/")

    assert answer.status_code == 409
    with tenant_scope(acme), transaction.atomic():
        assert not Job.objects.exists()
