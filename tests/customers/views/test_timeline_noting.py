"""Notes on a customer's timeline, from the page."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from customers.forms.timeline_noting import rich_text_of
from customers.models import Customer, TimelineNote
from customers.services import timeline_noting
from tests.customers.actors import ADA

NOTES = "/acme/customers/1/notes/"
PAGE = "/acme/customers/1/?tab=notes"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def note(ana: Customer, acme: Tenant) -> TimelineNote:
    with tenant_scope(acme):
        return timeline_noting.add_timeline_note(customer=ana, html="Likes <b>oak</b>", actor=ADA, at=clock.now())


def kept(acme: Tenant) -> list[str]:
    with tenant_scope(acme):
        return list(TimelineNote.objects.kept().order_by("number").values_list("html", flat=True))


def test_plain_form_keeps_a_note_and_shows_it(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    answer = as_ada.post(NOTES, {"text": "Likes <oak>\nand elm"})

    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    assert kept(acme) == ["<p>Likes &lt;oak&gt;<br>and elm</p>"]
    assert "Likes &lt;oak&gt;<br>and elm" in as_ada.get(PAGE).content.decode()


def test_plain_text_becomes_paragraphs_lines_and_links() -> None:
    made = rich_text_of("One <b>\ntwo\n\n  \nhttps://shop.example/a.\n")

    assert made == (
        "<p>One &lt;b&gt;<br>two</p>"
        '<p><a href="https://shop.example/a" rel="nofollow noopener noreferrer" target="_blank">'
        "https://shop.example/a</a>.</p>"
    )
    assert rich_text_of(" \n\n ") == ""


def test_editor_keeps_formatting_and_begins_anew(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    answer = as_ada.post(NOTES, {"html": "<div>Likes <b>oak</b><script>x</script></div>"}, headers=HTMX)

    page = answer.content.decode()
    assert kept(acme) == ["<div>Likes <b>oak</b></div>"]
    assert 'id="customer-1-timeline-note-form"' in page
    assert 'hx-swap-oob="true"' in page
    assert " autofocus " in page
    assert "Likes <b>oak</b>" in page


@pytest.mark.parametrize(
    ("typed", "why"), [("", "Write something first."), ("x" * 100_001, "A note has at most 100,000 characters.")]
)
def test_refused_note_stands_there_again(as_ada: Client, ana: Customer, acme: Tenant, typed: str, why: str) -> None:
    for headers in ({}, HTMX):
        answer = as_ada.post(NOTES, {"text": typed}, headers=headers)

        page = answer.content.decode()
        assert (answer.status_code, kept(acme)) == (422, [])
        assert why in page
        assert f"{typed}</textarea>" in page


def test_note_shows_author_time_and_bin(as_ada: Client, note: TimelineNote) -> None:
    page = as_ada.get(NOTES, headers=HTMX).content.decode()

    assert "<html" not in page
    for words in ("Likes <b>oak</b>", ">Ada<", "<time ", 'aria-label="Delete the note of Ada"'):
        assert words in page


def test_tab_is_a_page_without_scripts(as_ada: Client, note: TimelineNote) -> None:
    page = as_ada.get(NOTES).content.decode()

    assert "<html" in page
    assert "Likes <b>oak</b>" in page


def test_older_notes_are_asked_for(as_ada: Client, ana: Customer, acme: Tenant) -> None:
    with tenant_scope(acme):
        for number in range(25):
            timeline_noting.add_timeline_note(customer=ana, html=f"Note {number}.", actor=ADA, at=clock.now())

    newest = as_ada.get(NOTES, headers=HTMX).content.decode()
    older = as_ada.get(f"{NOTES}?before=6", headers=HTMX).content.decode()

    assert "Note 5." in newest and "Note 4." not in newest
    assert f"{NOTES}?before=6" in newest
    assert f"{NOTES}?since=6" in newest
    assert "Note 4." in older and "Note 5." not in older and "data-live" not in older
    assert "Note 4." in as_ada.get(f"{NOTES}?before=6").content.decode()
    assert as_ada.get(f"{NOTES}?before=x&since={2**70}").status_code == 200


def test_deleted_note_goes_and_comes_back(as_ada: Client, note: TimelineNote, acme: Tenant) -> None:
    answer = as_ada.post(f"{NOTES}1/delete/", headers=HTMX)

    assert kept(acme) == []
    assert f'action="{NOTES}1/restore/"' in answer.content.decode()
    assert as_ada.post(f"{NOTES}1/restore/")["Location"] == PAGE
    assert kept(acme) == ["Likes <b>oak</b>"]
    assert as_ada.post(f"{NOTES}1/delete/")["Location"] == PAGE
    assert kept(acme) == []


def test_note_of_another_customer_is_not_found(as_ada: Client, note: TimelineNote, acme: Tenant) -> None:
    assert as_ada.post(f"{NOTES}2/delete/").status_code == 404
    assert as_ada.post(f"{NOTES}{2**70}/restore/").status_code == 404
    assert as_ada.get(f"{NOTES}1/delete/").status_code == 405


def test_notes_are_nothing_to_cleo(cleo_finds_nothing: Callable[..., None], note: TimelineNote, acme: Tenant) -> None:
    cleo_finds_nothing("/customers/1/notes/")
    cleo_finds_nothing("/customers/1/notes/", "post", text="Hello")
    cleo_finds_nothing("/customers/1/notes/1/delete/", "post")
    cleo_finds_nothing("/customers/1/notes/1/restore/", "post")
    assert kept(acme) == ["Likes <b>oak</b>"]
