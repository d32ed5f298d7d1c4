"""Notes on a customer's timeline (F59, F60)."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from customers.models import Customer, TimelineNote
from customers.services import timeline_noting
from events.models import Event
from tests.factories.customers import make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def add(customer: Customer, bela: Membership, html: str) -> TimelineNote:
    return timeline_noting.add_timeline_note(customer=customer, html=html, actor=bela.as_actor(), at=timezone.now())


def test_note_is_kept_with_author_and_formatting(customer: Customer, bela: Membership) -> None:
    note = add(customer, bela, "<p>Likes <b>oak</b><script>alert(1)</script></p>")

    assert (note.html, note.text, note.author_name) == ("<p>Likes <b>oak</b></p>", "Likes oak", bela.name)
    assert Event.objects.get(type="customer.timeline_note_added").customer_id == customer.pk


def test_deleted_note_leaves_the_timeline_and_stays_in_history(customer: Customer, bela: Membership) -> None:
    note, other = add(customer, bela, "One"), add(customer, bela, "Two")

    for _ in range(2):
        timeline_noting.delete_timeline_note(note=note, actor=bela.as_actor(), at=timezone.now())

    assert timeline_noting.read_timeline_notes(customer=customer) == [other]
    assert TimelineNote.objects.get(pk=note.pk).deleted_by == bela.name
    assert Event.objects.filter(type="customer.timeline_note_deleted").count() == 1


@pytest.mark.parametrize("html", ["", " <p> </p>", "<script>alert(1)</script>", "<img src=x>"])
def test_note_without_words_is_refused(customer: Customer, bela: Membership, html: str) -> None:
    with pytest.raises(timeline_noting.EmptyNote):
        add(customer, bela, html)


def test_notes_are_read_newest_first_in_pages(customer: Customer, bela: Membership) -> None:
    notes = [add(customer, bela, f"Note {number}") for number in range(5)]

    first = timeline_noting.read_timeline_notes(customer=customer, size=2)
    second = timeline_noting.read_timeline_notes(customer=customer, before=first[-1].number, size=9)

    assert [*first, *second] == notes[::-1]
