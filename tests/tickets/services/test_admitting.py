"""Who may see and answer which inbox: given and taken at once, and explained."""

import pytest

from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.services.opening import add_member
from events.models import Event
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import Inbox, InboxMember, Ticket
from tickets.services import admitting, permitting, releasing


@pytest.fixture
def support(in_acme: Tenant) -> Inbox:
    return make_inbox(name="Support")


@pytest.fixture
def sales(support: Inbox) -> Inbox:
    return make_inbox("sales@acme.example", name="Sales")


def seen_by(member: Membership) -> list[str]:
    member = Membership.objects.get(pk=member.pk)
    return sorted(inbox.name for inbox in Inbox.objects.visible_to(member))


def test_taking_one_inbox_leaves_all_others(ada: Membership, bela: Membership, support: Inbox, sales: Inbox) -> None:
    admitting.exclude(member=bela, inbox=sales, actor=ada.as_actor())
    made_later = make_inbox("later@acme.example", name="Later")

    assert seen_by(bela) == ["Support"]
    assert permitting.why_not(Membership.objects.get(pk=bela.pk), made_later) == "Not in the inbox Later"


def test_inboxes_are_given_one_by_one_and_all_at_once(
    ada: Membership, bela: Membership, support: Inbox, sales: Inbox
) -> None:
    actor, steps = ada.as_actor(), []
    for verb, inbox in (
        (admitting.exclude, sales),
        (admitting.exclude, support),
        (admitting.admit, sales),
        (admitting.admit, sales),
    ):
        verb(member=bela, inbox=inbox, actor=actor)
        steps.append(seen_by(bela))
    admitting.admit_to_all(member=bela, actor=actor)

    assert steps == [["Support"], [], ["Sales"], ["Sales"]]
    assert seen_by(bela) == ["Sales", "Support"]
    admitting.admit_to_chosen(member=bela, actor=actor)
    assert InboxMember.objects.filter(member=bela).count() == 2


def test_each_change_is_one_event(ada: Membership, bela: Membership, support: Inbox, sales: Inbox) -> None:
    admitting.exclude(member=bela, inbox=sales, actor=ada.as_actor())
    admitting.exclude(member=bela, inbox=sales, actor=ada.as_actor())

    event = Event.objects.get(type="inbox.access_changed")
    names = {"name": "Bela", "before": admitting.ALL, "after": support.name}
    assert event.data == {"member": bela.pk, "sees_all": False, "inboxes": [support.number], **names}
    assert (event.actor_name, event.subject_kind) == ("Ada", "membership")


def test_change_closes_the_members_streams(
    ada: Membership, bela: Membership, support: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []
    monkeypatch.setattr(admitting, "end_streams_of", told.append)
    monkeypatch.setattr(admitting, "announce", told.append)

    admitting.exclude(member=bela, inbox=support, actor=ada.as_actor())

    assert told == [bela.number, "inbox"]


def test_reasons_name_what_is_missing(ada: Membership, bela: Membership, support: Inbox) -> None:
    assert (permitting.why_not(ada, support), permitting.why_not(bela, support)) == ("", "")
    bela.mark_inboxes(sees_all=False)
    assert permitting.why_not(bela, support) == "Not in the inbox Support"
    InboxMember.objects.create(inbox=support, member=bela)
    assert permitting.why_not(bela, support) == ""
    bela.mark_inactive()
    assert permitting.why_not(bela, support) == "Deactivated"


def test_admins_need_no_inbox(bela: Membership, support: Inbox) -> None:
    bela.mark_inboxes(sees_all=False)
    assert not permitting.has_inbox(bela)

    bela.mark_role(role=Role.ADMIN)

    assert permitting.has_inbox(bela)
    assert permitting.why_not(bela, support) == ""


def test_table_asks_the_same_of_one_and_of_many(
    ada: Membership, acme: Tenant, support: Inbox, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's fixture has no type
        permitting.read_access()
    for number in range(3):
        make_inbox(f"i{number}@acme.example")
        add_member(tenant=acme, email=f"m{number}@acme.example").mark_inboxes(sees_all=False)

    with django_assert_num_queries(3):  # type: ignore[operator]  # pytest-django's fixture has no type
        rows = permitting.read_access()

    assert [(len(row.cells), row.is_chosen, row.sees_nothing) for row in rows] == [(4, False, False)] + [
        (4, True, True)
    ] * 3


def test_open_tickets_are_taken_off_a_member(ada: Membership, bela: Membership, support: Inbox) -> None:
    mine, closed, adas = (make_ticket(support, assignee=one) for one in (bela, bela, ada))
    closed.status = "closed"
    closed.save()
    bela.mark_inactive()

    assert releasing.count_open(bela) == 1
    assert releasing.unassign_open(member=bela, actor=ada.as_actor()) == 1
    assert releasing.unassign_open(member=bela, actor=ada.as_actor()) == 0

    holders = dict(Ticket.objects.values_list("pk", "assignee"))
    assert holders == {mine.pk: None, closed.pk: bela.pk, adas.pk: ada.pk}
    assert Event.objects.filter(type="ticket.assigned", ticket_id=mine.pk).count() == 1


def test_tickets_are_taken_off_so_many_at_once(
    ada: Membership, bela: Membership, support: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(releasing, "AT_ONCE", 2)
    for _ in range(3):
        make_ticket(support, assignee=bela)

    assert [releasing.unassign_open(member=bela, actor=ada.as_actor()) for _ in range(3)] == [2, 1, 0]
