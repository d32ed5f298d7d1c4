"""A customer is deleted after a question, and comes back from their own page (F98)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer

PAGE = "/acme/customers/1/"


@pytest.fixture
def ana_of(acme: Tenant) -> Callable[[], Customer]:
    def read() -> Customer:
        with tenant_scope(acme):
            return Customer.objects.get()

    return read


def test_asked_first_then_deleted_then_restored(as_bela: Client, ana: Customer, ana_of: Callable[[], Customer]) -> None:
    asked = as_bela.get(f"{PAGE}delete/").content.decode()
    assert "Tickets, notes and history stay" in asked
    assert not ana_of().is_deleted

    deleted = as_bela.post(f"{PAGE}delete/", follow=True)
    assert deleted.redirect_chain[-1][0] == PAGE
    assert ana_of().is_deleted
    shown = deleted.content.decode()
    assert "This customer was deleted" in shown
    assert f'action="{PAGE}restore/"' in shown
    assert f'href="{PAGE}delete/"' not in shown

    back = as_bela.post(f"{PAGE}restore/", follow=True).content.decode()
    assert not ana_of().is_deleted
    assert "is back" in back
    assert "This customer was deleted" not in back


def test_question_is_a_pop_up_for_htmx(as_bela: Client, ana: Customer) -> None:
    asked = as_bela.get(f"{PAGE}delete/", headers={"HX-Request": "true"}).content.decode()

    assert "Delete customer" in asked
    assert "<html" not in asked


def test_who_comes_second_is_told(as_bela: Client, as_ada: Client, ana: Customer) -> None:
    assert "A colleague was first" in as_bela.post(f"{PAGE}restore/", follow=True).content.decode()
    as_ada.post(f"{PAGE}delete/")

    assert "A colleague was first" in as_bela.post(f"{PAGE}delete/", follow=True).content.decode()
    assert as_bela.get(f"{PAGE}delete/").status_code == 302


def test_history_says_who_deleted_and_restored(as_bela: Client, ana: Customer) -> None:
    as_bela.post(f"{PAGE}delete/")
    as_bela.post(f"{PAGE}restore/")

    changes = as_bela.get(f"{PAGE}history/", {"field": "deleted_at"}).context["changes"]

    assert [(one.before, one.after, one.who) for one in changes] == [("Yes", "No", "Bela"), ("No", "Yes", "Bela")]


def test_deleted_customer_leaves_the_list(as_bela: Client, ana: Customer) -> None:
    assert "Lopes" in as_bela.get("/acme/customers/?q=Ana").content.decode()

    as_bela.post(f"{PAGE}delete/")

    for path in ("/acme/customers/", "/acme/customers/?q=Ana"):
        assert "Lopes" not in as_bela.get(path).content.decode().partition("<main")[2].partition("toasts")[0]


def test_deleting_is_nothing_to_cleo(ana: Customer, cleo_finds_nothing: Callable[..., Any]) -> None:
    cleo_finds_nothing("/customers/1/delete/")
    cleo_finds_nothing("/customers/1/delete/", "post")
    cleo_finds_nothing("/customers/1/restore/", "post")
