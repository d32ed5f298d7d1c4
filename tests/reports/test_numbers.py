"""The numbers of reports, on tickets made by hand: what counts, when, for whom, and how long it took."""

from datetime import UTC, date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from reports.periods import Period
from reports.services.counting import Scope
from reports.services.reading import Report, Row, read_report
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tests.reports.conftest import LISBON, Desk, ReadPeriod, lisbon
from tickets.models import Inbox, InboxMember, Message, Ticket

MINUTE, HOUR = 60, 3600


def counts(row: Row) -> tuple[int, int, int, int]:
    """Opened, closed, replies, first responses."""
    return row.opened.count, row.closed.count, row.replies.count, row.responses.count


def day(report: Report, label: str) -> Row:
    return next(row for row in report.steps if row.label == label)


def agent(report: Report, member: Membership) -> Row:
    return next(row for row in report.agents if row.label == member.name)


def nine_to_five() -> None:
    week = {f"hours.{name}": "09:00-17:00" for name in ("monday", "tuesday", "wednesday", "thursday", "friday")}
    write_settings(values={"hours.zone": "Europe/Lisbon", **week, "hours.saturday": "closed", "hours.sunday": "closed"})


def test_nothing_is_zeros_and_no_times(read: ReadPeriod, desk: Desk, ada: Membership) -> None:
    report = read("2026-03-01", "2026-03-07")

    assert counts(report.total) == (0, 0, 0, 0)
    assert len(report.steps) == 7
    assert report.total.responses.clock.median is None
    assert [row.label for row in report.agents] == ["Ada"]


