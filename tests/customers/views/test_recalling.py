"""The history of a profile, as a page and as a pop-up, and values that come back from it (F81)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer
from customers.services.describing import describe_customer, read_details

URL = "/acme/customers/1/history/"
RESTORE = f"{URL}restore/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def place(acme: Tenant, ana: Customer) -> Callable[..., None]:
    """Says where Ana is, one place after another."""

    def call(by: Membership, *locations: str) -> None:
        with tenant_scope(acme):
            for location in locations:
                said = replace(read_details(Customer.objects.get()), location=location)
                describe_customer(customer=ana, details=said, actor=by.as_actor())

    return call


def posted(client: Client, **narrowed: str) -> dict[str, str]:
    """What the button beside the newest change of the location sends."""
    change = client.get(URL, {"field": "location"}).context["changes"][0]
    return {"change": change.place, "seen": change.seen, **narrowed}


def location(acme: Tenant) -> str:
    with tenant_scope(acme):
        return Customer.objects.get().location


def test_history_shows_who_changed_what_and_is_narrowed(
    place: Callable[..., None], as_bela: Client, ada: Membership, bela: Membership
) -> None:
    place(ada, "Porto <b>")
    place(bela, "Lisbon")

    everything = as_bela.get(URL).content.decode()
    narrowed = as_bela.get(URL, {"field": "location", "who": bela.name}).content.decode()

    assert everything.count("Porto &lt;b&gt;</ins>") == everything.count("Porto &lt;b&gt;</del>") == 1
    assert narrowed.count('<li class="change">') == 1
    assert "Porto &lt;b&gt;</del>" in narrowed and "Lisbon</ins>" in narrowed
    assert "Choose everything" in as_bela.get(URL, {"field": "language"}).content.decode()


def test_names_are_one_group(as_bela: Client, ana: Customer) -> None:
    page = as_bela.get(URL, {"field": "name"})

    assert {one.field for one in page.context["changes"]} <= {"first_name", "last_name"}
    assert page.context["changes"]
    assert '<option value="name" selected>' in page.content.decode()


def test_long_history_goes_on_over_pages(place: Callable[..., None], as_bela: Client, bela: Membership) -> None:
    place(bela, *(f"Place {number}" for number in range(60)))

    first = as_bela.get(URL, {"field": "location"})
    older = as_bela.get(URL + "?" + first.context["older"])
    appended = as_bela.get(URL + "?" + first.context["older"], headers=HTMX).content.decode()

    told = [one.after for page in (first, older) for one in page.context["changes"]]
    assert told == [f"Place {number}" for number in reversed(range(60))]
    assert appended.count('<li class="change">') == 10
    assert "<select" not in appended


def test_pop_up_is_the_history_alone(as_bela: Client, ana: Customer) -> None:
    answer = as_bela.get(URL, headers=HTMX).content.decode()

    assert '<div class="history"' in answer
    assert "<html" not in answer


def test_plain_form_brings_a_value_back(
    place: Callable[..., None], as_bela: Client, acme: Tenant, ada: Membership
) -> None:
    place(ada, "Porto", "Lisbon")

    answer = as_bela.post(RESTORE, posted(as_bela, field="location"), follow=True)

    assert location(acme) == "Porto"
    assert answer.redirect_chain[-1][0] == f"{URL}?field=location&who="
    assert "Location: restored." in answer.content.decode()


def test_pop_up_shows_the_value_back(
    place: Callable[..., None], as_bela: Client, acme: Tenant, ada: Membership
) -> None:
    place(ada, "Porto", "Lisbon")

    answer = as_bela.post(RESTORE, posted(as_bela, field="location"), headers=HTMX)

    assert answer.status_code == 200
    assert location(acme) == "Porto"
    shown = answer.content.decode()
    assert shown.count('<li class="change">') == 3
    assert shown.index("Location: restored.") < shown.index("Porto</ins>")


def test_value_changed_meanwhile_is_left_and_said(
    place: Callable[..., None], as_bela: Client, acme: Tenant, ada: Membership
) -> None:
    place(ada, "Porto", "Lisbon")
    sent = posted(as_bela)
    place(ada, "Faro")

    answer = as_bela.post(RESTORE, sent, headers=HTMX)

    assert answer.status_code == 422
    assert location(acme) == "Faro"
    assert "Nothing was restored" in answer.content.decode()
    assert "Nothing was restored" in as_bela.post(RESTORE, sent, follow=True).content.decode()


@pytest.mark.parametrize("sent", [{"change": "x", "seen": "y"}, {"change": "a" + "0" * 20, "seen": "y"}])
def test_restoring_what_never_was_is_not_found(as_bela: Client, ana: Customer, sent: dict[str, str]) -> None:
    assert as_bela.post(RESTORE, sent).status_code == 404
    assert as_bela.post(RESTORE, {}).status_code == 400
    assert as_bela.get(RESTORE).status_code == 405


def test_history_is_nothing_to_cleo(ana: Customer, cleo_finds_nothing: Callable[..., Any]) -> None:
    cleo_finds_nothing("/customers/1/history/")
    cleo_finds_nothing("/customers/1/history/restore/", "post", change="a" + "0" * 20, seen="x")
