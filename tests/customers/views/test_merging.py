"""Two profiles side by side, of which one is made (F44 to F47, F49), and two again (B1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers import merge_blockers
from customers.kinds import ContactKind
from customers.merge_blockers import Blocker
from customers.models import Customer, CustomerContact, Merge
from customers.options import ADMINS, MERGED_BY
from customers.services import describing, noting, tagging_customer
from customers.services.describing import Details, describe_customer
from customers.services.noting import read_note, save_note
from tests.customers.actors import ADA, NOON
from tests.customers.views.sending import read_form
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_inbox, make_ticket

PAGE = "/acme/customers/1/merge/?other=2"
SPLIT = "/acme/customers/1/merged/2/"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def anna(acme: Tenant, ana: Customer) -> Customer:
    """Who says otherwise in most; Ana has a note, an address and a city."""
    with tenant_scope(acme):
        describe_customer(customer=ana, details=Details("Ana", "", "Lopes", location="Porto"), actor=ADA)
        save_note(customer=ana, text="Pays by card.", based_on=0, actor=ADA, at=NOON)
        make_contact(ana, "ana@post.example", is_primary=True)
        make_contact(ana, "both@post.example", position=1)
        anna = make_customer("Anna", "Lopez")
        said = Details("Anna", "", "Lopez", location="Lisboa", language="pt", is_vip=True)
        describe_customer(customer=anna, details=said, actor=ADA)
        save_note(customer=anna, text="Rings at the back door.", based_on=0, actor=ADA, at=NOON)
        make_contact(anna, "anna@post.example", is_primary=True)
        make_contact(anna, "both@post.example", position=1)
        tagging_customer.tag_customer(customer=anna, add=["wholesale"], actor=ADA)
        make_ticket(make_inbox(), customer=anna)
        return anna


@pytest.fixture
def blockers() -> Iterator[list[Blocker]]:
    """What is put there speaks against any merge."""
    said: list[Blocker] = []
    asked = list(merge_blockers._asked)
    merge_blockers.register(lambda survivor, other: list(said))
    yield said
    merge_blockers._asked[:] = asked


@pytest.fixture
def for_admins_only(acme: Tenant) -> None:
    with tenant_scope(acme):
        write_settings(values={MERGED_BY.key: ADMINS})


def shown(client: Client, url: str = PAGE) -> str:
    return client.get(url).content.decode()


def sent(client: Client, url: str = PAGE, **chosen: str) -> dict[str, Any]:
    """What the browser sends of the page, with these choices."""
    return {
        **read_form(shown(client, url), "merge"),
        **{name.replace("_", "-", 1): value for name, value in chosen.items()},
    }


def merged(client: Client, url: str = PAGE, **chosen: str) -> Any:
    return client.post(url, {**sent(client, url, **chosen), "confirmed": "yes"}, follow=True)


def marked_new(page: str) -> list[str]:
    return re.findall(r'weigh--new" role="\w+" aria-labelledby="weigh-([^"]+)"', page)


def who_is(acme: Tenant, number: int) -> Customer:
    with tenant_scope(acme):
        return Customer.objects.get(number=number)


def note_of(acme: Tenant, number: int) -> str:
    with tenant_scope(acme):
        return read_note(customer=Customer.objects.get(number=number)).text


def test_page_shows_both_and_keeps_the_survivors(as_bela: Client, anna: Customer) -> None:
    form = sent(as_bela)

    assert form["keep-name"] == form["keep-location"] == ["mine"]
    assert form["keep-language"] == form["keep-is_vip"] == ["theirs"]
    assert form["keep-note"] == ["both"]
    page = shown(as_bela)
    assert "Lisboa" in page and "Porto" in page and "Portuguese" in page
    assert "wholesale" in page
    assert re.search(r"<strong>1</strong> ticket\b(?!s)", page)
    assert page.count("both@post.example") == 1


def test_merging_asks_first_and_says_that_agents_cannot_undo_it(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    asked = as_bela.post(PAGE, sent(as_bela)).content.decode()

    assert "Agents cannot undo this" in asked and "An admin can split the customers again" in asked
    assert not who_is(acme, 2).is_merged
    part = as_bela.post(PAGE, sent(as_bela), headers=HTMX).content.decode()
    assert "Agents cannot undo this" in part and "<html" not in part

    confirmed = {**read_form(asked, "asked"), "confirmed": "yes"}
    done = as_bela.post(PAGE, confirmed, follow=True)
    assert done.redirect_chain[-1][0] == "/acme/customers/1/"
    assert "Merged Anna Lopez (#2) into Ana Lopes." in done.content.decode()
    assert who_is(acme, 2).is_merged


def test_what_was_chosen_is_what_the_survivor_says(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_bela, keep_name="theirs", keep_location="theirs", keep_is_vip="mine", keep_note="theirs")

    ana = who_is(acme, 1)
    assert (ana.full_name, ana.location, ana.language, ana.is_vip) == ("Anna Lopez", "Lisboa", "pt", False)
    assert note_of(acme, 1) == "Rings at the back door."


def test_both_notes_stand_with_a_blank_line_between_them(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_bela)

    assert note_of(acme, 1) == "Pays by card.\n\nRings at the back door."


def test_nothing_may_be_kept_of_a_field(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_bela, keep_language="mine")

    assert who_is(acme, 1).language == ""


def test_main_address_is_chosen(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    with tenant_scope(acme):
        theirs = CustomerContact.objects.get(typed="anna@post.example")
    merged(as_bela, main_email=str(theirs.pk))

    with tenant_scope(acme):
        lines = CustomerContact.objects.filter(customer__number=1).in_order().values_list("typed", "is_primary")
        assert list(lines) == [
            ("anna@post.example", True),
            ("ana@post.example", False),
            ("both@post.example", False),
        ]


def test_all_of_one_side_is_chosen_by_one_link(as_bela: Client, anna: Customer) -> None:
    form = read_form(shown(as_bela, f"{PAGE}&keep=theirs"), "merge")

    assert {value for name, values in form.items() if name.startswith("keep-") for value in values} == {"theirs"}


def test_other_one_may_stay(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    assert 'href="/acme/customers/2/merge/?other=1&amp;next=' in shown(as_bela)
    merged(as_bela, "/acme/customers/2/merge/?other=1")

    assert who_is(acme, 1).is_merged
    assert who_is(acme, 2).full_name == "Anna Lopez"


def test_what_changed_meanwhile_is_marked_and_nothing_is_merged(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    form = sent(as_bela, keep_name="theirs")
    with tenant_scope(acme):
        said = describing.read_details(anna)
        describing.describe_customer(customer=anna, details=Details(**{**vars(said), "location": "Faro"}), actor=ADA)

    for step in ({}, {"confirmed": "yes"}):
        answer = as_bela.post(PAGE, {**form, **step})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "Somebody changed one of the profiles" in page
        assert marked_new(page) == ["location"]
        assert read_form(page, "merge")["keep-name"] == ["theirs"]
    assert not who_is(acme, 2).is_merged
    assert as_bela.post(PAGE, form, headers=HTMX).status_code == 204

    as_bela.post(PAGE, {**read_form(page, "merge"), "confirmed": "yes"})
    assert who_is(acme, 2).is_merged


def test_address_added_meanwhile_is_marked(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    form = sent(as_bela)
    with tenant_scope(acme):
        make_contact(anna, "new@post.example", position=2)

    page = as_bela.post(PAGE, {**form, "confirmed": "yes"}).content.decode()
    assert marked_new(page) == ["email"]
    assert not who_is(acme, 2).is_merged


def test_form_of_no_page_merges_nothing(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    for seen in ("", "[]", "nonsense", "{}"):
        assert as_bela.post(PAGE, {"confirmed": "yes", "seen": seen}).status_code == 409

    assert not who_is(acme, 2).is_merged


def test_choice_nobody_offers_is_not_taken(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_bela, keep_location="both", keep_name="nobody")

    assert (who_is(acme, 1).location, who_is(acme, 1).full_name) == ("Porto", "Ana Lopes")


def test_merged_twice_is_one_customer_already(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    form = {**sent(as_bela), "confirmed": "yes"}
    as_bela.post(PAGE, form)

    again = as_bela.post(PAGE, form, follow=True)
    assert "They are one customer already" in again.content.decode()
    assert again.redirect_chain[-1][0] == "/acme/customers/1/"
    with tenant_scope(acme):
        assert Merge.objects.count() == 1
    assert "They are one customer already" in as_bela.get(PAGE, follow=True).content.decode()


def test_deleted_customer_is_not_merged(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    form = {**sent(as_bela), "confirmed": "yes"}
    as_bela.post("/acme/customers/2/delete/")

    assert "was deleted a moment ago" in as_bela.post(PAGE, form, follow=True).content.decode()


def test_customer_is_not_merged_into_themselves(as_bela: Client, anna: Customer) -> None:
    answer = as_bela.get("/acme/customers/1/merge/?other=1", follow=True)

    assert "into themselves" in answer.content.decode()
    assert answer.redirect_chain[-1][0].startswith("/acme/customers/1/merge/find/")


def test_blocked_merge_says_why_and_has_no_way_on(
    as_bela: Client, acme: Tenant, anna: Customer, blockers: list[Blocker]
) -> None:
    form = sent(as_bela)
    blockers.append(Blocker("Both have orders in Acme Shop. Merge them there first."))

    page = shown(as_bela)
    assert "Both have orders in Acme Shop. Merge them there first." in page
    assert re.search(r"<button[^>]*button--merge[^>]* disabled", page)
    for step in ({}, {"confirmed": "yes"}):
        assert as_bela.post(PAGE, {**form, **step}).status_code == 409
    assert not who_is(acme, 2).is_merged


def test_warning_wants_a_tick(as_bela: Client, acme: Tenant, anna: Customer, blockers: list[Blocker]) -> None:
    blockers.append(Blocker("The note will go to no store.", is_final=False))
    form = sent(as_bela)

    for step in ({}, {"confirmed": "yes"}):
        page = as_bela.post(PAGE, {**form, **step})
        assert (page.status_code, "Tick this" in page.content.decode()) == (409, True)
    assert not who_is(acme, 2).is_merged
    as_bela.post(PAGE, {**form, "accepted": "The note will go to no store.", "confirmed": "yes"})
    assert who_is(acme, 2).is_merged


def test_way_back_is_a_page_of_ours(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    for stranger in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert "evil" not in shown(as_bela, f"{PAGE}&next={stranger}")
        assert "alert" not in shown(as_bela, f"{PAGE}&next={stranger}")

    assert merged(as_bela, f"{PAGE}&next=/acme/tickets/1/").redirect_chain[-1][0] == "/acme/tickets/1/"


def test_workspace_may_leave_merging_to_admins(
    as_bela: Client, as_ada: Client, acme: Tenant, anna: Customer, for_admins_only: None
) -> None:
    assert as_bela.get(PAGE).status_code == as_bela.post(PAGE, {"confirmed": "yes"}).status_code == 404
    assert as_bela.get("/acme/customers/1/merge/find/").status_code == 404
    for page in ("/acme/customers/1/", "/acme/tickets/1/", "/acme/sidebar/customers/1/"):
        assert "Merge with another customer" not in shown(as_bela, page)
        assert "Merge with another customer" in shown(as_ada, page)

    merged(as_ada)
    assert who_is(acme, 2).is_merged


def test_page_asks_as_much_for_many(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    with CaptureQueriesContext(connection) as few:
        shown(as_bela)
    with tenant_scope(acme):
        inbox = make_inbox()
        for number, one in ((1, who_is(acme, 1)), (2, anna)):
            for n in range(50):
                make_contact(one, f"{number}.{n}@post.example", position=n + 2)
                make_contact(one, f"+35191{number}{n:06}", kind=ContactKind.PHONE, position=n)
                make_ticket(inbox, customer=one)
            tagging_customer.tag_customer(customer=one, add=[f"tag {number} {n}" for n in range(40)], actor=ADA)

    with CaptureQueriesContext(connection) as many:
        shown(as_bela)
    assert len(many) == len(few)


def test_who_shares_an_address_is_offered_and_others_are_found(as_bela: Client, anna: Customer) -> None:
    find = "/acme/customers/1/merge/find/"
    assert as_bela.get("/acme/customers/1/merge/").headers["Location"] == find

    for url in (find, f"{find}?q=lopez", f"{find}?q=anna@post.example"):
        assert 'href="/acme/customers/1/merge/?other=2&amp;next=' in shown(as_bela, url)
    assert "other=1&" not in shown(as_bela, f"{find}?q=lop")
    assert "Nobody found" in shown(as_bela, f"{find}?q=zzz")
    assert "<html" not in as_bela.get(find, headers=HTMX).content.decode()


def test_panel_of_a_shared_address_leads_to_the_merge(as_bela: Client, acme: Tenant, anna: Customer) -> None:
    with tenant_scope(acme):
        line = CustomerContact.objects.get(customer__number=1, typed="both@post.example")

    panel = shown(as_bela, f"/acme/customers/1/contacts/{line.pk}/")
    assert 'href="/acme/customers/1/merge/?other=2"' in panel
    assert "other=1" not in panel


def test_admin_splits_them_again(as_ada: Client, as_bela: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_bela, keep_name="theirs")
    with tenant_scope(acme):
        make_ticket(make_inbox("second@acme.example"), customer=who_is(acme, 1), subject="Where is it?")
        noting.save_note(customer=who_is(acme, 1), text="New.", based_on=2, actor=ADA, at=NOON)
    history = shown(as_ada, "/acme/customers/1/history/")
    assert f'href="{SPLIT}"' in history and "Merged profiles" in history

    page = shown(as_ada, SPLIT)
    assert "Anna Lopez" in page and "changed since the merge, stays" in page
    assert re.search(r"<strong>1</strong> ticket\b(?!s)", page)
    assert "Where is it?" in page
    form = read_form(page, "split")
    assert "also" not in form
    done = as_ada.post(SPLIT, form, follow=True)
    assert 'href="/acme/customers/1/"' in done.content.decode() and 'href="/acme/customers/2/"' in done.content.decode()
    assert who_is(acme, 1).full_name == "Ana Lopes"
    assert note_of(acme, 1) == "New."
    assert not who_is(acme, 2).is_deleted
    assert note_of(acme, 2) == "Rings at the back door."
    assert as_ada.post(SPLIT, form, follow=True).status_code == 200
    assert "split again" in shown(as_ada, "/acme/customers/1/history/")


def test_audit_says_who_merged_and_who_split(as_ada: Client, as_bela: Client, anna: Customer) -> None:
    merged(as_bela)
    as_ada.post(SPLIT)

    audit = shown(as_ada, "/acme/settings/audit/?customer=1")
    assert "Customer 2 merged into 1" in audit and "Customer 2 split from 1 again" in audit


def test_ticket_since_the_merge_goes_along_when_it_is_ticked(as_ada: Client, acme: Tenant, anna: Customer) -> None:
    merged(as_ada)
    with tenant_scope(acme):
        ticket = make_ticket(make_inbox("second@acme.example"), customer=who_is(acme, 1))

    as_ada.post(SPLIT, {"also": [ticket.pk, "nonsense"]})
    with tenant_scope(acme):
        ticket.refresh_from_db()
        assert ticket.customer == anna


def test_main_address_is_the_survivors_again_after_the_split(as_ada: Client, acme: Tenant, anna: Customer) -> None:
    with tenant_scope(acme):
        theirs = CustomerContact.objects.get(typed="anna@post.example")
    merged(as_ada, main_email=str(theirs.pk))
    as_ada.post(SPLIT)

    with tenant_scope(acme):
        for number, name in ((1, "ana@post.example"), (2, "anna@post.example")):
            lines = CustomerContact.objects.filter(customer__number=number, is_primary=True)
            assert [line.typed for line in lines] == [name]


def test_agents_do_not_split(as_bela: Client, as_ada: Client, acme: Tenant, anna: Customer) -> None:
    assert as_ada.get(SPLIT).status_code == 404  # nothing was merged
    merged(as_bela)

    assert as_bela.get(SPLIT).status_code == as_bela.post(SPLIT).status_code == 404
    assert SPLIT not in shown(as_bela, "/acme/customers/1/history/")
    assert who_is(acme, 2).is_merged


def test_pages_are_nothing_to_cleo(
    as_bela: Client, cleo_finds_nothing: Callable[..., None], acme: Tenant, anna: Customer
) -> None:
    cleo_finds_nothing("/customers/1/merge/?other=2")
    cleo_finds_nothing("/customers/1/merge/?other=2", "post", confirmed="yes")
    cleo_finds_nothing("/customers/1/merge/find/")
    merged(as_bela)
    cleo_finds_nothing("/customers/1/merged/2/")
    cleo_finds_nothing("/customers/1/merged/2/", "post")
