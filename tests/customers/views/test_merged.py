"""The pages of a merged profile lead to the survivor's, and what is written to it meanwhile is not lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerNote, Merge, NoteDraft, TimelineNote
from customers.services import noting, timeline_noting
from customers.services.remembering import read_opened
from tests.customers.actors import ADA, NOON
from tests.customers.merged import merge, split
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket

# Ana is 1, the other is 2.
OLD, NEW = "/acme/customers/2/", "/acme/customers/1/"
WORDS = "Anna Lopez (#2) was merged into Ana Lopes (#1)"


@pytest.fixture
def anna(acme: Tenant, ana: Customer) -> Customer:
    with tenant_scope(acme):
        return make_customer("Anna", "Lopez")


@pytest.fixture
def merged(acme: Tenant, ana: Customer, anna: Customer) -> Merge:
    with tenant_scope(acme):
        return merge(ana, anna)


def part(page: str) -> dict[str, str]:
    """Headers of a part that the page asks for."""
    return {"HX-Request": "true", "HX-Current-URL": f"http://testserver{page}"}


def pages_of_a_customer() -> list[str]:
    """Routes that name a customer and nothing else."""
    routes = [
        str(found.pattern)
        for app in get_resolver().url_patterns
        for found in getattr(app, "url_patterns", ())
        if isinstance(found, URLPattern)
    ]
    # A page of merging is of two, and goes by its own way.
    return [one for one in routes if one.count("<") == 1 and "customers/<int:number>" in one and "merge/" not in one]


def test_every_page_of_a_merged_customer_leads_to_the_survivors(as_ada: Client, merged: Merge) -> None:
    routes = pages_of_a_customer()
    assert len(routes) > 20

    for route in routes:
        response = as_ada.get(f"/acme/{route.replace('<int:number>', '2')}?a=b")

        if response.status_code != 405:
            target = f"/acme/{route.replace('<int:number>', '1')}?a=b"
            assert (response.status_code, response.get("Location")) == (302, target), route


def test_the_way_is_said_once_and_quietly(as_bela: Client, merged: Merge) -> None:
    shown = as_bela.get(f"{OLD}?tab=notes", follow=True)

    assert shown.redirect_chain == [(f"{NEW}?tab=notes", 302)]
    assert f"{WORDS}." in shown.content.decode()
    assert WORDS not in as_bela.get(NEW).content.decode().partition('id="toasts"')[2]


def test_chain_of_merges_leads_to_its_end(as_bela: Client, acme: Tenant, merged: Merge) -> None:
    with tenant_scope(acme):
        merge(make_customer("Bo", "Berg"), merged.survivor)

    assert as_bela.get(OLD)["Location"] == "/acme/customers/3/"


def test_parts_of_an_open_page_of_the_merged_one_take_the_page_along(as_bela: Client, merged: Merge) -> None:
    for page in (OLD, f"{OLD}edit/", f"{OLD}history/?field=name", "/acme/sidebar/customers/2/"):
        response = as_bela.get(f"{OLD}work/", headers=part(page))

        assert response.status_code == 204, page
        assert json.loads(response["HX-Trigger"])["merged"] == {
            "words": f"{WORDS}.",
            "url": NEW,
            "is_refused": False,
        }


def test_parts_on_pages_of_others_become_the_survivors(as_bela: Client, acme: Tenant, merged: Merge) -> None:
    with tenant_scope(acme):
        make_ticket(make_inbox())

    # Ticket 2 has the number of the merged one.
    for page in ("/acme/tickets/2/", "/acme/customers/1/", "/acme/nowhere/", "/globex/customers/2/", "", "http://["):
        response = as_bela.get(f"{OLD}note/", headers={"HX-Request": "true", "HX-Current-URL": page})

        assert (response.status_code, response.get("Location")) == (302, f"{NEW}note/"), page
    assert WORDS not in as_bela.get("/acme/tickets/").content.decode()


def test_a_pages_address_may_name_the_customer_behind_a_question_mark(as_bela: Client, merged: Merge) -> None:
    assert as_bela.get("/acme/tickets/new/?customer=2&x=2")["Location"] == "/acme/tickets/new/?customer=1&x=2"


def test_split_again_the_address_works_by_itself(as_bela: Client, acme: Tenant, merged: Merge) -> None:
    with tenant_scope(acme):
        split(merged)

    assert as_bela.get(OLD).status_code == 200


def test_change_of_a_merged_customer_is_refused_with_what_was_typed(
    as_bela: Client, acme: Tenant, merged: Merge
) -> None:
    response = as_bela.post(f"{OLD}edit/", {"first_name": "Ännchen", "initial-first_name": "Anna", "location": ""})

    shown = response.content.decode()
    assert response.status_code == 409
    assert f"{WORDS}. Nothing was changed" in shown
    assert "Ännchen" in shown
    assert ">Anna<" not in shown
    assert f'href="{NEW}"' in shown
    with tenant_scope(acme):
        assert not Customer.objects.filter(first_name="Ännchen").exists()


def test_with_scripts_the_form_stays_as_it_is(as_bela: Client, merged: Merge) -> None:
    response = as_bela.post(f"{OLD}edit/", {"first_name": "Ännchen"}, headers=part(f"{OLD}edit/"))

    assert (response.status_code, response.content) == (409, b"")
    assert json.loads(response["HX-Trigger"])["merged"]["is_refused"]


@pytest.mark.parametrize("act", ["delete/", "restore/", "erase/", "export/", "history/restore/"])
def test_nothing_is_done_to_a_merged_customer(as_ada: Client, acme: Tenant, merged: Merge, act: str) -> None:
    with tenant_scope(acme):
        before = list(Customer.objects.order_by("pk").values())

    response = as_ada.post(f"{OLD}{act}", {"number": "2"})

    assert response.status_code == 409
    assert WORDS in response.content.decode()
    with tenant_scope(acme):
        assert list(Customer.objects.order_by("pk").values()) == before


class TestTheNote:
    def save(self, client: Client, text: str, version: int = 0, **more: Any) -> Any:
        return client.post(f"{OLD}note/", {"text": text, "version": version}, **more)

    def test_text_that_came_late_is_kept_beside_the_survivors(
        self, as_bela: Client, acme: Tenant, ana: Customer, anna: Customer
    ) -> None:
        with tenant_scope(acme):
            noting.save_note(customer=ana, text="Mornings only", based_on=0, actor=ADA, at=NOON)
            noting.save_note(customer=anna, text="Deaf", based_on=0, actor=ADA, at=NOON)
            merge(ana, anna)

        response = self.save(as_bela, "Deaf, write only", 1, headers=part("/acme/tickets/9/"))

        assert response.status_code == 200
        assert f'id="customer-{ana.number}-note"' in response.content.decode()
        with tenant_scope(acme):
            assert CustomerNote.objects.get(customer=ana).text == "Mornings only"
            assert NoteDraft.objects.get(note__customer=ana).text == "Deaf, write only"
            assert CustomerNote.objects.get(customer=anna).text == "Deaf"

    def test_where_the_survivor_took_the_note_it_is_written_on(
        self, as_bela: Client, acme: Tenant, ana: Customer, anna: Customer
    ) -> None:
        with tenant_scope(acme):
            noting.save_note(customer=anna, text="Deaf", based_on=0, actor=ADA, at=NOON)
            merge(ana, anna)

        self.save(as_bela, "Deaf, write only", 1, headers=part("/acme/tickets/9/"))

        with tenant_scope(acme):
            assert CustomerNote.objects.get(customer=ana).text == "Deaf, write only"
            assert not NoteDraft.objects.exists()

    def test_what_was_only_left_is_nothing_new(
        self, as_bela: Client, acme: Tenant, ana: Customer, anna: Customer
    ) -> None:
        with tenant_scope(acme):
            noting.save_note(customer=ana, text="Mornings only", based_on=0, actor=ADA, at=NOON)
            noting.save_note(customer=anna, text="Deaf", based_on=0, actor=ADA, at=NOON)
            merge(ana, anna)

        self.save(as_bela, "Deaf\n", 1, headers=part("/acme/tickets/9/"))

        with tenant_scope(acme):
            assert not NoteDraft.objects.exists()

    def test_without_scripts_it_is_said(self, as_bela: Client, acme: Tenant, merged: Merge) -> None:
        shown = self.save(as_bela, "Deaf", follow=True).content.decode()

        assert "Your text is kept beside it" in shown or "Note saved" in shown
        assert "Deaf" in shown

    def test_who_is_writing_is_told_to_the_survivors_readers(self, as_bela: Client, merged: Merge) -> None:
        assert as_bela.post(f"{OLD}note/editing/").status_code == 204


def test_timeline_note_goes_to_the_survivor(as_bela: Client, acme: Tenant, merged: Merge) -> None:
    plain = as_bela.post(f"{OLD}notes/", {"text": "Called back"}, follow=True)
    scripted = as_bela.post(f"{OLD}notes/", {"html": "<p>Again</p>"}, headers=part(OLD))

    assert plain.redirect_chain == [(f"{NEW}?tab=notes", 302)]
    assert scripted["HX-Redirect"] == f"{NEW}?tab=notes"
    with tenant_scope(acme):
        assert set(TimelineNote.objects.values_list("customer__number", "text")) == {(1, "Called back"), (1, "Again")}


def test_parts_of_what_came_along_are_found_with_the_survivor(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    with tenant_scope(acme):
        line = make_contact(anna, "anna@a.example")
        note = timeline_noting.add_timeline_note(customer=anna, html="<p>Called</p>", actor=ADA, at=NOON)
        merge(Customer.objects.get(number=1), anna)

    assert as_bela.get(f"{OLD}contacts/{line.pk}/")["Location"] == f"{NEW}contacts/{line.pk}/"
    assert as_bela.post(f"{OLD}notes/{note.number}/delete/").status_code == 409
    assert as_bela.post(f"{NEW}notes/{note.number}/delete/").status_code == 302


def test_opened_last_says_the_survivor(as_bela: Client, bela: Membership, acme: Tenant, merged: Merge) -> None:
    as_bela.post("/acme/sidebar/customers/2/opened/")

    with tenant_scope(acme):
        assert [one.number for one in read_opened(member=bela)] == [1]


def test_is_nothing_to_cleo(merged: Merge, cleo_finds_nothing: Callable[..., None]) -> None:
    cleo_finds_nothing("/customers/2/")
    cleo_finds_nothing("/customers/2/edit/", "post")
    cleo_finds_nothing("/sidebar/customers/2/")


def test_merged_one_of_an_erased_survivor_leads_to_what_says_so(as_bela: Client, acme: Tenant, merged: Merge) -> None:
    with tenant_scope(acme):
        Customer.objects.filter(pk=merged.survivor_id).update(erased_at=NOON, deleted_at=NOON)

    assert "was erased" in as_bela.get(OLD, follow=True).content.decode()
