"""Drafts: kept as one types, never silently replaced, taken when sent, had back when discarded."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from files.models import StoredFile
from files.services.storing import store
from tests.factories.tickets import make_message, make_ticket
from tickets.kinds import DraftKind
from tickets.models import Attachment, Draft, DraftFile, Recipient, Ticket
from tickets.services import attaching, carrying, discarding, drafting

NOW = timezone.now()


@pytest.fixture
def ticket(in_acme: Tenant) -> Ticket:
    return make_ticket()


def save(member: Membership, ticket: Ticket | None, html: str, version: int = 0, **words: Any) -> Draft | None:
    kind = DraftKind.REPLY if ticket else DraftKind.NEW
    words = {"to": "", "cc": "", "bcc": "", "subject": "", "inbox": None, "kind": kind, "at": NOW, **words}
    return drafting.save_draft(member=member, ticket=ticket, html=html, version=version, **words)


def add(member: Membership, ticket: Ticket, size: int = 3) -> Draft:
    class Content:
        def read(self) -> bytes:
            return b"a" * min(size, 10)

    facts: dict[str, Any] = {
        "name": "a.pdf",
        "content_type": "application/pdf",
        "content": Content(),
        "size": size,
        "at": NOW,
    }
    return attaching.add_file(member=member, ticket=ticket, kind=DraftKind.REPLY, **facts)


def test_draft_is_kept_and_read_by_its_member_only(bela: Membership, ada: Membership, ticket: Ticket) -> None:
    save(bela, ticket, "<div>Hello</div>", cc="boss@writer.example")

    found = drafting.read_drafts(member=bela, ticket=ticket)
    assert (found[DraftKind.REPLY].html, found[DraftKind.REPLY].cc) == ("<div>Hello</div>", "boss@writer.example")
    assert drafting.read_drafts(member=ada, ticket=ticket) == {}
    assert drafting.tickets_with_draft(member=bela, tickets=[ticket]) == {ticket.pk}
    assert drafting.tickets_with_draft(member=ada, tickets=[ticket]) == set()


def test_draft_whose_only_file_was_removed_marks_no_ticket(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)
    assert drafting.tickets_with_draft(member=bela, tickets=[ticket]) == {ticket.pk}

    attaching.remove_file(draft=draft, key=StoredFile.objects.get().key)

    assert drafting.tickets_with_draft(member=bela, tickets=[ticket]) == set()


def test_older_window_does_not_replace_newer_words(bela: Membership, ticket: Ticket) -> None:
    first = save(bela, ticket, "first")
    assert first is not None
    second = save(bela, ticket, "second", version=first.version)
    assert second is not None

    for version in (0, first.version):
        with pytest.raises(drafting.ChangedElsewhere) as raised:
            save(bela, ticket, "from the older window", version=version)
        assert raised.value.draft is not None
        assert raised.value.draft.version == second.version
    assert drafting.read_drafts(member=bela, ticket=ticket)["reply"].html == "second"


def test_same_words_again_are_no_conflict(bela: Membership, ticket: Ticket) -> None:
    first = save(bela, ticket, "once")
    assert first is not None

    again = save(bela, ticket, "once", version=0)

    assert again is not None
    assert again.version == first.version


def test_window_that_outlived_its_draft_is_told(bela: Membership, ticket: Ticket) -> None:
    draft = save(bela, ticket, "to be sent")
    assert draft is not None
    drafting.take_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY)

    with pytest.raises(drafting.ChangedElsewhere) as raised:
        save(bela, ticket, "still typing", version=draft.version)

    assert raised.value.draft is None
    fresh = save(bela, ticket, "something new")
    assert fresh is not None
    assert fresh.version != draft.version


def test_emptied_draft_goes(bela: Membership, ticket: Ticket) -> None:
    draft = save(bela, ticket, "words")
    assert draft is not None

    assert save(bela, ticket, "<div><br></div>", version=draft.version, to="ana@shopper.example") is None
    assert not Draft.objects.exists()


def test_emptied_draft_with_a_file_stays(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)

    kept = save(bela, ticket, "", version=draft.version)

    assert kept is not None
    assert kept.files.count() == 1


def test_words_join_a_draft_that_a_file_began(bela: Membership, ticket: Ticket) -> None:
    """The file's upload and the first words of the same window are two requests."""
    add(bela, ticket)

    draft = save(bela, ticket, "words", version=0)

    assert draft is not None
    assert (draft.html, draft.files.count()) == ("words", 1)


