"""The hint beside a customer, and that two are not the same person."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact, Dismissal
from customers.services import claiming
from customers.services.suggesting.dismissing import dismiss, pair_of
from tests.customers.actors import ADA, NOON
from tests.customers.suggested import HTMX, PAGE, suggest, text_of
from tests.factories.customers import make_customer


def test_hint_beside_the_customer_says_who_and_why(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        suggest(ana, make_customer("Bruno"), score=0.6)

    page = text_of(as_bela, "/acme/customers/1/")

    assert "May be the same person as" in page
    assert "Very likely, 97 % · same phone" in page
    assert 'href="/acme/customers/1/merge/?other=2' in page
    assert ">1 more</a>" in page
    assert "Ana Lopes</a>" in text_of(as_bela, "/acme/customers/2/")


def test_dismissed_by_htmx_the_pair_leaves_and_can_be_undone(as_bela: Client, anna: Customer, acme: Tenant) -> None:
    answer = as_bela.post("/acme/customers/1/duplicates/2/dismiss/", {"why": "Sisters"}, headers=HTMX)

    part = answer.content.decode()
    assert "Ana Lopes and Anna Lopez are not the same person." in part
    assert 'action="/acme/customers/1/duplicates/2/suggest/"' in part
    assert 'class="pair"' not in part
    assert "No possible duplicates" in text_of(as_bela)
    with tenant_scope(acme):
        assert (Dismissal.objects.get().why, Dismissal.objects.get().author_name) == ("Sisters", "Bela")


def test_dismissed_by_a_plain_form_leads_back_and_undo_brings_it_back(as_bela: Client, anna: Customer) -> None:
    came = {"Referer": f"http://testserver{PAGE}"}

    gone = as_bela.post("/acme/customers/1/duplicates/2/dismiss/", headers=came)
    back = as_bela.post("/acme/customers/1/duplicates/2/suggest/", headers=came)

    assert (gone.headers["Location"], back.headers["Location"]) == (PAGE, PAGE)
    assert "Anna Lopez" in text_of(as_bela)


@pytest.mark.parametrize("why", ["x" * 5000, "\x00\ud800", ""])
def test_any_reason_is_taken(as_ada: Client, anna: Customer, acme: Tenant, why: str) -> None:
    data = {"why": why.encode("utf-8", "surrogatepass").decode("utf-8", "replace")}

    assert as_ada.post("/acme/customers/1/duplicates/2/dismiss/", data).status_code == 302

    with tenant_scope(acme):
        assert len(Dismissal.objects.get().why) <= 200


def test_second_to_dismiss_hears_that_it_was_said(as_ada: Client, as_bela: Client, anna: Customer) -> None:
    as_ada.post("/acme/customers/1/duplicates/2/dismiss/")

    answer = as_bela.post("/acme/customers/2/duplicates/1/dismiss/", headers=HTMX)

    assert "A colleague said so a moment ago." in answer.content.decode()


def test_customer_and_themselves_are_no_pair(as_ada: Client, anna: Customer, acme: Tenant) -> None:
    assert as_ada.post("/acme/customers/1/duplicates/1/dismiss/").status_code == 302

    with tenant_scope(acme):
        assert not Dismissal.objects.exists()


def test_list_of_the_dismissed_says_who_and_why_and_suggests_again(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        dismiss(pair=pair_of(ana, anna), why="Mother and daughter", actor=ADA, at=NOON)

    page = text_of(as_bela, f"{PAGE}dismissed/")

    assert "Mother and daughter" in page
    assert "Dismissed by <bdi>Ada</bdi>" in page
    as_bela.post("/acme/customers/1/duplicates/2/suggest/")
    assert "No pair was dismissed" in text_of(as_bela, f"{PAGE}dismissed/")
    assert "Anna Lopez" in text_of(as_bela)


def test_unverified_address_says_so_until_an_agent_knows_better(
    as_bela: Client, cleo_finds_nothing: Callable[..., None], ana: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        line = claiming.claim_contact(customer=ana, kind=ContactKind.EMAIL, typed="x@post.example", actor=ADA, at=NOON)
    holders = f"/acme/customers/1/contacts/{line.pk}/"

    assert ">Unverified</a>" in text_of(as_bela, "/acme/customers/1/")
    assert "goes to nobody" in text_of(as_bela, holders)
    cleo_finds_nothing(f"/customers/1/contacts/{line.pk}/verify/", "post")
    part = as_bela.post(f"{holders}verify/", headers=HTMX).content.decode()

    assert "goes to <bdi>Ana Lopes</bdi>" in part
    assert ">Unverified</a>" not in text_of(as_bela, "/acme/customers/1/")


def test_who_holds_one_number_can_be_said_to_be_two(
    as_bela: Client, ana: Customer, anna: Customer, acme: Tenant
) -> None:
    with tenant_scope(acme):
        line = CustomerContact.objects.get(customer=ana)
    holders = f"/acme/customers/1/contacts/{line.pk}/"
    assert 'action="/acme/customers/1/duplicates/2/dismiss/"' in text_of(as_bela, holders)

    as_bela.post("/acme/customers/1/duplicates/2/dismiss/", headers=HTMX)

    page = text_of(as_bela, holders)
    assert "Not the same person as <bdi>Ana Lopes</bdi>" in page
    assert "/dismiss/" not in page
    assert "/merge/" not in page
