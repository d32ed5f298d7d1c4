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

    assert list(timeline_noting.read_timeline_notes(customer=customer)) == [other]
    assert TimelineNote.objects.get(pk=note.pk).deleted_by == bela.name
    assert Event.objects.filter(type="customer.timeline_note_deleted").count() == 1


@pytest.mark.parametrize("html", ["", " <p> </p>", "<script>alert(1)</script>", "<img src=x>"])
def test_note_without_words_is_refused(customer: Customer, bela: Membership, html: str) -> None:
    with pytest.raises(timeline_noting.EmptyNote):
        add(customer, bela, html)


def test_notes_are_read_newest_first_in_parts(customer: Customer, bela: Membership) -> None:
    notes = [add(customer, bela, f"Note {number}") for number in range(5)]

    first = timeline_noting.read_timeline_notes(customer=customer, size=2)
    second = timeline_noting.read_timeline_notes(customer=customer, before=first.older, size=9)

    assert [*first, *second] == notes[::-1]
    assert second.older is None


def test_list_that_is_drawn_anew_is_as_long_as_it_was(customer: Customer, bela: Membership) -> None:
    notes = [add(customer, bela, f"Note {number}") for number in range(5)]
    known = timeline_noting.read_timeline_notes(customer=customer, size=2)
    fresh = [add(customer, bela, "Six"), add(customer, bela, "Seven")]

    again = timeline_noting.read_timeline_notes(customer=customer, since=known.since, size=2)

    assert list(again) == [*fresh[::-1], *notes[:2:-1]]
    assert again.older == known.older


def test_list_that_is_drawn_anew_takes_nothing_from_what_stands_below_it(customer: Customer, bela: Membership) -> None:
    notes = [add(customer, bela, f"Note {number}") for number in range(5)]
    known = timeline_noting.read_timeline_notes(customer=customer, size=2)
    for note in notes[3:]:
        timeline_noting.delete_timeline_note(note=note, actor=bela.as_actor(), at=timezone.now())

    again = timeline_noting.read_timeline_notes(customer=customer, since=known.since, size=2)

    assert (list(again), again.older) == ([], notes[3].number)


def test_oldest_note_that_is_put_back_is_drawn_again(customer: Customer, bela: Membership) -> None:
    oldest, newest = add(customer, bela, "One"), add(customer, bela, "Two")
    timeline_noting.delete_timeline_note(note=oldest, actor=bela.as_actor(), at=timezone.now())
    known = timeline_noting.read_timeline_notes(customer=customer)
    timeline_noting.restore_timeline_note(note=oldest, actor=bela.as_actor(), at=timezone.now())

    again = timeline_noting.read_timeline_notes(customer=customer, since=known.since)

    assert (list(again), again.older) == ([newest, oldest], None)


def test_formatting_is_that_of_the_editor(customer: Customer, bela: Membership) -> None:
    """Neither styles nor pictures of strangers, which the page's policy would refuse or the other side would see."""
    note = add(
        customer, bela, '<div class="x" style="color:red">One <img src="https://x.example/1.gif"><i>two</i></div>'
    )

    assert note.html == "<div>One <i>two</i></div>"
