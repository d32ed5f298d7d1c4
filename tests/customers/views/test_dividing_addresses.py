"""While somebody writes an address: dividing a line, fields of a country, suggestions, postal codes (F26–F30)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from customers.addresses.kinds import Address, Unreachable
from customers.addresses.wire import Access
from customers.models import Customer, CustomerAddress, LegalDetails
from customers.services import deleting, locating
from tests.customers.actors import ADA, NOON
from tests.customers.views.sending import read_form

URL = "/acme/customers/1/edit/"
ASK = "/acme/customers/1/edit/address/"
LEGAL = "/acme/customers/1/edit/legal/"
HTMX = {"HX-Request": "true"}
NEW = "address-new0"


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    """The tests read what was saved; requests open a scope of their own."""
    with tenant_scope(acme):
        yield


class Map:
    """A map service that knows one street, or does not answer."""

    def __init__(self, *, is_away: bool = False) -> None:
        self.is_away = is_away

    def divide(self, text: str, country: str) -> Address:
        self._answer()
        return Address(country="PT", street=text)

    def suggest(self, field: str, text: str, within: Address) -> tuple[str, ...]:
        self._answer()
        return (f"{text}oa",)

    def postal_code(self, address: Address) -> str:
        self._answer()
        return "1100-148"

    def _answer(self) -> None:
        if self.is_away:
            raise Unreachable("The map service does not answer. Try again later.")


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def use(**facts: Any) -> None:
        monkeypatch.setattr(locating, "_geocoder", lambda: Map(**facts))

    return use


def opened(client: Client) -> dict[str, list[str]]:
    return read_form(client.get(URL).content.decode(), "editing")


def ask(client: Client, act: str, **typed: Any) -> str:
    """The page of a browser without scripts."""
    answer = client.post(ASK, {**opened(client), **typed, "act": act})
    assert answer.status_code == 200
    return answer.content.decode()


def test_line_is_divided_and_nothing_is_saved_or_lost(as_ada: Client, ana: Customer) -> None:
    typed = {f"{NEW}-text": "Rua Augusta 7, 1100-148 Lisboa, Portugal", "location": "Porto"}

    sent = read_form(ask(as_ada, f"divide:{NEW}", **typed), "editing")

    said = {name: sent[f"{NEW}-{name}"][0] for name in ("country", "city", "postal_code", "shape")}
    assert said == {"country": "Portugal", "city": "Lisboa", "postal_code": "1100-148", "shape": "full"}
    assert "Rua Augusta" in sent[f"{NEW}-street"][0]
    assert sent["location"] == ["Porto"]
    assert not CustomerAddress.objects.exists()
    assert as_ada.post(URL, sent).status_code == 302
    assert CustomerAddress.objects.get().city == "Lisboa"


def test_scripts_get_the_row_alone(as_ada: Client, ana: Customer) -> None:
    typed = {**opened(as_ada), f"{NEW}-text": "Rua Augusta 7, 1100-148 Lisboa", "act": f"divide:{NEW}"}

    row = as_ada.post(ASK, typed, headers=HTMX).content.decode()

    assert row.strip().startswith(f'<li class="place" id="{NEW}"')
    assert 'value="1100-148"' in row


def test_what_is_no_address_is_said_and_stays(as_ada: Client, ana: Customer) -> None:
    page = ask(as_ada, f"divide:{NEW}", **{f"{NEW}-text": "Where is my order?"})

    assert "This reads like a message, not like an address." in page
    assert "Where is my order?" in page


def test_country_has_its_own_fields(as_ada: Client, ana: Customer) -> None:
    russian = ask(as_ada, f"reshape:{NEW}", **{f"{NEW}-country": "Russia"})
    american = ask(as_ada, f"reshape:{NEW}", **{f"{NEW}-country": "USA"})

    assert {f"{NEW}-housing", f"{NEW}-metro"} <= set(read_form(russian, "editing"))
    assert f"{NEW}-housing" not in read_form(american, "editing")
    assert "ZIP code" in american


def test_city_is_tied_once_it_was_chosen_and_loose_once_it_is_typed_over(as_ada: Client, ana: Customer) -> None:
    typed = {f"{NEW}-country": "Portugal", f"{NEW}-street": "Rua A", f"{NEW}-city": "Lisb"}

    offered = ask(as_ada, f"suggest:{NEW}:city", **typed)
    assert f'value="choose:{NEW}:city:Lisboa"' in offered
    sent = read_form(ask(as_ada, f"choose:{NEW}:city:Lisboa", **typed), "editing")
    assert as_ada.post(URL, sent).status_code == 302

    row = CustomerAddress.objects.get()
    assert (row.city, row.is_city_chosen) == ("Lisboa", True)
    assert as_ada.post(URL, {**opened(as_ada), "location": "Porto"}).status_code == 302
    assert CustomerAddress.history.count() == 1
    as_ada.post(URL, {**opened(as_ada), f"address-{row.pk}-city": "Lisbon"})
    row.refresh_from_db()
    assert (row.city, row.is_city_chosen) == ("Lisbon", False)


def test_postal_code_comes_only_with_a_chosen_city(as_ada: Client, ana: Customer, pretend: Callable[..., None]) -> None:
    pretend()
    typed = {f"{NEW}-country": "PT", f"{NEW}-street": "Rua A", f"{NEW}-city": "Lisb"}

    loose = read_form(ask(as_ada, f"choose:{NEW}:street:Rua Augusta", **typed), "editing")
    tied = read_form(ask(as_ada, f"choose:{NEW}:city:Lisboa", **typed), "editing")
    kept = read_form(ask(as_ada, f"choose:{NEW}:city:Lisboa", **typed, **{f"{NEW}-postal_code": "9"}), "editing")

    codes = [sent[f"{NEW}-postal_code"][0] for sent in (loose, tied, kept)]
    assert codes == ["", "1100-148", "9"]
    assert loose[f"{NEW}-street"] == ["Rua Augusta"]


def test_map_that_does_not_answer_is_said(as_ada: Client, ana: Customer, pretend: Callable[..., None]) -> None:
    pretend(is_away=True)
    typed = {f"{NEW}-country": "PT", f"{NEW}-city": "Lisb", f"{NEW}-text": "Rua Augusta 7, Lisboa"}

    for act in (f"divide:{NEW}", f"suggest:{NEW}:city", f"choose:{NEW}:city:Lisboa"):
        assert "The map service does not answer." in ask(as_ada, act, **typed), act


def test_legal_details_show_the_fields_and_slips_of_the_typed_country(as_ada: Client, ana: Customer) -> None:
    typed = {"legal-contractor_type": "legal_entity", "legal-country": "Russia", "legal-inn": "7707083894"}

    plain = as_ada.post(LEGAL, {**opened(as_ada), **typed}).content.decode()
    part = as_ada.post(LEGAL, {**opened(as_ada), **typed}, headers=HTMX).content.decode()

    for page in (plain, part):
        assert 'name="legal-okpo"' in page
        assert "legal__warning" in page
    assert part.strip().startswith('<section class="block legal" id="edit-legal"')
    assert not LegalDetails.objects.exists()


def test_only_what_there_is_can_be_asked(
    as_ada: Client, cleo_finds_nothing: Callable[..., None], ana: Customer
) -> None:
    for act in ("", "divide", "divide:address-99", f"suggest:{NEW}:name", f"choose:{NEW}:key:1", f"drop:{NEW}"):
        assert as_ada.post(ASK, {**opened(as_ada), "act": act}).status_code == 400, act
    cleo_finds_nothing("/customers/1/edit/address/", "post", act=f"divide:{NEW}")
    cleo_finds_nothing("/customers/1/edit/legal/", "post")
    deleting.delete_customer(customer=ana, actor=ADA, at=NOON)
    assert as_ada.post(ASK, {"act": ""})["Location"] == "/acme/customers/1/"
    assert as_ada.post(LEGAL, {}, headers=HTMX)["HX-Redirect"] == "/acme/customers/1/"


def test_rules_divide_where_the_map_is_away(as_ada: Client, ana: Customer, pretend: Callable[..., None]) -> None:
    pretend(is_away=True)

    page = ask(as_ada, f"divide:{NEW}", **{f"{NEW}-text": "Rua Augusta 7, 1100-148 Lisboa"})

    assert "The map service does not answer. Try again later. Divided by rules meanwhile: check the fields." in page
    assert read_form(page, "editing")[f"{NEW}-city"] == ["Lisboa"]


def test_map_is_asked_as_the_settings_say_and_outside_of_any_transaction(
    as_ada: Client, ana: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_settings(
        values={
            "customers.geocoder": "nominatim",
            "customers.geocoder_server": "https://maps.acme.example:8443/search/",
            "customers.geocoder_contact": "ada@acme.example",
            "customers.geocoder_key": "s3cret",
        }
    )
    before, asked = len(connection.savepoint_ids), list[Any]()

    class Watching(Map):
        def divide(self, text: str, country: str) -> Address:
            asked.append(len(connection.savepoint_ids))
            return super().divide(text, country)

    def find(name: str, access: Access) -> Map:
        asked.append((name, access.scheme, access.domain, access.contact, access.key))
        return Watching()

    monkeypatch.setattr(locating, "get_geocoder", find)
    ask(as_ada, f"divide:{NEW}", **{f"{NEW}-text": "Rua Augusta 7, 1100-148 Lisboa"})

    assert asked == [
        ("nominatim", "https", "maps.acme.example:8443/search", "ada@acme.example", "s3cret"),
        before,
    ]
