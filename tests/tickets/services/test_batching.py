"""Changing many tickets: in steps, with the rights of who asked, and back again."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Event, Notification
from jobs.models import Job
from jobs.services import running
from jobs.services.batching import NothingChosen, NothingToUndo
from tests.factories.accounts import make_team
from tests.factories.customers import make_customer
from tests.factories.tickets import make_inbox, make_message, make_tag, make_ticket
from tickets.kinds import Priority, Topic
from tickets.models import Inbox, InboxMember, Message, Ticket, TicketTag
from tickets.services import batching, closing


def work(job: Job, steps: int = 100) -> Job:
    """What the worker would do: each planned event's reaction, one after the other."""
    for _ in range(steps):
        if Job.objects.get(pk=job.pk).is_finished:
            break
        cause = Event.objects.filter(type="ticket.batch_planned", data__job=job.pk).latest("pk")
        batching.work_step(job_id=job.pk, at=timezone.now(), cause=cause)
    return Job.objects.get(pk=job.pk)


def plan(agent: Membership, verb: str, tickets: Sequence[Ticket], **values: Any) -> Job:
    return batching.plan_batch(agent=agent, verb=verb, values=values, ticket_ids=[one.pk for one in tickets])


def make_tickets(count: int, **fields: Any) -> list[Ticket]:
    inbox = Inbox.objects.first() or make_inbox()
    return [make_ticket(inbox, **fields) for _ in range(count)]


def numbers_where(**conditions: Any) -> set[int]:
    return set(Ticket.objects.filter(**conditions).values_list("number", flat=True))