def test_taken_draft_is_gone_and_hands_over_what_it_held(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)
    save(bela, ticket, "words", version=draft.version, to="ana@shopper.example")

    taken = drafting.take_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY)

    assert (taken.html, taken.to) == ("words", "ana@shopper.example")
    assert [one.file.name for one in taken.files] == ["a.pdf"]
    assert not Draft.objects.exists()
    assert StoredFile.objects.count() == 1
    assert drafting.take_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY) == drafting.TakenDraft()


def test_new_ticket_has_one_draft_for_each_member(bela: Membership, ada: Membership, in_acme: Tenant) -> None:
    save(bela, None, "", to="ana@shopper.example", subject="Your order")
    save(ada, None, "Other")

    found = drafting.read_draft(member=bela, ticket=None, kind=DraftKind.NEW)
    assert found is not None
    assert (found.subject, Draft.objects.count()) == ("Your order", 2)


def test_message_taken_back_becomes_a_draft_before_what_was_begun(bela: Membership, ticket: Ticket) -> None:
    save(bela, ticket, "<div>begun since</div>")
    message = make_message(ticket, "Sent <too> early", direction="out", author_member=bela)
    Recipient.objects.create(message=message, kind="to", address="ana@shopper.example")
    Recipient.objects.create(message=message, kind="cc", address="boss@shopper.example")
    file = store(name="a.pdf", content_type="application/pdf", content=b"a")
    Attachment.objects.create(message=message, file=file, position=1)

    draft = drafting.put_back(message=message)

    assert draft is not None
    assert draft.html == "<div>Sent &lt;too&gt; early</div><div>begun since</div>"
    assert (draft.to, draft.cc) == ("ana@shopper.example", "boss@shopper.example")
    assert [row.file_id for row in draft.files.all()] == [file.pk]


def test_discarded_draft_is_had_back_with_its_files(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)
    save(bela, ticket, "words", version=draft.version)

    discarding.discard_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY, at=NOW)
    assert drafting.read_drafts(member=bela, ticket=ticket) == {}
    assert drafting.take_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY) == drafting.TakenDraft()
    discarding.restore_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY)

    back = drafting.read_drafts(member=bela, ticket=ticket)["reply"]
    assert (back.html, back.files.count()) == ("words", 1)
    with pytest.raises(discarding.NothingToRestore):
        discarding.restore_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY)


def test_something_new_takes_the_place_of_a_discarded_draft(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)
    save(bela, ticket, "old", version=draft.version)
    discarding.discard_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY, at=NOW)

    fresh = save(bela, ticket, "new")

    assert fresh is not None
    assert (fresh.html, fresh.files.count(), StoredFile.objects.count()) == ("new", 0, 0)
    with pytest.raises(discarding.NothingToRestore):
        discarding.restore_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY)


def test_draft_discarded_long_ago_goes_with_its_files(bela: Membership, ticket: Ticket) -> None:
    add(bela, ticket)
    discarding.discard_draft(member=bela, ticket=ticket, kind=DraftKind.REPLY, at=NOW)
    other = make_ticket(ticket.inbox)

    later = NOW + discarding.UNDO_KEPT + timedelta(minutes=1)
    discarding.discard_draft(member=bela, ticket=other, kind=DraftKind.REPLY, at=later)

    assert not Draft.objects.exists()
    assert not StoredFile.objects.exists()


def test_limits_of_files_are_told_in_plain_words(bela: Membership, ticket: Ticket) -> None:
    for size, words in ((0, "empty"), (attaching.LARGEST_FILE + 1, "at most 20.0")):
        with pytest.raises(attaching.FileRefused, match=words):
            add(bela, ticket, size)
    assert not DraftFile.objects.exists()
    add(bela, ticket, 9)
    StoredFile.objects.update(size=attaching.LARGEST_FILE)
    with pytest.raises(attaching.FileRefused, match="Together"):
        add(bela, ticket, carrying.MOST_BYTES - attaching.LARGEST_FILE + 1)
    StoredFile.objects.update(size=1)
    for _ in range(attaching.MOST_FILES - 1):
        add(bela, ticket)
    with pytest.raises(attaching.FileRefused, match="at most 10 files"):
        add(bela, ticket)


def test_removed_file_is_forgotten_unless_a_message_has_it(bela: Membership, ticket: Ticket) -> None:
    draft = add(bela, ticket)
    add(bela, ticket)
    sent, loose = StoredFile.objects.order_by("pk")
    message = make_message(ticket, direction="out", author_member=bela)
    Attachment.objects.create(message=message, file=sent, position=1)

    for file in (sent, loose):
        attaching.remove_file(draft=draft, key=file.key)

    assert not DraftFile.objects.exists()
    assert list(StoredFile.objects.all()) == [sent]
