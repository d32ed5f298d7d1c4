"""What the card shows, and for how many questions."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.services.preferring import prefer
from customers.kinds import ContactKind, DraftChoice, Evidence, NoteSync, Subscription
from customers.models import Contact, Customer, CustomerSource, CustomerTag, NoteDraft
from customers.services import contacting, editing, noting, settling
from customers.services.reading import SHOWS_MORE, Badge, Profile, read_note_card, read_presence, read_profile
from customers.services.seeing import see
from tests.customers.actors import ADA, BELA, NOON, STORE
from tests.factories.customers import make_contact, make_customer


@pytest.fixture
def customer(in_acme: Tenant) -> Customer:
    return make_customer()


def read(customer: Customer, **changes: Any) -> Profile:
    return read_profile(customer=customer, at=changes.get("at", NOON), reader=changes.get("reader"))


def add(customer: Customer, typed: str, kind: ContactKind = ContactKind.EMAIL, tag: str = "") -> None:
    contacting.add_contact(customer=customer, kind=kind, typed=typed, actor=ADA, tag=tag)


def test_read_profile_of_a_bare_customer(customer: Customer) -> None:
    profile = read(customer)

    assert profile.customer == customer
    assert (profile.note.text, profile.note.version, profile.note.updated_at, profile.note.badge) == ("", 0, None, None)
    assert (profile.emails, profile.phones, profile.handles, profile.local_time) == ((), (), (), None)
    assert profile.presence.state == "never"


def test_read_profile_shows_contacts_as_people_read_them(customer: Customer) -> None:
    add(customer, "Ana@Post.example")
    add(customer, "ana@work.example")
    add(customer, "+12025550123 ext 9", ContactKind.PHONE, "mobile")
    add(customer, "@ana", ContactKind.HANDLE, "twitter")

    profile = read(customer)

    assert [line.value for line in profile.emails] == ["Ana@Post.example", "ana@work.example"]
    assert [line.is_primary for line in profile.emails] == [True, False]
    assert [(line.value, line.tag) for line in profile.phones] == [("+1 202-555-0123 ext. 9", "Mobile")]
    assert [(line.value, line.tag) for line in profile.handles] == [("@ana", "Twitter")]


def test_read_profile_names_who_else_holds_a_contact(customer: Customer) -> None:
    other, third = make_customer("Bruno"), make_customer("Carla")
    add(customer, "ana@post.example")
    add(customer, "ana@work.example")
    for holder in (other, third):
        make_contact(holder, "ana@work.example")

    held = {line.value: line.also_held_by for line in read(customer).emails}

    assert held == {"ana@post.example": (), "ana@work.example": (other, third)}


def test_read_profile_shows_marks_of_a_contact(customer: Customer) -> None:
    make_contact(customer, "ana@post.example", verified_at=NOON)
    contacting.mark_bounced(kind=ContactKind.EMAIL, value="ana@post.example", at=NOON)

    (line,) = read(customer).emails

    assert (line.is_verified, line.is_bounced, line.is_shared) == (True, True, False)


def test_read_profile_shows_the_note_with_its_unsettled_drafts(customer: Customer) -> None:
    noting.save_note(customer=customer, text="Call after six", based_on=0, actor=ADA, at=NOON)
    saved = [
        noting.save_note(customer=customer, text=text, based_on=0, actor=BELA, at=NOON) for text in ("Old", "Late")
    ]
    assert saved[0].draft
    settling.settle_draft(draft=saved[0].draft, choice=DraftChoice.THEIRS, based_on=1, actor=ADA, at=NOON)

    note = read(customer).note

    assert (note.text, note.version, note.updated_at, note.updated_by) == ("Call after six", 1, NOON, "Ada")
    assert [(draft.text, draft.author_name) for draft in note.drafts] == [("Late", "Bela")]


@pytest.mark.parametrize(
    ("state", "detail", "badge"),
    [
        (NoteSync.OFF, "", None),
        (NoteSync.IN_SYNC, "", Badge("in_sync", "In sync", "The store has the same text.")),
        (NoteSync.FAILED, "Token revoked", Badge("failed", "Failed", "Token revoked")),
        (NoteSync.BLOCKED, "Two stores: A, B", Badge("blocked", "Blocked", "Two stores: A, B")),
    ],
)
def test_note_badge_says_how_the_note_stands(
    customer: Customer, state: NoteSync, detail: str, badge: Badge | None
) -> None:
    noting.mark_sync(customer=customer, state=state, detail=detail, text_limit=5000)

    note = read_note_card(customer=customer)

    assert (note.badge, note.limit) == (badge, 5000)


def test_note_names_editors_but_not_the_reader(customer: Customer, ada: Membership, bela: Membership) -> None:
    editing.start_editing(customer=customer, agent=bela)

    assert read(customer, reader=ada).note.editors == ("Bela",)
    assert read(customer, reader=bela).note.editors == ()


@pytest.mark.parametrize(
    ("zone", "phone", "clock"),
    [
        ("Asia/Tokyo", "+12025550123", "21:00 +0900"),
        ("", "+12025550123", "07:00 -0500"),
        ("", "+351912345678", "12:00 +0000"),  # Lisbon, more likely than the Azores
        ("", "+79161234567", None),  # anywhere in Russia
        ("", "72345", None),
    ],
)
def test_local_time_is_the_customers_or_none(customer: Customer, zone: str, phone: str, clock: str | None) -> None:
    customer.time_zone = zone
    customer.save()
    add(customer, phone, ContactKind.PHONE)

    local = read(customer).local_time

    assert (f"{local:%H:%M %z}" if local else None) == clock


def test_presence_obeys_the_workspaces_cutoffs(customer: Customer) -> None:
    see(customer=customer, evidence=Evidence.PING, at=NOON)
    later = NOON + timedelta(minutes=6)
    assert read_presence(customer=customer, at=later).state == "recent"

    write_settings(values={"customers.active_seconds": 600})

    assert read_presence(customer=customer, at=later).state == "active"
    assert read(customer, at=later).presence.detail == "Seen 6 minutes ago by ping"


def fill(customer: Customer, count: int) -> None:
    for index in range(count):
        typed = f"ana{index}@post.example"
        add(customer, typed)
        make_contact(make_customer("Bruno"), typed)
        noting.save_note(customer=customer, text=f"Note {index}", based_on=0, actor=STORE, at=NOON)
    see(customer=customer, evidence=Evidence.PING, at=NOON)


def count_queries(customer: Customer) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        profile = read(customer)
    assert profile.emails
    return len(captured)


def test_read_profile_takes_five_queries_however_much_there_is(customer: Customer) -> None:
    fill(customer, 1)
    few = count_queries(customer)

    many = make_customer("Carla")
    fill(many, 3)

    assert few == count_queries(many) == 5
    assert NoteDraft.objects.count() == 2


def test_read_profile_asks_for_other_holders_only_where_there_are_any(customer: Customer) -> None:
    add(customer, "ana@post.example")
    add(customer, "ana@work.example")
    alone = count_queries(customer)

    make_contact(make_customer("Bruno"), "ana@work.example")

    assert count_queries(customer) == alone + 1


def test_read_profile_names_language_and_what_the_reader_keeps_open(customer: Customer, ada: Membership) -> None:
    customer.language = "pt-BR"
    customer.save()
    prefer(member=ada, key=SHOWS_MORE, value=True)

    assert read(customer, reader=ada).language == "Brazilian Portuguese"
    assert (read(customer, reader=ada).shows_more, read(customer).shows_more) == (True, False)


def test_read_profile_tells_tags_mailings_and_where_from(customer: Customer) -> None:
    add(customer, "ana@post.example")
    add(customer, "ana@work.example")
    Contact.objects.filter(value="ana@post.example").update(subscription=Subscription.SUBSCRIBED)
    before = count_queries(customer)
    for name in ("Zoo", "garden"):
        CustomerTag.objects.create(customer=customer, name=name, name_folded=name.casefold())
    CustomerSource.objects.create(customer=customer, source="newsletter", campaign="Spring")

    profile = read(customer)

    assert (profile.tags, profile.came_from) == (("garden", "Zoo"), ("newsletter", "Spring"))
    assert profile.subscription == "Subscribed"
    assert count_queries(customer) == before
    assert (read(make_customer("Bruno")).tags, read(make_customer("Carla")).came_from) == ((), ())


@pytest.mark.parametrize(
    ("first", "last", "fallback", "shown", "initials"),
    [
        ("", "", "", "Customer 1", "C1"),
        ("", "", "ana@post.example", "ana@post.example", "A"),
        ("Madonna", "", "", "Madonna", "M"),
        ("ليلى", "حداد", "", "ليلى حداد", "لح"),
        ("王小明", "", "", "王小明", "王"),
        ("👩🏽‍🚀", "Zoë", "", "👩🏽‍🚀 Zoë", "Z"),
        ("e\u0301lodie", "", "", "e\u0301lodie", "E\u0301"),
        ("Donau" * 19, "Dampf" * 20, "", f"{'Donau' * 19} {'Dampf' * 20}", "DD"),
    ],
)
def test_customer_has_a_name_and_initials_in_any_writing(
    customer: Customer, first: str, last: str, fallback: str, shown: str, initials: str
) -> None:
    customer.fallback_name = fallback
    customer.set_names(first=first, last=last)
    customer.save()

    known = read(customer).customer

    assert (known.display_name, known.initials) == (shown, initials)
