"""Edit mode in the place of the page: its parts, what it refuses, what it keeps, photo, tags (F7, F9, F12, F14)."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers import stores
from customers.kinds import ContactKind
from customers.models import Customer, CustomerContact
from customers.services import deleting
from customers.services.tagging_customer import tag_customer
from customers.stores import Store
from files.models import StoredFile
from tests.core.test_pictures import png
from tests.customers.actors import ADA, NOON
from tests.customers.views.sending import read_form
from tests.factories.customers import make_contact, make_customer

URL = "/acme/customers/1/edit/"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def reading(acme: Tenant) -> Iterator[None]:
    """The tests read what was saved; requests open a scope of their own."""
    with tenant_scope(acme):
        yield


@pytest.fixture
def connected(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {1: Store(1, "Lisbon shop", is_active=True), 2: Store(2, "Porto shop", is_active=False)}
    monkeypatch.setattr(stores, "_directories", [lambda: known])


def opened(client: Client) -> dict[str, list[str]]:
    return read_form(client.get(URL).content.decode(), "editing")


def picture(content: bytes = png(4, 3), name: str = "ana.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="text/html")


def test_edit_mode_is_the_page_with_its_left_side_as_fields(as_ada: Client, ana: Customer) -> None:
    whole = as_ada.get(URL).content.decode()
    part = as_ada.get(URL, headers=HTMX).content.decode()

    assert "<title>Edit Ana Lopes" in whole
    assert 'id="customer-1-aside"' in whole
    assert 'id="customer-1-profile"' not in part
    assert part.strip().startswith('<div class="profile__main" id="customer-1-main" data-browser>')


def test_save_answers_the_page_in_its_place(as_ada: Client, ana: Customer) -> None:
    answer = as_ada.post(URL, {**opened(as_ada), "location": "Porto"}, headers=HTMX)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert answer["HX-Replace-Url"] == "/acme/customers/1/"
    assert 'id="customer-1-main"' in page
    assert "Porto" in page
    assert "Saved." in page
    assert 'class="editing"' not in page


def test_refused_form_changes_in_its_place(as_ada: Client, ana: Customer) -> None:
    answer = as_ada.post(URL, {**opened(as_ada), "birthday": "yesterday"}, headers=HTMX)

    assert answer.status_code == 422
    assert (answer["HX-Retarget"], answer["HX-Reselect"], answer["HX-Reswap"]) == (
        "#customer-1-edit",
        "#customer-1-edit",
        "morph",
    )
    assert 'data-leaving="changed"' in answer.content.decode()


def test_birthday_that_stands_there_may_stay_however_long_ago(as_ada: Client, ana: Customer) -> None:
    Customer.objects.filter(pk=ana.pk).update(birthday="1790-05-17")

    answer = as_ada.post(URL, {**opened(as_ada), "last_name": "Reis"})
    refused = as_ada.post(URL, {**opened(as_ada), "birthday": "1790-05-18"})

    ana.refresh_from_db()
    assert (answer.status_code, ana.last_name, str(ana.birthday)) == (302, "Reis", "1790-05-17")
    assert "Write a day between 1890 and today." in refused.content.decode()


def test_all_that_is_wrong_is_said_at_once(as_ada: Client, ana: Customer) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    typed: dict[str, Any] = {
        "first_name": "",
        "last_name": "Reis",
        "birthday": tomorrow,
        "language": "klingonese",
        "personal_discount": "120",
        "tags": "x" * 51,
        "photo": picture(b"<script>", "x.png"),
    }

    page = as_ada.post(URL, {**opened(as_ada), **typed}).content.decode()

    words = [
        "Write at least a first name.",
        "Write a day between 1890 and today.",
        "Choose a language, or write its code.",
        "less than or equal to 100",
        "a tag has at most 50 characters",
        "This is no picture.",
    ]
    assert [one for one in words if one not in page] == []
    ana.refresh_from_db()
    assert (ana.first_name, ana.photo) == ("Ana", None)


def test_details_are_read_as_people_write_them(as_ada: Client, ana: Customer) -> None:
    typed = {"language": "Português", "preferred_channel": "sms", "first_name": "محمد", "last_name": "", "birthday": ""}

    assert as_ada.post(URL, {**opened(as_ada), **typed}).status_code == 302

    ana.refresh_from_db()
    assert (ana.language, ana.preferred_channel, ana.display_name) == ("pt", "sms", "محمد")


def test_what_a_store_said_stays_until_somebody_chooses(as_ada: Client, ana: Customer, connected: None) -> None:
    """Nothing that is not among the choices is cleared by saving something else (F14)."""
    Customer.objects.update(time_zone="Mars/Olympus", language="Tengwar of old", store_number=7)

    page = as_ada.get(URL).content.decode()
    assert as_ada.post(URL, {**read_form(page, "editing"), "location": "Porto"}).status_code == 302

    ana.refresh_from_db()
    assert (ana.time_zone, ana.language, ana.store_number) == ("Mars/Olympus", "Tengwar of old", 7)
    assert '<option value="7" selected data-inactive>Store 7 (Not active)</option>' in page
    assert "Porto shop" not in page


def test_store_that_was_disconnected_can_be_kept_and_not_chosen(as_ada: Client, ana: Customer, connected: None) -> None:
    assert as_ada.post(URL, {**opened(as_ada), "store": "2"}).status_code == 422
    assert as_ada.post(URL, {**opened(as_ada), "store": "1"}).status_code == 302
    Customer.objects.update(store_number=2)

    assert as_ada.post(URL, {**opened(as_ada), "location": "Porto"}).status_code == 302

    ana.refresh_from_db()
    assert ana.store_number == 2


def test_nameless_profile_is_edited_without_a_name(as_ada: Client) -> None:
    nameless = make_customer("", "", fallback_name="ana@post.example")

    assert as_ada.post(URL, {**opened(as_ada), "location": "Porto"}).status_code == 302

    nameless.refresh_from_db()
    assert (nameless.location, nameless.display_name) == ("Porto", "ana@post.example")


def test_tags_of_two_people_both_come(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    tag_customer(customer=ana, add=["old"], actor=ADA)
    first, second = opened(as_ada), opened(as_bela)
    assert first["tags"] == ["old"]

    as_ada.post(URL, {**first, "tags": "old, Tea"})
    as_bela.post(URL, {**second, "tags": "coffee, tea , "})

    names = ana.tags.order_by("name_folded").values_list("name", flat=True)
    assert list(names) == ["coffee", "Tea"]


def test_photo_is_shown_instead_of_initials_and_taken_off(as_ada: Client, as_cleo: Client, ana: Customer) -> None:
    assert as_ada.post(URL, {**opened(as_ada), "photo": picture()}).status_code == 302

    stored = StoredFile.objects.get()
    address = f"/acme/files/{stored.key}/"
    assert stored.content_type == "image/png"
    assert f'src="{address}"' in as_ada.get("/acme/customers/1/").content.decode()
    assert b"".join(as_ada.get(address)) == png(4, 3)
    assert as_cleo.get(address).status_code == 404
    assert as_cleo.get(address.replace("acme", "globex")).status_code == 404

    as_ada.post(URL, {**opened(as_ada), "photo_remove": "on"})

    ana.refresh_from_db()
    assert ana.photo is None
    assert "avatar__photo" not in as_ada.get("/acme/customers/1/").content.decode()


def test_two_who_choose_a_photo_are_told(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    first, second = opened(as_ada), opened(as_bela)
    as_ada.post(URL, {**first, "photo": picture(), "location": "Porto"})

    refused = as_bela.post(URL, {**second, "photo": picture(png(9, 9)), "language": "pt"})

    page = refused.content.decode()
    assert "A colleague changed the photo meanwhile." in page
    ana.refresh_from_db()
    assert ana.language == ""
    assert as_bela.post(URL, {**read_form(page, "editing"), "photo": picture(png(9, 9))}).status_code == 302
    ana.refresh_from_db()
    assert ana.language == "pt"
    assert ana.photo and ana.photo.size == len(png(9, 9))


def test_contacts_are_saved_with_the_rest_or_not_at_all(as_ada: Client, as_bela: Client, ana: Customer) -> None:
    line = make_contact(ana, "ana@post.example", is_primary=True)
    first, second = opened(as_ada), opened(as_bela)
    row = f"email-{line.pk}"
    assert as_ada.post(URL, {**first, f"{row}-value": "ana@home.example"}).status_code == 302

    page = as_bela.post(URL, {**second, f"{row}-value": "ana@work.example", "location": "Porto"}).content.decode()

    assert "A colleague" in page
    ana.refresh_from_db()
    assert ana.location == ""
    values = CustomerContact.objects.filter(contact__kind=ContactKind.EMAIL).values_list("contact__value", flat=True)
    assert list(values) == ["ana@home.example"]


def test_both_marks_set_without_scripts_are_pointed_out_once(as_ada: Client, ana: Customer) -> None:
    words = "VIP and BAD are both set."
    one = as_ada.post(URL, {**opened(as_ada), "is_vip": "on"}, follow=True)
    both = as_ada.post(URL, {**opened(as_ada), "is_bad": "on"}, follow=True)
    later = as_ada.post(URL, {**opened(as_ada), "location": "Porto"}, follow=True)

    assert [words in page.content.decode() for page in (one, both, later)] == [False, True, False]


def test_profile_with_many_contacts_is_sent_whole(as_ada: Client, ana: Customer) -> None:
    for number in range(45):
        make_contact(ana, f"ana{number}@post.example", position=number, is_primary=not number)
        make_contact(ana, f"+3519123456{number:02}", ContactKind.PHONE, position=number, is_primary=not number)
        make_contact(ana, f"twitter:ana{number}", ContactKind.HANDLE, position=number, tag="twitter")

    answer = as_ada.post(URL, {**opened(as_ada), "location": "Porto"})

    assert answer.status_code == 302
    assert CustomerContact.objects.count() == 135


def test_deleted_customer_is_not_edited(as_ada: Client, ana: Customer) -> None:
    sent = opened(as_ada)
    deleting.delete_customer(customer=ana, actor=ADA, at=NOON)

    plain, part = as_ada.post(URL, {**sent, "location": "Porto"}), as_ada.get(URL, headers=HTMX)

    assert plain["Location"] == "/acme/customers/1/"
    assert part["HX-Redirect"] == "/acme/customers/1/"
    ana.refresh_from_db()
    assert ana.location == ""


def test_discounts_source_and_registration_are_shown_and_not_typed(as_ada: Client, ana: Customer) -> None:
    Customer.objects.update(cumulative_discount="7.50", reference="CRM-17", supposed_sex="female")

    page = as_ada.get(URL).content.decode()

    assert "7.5 %" in page
    assert "CRM-17" in page
    assert "Registration date" in page
    assert "Supposed from the name: Female." in page
    assert not {"cumulative_discount", "reference", "created_at", "supposed_sex"} & set(read_form(page, "editing"))


def test_edit_mode_of_many_things_asks_no_more_often(as_ada: Client, ana: Customer) -> None:
    as_ada.get(URL)
    with CaptureQueriesContext(connection) as few:
        as_ada.get(URL)
    for number in range(30):
        make_contact(ana, f"ana{number}@post.example", position=number)
        make_contact(ana, f"+3519123456{number:02}", ContactKind.PHONE, position=number)
    tag_customer(customer=ana, add=[f"tag {number}" for number in range(30)], actor=ADA)

    with CaptureQueriesContext(connection) as many:
        as_ada.get(URL)

    # One more asks who else holds the contacts.
    assert len(many) <= len(few) + 1


def test_who_changed_the_profile_meanwhile_is_told(
    as_ada: Client, as_bela: Client, cleo_finds_nothing: Callable[..., None], ana: Customer
) -> None:
    page = as_ada.get(URL).content.decode()
    found = re.search(r'hx-get="(/acme/customers/1/edit/meanwhile/\?since=\d+)"', page)
    assert found
    since = found[1]
    as_ada.post(URL, {**opened(as_ada), "location": "Porto"})
    before = as_ada.get(since).content.decode()
    as_bela.post(URL, {**opened(as_bela), "location": "Lisbon", "tags": "tea"})

    assert "changed this profile meanwhile" not in before
    assert "<bdi>Bela</bdi> changed this profile meanwhile" in as_ada.get(since).content.decode()
    assert "<bdi>Ada</bdi> changed this profile meanwhile" in as_bela.get(since).content.decode()
    later = int((clock.now() + timedelta(minutes=1)).timestamp() * 1000)
    assert "meanwhile." not in as_ada.get("/acme/customers/1/edit/meanwhile/", {"since": later}).content.decode()
    assert as_ada.get("/acme/customers/1/edit/meanwhile/", {"since": "now"}).status_code == 400
    cleo_finds_nothing("/customers/1/edit/meanwhile/", since="0")


def test_tags_are_offered_to_whose_they_are(
    as_ada: Client, cleo_finds_nothing: Callable[..., None], as_cleo: Client, ana: Customer
) -> None:
    tag_customer(customer=ana, add=["tea"], actor=ADA)

    assert 'value="tea"' in as_ada.get("/acme/customers/tags/", {"q": "T"}).content.decode()
    assert "tea" not in as_ada.get("/acme/customers/tags/", {"q": "coffee"}).content.decode()
    assert as_cleo.get("/acme/customers/tags/", {"q": "t"}).status_code == 404
    assert "tea" not in as_cleo.get("/globex/customers/tags/", {"q": "t"}).content.decode()
    cleo_finds_nothing("/customers/1/edit/")
    cleo_finds_nothing("/customers/1/edit/", "post", location="Porto")
