"""Merging two tickets, and undoing it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event
from files.services.storing import store
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_tag, make_ticket
from tickets.models import Draft, DraftFile, Message, Participant, Ticket, TicketTag
from tickets.services import closing, merging, timelining, unmerging
from tickets.services.searching import search

NOW = timezone.now()


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def make_pair() -> tuple[Ticket, Ticket]:
    """The target's messages surround the source's."""
    inbox = make_inbox()
    into, source = make_ticket(inbox, subject="Order"), make_ticket(inbox, subject="Order, again")
    make_message(into, "first", created_at=NOW - timedelta(hours=4))
    make_message(source, "second", created_at=NOW - timedelta(hours=3))
    make_message(into, "third", "out", created_at=NOW - timedelta(hours=2))
    make_message(source, "fourth", created_at=NOW - timedelta(hours=1))
    return source, into


def merge(source: Ticket, into: Ticket, by: Membership) -> Ticket:
    return merging.merge_tickets(source=source, into=into, actor=by.as_actor(), at=timezone.now())


def texts(ticket: Ticket) -> list[str]:
    return [one.message.text for one in timelining.read_timeline(ticket=ticket) if one.message]


def test_merge_moves_messages_and_reads_by_time(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()

    merge(source, into, ada)

    assert texts(into) == ["first", "second", "third", "fourth"]
    moved = Message.objects.filter(ticket=into, origin=source).in_order()
    assert [(one.number, one.origin_number) for one in moved] == [(3, 1), (4, 2)]
    source = fresh(source)
    assert (source.merged_into, source.is_closed, source.is_snoozed) == (into, True, False)
    assert (source.closed_at is not None, Message.objects.filter(ticket=source).exists()) == (True, False)


def test_merge_recounts_the_target(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()

    merge(source, into, ada)

    into = fresh(into)
    assert (into.message_count, into.preview, into.awaits_reply) == (4, "fourth", True)
    assert into.last_message_at == NOW - timedelta(hours=1)
    assert into.first_replied_at == NOW - timedelta(hours=2)


def test_merge_ignores_internal_notes_for_the_preview(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    make_message(source, "among us", "note")

    merge(source, into, ada)

    assert fresh(into).preview == "fourth"


def test_merge_joins_people_and_tags(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    both, theirs = make_tag("both"), make_tag("theirs")
    for ticket, tag in ((source, both), (source, theirs), (into, both)):
        TicketTag.objects.create(ticket=ticket, tag=tag)
    Participant.objects.create(ticket=into, address="ana@shopper.example")
    Participant.objects.create(ticket=source, address="ana@shopper.example", has_written=True)
    Participant.objects.create(ticket=source, address="ben@shopper.example")

    merge(source, into, ada)

    people = Participant.objects.filter(ticket=into).order_by("address")
    assert [(one.address, one.has_written) for one in people] == [
        ("ana@shopper.example", True),
        ("ben@shopper.example", False),
    ]
    assert {one.tag_id for one in TicketTag.objects.filter(ticket=into)} == {both.pk, theirs.pk}


def test_merge_keeps_drafts_and_their_files(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    source, into = make_pair()
    words = {"kind": "reply", "updated_at": NOW}
    Draft.objects.create(ticket=source, member=ada, html="<p>only there</p>", **words)
    here = Draft.objects.create(ticket=into, member=bela, html="<p>here</p>", **words)
    there = Draft.objects.create(ticket=source, member=bela, html="<p>there</p>", **words)
    file = store(name="a.txt", content_type="text/plain", content=b"a")
    for draft in (here, there):
        DraftFile.objects.create(draft=draft, file=file)
    DraftFile.objects.create(draft=there, file=store(name="b.txt", content_type="text/plain", content=b"b"))

    merge(source, into, ada)

    drafts = {one.member_id: one for one in Draft.objects.filter(ticket=into)}
    assert drafts[ada.pk].html == "<p>only there</p>"
    assert (drafts[bela.pk].html, drafts[bela.pk].version) == ("<p>here</p><p>there</p>", 1)
    assert sorted(one.file.name for one in DraftFile.objects.filter(draft=here)) == ["a.txt", "b.txt"]


def test_merge_opens_a_closed_target_of_an_open_ticket(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    closing.close_ticket(ticket=into, actor=ada.as_actor(), at=NOW)

    merge(source, into, ada)
    assert fresh(into).is_open

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())
    assert fresh(into).is_closed


def test_merge_refuses_what_would_turn_in_circles(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    third = make_ticket(into.inbox)
    with pytest.raises(merging.SameTicket):
        merge(source, source, ada)
    merge(source, into, ada)

    for one, other in ((source, into), (into, source), (source, third), (third, source)):
        with pytest.raises(merging.AlreadyMerged):
            merge(one, other, ada)


def test_timeline_of_the_target_shows_what_happened_on_the_source(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    closing.close_ticket(ticket=source, actor=ada.as_actor(), at=NOW)

    merge(source, into, ada)

    events = [one.event for one in timelining.read_timeline(ticket=into) if one.event]
    assert [one.type for one in events] == ["ticket.closed", "ticket.merged"]
    assert [one.type for one in Event.objects.for_ticket(source.pk).order_by("pk")][-1] == "ticket.merged_away"


def test_unmerge_puts_everything_back(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    ours, theirs = make_tag("ours"), make_tag("theirs")
    TicketTag.objects.create(ticket=into, tag=ours)
    TicketTag.objects.create(ticket=source, tag=theirs)
    Participant.objects.create(ticket=into, address="ana@shopper.example")
    Participant.objects.create(ticket=source, address="ana@shopper.example", has_written=True)
    Participant.objects.create(ticket=source, address="ben@shopper.example")
    merge(source, into, ada)

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())

    source, into = fresh(source), fresh(into)
    assert (texts(source), texts(into)) == (["second", "fourth"], ["first", "third"])
    assert [one.number for one in Message.objects.filter(ticket=source).in_order()] == [1, 2]
    assert not Message.objects.filter(origin__isnull=False).exists()
    assert (source.is_open, source.merged_into, source.preview, into.preview) == (True, None, "fourth", "third")
    assert (source.awaits_reply, into.awaits_reply) == (True, False)
    people = Participant.objects.filter(ticket=into)
    assert [(one.address, one.has_written) for one in people] == [("ana@shopper.example", False)]
    assert [one.tag_id for one in TicketTag.objects.filter(ticket=into)] == [ours.pk]
    unmerged = Event.objects.filter(type="ticket.unmerged").order_by("ticket_id")
    assert [(one.ticket_id, one.data) for one in unmerged] == sorted(
        [(source.pk, {"other": into.number, "messages": 2}), (into.pk, {"other": source.number, "messages": 2})]
    )


def test_unmerge_leaves_what_was_said_since(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    merge(source, into, ada)
    make_message(fresh(into), "since", author_address="ben@shopper.example")

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())

    assert texts(into) == ["first", "third", "since"]


def test_unmerge_of_a_closed_ticket_leaves_it_closed(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    closing.close_ticket(ticket=source, actor=ada.as_actor(), at=NOW)
    merge(source, into, ada)

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())

    assert (fresh(source).is_closed, fresh(source).closed_at, fresh(into).is_open) == (True, NOW, True)


def test_unmerge_twice_is_refused(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    merge(source, into, ada)
    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())

    with pytest.raises(unmerging.NotMerged):
        unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())


def test_chain_of_merges_comes_apart_in_any_order(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    last = make_ticket(into.inbox)
    make_message(last, "fifth")
    Participant.objects.create(ticket=source, address="ana@shopper.example", has_written=True)
    merge(source, into, ada)
    merge(fresh(into), last, ada)
    assert texts(last) == ["first", "second", "third", "fourth", "fifth"]
    assert fresh(source).where_messages_go() == last

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())
    assert (texts(source), texts(last)) == (["second", "fourth"], ["first", "third", "fifth"])
    assert not Participant.objects.exclude(ticket=source).exists()

    unmerging.unmerge_ticket(ticket=into, actor=ada.as_actor())
    assert (texts(into), texts(last)) == (["first", "third"], ["fifth"])


def test_unmerging_the_middle_takes_along_what_was_merged_into_it(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    last = make_ticket(into.inbox)
    make_message(last, "fifth")
    merge(source, into, ada)
    merge(fresh(into), last, ada)

    unmerging.unmerge_ticket(ticket=into, actor=ada.as_actor())
    assert (texts(into), texts(last)) == (["first", "second", "third", "fourth"], ["fifth"])

    unmerging.unmerge_ticket(ticket=source, actor=ada.as_actor())
    assert (texts(source), texts(into)) == (["second", "fourth"], ["first", "third"])


def test_merged_ticket_is_nobodys_to_answer(in_acme: Tenant, ada: Membership) -> None:
    from tickets import rules

    source, into = make_pair()
    merge(source, into, ada)

    assert not rules.can_reply(ada, fresh(source))
    assert rules.can_reply(ada, fresh(into))
    assert list(Ticket.objects.unmerged()) == [into]


def test_customer_of_the_target_stays(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    ana, ben = make_customer("Ana"), make_customer("Ben")
    Ticket.objects.filter(pk=source.pk).update(customer=ana)
    Ticket.objects.filter(pk=into.pk).update(customer=ben)

    merge(source, into, ada)

    assert (fresh(source).customer, fresh(into).customer) == (ana, ben)


def test_merged_ticket_is_found_under_its_target(in_acme: Tenant, ada: Membership) -> None:
    source, into = make_pair()
    Ticket.objects.filter(pk=source.pk).update(subject="Broken lamp")
    merge(source, into, ada)

    for words in (f"#{source.number}", "lamp", "fourth"):
        assert list(search(Ticket.objects.all(), words)) == [into], words