def test_one_ticket_from_its_beginning_to_its_end(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02", "10:00"), assignee=bela)
    desk.say(ticket, "out", lisbon("2026-03-02", "10:45"), bela)
    desk.say(ticket, "out", lisbon("2026-03-03", "09:00"), bela)
    desk.close(ticket, lisbon("2026-03-04", "10:00"), bela)

    report = read("2026-03-01", "2026-03-07")

    assert counts(report.total) == (1, 1, 2, 1)
    assert counts(day(report, "2026-03-02")) == (1, 0, 1, 1)
    assert counts(day(report, "2026-03-03")) == (0, 0, 1, 0)
    assert counts(day(report, "2026-03-04")) == (0, 1, 0, 0)
    assert counts(agent(report, bela)) == (1, 1, 2, 1)
    assert counts(report.inboxes[0]) == (1, 1, 2, 1)
    assert report.total.responses.clock.median == 45 * MINUTE
    assert report.total.closed.clock.median == 48 * HOUR
    assert day(report, "2026-03-02").responses.clock.median == 45 * MINUTE


def test_medians_and_percentiles_are_exact(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    for minutes in (10, 20, 30, 40, 100):
        ticket = desk.open(lisbon("2026-03-02", "10:00"))
        desk.say(ticket, "out", lisbon("2026-03-02", "10:00") + timedelta(minutes=minutes), bela)

    figure = read("2026-03-02", "2026-03-02").total.responses

    assert figure.clock.median == 30 * MINUTE
    assert figure.clock.ninety == pytest.approx((40 + 0.6 * 60) * MINUTE)  # between the fourth and the fifth


def test_days_are_the_readers_and_edges_belong_to_one_day(read: ReadPeriod, desk: Desk) -> None:
    for moment in (lisbon("2026-07-01", "23:59:59.999"), lisbon("2026-07-02", "00:00"), lisbon("2026-07-02", "23:59")):
        desk.open(moment)  # in summer Lisbon is an hour before UTC

    report = read("2026-07-01", "2026-07-02")

    assert [row.opened.count for row in report.steps] == [1, 2]
    assert read("2026-07-03", "2026-07-04").total.opened.count == 0


@pytest.mark.parametrize(("day_before", "length"), [("2026-03-28", 23), ("2026-10-24", 25), ("2026-06-01", 24)])
def test_day_is_as_long_as_its_clocks_say(read: ReadPeriod, desk: Desk, day_before: str, length: int) -> None:
    """A ticket every hour, half past: as many stand on a day as it has hours."""
    start = lisbon(day_before, "00:30").astimezone(UTC)
    for number in range(24 + length + 24):
        desk.open(start + number * timedelta(hours=1))
    last = date.fromisoformat(day_before) + timedelta(days=2)

    report = read(day_before, last.isoformat())

    assert [row.opened.count for row in report.steps] == [24, length, 24]


def test_snoozed_is_not_closed(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    desk.close(ticket, lisbon("2026-03-03"), bela, snoozed_until=lisbon("2026-05-01"))

    assert counts(read("2026-03-01", "2026-03-07").total) == (1, 0, 0, 0)


def test_reopened_ticket_is_opened_once_and_closed_when_closed_for_good(
    read: ReadPeriod, desk: Desk, ada: Membership, bela: Membership
) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    desk.close(ticket, lisbon("2026-03-03"), bela)
    desk.reopen(ticket, lisbon("2026-03-04"), bela)
    open_again = read("2026-03-01", "2026-03-07")
    desk.close(ticket, lisbon("2026-03-05"), ada)

    report = read("2026-03-01", "2026-03-07")

    assert counts(open_again.total) == (1, 0, 0, 0)
    assert counts(report.total) == (1, 1, 0, 0)
    assert day(report, "2026-03-05").closed.count == 1
    assert (agent(report, ada).closed.count, agent(report, bela).closed.count) == (1, 0)
    assert report.total.closed.clock.median == 72 * HOUR


def test_ticket_closed_by_itself_is_nobodys(read: ReadPeriod, desk: Desk, ada: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    ticket.mark_closed(at=lisbon("2026-03-03"))

    report = read("2026-03-01", "2026-03-07")

    assert report.total.closed.count == 1
    assert agent(report, ada).closed.count == 0


def test_merged_ticket_counts_where_it_stands(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    kept, gone = desk.open(lisbon("2026-03-02")), desk.open(lisbon("2026-03-03"))
    gone.messages.update(ticket=kept, number=9)
    Ticket.objects.filter(pk=gone.pk).update(merged_into=kept, status="closed", closed_at=lisbon("2026-03-04"))
    desk.say(kept, "out", lisbon("2026-03-04"), bela)

    report = read("2026-03-01", "2026-03-07")

    assert counts(report.total) == (1, 0, 1, 1)
    assert report.total.responses.clock.median == 48 * HOUR


def test_what_an_agent_writes_first_is_no_response(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    begun = make_ticket(desk.inbox, created_at=lisbon("2026-03-02"), last_message_at=lisbon("2026-03-02"))
    desk.say(begun, "out", lisbon("2026-03-02"), bela)
    desk.say(begun, "note", lisbon("2026-03-02", "13:00"), bela)
    alone = read("2026-03-01", "2026-03-07")
    desk.say(begun, "in", lisbon("2026-03-03"))
    desk.say(begun, "note", lisbon("2026-03-03", "12:05"), bela)
    desk.say(begun, "out", lisbon("2026-03-03", "12:20"), bela)

    report = read("2026-03-01", "2026-03-07")

    assert counts(alone.total) == (1, 0, 1, 0)
    assert counts(report.total) == (1, 0, 2, 1)
    assert report.total.responses.clock.median == 20 * MINUTE


def test_what_machines_write_is_neither_question_nor_answer(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    asked = desk.open(lisbon("2026-03-02", "10:00"))
    acknowledgement = desk.say(asked, "out", lisbon("2026-03-02", "10:00"))
    desk.say(asked, "out", lisbon("2026-03-02", "11:00"), bela)
    told = make_ticket(desk.inbox, created_at=lisbon("2026-03-03"), last_message_at=lisbon("2026-03-03"))
    desk.say(told, "out", lisbon("2026-03-03", "10:00"), bela)
    away = desk.say(told, "in", lisbon("2026-03-03", "10:01"))
    desk.say(told, "out", lisbon("2026-03-03", "12:00"), bela)
    Message.objects.filter(pk__in=(acknowledgement.pk, away.pk)).update(is_automatic=True)

    report = read("2026-03-01", "2026-03-07")

    assert counts(report.total) == (2, 0, 3, 1)
    assert report.total.responses.clock.median == HOUR


def test_second_answer_is_no_first_response_of_its_day(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    desk.say(ticket, "out", lisbon("2026-03-03"), bela)
    desk.say(ticket, "out", lisbon("2026-03-10"), bela)

    assert counts(read("2026-03-08", "2026-03-12").total) == (0, 0, 1, 0)


def test_answers_of_one_instant_are_one_first_response(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    for _ in range(3):
        desk.say(ticket, "out", lisbon("2026-03-03"), bela)

    assert counts(read("2026-03-01", "2026-03-07").total) == (1, 0, 3, 1)


def test_business_time_leaves_out_nights_weekends_and_holidays(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    nine_to_five()
    write_settings(values={"hours.holidays": "2026-03-10"})
    ticket = desk.open(lisbon("2026-03-06", "16:00"))  # a Friday
    desk.say(ticket, "out", lisbon("2026-03-09", "09:30"), bela)
    desk.close(ticket, lisbon("2026-03-11", "10:00"), bela)
    at_night = desk.open(lisbon("2026-03-07", "03:00"))
    desk.say(at_night, "out", lisbon("2026-03-07", "04:00"), bela)

    report = read("2026-03-01", "2026-03-31")

    assert day(report, "2026-03-09").responses.business.median == 90 * MINUTE
    assert day(report, "2026-03-07").responses.business.median == 0
    assert report.total.closed.business.median == (1 + 8 + 0 + 1) * HOUR
    assert day(report, "2026-03-09").responses.clock.median == 65.5 * HOUR
    assert report.has_hours


def test_business_time_agrees_with_the_calendar(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    """Over the change of the clocks, minute by odd minute."""
    from accounts.services.scheduling import read_opening_hours

    nine_to_five()
    write_settings(values={"hours.sunday": "00:30-02:30, 22:00-24:00"})
    start = lisbon("2026-03-27", "15:07")
    for number in range(12):
        ticket = desk.open(start + number * timedelta(hours=5, minutes=13))
        desk.close(ticket, ticket.created_at + number * timedelta(hours=7, minutes=29, seconds=11), bela)
    hours = read_opening_hours()

    report = read("2026-03-20", "2026-04-10")

    expected = sorted(
        hours.between(one.created_at, one.closed_at).total_seconds() for one in Ticket.objects.all() if one.closed_at
    )
    assert report.total.closed.business.median == pytest.approx((expected[5] + expected[6]) / 2)
    assert report.total.closed.count == 12


def test_report_of_one_agent(read: ReadPeriod, desk: Desk, ada: Membership, bela: Membership) -> None:
    for member in (ada, bela, bela):
        ticket = desk.open(lisbon("2026-03-02"), assignee=member)
        desk.say(ticket, "out", lisbon("2026-03-03"), member)
        desk.close(ticket, lisbon("2026-03-04"), member)

    report = read("2026-03-01", "2026-03-07", agent=bela)

    assert counts(report.total) == (2, 2, 2, 2)
    assert [row.label for row in report.agents] == ["Bela"]


def test_report_of_one_inbox(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    sales = make_inbox("sales@acme.example", name="Sales")
    desk.open(lisbon("2026-03-02"))
    ticket = desk.open(lisbon("2026-03-02"), inbox=sales)
    desk.say(ticket, "out", lisbon("2026-03-03"), bela)

    report, both = read("2026-03-01", "2026-03-07", inbox=sales), read("2026-03-01", "2026-03-07")

    assert counts(report.total) == (1, 0, 1, 1)
    assert [(row.label, row.opened.count) for row in report.inboxes] == [("Sales", 1)]
    assert [(row.label, row.opened.count) for row in both.inboxes] == [("Sales", 1), ("Support", 1)]


def test_agent_outside_an_inbox_counts_nothing_of_it(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    secret = make_inbox("vip@acme.example", name="VIP")
    for inbox in (desk.inbox, secret):
        ticket = desk.open(lisbon("2026-03-02"), inbox=inbox)
        desk.say(ticket, "out", lisbon("2026-03-03"), bela)
        desk.close(ticket, lisbon("2026-03-04"), bela)
    InboxMember.objects.create(inbox=desk.inbox, member=bela)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    bela.refresh_from_db()

    report = read("2026-03-01", "2026-03-07", reader=bela)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    InboxMember.objects.all().delete()
    nothing = read("2026-03-01", "2026-03-07", reader=bela)

    assert counts(report.total) == (1, 1, 1, 1)
    assert [row.label for row in report.inboxes] == ["Support"]
    assert counts(nothing.total) == (0, 0, 0, 0)
    assert counts(read("2026-03-01", "2026-03-07").total) == (2, 2, 2, 2)


def test_other_workspaces_count_for_nothing(read: ReadPeriod, desk: Desk, cleo: Membership) -> None:
    with tenant_scope(cleo.tenant):
        make_message(make_ticket(make_inbox("a@globex.example"), created_at=lisbon("2026-03-02")))
    desk.open(lisbon("2026-03-02"))

    assert counts(read("2026-03-01", "2026-03-07").total) == (1, 0, 0, 0)


def test_who_has_left_is_listed_where_they_did_something(read: ReadPeriod, desk: Desk, bela: Membership) -> None:
    ticket = desk.open(lisbon("2026-03-02"))
    desk.say(ticket, "out", lisbon("2026-03-03"), bela)
    Membership.objects.filter(pk=bela.pk).update(is_active=False)

    assert [row.detail for row in read("2026-03-01", "2026-03-07").agents] == ["", "Not active"]
    assert [row.label for row in read("2026-04-01", "2026-04-07").agents] == ["Ada"]


def test_long_periods_go_by_weeks(read: ReadPeriod, desk: Desk) -> None:
    desk.open(lisbon("2026-01-07", "23:30"))
    desk.open(lisbon("2026-01-08", "00:30"))

    report = read("2026-01-01", "2026-12-31")

    assert len(report.steps) == 53
    assert [row.opened.count for row in report.steps[:3]] == [1, 1, 0]
    assert report.steps[0].detail == "2026-01-07"
    assert report.steps[-1].detail == "2026-12-31"


def test_report_costs_the_same_queries_at_none_and_many(
    read: ReadPeriod, desk: Desk, ada: Membership, bela: Membership
) -> None:
    found: list[int] = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            read("2026-03-01", "2026-05-30")
        found.append(len(captured))
        for member in (ada, bela):
            ticket = desk.open(lisbon("2026-03-02"), inbox=make_inbox(f"i{len(found)}{member.pk}@acme.example"))
            desk.say(ticket, "out", lisbon("2026-03-03"), member)
            desk.close(ticket, lisbon("2026-03-04"), member)

    assert len(set(found)) == 1
    assert found[0] <= 9


def fill(inbox: Inbox, agent_: Membership, count: int) -> None:
    """So many answered and closed tickets, one an hour, that the planner has a reason to use an index."""
    start = lisbon("2025-01-01")
    hours = [start + timedelta(hours=number) for number in range(count)]
    Ticket.objects.bulk_create(
        Ticket(number=number, inbox=inbox, created_at=at, last_message_at=at, closed_at=at, status="closed")
        for number, at in enumerate(hours, start=1)
    )
    Message.objects.bulk_create(
        Message(ticket=ticket, number=number, direction=direction, created_at=ticket.created_at, author_member=agent_)
        for ticket in Ticket.objects.all()
        for number, direction in ((1, "in"), (2, "out"))
    )


@pytest.mark.django_db(transaction=True)
def test_short_period_is_answered_by_indexes(acme: Tenant, ada: Membership) -> None:
    with tenant_scope(acme), transaction.atomic():
        fill(make_inbox(), ada, 4000)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    period = Period(date(2025, 2, 1), date(2025, 2, 2), LISBON)
    with tenant_scope(acme), transaction.atomic(), CaptureQueriesContext(connection) as captured:
        report = read_report(Scope(reader=ada, period=period))
        measured = [query["sql"] for query in captured if query["sql"].lstrip().startswith("WITH facts")]
        plans = [_plan(sql) for sql in measured]

    assert counts(report.total) == (48, 48, 48, 48)
    assert [text for text in plans if "Seq Scan on tickets_message" in text] == []
    for text, index in zip(plans, ("ticket_by_opening", "ticket_by_closing", *("message_sent",) * 2), strict=True):
        assert index in text


def _plan(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return "\n".join(line for (line,) in cursor.fetchall())
