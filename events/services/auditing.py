"""Read the audit: who changed what, when, and about whom (B17)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from accounts.kinds import ActorKind
from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.paging import read_page
from events.kinds import AUDIT_GROUPS, AuditEvent
from events.links import Subject, find_subjects
from events.models import Event
from events.models.event import EventQuerySet
from events.services.recording import record
from events.wording import Said, say

PAGE = 50
BATCH = 1000  # lines of the file read at once
CUSTOMER = "customer"
ORDER = ("-created_at", "-id")


@dataclass(frozen=True)
class Wanted:
    """What the audit is narrowed to. `group` is a heading; `actor_id` counts only with its kind; `end` is the first
    moment no longer in it. Of `customer_ids` none at all are nobody's, and None everybody's."""

    group: str = ""
    actor_kind: str = ""
    actor_id: int | None = None
    start: datetime | None = None
    end: datetime | None = None
    customer_ids: tuple[int, ...] | None = None


@dataclass(frozen=True)
class AuditLine:
    """One thing that was done. `about` is None when it is about the customer, or about what is gone."""

    event: Event
    who: str
    heading: str
    said: Said
    about: Subject | None
    customer: Subject | None

    @property
    def day(self) -> date:
        """The reader's."""
        return timezone.localtime(self.event.created_at).date()

    @property
    def is_named(self) -> bool:
        """Whether the words say already what it was about."""
        return self.about is not None and self.about.title in self.said.words

    @property
    def machine(self) -> str:
        """What kind of machine did it, where its name does not say so; "" for people."""
        kind = ActorKind(self.event.actor_kind)
        is_said = kind in (ActorKind.AGENT, ActorKind.SYSTEM) or str(kind.label) in self.who
        return "" if is_said else str(kind.label)


@dataclass(frozen=True)
class AuditPage:
    """Newest first."""

    lines: Sequence[AuditLine]
    next_cursor: str | None
    previous_cursor: str | None


def read_audit(*, wanted: Wanted, cursor: str | None = None) -> AuditPage:
    """A page; beside its own query one for each kind of subject on it."""
    page = read_page(_events(wanted), order=ORDER, cursor=cursor, size=PAGE)
    return AuditPage(_lines(page.rows), page.next_cursor, page.previous_cursor)


def read_batch(*, wanted: Wanted, cursor: str | None = None) -> AuditPage:
    """The same for the file, which is read piece by piece, so that no transaction lasts as long as a slow download."""
    page = read_page(_events(wanted), order=ORDER, cursor=cursor, size=BATCH)
    return AuditPage(_lines(page.rows), page.next_cursor, page.previous_cursor)


def record_export(*, agent: Membership, query: str) -> Event:
    """Somebody took the audit away as a file: that stands in it, too. `query` says what it was narrowed to."""
    return record(AuditEvent.EXPORTED, subject=agent, actor=agent.as_actor(), data={"query": query})


def read_people() -> Sequence[Membership]:
    """Who may have done something: members, also former ones, by number."""
    return list(Membership.objects.of_tenant(active_tenant_id()).order_by("-is_active", "number"))


def _events(wanted: Wanted) -> EventQuerySet:
    events: EventQuerySet = Event.objects.audited()
    if wanted.customer_ids is not None:
        events = events.for_customers(wanted.customer_ids)
    if wanted.group:
        events = events.filter(audit_group=wanted.group)
    if wanted.actor_kind:
        events = events.filter(actor_kind=wanted.actor_kind)
    if wanted.actor_id is not None:
        events = events.filter(actor_id=wanted.actor_id)
    if wanted.start:
        events = events.filter(created_at__gte=wanted.start)
    if wanted.end:
        events = events.filter(created_at__lt=wanted.end)
    return events


def _lines(events: Sequence[Event]) -> list[AuditLine]:
    wanted: dict[str, set[int]] = defaultdict(set)
    for event in events:
        wanted[event.subject_kind].add(event.subject_id)
        if event.customer_id:
            wanted[CUSTOMER].add(event.customer_id)
    found = {kind: find_subjects(kind, ids) for kind, ids in wanted.items()}
    return [_line(event, found) for event in events]


def _line(event: Event, found: dict[str, Mapping[int, Subject]]) -> AuditLine:
    is_customer = event.subject_kind == CUSTOMER
    return AuditLine(
        event=event,
        who=event.actor_name or str(ActorKind(event.actor_kind).label),
        heading=AUDIT_GROUPS[event.audit_group],
        said=say(event.event_type, event.data),
        about=None if is_customer else found[event.subject_kind].get(event.subject_id),
        customer=found.get(CUSTOMER, {}).get(event.customer_id or 0),
    )
