"""Snooze and wake."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from events.models import Event, Notification, Reaction
from tests.factories.accounts import make_team
from tests.factories.tickets import make_inbox, make_ticket
from tickets.models import InboxMember, Ticket
from tickets.services import closing, receiving, snoozing
from tickets.tasks import wake_ticket

HOUR = timedelta(hours=1)


def snooze(ticket: Ticket, agent: Membership, until: datetime) -> Ticket:
    return snoozing.snooze_ticket(ticket=ticket, until=until, actor=agent.as_actor(), at=timezone.now())


def last_snooze() -> Event:
    return Event.objects.filter(type="ticket.snoozed").latest("pk")


def wake(at: datetime) -> bool:
    return snoozing.wake_ticket(snoozed=last_snooze(), at=at)


def receive(ticket: Ticket) -> None:
    letter = receiving.Letter("Ana Lopes", "ana@shopper.example", "Any news?", "", "", ())
    receiving.receive_message(
        ticket=ticket, letter=letter, customer=None, joined_because="", reopens=True, at=timezone.now()
    )


def test_snooze_closes_the_ticket_until_its_time(in_acme: Tenant, bela: Membership) -> None:
    until = timezone.now() + HOUR

    ticket = snooze(make_ticket(), bela, until)

    assert ticket.is_closed and ticket.is_snoozed
    assert ticket.snoozed_until == until
    reaction = Reaction.objects.get(task="tickets.tasks.wake_ticket")
    assert reaction.due_at == until
    assert reaction.event_id == last_snooze().pk


def test_snooze_until_the_same_time_is_recorded_once(in_acme: Tenant, bela: Membership) -> None:
    ticket, until = make_ticket(), timezone.now() + HOUR

    snooze(ticket, bela, until)
    snooze(ticket, bela, until)

    assert Event.objects.filter(type="ticket.snoozed").count() == 1


@pytest.mark.parametrize(
    ("ahead", "refusal"),
    [
        (timedelta(seconds=-1), snoozing.HasPassed),
        (timedelta(days=367), snoozing.TooFarAhead),
    ],
)
def test_snooze_refuses_a_time_that_is_not_ahead_or_too_far(
    in_acme: Tenant, bela: Membership, ahead: timedelta, refusal: type[Exception]
) -> None:
    ticket = make_ticket()

    with pytest.raises(refusal):
        snooze(ticket, bela, timezone.now() + ahead)

    ticket.refresh_from_db()
    assert ticket.is_open


def test_merged_ticket_is_neither_snoozed_nor_reopened(in_acme: Tenant, bela: Membership) -> None:
    kept = make_ticket()
    merged = make_ticket(kept.inbox)
    merged.mark_merged(into=kept, at=timezone.now())

    with pytest.raises(closing.IsMerged):
        snooze(merged, bela, timezone.now() + HOUR)
    with pytest.raises(closing.IsMerged):
        closing.reopen_ticket(ticket=merged, actor=bela.as_actor())


def test_snoozing_a_closed_ticket_keeps_when_it_was_closed(in_acme: Tenant, bela: Membership) -> None:
    closed_at = timezone.now() - HOUR
    ticket = closing.close_ticket(ticket=make_ticket(), actor=bela.as_actor(), at=closed_at)

    ticket = snooze(ticket, bela, timezone.now() + HOUR)

    assert ticket.closed_at == closed_at


def test_wake_opens_the_ticket_and_tells_its_assignee(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    ticket = make_ticket(assignee=bela)
    snooze(ticket, ada, timezone.now() + HOUR)

    assert wake(timezone.now() + HOUR)

    ticket.refresh_from_db()
    assert ticket.is_open and not ticket.is_snoozed
    woken = Event.objects.get(type="ticket.woken")
    assert woken.cause == last_snooze()
    assert [one.member_id for one in Notification.objects.filter(event=woken)] == [bela.pk]


def test_wake_of_a_team_ticket_tells_those_of_the_team_who_may_answer(
    in_acme: Tenant, ada: Membership, bela: Membership
) -> None:
    inbox = make_inbox()
    limited(ada.tenant, "rui@acme.example", inbox_of=None)
    inside = limited(ada.tenant, "eva@acme.example", inbox_of=inbox)
    team = make_team("Orders", inside, *Membership.objects.filter(user__email="rui@acme.example"))
    snooze(make_ticket(inbox, team=team), ada, timezone.now() + HOUR)

    wake(timezone.now() + HOUR)

    assert [one.member_id for one in Notification.objects.all()] == [inside.pk]


def limited(tenant: Tenant, email: str, *, inbox_of: object) -> Membership:
    """A member who answers only the inbox given, or none."""
    from accounts.services.opening import add_member

    member = add_member(tenant=tenant, email=email, name=email.split("@")[0].title())
    member.sees_all_inboxes = False
    member.save()
    if inbox_of:
        InboxMember.objects.create(inbox=inbox_of, member=member)
    return member


def test_wake_leaves_a_ticket_whose_snooze_was_changed(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    snooze(ticket, bela, timezone.now() + HOUR)
    first = last_snooze()
    snooze(ticket, bela, timezone.now() + 2 * HOUR)

    assert not snoozing.wake_ticket(snoozed=first, at=timezone.now() + HOUR)

    ticket.refresh_from_db()
    assert ticket.is_snoozed


def test_message_ends_the_snooze(in_acme: Tenant, bela: Membership) -> None:
    ticket = make_ticket()
    snooze(ticket, bela, timezone.now() + HOUR)

    receive(ticket)

    ticket.refresh_from_db()
    assert ticket.is_open and not ticket.is_snoozed
    assert not wake(timezone.now() + HOUR)


def test_closing_a_snoozed_ticket_closes_it_for_good(in_acme: Tenant, bela: Membership) -> None:
    ticket = snooze(make_ticket(), bela, timezone.now() + HOUR)

    ticket = closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())

    assert ticket.is_closed and not ticket.is_snoozed
    assert not wake(timezone.now() + HOUR)


@pytest.mark.django_db(transaction=True)
def test_task_wakes_once_when_the_time_has_come(acme: Tenant, bela: Membership) -> None:
    with tenant_scope(acme), transaction.atomic():
        ticket = make_ticket()
        snooze(ticket, bela, timezone.now() + HOUR)
        reaction = Reaction.objects.get(task="tickets.tasks.wake_ticket")
    call = {"tenant_id": acme.pk, "reaction_id": reaction.pk}

    wake_ticket.apply(kwargs=call)

    with tenant_scope(acme), transaction.atomic():
        ticket.refresh_from_db()
        assert ticket.is_snoozed, "not due yet"

    Reaction.objects.filter(pk=reaction.pk).update(due_at=timezone.now())
    wake_ticket.apply(kwargs=call)
    wake_ticket.apply(kwargs=call)

    with tenant_scope(acme), transaction.atomic():
        ticket.refresh_from_db()
        assert ticket.is_open
        assert Event.objects.filter(type="ticket.woken").count() == 1
    reaction.refresh_from_db()
    assert reaction.done_at is not None


LISBON = ZoneInfo("Europe/Lisbon")


def offered(at: datetime) -> list[tuple[str, str]]:
    return [(one.label, f"{one.until:%a %d %H:%M %z}") for one in snoozing.presets(at=at, zone=LISBON)]


def test_presets_are_in_the_zone_of_the_agent() -> None:
    assert offered(datetime(2026, 11, 25, 15, 20, 30, tzinfo=UTC)) == [
        ("In 1 hour", "Wed 25 16:20 +0000"),
        ("In 3 hours", "Wed 25 18:20 +0000"),
        ("Tomorrow", "Thu 26 09:00 +0000"),
        ("Monday", "Mon 30 09:00 +0000"),
        ("In a week", "Wed 02 09:00 +0000"),
    ]


def test_presets_offer_no_time_twice() -> None:
    sunday, monday = datetime(2026, 11, 29, 12, tzinfo=UTC), datetime(2026, 11, 30, 12, tzinfo=UTC)

    assert [label for label, _ in offered(sunday)] == ["In 1 hour", "In 3 hours", "Tomorrow", "In a week"]
    assert [label for label, _ in offered(monday)] == ["In 1 hour", "In 3 hours", "Tomorrow", "Monday"]


def test_presets_hold_in_the_night_when_clocks_change() -> None:
    before = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 01:30 in summer time; at 01:00 UTC it is 01:00 again

    times = offered(before)

    assert times[0] == ("In 1 hour", "Sun 25 01:30 +0000")
    assert times[2] == ("Tomorrow", "Mon 26 09:00 +0000")


STEPS = ("snooze", "close", "reopen", "message", "wake")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), max_size=8))
def test_a_ticket_is_snoozed_only_while_closed_and_until_something_ends_it(
    in_acme: Tenant, bela: Membership, inbox_once: list[Ticket], steps: Sequence[str]
) -> None:
    ticket, snoozed = make_ticket(inbox_once[0].inbox), False
    for count, step in enumerate(steps, start=1):
        if step == "snooze":
            snooze(ticket, bela, timezone.now() + count * HOUR)
            snoozed = True
        elif step == "close":
            try:
                closing.close_ticket(ticket=ticket, actor=bela.as_actor(), at=timezone.now())
            except closing.AlreadyClosed:
                ticket.refresh_from_db()
                assert ticket.is_closed and not snoozed
            snoozed = False
        elif step == "reopen":
            try:
                closing.reopen_ticket(ticket=ticket, actor=bela.as_actor())
            except closing.AlreadyOpen:
                ticket.refresh_from_db()
                assert ticket.is_open
            snoozed = False
        elif step == "message":
            receive(ticket)
            snoozed = False
        else:
            own = Event.objects.filter(type="ticket.snoozed", ticket_id=ticket.pk).order_by("pk").last()
            if own:
                assert snoozing.wake_ticket(snoozed=own, at=timezone.now()) == snoozed
            snoozed = False

        ticket.refresh_from_db()
        assert ticket.is_snoozed == snoozed
        assert not (ticket.is_snoozed and ticket.is_open)
        assert ticket.is_open == (ticket.closed_at is None)


@pytest.fixture
def inbox_once(in_acme: Tenant) -> list[Ticket]:
    """One inbox for all examples: its address is taken only once."""
    return [make_ticket()]
