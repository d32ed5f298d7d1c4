"""Priority, topic, subject and tags of a ticket."""

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from events.models import Event
from tests.factories.tickets import make_inbox, make_tag, make_ticket
from tickets.kinds import Priority, Topic
from tickets.models import Tag, Ticket, TicketTag
from tickets.services import curating, labeling, prioritizing, renaming, tagging


def data(type: str) -> list[dict[str, object]]:
    return [one.data for one in Event.objects.filter(type=type).order_by("pk")]


def test_priority_is_set_and_recorded_once(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()

    for _ in range(2):
        ticket = prioritizing.set_priority(ticket=ticket, priority=Priority.URGENT, actor=bela.as_actor())

    assert ticket.priority == Priority.URGENT
    assert data("ticket.prioritized") == [{"from": 2, "to": 4}]


def test_topic_is_set_and_taken_away(in_acme: Tenant, bela: Membership) -> None:
    ticket = labeling.set_topic(ticket=make_ticket(), topic=Topic.SHIPPING, actor=bela.as_actor())
    assert ticket.topic == "shipping"

    ticket = labeling.set_topic(ticket=ticket, topic=None, actor=bela.as_actor())
    labeling.set_topic(ticket=ticket, topic=None, actor=bela.as_actor())

    assert ticket.topic == ""
    assert data("ticket.topic_set") == [{"from": "", "to": "shipping"}, {"from": "shipping", "to": ""}]


def test_rename_keeps_one_line_and_records_once(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket(subject="Old")

    for _ in range(2):
        ticket = renaming.rename_ticket(ticket=ticket, subject=" New\n one ", actor=bela.as_actor())

    assert ticket.subject == "New one"
    assert data("ticket.renamed") == [{"from": "Old", "to": "New one"}]


def test_rename_refuses_what_is_too_long(in_acme: Tenant, bela: Membership) -> None:
    with pytest.raises(renaming.TooLong):
        renaming.rename_ticket(ticket=make_ticket(), subject="x" * 501, actor=bela.as_actor())


def tag(ticket: Ticket, bela: Membership, add: list[Tag], remove: list[Tag] | None = None) -> Ticket:
    return tagging.tag_ticket(ticket=ticket, add=add, remove=remove or [], actor=bela.as_actor())


def test_tags_are_put_on_and_taken_off(in_acme: Tenant, bela: Membership) -> None:
    ticket, gift, broken = make_ticket(), make_tag("Gift"), make_tag("Broken")

    tag(ticket, bela, [gift])
    tag(ticket, bela, [gift, broken], [gift])
    tag(ticket, bela, [broken])

    assert [one.name for one in tagging.read_tags(ticket=ticket)] == ["Broken"]
    assert data("ticket.tagged") == [
        {"added": ["Gift"], "removed": []},
        {"added": ["Broken"], "removed": ["Gift"]},
    ]


def test_a_ticket_carries_twenty_tags_at_most(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    tag(ticket, bela, [make_tag(f"Tag {number}") for number in range(20)])

    with pytest.raises(tagging.TooManyTags):
        tag(ticket, bela, [make_tag("One more")])

    assert TicketTag.objects.filter(ticket=ticket).count() == 20


def test_tag_that_an_admin_deleted_meanwhile_is_not_put_on(in_acme: Tenant, bela: Membership) -> None:
    ticket, gift, broken = make_ticket(), make_tag("Gift"), make_tag("Broken")
    Tag.objects.filter(pk=gift.pk).delete()

    tag(ticket, bela, [gift, broken])

    assert [one.name for one in tagging.read_tags(ticket=ticket)] == ["Broken"]
    assert data("ticket.tagged") == [{"added": ["Broken"], "removed": []}]


def test_tag_is_found_in_any_spelling(in_acme: Tenant) -> None:
    made = tagging.find_or_make_tag(name="  Late   Parcel ")

    assert made.name == "Late Parcel"
    assert tagging.find_or_make_tag(name="LATE parcel") == made
    assert tagging.find_or_make_tag(name="Later") != made


@pytest.mark.parametrize("name", ["", "  ", "\x00\n", "x" * 51, "\ufdfa" * 10])
def test_tag_without_a_fitting_name_is_refused(in_acme: Tenant, name: str) -> None:
    with pytest.raises(tagging.BadName):
        tagging.find_or_make_tag(name=name)


def test_tags_of_another_workspace_are_not_found(in_acme: Tenant, globex: Tenant) -> None:
    ours = tagging.find_or_make_tag(name="Gift")

    with tenant_scope(globex):
        assert tagging.find_or_make_tag(name="Gift").pk != ours.pk
        assert [one.ticket_count for one in curating.list_tags()] == [0]  # type: ignore[attr-defined]  # annotated


def test_tags_are_listed_with_their_counts(in_acme: Tenant, bela: Membership) -> None:
    gift, _ = make_tag("Gift"), make_tag("Broken")
    tag(make_ticket(), bela, [gift])
    tag(make_ticket(make_inbox("sales@acme.example")), bela, [gift])

    assert [(one.name, one.ticket_count) for one in curating.list_tags()] == [("Broken", 0), ("Gift", 2)]  # type: ignore[attr-defined]  # annotated


def test_renaming_a_tag_to_a_taken_name_says_whose_it_is(in_acme: Tenant) -> None:
    gift, present = make_tag("Gift"), make_tag("Present")

    with pytest.raises(curating.NameTaken) as refusal:
        curating.edit_tag(tag=present, name="GIFT", color=3)

    assert refusal.value.other == gift
    assert curating.edit_tag(tag=present, name="PRESENT", color=3).color == 3


def test_merged_tag_is_gone_and_its_tickets_carry_the_other(in_acme: Tenant, bela: Membership) -> None:
    gift, present = make_tag("Gift"), make_tag("Present")
    first = make_ticket()
    second = make_ticket(first.inbox)
    tag(first, bela, [gift, present])
    tag(second, bela, [present])

    assert curating.merge_tags(tag=present, into=gift) == 2

    assert list(Tag.objects.all()) == [gift]
    assert {row.ticket for row in TicketTag.objects.filter(tag=gift)} == {first, second}


def test_deleted_tag_is_off_every_ticket(in_acme: Tenant, bela: Membership) -> None:
    gift, ticket = make_tag("Gift"), make_ticket()
    tag(ticket, bela, [gift])

    curating.delete_tag(tag=gift)

    assert tagging.read_tags(ticket=ticket) == []
