"""Read a whole report, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Membership
from accounts.services.listing import list_members
from accounts.services.scheduling import read_opening_hours
from accounts.tenancy import active_tenant_id
from reports.periods import Period
from reports.services import counting
from reports.services.counting import Facts, Scope
from reports.services.measuring import NOTHING, Figure, Figures, measure
from tickets.models import Inbox

Pick = Callable[[Figures], Figure | None]


@dataclass(frozen=True)
class Row:
    """One line of a table. `closed` carries the resolution times, `responses` the first-response times."""

    label: str
    detail: str
    opened: Figure
    closed: Figure
    responses: Figure
    replies: Figure

    @property
    def is_empty(self) -> bool:
        return not (self.opened.count or self.closed.count or self.responses.count or self.replies.count)


@dataclass(frozen=True)
class Report:
    """`steps`, `agents` and `inboxes` are its tables; `has_hours` whether business time differs from the clock's."""

    period: Period
    total: Row
    steps: tuple[Row, ...]
    agents: tuple[Row, ...]
    inboxes: tuple[Row, ...]
    has_hours: bool


@dataclass(frozen=True)
class _Measured:
    opened: Figures
    closed: Figures
    responses: Figures
    replies: Figures

    def row(self, label: str, detail: str, pick: Pick) -> Row:
        picked = (pick(one) or NOTHING for one in (self.opened, self.closed, self.responses, self.replies))
        return Row(label, detail, *picked)


def read_report(scope: Scope) -> Report:
    """All numbers of a scope; what each counts stands in `reports.services.counting`."""
    hours = read_opening_hours()
    openings = hours.openings(counting.oldest_moment(scope), scope.period.end)
    edges = scope.period.edges

    def sum_up(facts: Facts) -> Figures:
        return measure(facts, edges=edges, openings=openings)

    measured = _Measured(
        opened=sum_up(counting.opened(scope)),
        closed=sum_up(counting.closed(scope)),
        responses=sum_up(counting.first_responses(scope)),
        replies=sum_up(counting.replies(scope)),
    )
    return Report(
        period=scope.period,
        total=measured.row("All", "", lambda figures: figures.total),
        steps=_steps(scope.period, measured),
        agents=_agents(scope, measured),
        inboxes=_inboxes(scope, measured),
        has_hours=not hours.is_always_open,
    )


def read_choices(reader: Membership) -> tuple[Sequence[Membership], Sequence[Inbox]]:
    """Agents and inboxes by which the reader may narrow a report."""
    return list_members(), list(Inbox.objects.visible_to(reader).order_by("name", "number"))


def _steps(period: Period, measured: _Measured) -> tuple[Row, ...]:
    return tuple(
        measured.row(day.isoformat(), _rest(day, period), _by_step(number)) for number, day in enumerate(period.steps)
    )


def _agents(scope: Scope, measured: _Measured) -> tuple[Row, ...]:
    """Everybody who is active, and who did something then and has left since."""
    members = Membership.objects.of_tenant(active_tenant_id()).order_by("user__name", "number")
    rows = []
    for member in members:
        if scope.agent in (None, member):
            pick = _by_member(member.pk)
            row = measured.row(member.name, "" if member.is_active else "Not active", pick)
            if member.is_active or not row.is_empty:
                rows.append(row)
    return tuple(rows)


def _by_step(number: int) -> Pick:
    return lambda figures: figures.by_step.get(number)


def _by_member(member_id: int) -> Pick:
    return lambda figures: figures.by_member.get(member_id)


def _by_place(inbox_id: int) -> Pick:
    return lambda figures: figures.by_place.get(inbox_id)


def _inboxes(scope: Scope, measured: _Measured) -> tuple[Row, ...]:
    inboxes = Inbox.objects.visible_to(scope.reader).order_by("name", "number")
    return tuple(
        measured.row(inbox.name, inbox.kind, _by_place(inbox.pk)) for inbox in inboxes if scope.inbox in (None, inbox)
    )


def _rest(day: date, period: Period) -> str:
    """The last day of a step of several."""
    if period.step_days == 1:
        return ""
    return min(day + timedelta(days=period.step_days - 1), period.last).isoformat()
