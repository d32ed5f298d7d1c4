"""The block "Earlier": everything, and tabs that nothing fills yet."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.models import Customer
from customers.services import timeline_noting
from customers.tabs import Tab, all_tabs
from tests.customers.actors import ADA
from tests.factories.tickets import make_ticket
from tickets.services import closing

ALL = "/acme/customers/1/all/"
HTMX = {"HX-Request": "true"}


def note(customer: Customer, acme: Tenant, *texts: str) -> None:
    with tenant_scope(acme):
        for text in texts:
            timeline_noting.add_timeline_note(customer=customer, html=text, actor=ADA, at=clock.now())


def test_everything_is_read_from_old_to_recent(as_ada: Client, ana: Customer, acme: Tenant, ada: Membership) -> None:
    note(ana, acme, "First words")
    with tenant_scope(acme):
        closing.close_ticket(
            ticket=make_ticket(customer=ana, subject="The chair"), actor=ada.as_actor(), at=clock.now()
        )

    page = as_ada.get("/acme/customers/1/").content.decode()

    assert page.index("First words") < page.index("The chair")
    assert "Closed" in page


def test_part_before_is_asked_for_and_is_a_page_without_scripts(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    note(ana, acme, *(f"Words {number}." for number in range(45)))

    newest = as_ada.get(ALL, headers=HTMX).content.decode()
    link = newest.split('hx-get="')[2].split('"')[0]
    before = as_ada.get(link, headers=HTMX).content.decode()

    assert "Words 44." in newest and "Words 5." in newest and "Words 4." not in newest
    assert "Words 4." in before and "Words 5." not in before and "<html" not in before
    assert "<html" in as_ada.get(link).content.decode()


def test_list_draws_itself_anew_without_what_scrolls_around_it(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    note(ana, acme, "First words")

    refreshed = as_ada.get(ALL, headers={**HTMX, "HX-Target": "customer-1-story"}).content.decode()

    assert refreshed.lstrip().startswith("<ol")
    assert f'data-live="customer-1 dealings-{ana.pk}"' in refreshed
    assert "data-timeline" in as_ada.get(ALL, headers=HTMX).content.decode()


def test_tab_nobody_fills_says_what_would_stand_there(as_ada: Client, ana: Customer) -> None:
    for headers, is_page in ((HTMX, False), ({}, True)):
        page = as_ada.get("/acme/customers/1/earlier/segments/", headers=headers).content.decode()

        assert "This workspace has no segments yet." in page
        assert ("<html" in page) is is_page


@pytest.mark.parametrize("tab", [tab for tab in all_tabs() if not tab.url_name], ids=lambda tab: tab.code)
def test_every_tab_nobody_fills_has_a_picture_and_words(as_ada: Client, ana: Customer, tab: Tab) -> None:
    page = as_ada.get(f"/acme/customers/1/earlier/{tab.code}/", headers=HTMX).content.decode()

    assert "<svg" in page and tab.none in page and tab.why in page


def test_tab_that_is_filled_is_elsewhere(as_ada: Client, ana: Customer) -> None:
    assert as_ada.get("/acme/customers/1/earlier/notes/")["Location"] == "/acme/customers/1/notes/"
    assert as_ada.get("/acme/customers/1/earlier/gossip/").status_code == 404


def test_earlier_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer) -> None:
    cleo_finds_nothing("/customers/1/all/")
    cleo_finds_nothing("/customers/1/earlier/segments/")