def test_batch_closes_in_steps_and_says_what_came_of_it(
    in_acme: Tenant, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.services.batching.STEP", 2)
    tickets = make_tickets(5)
    closing.close_ticket(ticket=tickets[0], actor=bela.as_actor(), at=timezone.now())
    job = plan(bela, "close", tickets)

    half = work(job, steps=2)
    assert (half.state, half.done, half.total) == ("running", 4, 5)
    done = work(job)

    assert (done.state, done.done, done.report["summary"]) == ("done", 5, "4 closed, 1 skipped")
    assert done.report["left"] == [[tickets[0].number, "is closed already"]]
    assert not Ticket.objects.open().exists()
    assert Event.objects.filter(type="ticket.closed", actor_name="Bela").count() == 5
    planned = Event.objects.filter(type="ticket.batch_planned").order_by("pk")
    assert [one.actor_name for one in planned] == ["Bela", "Helpdesk", "Helpdesk"]


def test_ticket_with_a_new_message_is_not_closed_unread(in_acme: Tenant, bela: Membership) -> None:
    tickets = make_tickets(2)
    job = plan(bela, "close", tickets)
    make_message(tickets[1], "One more thing")

    done = work(job)

    assert done.report["left"] == [[tickets[1].number, "has a new message"]]
    assert Ticket.objects.get(pk=tickets[1].pk).is_open


def test_step_worked_twice_at_once_counts_once(
    in_acme: Tenant, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jobs.services.batching.STEP", 2)
    stale = plan(bela, "close", make_tickets(3))
    work(stale, steps=1)

    with pytest.raises(running.Overtaken), transaction.atomic():
        batching.BATCHES.work_step(job=stale, agent=bela, at=timezone.now())

    job = Job.objects.get()
    assert (job.done, len(job.report["befores"]), job.report["left"]) == (2, 2, [])


def test_agent_who_left_meanwhile_stops_it(in_acme: Tenant, bela: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jobs.services.batching.STEP", 1)
    job = plan(bela, "close", make_tickets(3))
    work(job, steps=1)
    Membership.objects.filter(pk=bela.pk).update(is_active=False)

    done = work(job)

    assert (done.state, len(numbers_where(status="closed"))) == ("failed", 1)
    assert done.report["summary"] == "Stopped: who asked for it is no longer a member. 1 closed."


def test_tickets_of_an_inbox_lost_meanwhile_are_left(in_acme: Tenant, bela: Membership) -> None:
    kept, lost = make_ticket(make_inbox("a@acme.example")), make_ticket(make_inbox("b@acme.example"))
    job = plan(bela, "close", [kept, lost])
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    InboxMember.objects.create(inbox=kept.inbox, member=bela)

    done = work(job)

    assert (numbers_where(status="closed"), done.report["left"]) == (
        {kept.number},
        [[None, "is not yours to see any more"]],
    )


def test_one_bad_ticket_does_not_stop_the_rest(
    in_acme: Tenant, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    tickets, close = make_tickets(3), closing.close_ticket

    def fail_once(*, ticket: Ticket, **rest: Any) -> Ticket:
        if ticket.pk == tickets[1].pk:
            raise RuntimeError
        return close(ticket=ticket, **rest)

    monkeypatch.setattr(closing, "close_ticket", fail_once)

    done = work(plan(bela, "close", tickets))

    assert done.report["summary"] == "2 closed, 1 failed"
    assert done.report["left"] == [[tickets[1].number, "did not work"]]


def test_whoever_is_given_many_hears_once(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    job = work(plan(ada, "assign", make_tickets(120), assignee=bela.pk))

    assert job.report["summary"] == "120 assigned"
    assert [one.member_id for one in Notification.objects.all()] == [bela.pk]


@pytest.mark.parametrize(
    ("verb", "field", "wanted"),
    [
        ("close", "status", "closed"),
        ("assign", "assignee", None),
        ("team", "team", None),
        ("priority", "priority", Priority.HIGH.value),
        ("topic", "topic", Topic.SHIPPING.value),
        ("customer", "customer", None),
        ("snooze", "status", "closed"),
    ],
)
def test_batch_is_undone(
    in_acme: Tenant, ada: Membership, bela: Membership, verb: str, field: str, wanted: object
) -> None:
    things = {"assign": bela.pk, "team": make_team("Returns", bela).pk, "customer": make_customer().pk}
    wanted = things.get(verb, wanted)
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    names = {"assign": "assignee", "snooze": "until"}
    tickets = make_tickets(3, assignee=ada, customer=make_customer("Ben"))
    before = list(Ticket.objects.order_by("pk").values_list(field, flat=True))
    changed = work(plan(ada, verb, tickets, **{names.get(verb, verb): until if verb == "snooze" else wanted}))
    assert list(Ticket.objects.values_list(field, flat=True)) == [wanted] * 3

    undone = work(batching.undo_batch(job=changed, agent=ada))

    assert list(Ticket.objects.order_by("pk").values_list(field, flat=True)) == before
    assert undone.report["summary"] == "3 put back"
    for job in (changed, undone):
        with pytest.raises(NothingToUndo):
            batching.undo_batch(job=job, agent=ada)


def test_what_somebody_changed_since_is_not_put_back(in_acme: Tenant, ada: Membership, bela: Membership) -> None:
    tickets = make_tickets(2)
    changed = work(plan(ada, "assign", tickets, assignee=bela.pk))
    Ticket.objects.filter(pk=tickets[0].pk).update(assignee=ada)

    undone = work(batching.undo_batch(job=changed, agent=ada))

    assert undone.report["summary"] == "1 put back, 1 skipped"
    assert Ticket.objects.get(pk=tickets[0].pk).assignee == ada


def test_tags_are_put_on_and_taken_off_again(in_acme: Tenant, ada: Membership) -> None:
    tickets, tag = make_tickets(3), make_tag("refund")
    TicketTag.objects.create(ticket=tickets[0], tag=tag)

    changed = work(plan(ada, "tag", tickets, tag=tag.pk))
    assert TicketTag.objects.count() == 3
    work(batching.undo_batch(job=changed, agent=ada))

    assert [one.ticket_id for one in TicketTag.objects.all()] == [tickets[0].pk]


def test_many_are_merged_into_one_and_come_apart(in_acme: Tenant, ada: Membership) -> None:
    tickets = make_tickets(4)
    for ticket in tickets:
        make_message(ticket, f"of {ticket.number}")

    changed = work(plan(ada, "merge", tickets, into=tickets[2].pk))
    assert changed.report["summary"] == "3 merged, 1 skipped"
    assert Message.objects.filter(ticket=tickets[2]).count() == 4
    again = work(plan(ada, "close", tickets))
    assert again.report["summary"] == "1 closed, 3 skipped"

    work(batching.undo_batch(job=changed, agent=ada))
    assert Message.objects.filter(ticket=tickets[2]).count() == 1
    assert not Ticket.objects.exclude(merged_into=None).exists()


def test_undoing_does_not_open_a_ticket_that_was_merged_since(in_acme: Tenant, ada: Membership) -> None:
    from tickets.services import merging

    source, into = make_tickets(2)
    changed = work(plan(ada, "close", [source]))
    merging.merge_tickets(source=source, into=into, actor=ada.as_actor(), at=timezone.now())

    undone = work(batching.undo_batch(job=changed, agent=ada))

    assert (undone.report["summary"], Ticket.objects.get(pk=source.pk).is_closed) == ("0 put back, 1 skipped", True)


def test_nothing_chosen_makes_no_job(in_acme: Tenant, ada: Membership) -> None:
    with pytest.raises(NothingChosen):
        plan(ada, "close", [])

    assert not Job.objects.exists()


def test_step_given_up_says_so(in_acme: Tenant, ada: Membership) -> None:
    job = plan(ada, "close", make_tickets(1))

    with transaction.atomic():
        batching.BATCHES.fail(job_id=job.pk, reason="the database is away", at=timezone.now())

    job.refresh_from_db()
    assert (job.state, job.report["summary"]) == ("failed", "Stopped: the database is away 0 closed.")
