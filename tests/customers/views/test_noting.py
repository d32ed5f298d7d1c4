"""The note on the page: reading, saving, losing a race."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.models import Customer, CustomerNote, NoteDraft
from customers.services import editing, noting
from tests.customers.actors import BELA, NOON, STORE

HTMX = {"HX-Request": "true"}
NOTE = "/acme/customers/1/note/"

pytestmark = pytest.mark.usefixtures("ana")


def read(acme: Tenant) -> CustomerNote:
    with tenant_scope(acme):
        note: CustomerNote = CustomerNote.objects.get()
        return note


def save_first(ana: Customer) -> None:
    with tenant_scope(ana.tenant):
        noting.save_note(customer=ana, text="Call after six", based_on=0, actor=BELA, at=NOON)


def test_note_answers_its_own_form_to_htmx(as_ada: Client, ana: Customer) -> None:
    save_first(ana)

    page = as_ada.get(NOTE, headers=HTMX).content.decode()

    assert "Call after six</textarea>" in page
    assert 'name="version" value="1"' in page
    assert 'data-live="customer-1-note"' in page
    assert "<html" not in page


def test_note_without_htmx_leads_to_the_customer(as_ada: Client) -> None:
    assert as_ada.get(NOTE).headers["Location"] == "/acme/customers/1/"


def test_note_save_answers_the_new_version(as_ada: Client, acme: Tenant) -> None:
    response = as_ada.post(NOTE, {"text": "Call after six\r\n", "version": "0"}, headers=HTMX)

    assert response.status_code == 200
    assert 'name="version" value="1"' in response.content.decode()
    assert (read(acme).text, read(acme).author_name) == ("Call after six", "Ada")


def test_note_save_upon_an_old_version_shows_both_texts(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    save_first(ana)

    response = as_ada.post(NOTE, {"text": "Hates calls", "version": "0"}, headers=HTMX)

    page = response.content.decode()
    assert response.status_code == 200  # kept, so no error: note_saving.js swaps what it gets
    assert "Call after six</textarea>" in page
    assert "Hates calls" in page
    assert "/acme/customers/1/note/drafts/" in page
    assert read(acme).version == 1


def test_note_save_without_scripts_returns_to_the_page_it_stood_on(as_ada: Client, acme: Tenant) -> None:
    came_from = {"Referer": "http://testserver/acme/tickets/?view=mine"}

    response = as_ada.post(NOTE, {"text": "Call after six", "version": "0"}, headers=came_from)

    assert response.headers["Location"] == "/acme/tickets/?view=mine"
    assert read(acme).text == "Call after six"


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://evil.example/acme/",
        "//evil.example/",
        "http://testserver//evil.example/",
        "http://testserver/acme/customers/1/note/",
    ],
)
def test_note_save_never_leads_elsewhere(as_ada: Client, referer: str) -> None:
    response = as_ada.post(NOTE, {"text": "Hello", "version": "0"}, headers={"Referer": referer})

    assert response.headers["Location"] == "/acme/customers/1/"


def test_note_save_without_scripts_says_that_somebody_was_first(as_ada: Client, ana: Customer) -> None:
    save_first(ana)

    response = as_ada.post(NOTE, {"text": "Hates calls", "version": "0"}, follow=True)

    page = response.content.decode()
    assert "Your text is kept beside it." in page
    assert "Hates calls" in page


@pytest.mark.parametrize(
    "data", [{"text": "x" * 100_001, "version": "0"}, {"text": "x"}, {"text": "x", "version": "-1"}]
)
def test_note_save_refused_keeps_what_was_typed(as_ada: Client, acme: Tenant, data: dict[str, str]) -> None:
    for headers in (HTMX, {}):
        response = as_ada.post(NOTE, data, headers=headers)

        assert response.status_code == 422
        page = response.content.decode()
        assert f"{data['text']}</textarea>" in page
        assert "100,000 characters" in page or "version is missing" in page
    with tenant_scope(acme):
        assert not CustomerNote.objects.exists()


def test_note_escapes_what_people_write(as_ada: Client) -> None:
    text = "</textarea><script>alert(1)</script>"

    page = as_ada.post(NOTE, {"text": text, "version": "0"}, headers=HTMX).content.decode()

    assert "<script>" not in page


def test_note_keeps_a_first_line_that_is_empty(as_ada: Client) -> None:
    as_ada.post(NOTE, {"text": "\nCall", "version": "0"}, headers=HTMX)

    # Browsers drop one line feed at the start of a textarea.
    assert ">\n\nCall</textarea>" in as_ada.get(NOTE, headers=HTMX).content.decode()


def test_note_editing_shows_to_others_until_the_save(
    as_ada: Client, as_bela: Client, ana: Customer, acme: Tenant
) -> None:
    assert as_bela.post("/acme/customers/1/note/editing/").status_code == 204

    assert "Bela is editing this note" in as_ada.get(NOTE, headers=HTMX).content.decode()
    assert "editing this note" not in as_bela.get(NOTE, headers=HTMX).content.decode()
    as_bela.post(NOTE, {"text": "Call", "version": "0"}, headers=HTMX)
    with tenant_scope(acme):
        assert editing.read_editors(customer=ana) == ()


def test_note_left_as_it_was_is_no_longer_edited(as_ada: Client, as_bela: Client) -> None:
    as_bela.post("/acme/customers/1/note/editing/", {"done": ""})
    assert "Bela is editing this note" in as_ada.get(NOTE, headers=HTMX).content.decode()

    as_bela.post("/acme/customers/1/note/editing/", {"done": "yes"})

    assert "editing this note" not in as_ada.get(NOTE, headers=HTMX).content.decode()


def test_note_needs_the_form_token(ada: Membership) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ada.user)

    assert strict.post(NOTE, {"text": "Call", "version": "0"}).status_code == 403


def test_note_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], acme: Tenant) -> None:
    cleo_finds_nothing("/customers/1/note/")
    cleo_finds_nothing("/customers/1/note/", "post", text="Mine", version="0")
    cleo_finds_nothing("/customers/1/note/editing/", "post")

    with tenant_scope(acme):
        assert not CustomerNote.objects.exists()


@pytest.fixture
def draft(ana: Customer, acme: Tenant) -> NoteDraft:
    save_first(ana)
    with tenant_scope(acme):
        saved = noting.save_note(customer=ana, text="Hates calls", based_on=0, actor=BELA, at=NOON)
    assert saved.draft
    return saved.draft


def test_settling_answers_the_note_as_it_is_now(as_ada: Client, draft: NoteDraft, acme: Tenant) -> None:
    url = f"/acme/customers/1/note/drafts/{draft.pk}/settle/"

    page = as_ada.post(url, {"choice": "mine", "version": "1"}, headers=HTMX).content.decode()

    assert "Hates calls</textarea>" in page
    assert "/settle/" not in page
    assert read(acme).version == 2


def test_settling_twice_says_that_a_colleague_was_faster(as_ada: Client, draft: NoteDraft, acme: Tenant) -> None:
    url = f"/acme/customers/1/note/drafts/{draft.pk}/settle/"
    as_ada.post(url, {"choice": "theirs", "version": "1"}, headers=HTMX)

    again = as_ada.post(url, {"choice": "mine", "version": "1"}, headers=HTMX).content.decode()

    assert "A colleague settled this a moment ago." in again
    assert read(acme).text == "Call after six"


def test_settling_shows_both_when_somebody_saved_meanwhile(
    as_ada: Client, ana: Customer, draft: NoteDraft, acme: Tenant
) -> None:
    url = f"/acme/customers/1/note/drafts/{draft.pk}/settle/"
    assert 'name="version" value="1"' in as_ada.get("/acme/customers/1/").content.decode().partition(url)[2]
    with tenant_scope(acme):
        noting.save_note(customer=ana, text="Moved to Porto", based_on=1, actor=BELA, at=NOON)

    page = as_ada.post(url, {"choice": "mine", "version": "1"}, headers=HTMX).content.decode()

    assert "Bela saved another note meanwhile. It is shown now: choose once more." in page
    assert "Moved to Porto</textarea>" in page
    assert 'name="version" value="2"' in page.partition(url)[2]
    assert read(acme).text == "Moved to Porto"
    assert (
        "Hates calls</textarea>" in as_ada.post(url, {"choice": "mine", "version": "2"}, headers=HTMX).content.decode()
    )


def test_settling_without_scripts_returns_to_the_customer(as_ada: Client, draft: NoteDraft) -> None:
    response = as_ada.post(f"/acme/customers/1/note/drafts/{draft.pk}/settle/", {"choice": "both", "version": "1"})

    assert response.headers["Location"] == "/acme/customers/1/"


def test_settling_by_an_unknown_choice_is_refused(as_ada: Client, draft: NoteDraft) -> None:
    assert as_ada.post(f"/acme/customers/1/note/drafts/{draft.pk}/settle/", {"choice": "ours"}).status_code == 400


def test_settling_is_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], as_ada: Client, draft: NoteDraft) -> None:
    cleo_finds_nothing(f"/customers/1/note/drafts/{draft.pk}/settle/", "post", choice="mine")

    assert as_ada.post("/acme/customers/2/note/drafts/{draft.pk}/settle/").status_code == 404
    assert as_ada.post(f"/acme/customers/1/note/drafts/{2**70}/settle/", {"choice": "mine"}).status_code == 404


def test_versions_are_listed_and_restored(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    save_first(ana)
    as_ada.post(NOTE, {"text": "Hates calls", "version": "1"}, headers=HTMX)

    page = as_ada.get("/acme/customers/1/note/versions/").content.decode()
    assert page.index("Hates calls") < page.index("Call after six")
    assert page.count("/restore/") == 1

    response = as_ada.post("/acme/customers/1/note/versions/1/restore/")
    assert response.headers["Location"] == "/acme/customers/1/"
    assert (read(acme).text, read(acme).version) == ("Call after six", 3)


def test_versions_are_a_pop_up_that_restores_and_stays(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    save_first(ana)
    as_ada.post(NOTE, {"text": "Hates calls", "version": "1"}, headers=HTMX)

    popup = as_ada.get("/acme/customers/1/note/versions/", headers=HTMX).content.decode()
    assert "<html" not in popup
    assert 'hx-post="/acme/customers/1/note/versions/1/restore/"' in popup

    answer = as_ada.post("/acme/customers/1/note/versions/1/restore/", headers=HTMX).content.decode()
    assert "Version 3" in answer
    assert 'hx-swap-oob="morph"' in answer and "Call after six</textarea>" in answer
    assert "Version 1 of the note is restored." in answer


def test_versions_say_who_wrote_them_and_by_what_way(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    save_first(ana)
    with tenant_scope(acme):
        noting.save_note(customer=ana, text="From the shop", based_on=1, actor=STORE, at=NOON)

    page = as_ada.get("/acme/customers/1/note/versions/").content.decode()

    assert f"<bdi>{STORE.name}</bdi> (store)" in page
    assert "<bdi>Bela</bdi>" in page


@pytest.mark.parametrize("version", [9, 2**40])
def test_versions_that_never_were_are_not_restored(as_ada: Client, version: int) -> None:
    assert as_ada.post(f"/acme/customers/1/note/versions/{version}/restore/").status_code == 404


def test_versions_are_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], ana: Customer) -> None:
    save_first(ana)

    cleo_finds_nothing("/customers/1/note/versions/")
    cleo_finds_nothing("/customers/1/note/versions/1/restore/", "post")
