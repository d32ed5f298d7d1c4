"""Assigning tickets, and who may answer which inbox."""

import pytest

from accounts.models import Membership, Tenant
from events.models import Notification
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import InboxMember, Ticket
from tickets.services import assigning


def limit(member: Membership) -> None:
    member.sees_all_inboxes = False
    member.save()


def test_assignee_is_notified_once(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket()

    assigning.assign_ticket(ticket=ticket, assignee=bela, actor=ada.as_actor())
    assigning.assign_ticket(ticket=ticket, assignee=bela, actor=ada.as_actor())

    assert [one.member_id for one in Notification.objects.all()] == [bela.pk]


def test_taking_a_ticket_oneself_notifies_nobody(in_acme: Tenant, bela: Membership) -> None:
    assigning.assign_ticket(ticket=make_ticket(), assignee=bela, actor=bela.as_actor())

    assert not Notification.objects.exists()


def test_member_without_the_inbox_cannot_be_assigned(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    limit(bela)
    ticket = make_ticket()

    with pytest.raises(assigning.MayNotAnswer):
        assigning.assign_ticket(ticket=ticket, assignee=bela, actor=ada.as_actor())

    InboxMember.objects.create(inbox=ticket.inbox, member=bela)
    assert assigning.assign_ticket(ticket=ticket, assignee=bela, actor=ada.as_actor()).assignee == bela


def test_member_of_another_workspace_cannot_be_assigned(in_acme: Tenant, ada: Membership, cleo: Membership) -> None:
    with pytest.raises(assigning.MayNotAnswer):
        assigning.assign_ticket(ticket=make_ticket(), assignee=cleo, actor=ada.as_actor())


def test_agent_sees_tickets_of_own_inboxes_only(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    limit(bela)
    sales, support = make_inbox("sales@acme.example"), make_inbox("support@acme.example")
    InboxMember.objects.create(inbox=support, member=bela)
    hidden, seen = make_ticket(sales), make_ticket(support)

    assert list(Ticket.objects.visible_to(bela)) == [seen]
    assert set(Ticket.objects.visible_to(ada)) == {seen, hidden}
