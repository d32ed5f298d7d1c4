"""Who hears of what happens on a ticket (F78, F79, D28)."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.services.opening import add_member
from events.models import Event, Notification
from tests.factories.accounts import make_team
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import InboxMember, Ticket
from tickets.services import assigning, receiving


@pytest.fixture
def eva(acme: Tenant) -> Membership:
    """An agent of the inbox Sales only."""
    member = add_member(tenant=acme, email="eva@acme.example", name="Eva")
    member.sees_all_inboxes = False
    member.save()
    return member


def receive(ticket: Ticket) -> None:
    letter = receiving.Letter("Ana Lopes", "ana@shopper.example", "Any news?", "", "", ())
    receiving.receive_message(
        ticket=ticket, letter=letter, customer=None, joined_because="", reopens=True, at=timezone.now()
    )


def heard(type: str = "message.received") -> set[tuple[str, str]]:
    rows = Notification.objects.filter(event__type=type).select_related("member__user")
    return {(row.kind, row.member.name) for row in rows}


def test_while_assigned_only_the_assignee_hears(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    receive(make_ticket(assignee=bela, team=make_team("Orders", ada, bela)))

    assert heard() == {("replied", "Bela")}


def test_team_ticket_is_heard_by_those_of_the_team_who_may_answer(
    in_acme: Tenant, ada: Membership, bela: Membership, eva: Membership
) -> None:
    receive(make_ticket(team=make_team("Orders", bela, eva)))

    assert heard() == {("replied", "Bela")}


def test_unassigned_ticket_is_heard_by_all_who_may_answer(
    in_acme: Tenant, ada: Membership, bela: Membership, eva: Membership
) -> None:
    receive(make_ticket())

    assert heard() == {("unassigned_new", "Ada"), ("unassigned_new", "Bela")}


def test_member_of_the_inbox_hears_of_it(in_acme: Tenant, ada: Membership, eva: Membership) -> None:
    sales = make_inbox("sales@acme.example")
    InboxMember.objects.create(inbox=sales, member=eva)

    receive(make_ticket(sales))

    assert heard() == {("unassigned_new", "Ada"), ("unassigned_new", "Eva")}


def test_assignee_without_the_right_hears_nothing_and_the_others_do(
    in_acme: Tenant, ada: Membership, eva: Membership
) -> None:
    receive(make_ticket(assignee=eva))

    assert heard() == {("unassigned_new", "Ada")}


def test_deactivated_assignee_leaves_the_team_to_hear(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    team = make_team("Orders", ada)
    ticket = make_ticket(assignee=bela, team=team)
    Membership.objects.filter(pk=bela.pk).update(is_active=False)

    receive(ticket)

    assert heard() == {("replied", "Ada")}


def test_team_that_gets_a_ticket_hears_of_it_but_not_who_gave_it(
    in_acme: Tenant, ada: Membership, bela: Membership, eva: Membership
) -> None:
    team = make_team("Orders", ada, bela, eva)

    assigning.assign_team(ticket=make_ticket(), team=team, actor=ada.as_actor())

    assert heard("ticket.team_assigned") == {("assigned", "Bela")}


def test_team_does_not_hear_while_somebody_has_the_ticket(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket(assignee=ada)

    ticket = assigning.assign_team(ticket=ticket, team=make_team("Orders", bela), actor=ada.as_actor())

    assert heard("ticket.team_assigned") == set()
    assert (ticket.assignee, ticket.team.name if ticket.team else "") == (ada, "Orders")


def test_team_in_which_nobody_may_answer_is_refused(in_acme: Tenant, ada: Membership, eva: Membership) -> None:
    ticket = make_ticket()

    with pytest.raises(assigning.MayNotAnswer):
        assigning.assign_team(ticket=ticket, team=make_team("Night", eva), actor=ada.as_actor())

    assert not Event.objects.filter(type="ticket.team_assigned").exists()


def test_candidates_say_why_somebody_is_missing(
    in_acme: Tenant, ada: Membership, bela: Membership, eva: Membership
) -> None:
    Membership.objects.filter(pk=bela.pk).update(is_active=False)
    make_team("Night", eva)
    make_team("Orders", ada, eva)

    candidates = assigning.read_candidates(inbox=make_inbox())

    assert [(one.member.name, one.gap) for one in candidates.members] == [
        ("Ada", ""),
        ("Bela", "Deactivated"),
        ("Eva", "Not in the inbox Support"),
    ]
    assert [(one.team.name, one.answering) for one in candidates.teams] == [("Night", 0), ("Orders", 1)]


def test_lost_right_of_the_assignee_is_known(in_acme: Tenant, ada: Membership, eva: Membership) -> None:
    inbox = make_inbox()
    InboxMember.objects.create(inbox=inbox, member=eva)
    make_ticket(inbox, assignee=eva)

    def gap() -> str:
        return Ticket.objects.with_people().with_assignee_right().get().assignee_gap

    assert gap() == ""
    InboxMember.objects.all().delete()
    assert gap() == "Not in the inbox Support"
