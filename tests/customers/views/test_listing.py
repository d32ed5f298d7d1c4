"""The list: paged, searched, narrowed, sorted, with the columns somebody chose; constant queries."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.services.preferring import prefer, read_preferences
from accounts.tenancy import tenant_scope
from customers.filters import PREFERENCE, listing, narrow
from customers.kinds import ContactKind, FieldKind, FieldTarget
from customers.models import Customer, CustomerSource, CustomerTag, CustomerTotals, Presence
from customers.services import defining, searching, setting_fields
from customers.services.noting import save_note
from tests.customers.actors import BELA
from tests.factories.customers import make_contact, make_customer
from tests.posted import posted_by

LIST = "/acme/customers/"


@pytest.fixture
def people(acme: Tenant) -> None:
    with tenant_scope(acme):
        for number, name in enumerate(("Ana", "Bruno", "Carla"), start=1):
            customer = make_customer(name, "Lopes")
            make_contact(customer, f"{name.lower()}@post.example", is_primary=True)
            make_contact(customer, f"+120255501{number:02}", ContactKind.PHONE)


def names(client: Client, **query: str) -> list[str]:
    return [row.customer.first_name for row in client.get(LIST, query).context["listing"].rows]


@pytest.mark.usefixtures("people")
def test_list_shows_the_newest_first_with_their_main_contacts(as_ada: Client) -> None:
    page = as_ada.get(LIST).content.decode()

    assert names(as_ada) == ["Carla", "Bruno", "Ana"]
    assert "ana@post.example" in page
    assert "+1 202-555-0101" in page


@pytest.mark.usefixtures("people")
def test_list_pages_through_everybody_once_and_back(as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)

    for sort, expected in (("registered", ["Carla", "Bruno", "Ana"]), ("name", ["Ana", "Bruno", "Carla"])):
        first = as_ada.get(LIST, {"sort": sort}).context["listing"]
        second = as_ada.get(f"{LIST}?{first.older}").context["listing"]
        back = as_ada.get(f"{LIST}?{second.newer}").context["listing"]
        assert [row.customer.first_name for row in (*first.rows, *second.rows)] == expected
        assert [row.customer.first_name for row in back.rows] == expected[:2]


def test_list_of_nobody_says_what_to_do(as_ada: Client) -> None:
    assert "No customers yet" in as_ada.get(LIST).content.decode()
    assert "Nobody found" in as_ada.get(LIST, {"q": "Ana"}).content.decode()
    assert "No customer fits" in as_ada.get(LIST, {"mark": "vip"}).content.decode()
    assert "No deleted customers" in as_ada.get(LIST, {"deleted": "yes"}).content.decode()


@pytest.mark.usefixtures("people")
def test_empty_fields_of_a_form_leave_the_address(as_ada: Client) -> None:
    response = as_ada.get(LIST, {"q": "", "mark": "vip", "manager": "", "sort": "registered", "f.size": "", "x": "1"})

    assert (response.status_code, response["Location"]) == (302, f"{LIST}?mark=vip")
    assert as_ada.get(LIST, {"q": ""})["Location"] == LIST


@pytest.mark.usefixtures("people")
def test_each_chip_takes_one_thing_away(as_ada: Client) -> None:
    page = as_ada.get(LIST, {"q": "lopes", "email": "yes", "sort": "name"}).content.decode()

    assert 'href="/acme/customers/?email=yes&amp;sort=name"' in page
    assert 'href="/acme/customers/?q=lopes&amp;sort=name"' in page
    assert "has e-mail" in page


@pytest.mark.usefixtures("people")
def test_nought_is_a_chip_too(as_ada: Client) -> None:
    page = as_ada.get(LIST, {"orders_to": "0", "spent_to": "0"}).content.decode()

    assert "orders up to 0" in page
    assert "spent up to 0" in page


@pytest.mark.usefixtures("people")
def test_search_goes_on_in_the_list_as_it_is_narrowed(as_ada: Client) -> None:
    page = as_ada.get(LIST, {"q": "lopes", "email": "yes", "sort": "name"}).content.decode()
    search = posted_by(page.split('role="search"')[1].split("</form>")[0])

    assert search.dict() == {"q": "lopes", "email": "yes", "sort": "name"}


@pytest.mark.usefixtures("people")
def test_heading_says_the_order_and_turns_it_round(as_ada: Client) -> None:
    first, second = (as_ada.get(LIST, {"sort": sort}).content.decode() for sort in ("name", "-name"))

    assert 'aria-sort="ascending"' in first
    assert 'href="/acme/customers/?sort=-name"' in first
    assert 'aria-sort="descending"' in second
    assert names(as_ada, sort="-name") == ["Carla", "Bruno", "Ana"]


@pytest.mark.usefixtures("people")
def test_filter_panel_is_a_page_and_a_part(as_ada: Client) -> None:
    page = as_ada.get(f"{LIST}filter/", {"mark": "vip", "born_from": "1990-02-28"})
    part = as_ada.get(f"{LIST}filter/", headers={"HX-Request": "true"}).content.decode()

    assert '<option value="vip" selected>' in page.content.decode()
    assert 'value="1990-02-28"' in page.content.decode()
    assert "<html" in page.content.decode()
    assert "<html" not in part
    assert 'name="seen_from"' in part


def test_filter_panel_asks_about_the_fields_that_admins_put_there(as_ada: Client, acme: Tenant) -> None:
    with tenant_scope(acme):
        for kind in FieldKind:
            draft = defining.FieldDraft(f"In {kind}", in_filter=True)
            options = [defining.OptionDraft("First")] if kind.has_options else []
            defining.define_field(target=FieldTarget.CUSTOMER, kind=kind, draft=draft, options=options, actor=BELA)
        hidden = defining.FieldDraft("Nowhere")
        defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=hidden, actor=BELA)

    page = as_ada.get(f"{LIST}filter/", {"f.in_choice": "first", "f.in_number.from": "3"}).content.decode()

    for kind in FieldKind:
        assert f'name="f.in_{kind}' in page, kind
    assert 'name="f.in_number.from" value="3"' in page
    assert 'value="first" id="filter-f.in_choice_0" checked' in page
    assert "f.nowhere" not in page


def test_columns_are_remembered_for_the_one_who_chose_them(
    as_ada: Client, as_bela: Client, ada: Membership, ana: Customer
) -> None:
    chosen = as_ada.post(f"{LIST}columns/?sort=name", {"columns": ["number", "language"]})

    assert (chosen.status_code, chosen["Location"]) == (302, f"{LIST}?sort=name")
    assert [column.code for column in as_ada.get(LIST).context["listing"].columns] == ["number", "language"]
    assert "email" in [column.code for column in as_bela.get(LIST).context["listing"].columns]
    as_ada.post(f"{LIST}columns/", {"columns": ["number"], "reset": "yes"})
    with tenant_scope(ada.tenant):
        assert PREFERENCE not in read_preferences(member=ada)


def test_columns_that_are_none_are_refused(as_ada: Client, ana: Customer) -> None:
    assert as_ada.post(f"{LIST}columns/", {"columns": ["nothing"]}).status_code == 422


def test_field_that_admins_put_into_lists_is_a_column_until_somebody_chooses(
    as_ada: Client, ada: Membership, ana: Customer
) -> None:
    with tenant_scope(ada.tenant):
        draft = defining.FieldDraft("Shoe size", in_list=True)
        field = defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, actor=BELA)
        setting_fields.set_fields(customer=ana, typed={field.code: "42"}, zone=ZoneInfo("UTC"), actor=BELA)

    shown = as_ada.get(LIST).context["listing"]

    assert (shown.columns[-1].code, shown.rows[0].cells[-1].text) == ("f.shoe_size", "42")
    with tenant_scope(ada.tenant):
        prefer(member=ada, key=PREFERENCE, value=["email"])
    assert [column.code for column in as_ada.get(LIST).context["listing"].columns] == ["email"]


def test_every_column_shows_what_it_promises(as_ada: Client, ada: Membership, bela: Membership, ana: Customer) -> None:
    with tenant_scope(ada.tenant):
        _tell_everything(ana, bela)
        prefer(member=ada, key=PREFERENCE, value=list(ALL))

    cells = as_ada.get(LIST).context["listing"].rows[0].cells

    found: dict[str, Any] = {cell.label: cell.text or list(cell.items) for cell in cells}
    assert {label: text for label, text in found.items() if label not in ("Last seen", "Registered")} == SHOWN
    assert next(cell.dot.state for cell in cells if cell.label == "Last seen") == "recent"
    assert next(cell.hint for cell in cells if cell.label == "Store") == "Not active"


ALL = (
    *("number", "email", "phone", "handle", "location", "seen", "orders", "spent", "registered", "manager", "store"),
    *("tags", "sex", "supposed_sex", "birthday", "language", "channel", "subscription", "note", "time_zone"),
    *("discount", "cumulative", "card", "reference", "source", "medium", "campaign", "origin"),
)
SHOWN = {
    "Number": "1",
    "E-mail": "ana@post.example",
    "Phone": "+1 202-555-0101",
    "Handle": "@ana",
    "Location": "Porto",
    "Orders": "1,234",
    "Spent": "€12.50",
    "Manager": "Bela",
    "Store": "Store 7",
    "Tags": ["press", "wholesale"],
    "Sex": "Female",
    "Supposed sex": "Male",
    "Birthday": "Feb 29, 2000",
    "Language": "Portuguese",
    "Preferred channel": "Chat",
    "Subscription": "Unsubscribed",
    "Note": "Rings twice.",
    "Time zone": "Europe/Lisbon",
    "Personal discount": "7.5 %",
    "Cumulative discount": "3 %",
    "Discount card": "C-1",
    "External number": "R-1",
    "Source": "newsletter",
    "Medium": "email",
    "Campaign": "spring",
    "Made by": "Agent",
}


def _tell_everything(customer: Customer, manager: Membership) -> None:
    now = timezone.now()
    Customer.objects.filter(pk=customer.pk).update(
        location="Porto",
        manager=manager,
        store_number=7,
        sex="female",
        supposed_sex="male",
        birthday="2000-02-29",
        language="pt",
        preferred_channel="chat",
        time_zone="Europe/Lisbon",
        personal_discount="7.50",
        cumulative_discount="3",
        discount_card="C-1",
        reference="R-1",
    )
    contact = make_contact(customer, "ana@post.example").contact
    contact.subscription = "unsubscribed"
    contact.save()
    make_contact(customer, "+12025550101", ContactKind.PHONE)
    make_contact(customer, "@ana", ContactKind.HANDLE)
    Presence.objects.create(customer=customer, last_seen_at=now - timedelta(minutes=10), evidence="ping")
    CustomerTotals.objects.create(customer=customer, orders=1234, spent=1250, currency="EUR")
    CustomerSource.objects.create(customer=customer, source="newsletter", medium="email", campaign="spring")
    for word in ("wholesale", "press"):
        CustomerTag.objects.create(customer=customer, name=word, name_folded=word)
    save_note(customer=customer, text="Rings\ntwice.", based_on=0, actor=BELA, at=now)


def test_list_takes_the_same_queries_for_one_and_for_three(as_ada: Client, ada: Membership, bela: Membership) -> None:
    counts: list[int] = []
    with tenant_scope(ada.tenant):
        draft = defining.FieldDraft("Size", in_list=True)
        defining.define_field(target=FieldTarget.CUSTOMER, kind=FieldKind.STRING, draft=draft, actor=BELA)
        prefer(member=ada, key=PREFERENCE, value=[*ALL, "f.size"])
    for wanted in (1, 3):
        with tenant_scope(ada.tenant):
            for index in range(wanted - len(counts)):
                customer = make_customer(manager=bela, store_number=1)
                make_contact(customer, f"{wanted}-{index}@post.example")
                CustomerTag.objects.create(customer=customer, name="press", name_folded="press")
                setting_fields.set_fields(customer=customer, typed={"size": "L"}, zone=ZoneInfo("UTC"), actor=BELA)
        with CaptureQueriesContext(connection) as captured:
            as_ada.get(LIST, {"sort": "seen"})
        counts.append(len(captured))

    assert counts[0] == counts[1]


@pytest.mark.usefixtures("people")
def test_list_that_takes_too_long_says_so_and_how_to_go_on(as_ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "SECONDS", 0.001)
    monkeypatch.setattr(listing, "narrow", _slow(narrow))

    page = as_ada.get(LIST, {"sort": "spent", "email": "yes"})

    assert page.status_code == 200
    assert "This takes too long" in page.content.decode()
    assert 'href="/acme/customers/?email=yes"' in page.content.decode()
    assert "has e-mail" in page.content.decode()


CUT = "only the newest of them were looked at"


def test_search_that_looked_at_the_newest_only_says_so_where_it_ends(
    as_ada: Client, acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    monkeypatch.setattr(searching, "ENOUGH", 3)
    monkeypatch.setattr(searching, "_is_large", lambda cursor: True)
    with tenant_scope(acme):
        for number in range(3):
            make_customer(f"Zoe{number}", "Zimmer", is_vip=number == 0)

    first = as_ada.get("/acme/customers/?q=zimmer")
    last = as_ada.get(f"/acme/customers/?{first.context['listing'].older}").content.decode()

    assert CUT not in first.content.decode()
    assert CUT in last
    assert CUT in as_ada.get("/acme/customers/?q=zimmer&mark=vip").content.decode()
    assert "Nobody found among the newest" in as_ada.get("/acme/customers/?q=zimmer&mark=bad").content.decode()
    monkeypatch.undo()
    for query in ("q=zimmer", "q=zimmer&mark=vip", "q=zimmer&mark=bad", "mark=vip"):
        assert CUT not in as_ada.get(f"/acme/customers/?{query}").content.decode()


def _slow(narrow: Callable[..., Any]) -> Callable[..., Any]:
    def narrowed(*given: Any) -> Any:
        return narrow(*given).extra(where=["pg_sleep(1) IS NOT NULL"])

    return narrowed


@pytest.mark.usefixtures("people")
def test_list_of_acme_is_nothing_to_cleo(as_cleo: Client, cleo_finds_nothing: Callable[..., None]) -> None:
    for path in ("", "filter/", "columns/"):
        assert as_cleo.get(f"{LIST}{path}").status_code == 404
    assert as_cleo.get("/globex/customers/", {"q": "ana@post.example"}).context["listing"].rows == []
    assert as_cleo.post(f"{LIST}columns/", {"columns": ["email"]}).status_code == 404
