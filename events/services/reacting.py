"""Reactions: wake a worker, claim, finish, retry. The one service that knows Celery."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from celery import current_app
from celery.exceptions import Ignore
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.tenancy import tenant_scope
from core import broker
from core.database.queries import Query
from core.database.rows import update
from core.renewal import renewed
from core.retry import Permanent, Retryable
from events.models import Event, Reaction

log = structlog.get_logger(__name__)

# Short, so that the work of a worker killed with -9 is taken up again within seconds; renewed while it is worked.
LEASE = timedelta(seconds=8)
RENEWED_EVERY = 2.5  # seconds
# Waits before each further attempt; after the last one the reaction is given up, about a day later.
WAITS = tuple(timedelta(seconds=s) for s in (2, 5, 15, 60, 300, 900, 3600, 3 * 3600, 6 * 3600, 12 * 3600))
# A sweep wakes at most this many, and none while the workers have this many waiting already.
SWEEP_LIMIT = 500
# A reaction just recorded was woken by its own transaction; the sweep leaves it that long.
SWEEP_GRACE = timedelta(seconds=1)

# The condition is that of `Reaction.objects.due`.
CLAIM = """
UPDATE events_reaction SET leased_until = %(until)s, attempts = attempts + 1
WHERE id = %(id)s AND done_at IS NULL AND failed_at IS NULL AND due_at <= %(at)s
    AND (leased_until IS NULL OR leased_until < %(at)s)
RETURNING *
"""

# More of the same tenant and task, that nobody has. Only among the next events, so that what is read is little.
# Chosen apart: inside the condition of the update they might be chosen again for each row, and be too many.
CLAIM_MORE = """
WITH chosen AS MATERIALIZED (
    SELECT id FROM events_reaction
    WHERE tenant_id = %(tenant)s AND event_id > %(event)s AND event_id <= %(event)s + %(reach)s AND task = %(task)s
        AND done_at IS NULL AND failed_at IS NULL AND due_at <= %(at)s
        AND (leased_until IS NULL OR leased_until < %(at)s)
    ORDER BY event_id LIMIT %(most)s FOR UPDATE SKIP LOCKED
)
UPDATE events_reaction SET leased_until = %(until)s, attempts = attempts + 1
FROM chosen WHERE events_reaction.id = chosen.id
RETURNING events_reaction.*
"""
REACH = 1000  # events
_EVENTS = Query(lambda ids: Event.objects.filter(pk__in=ids))

OnGiveUp = Callable[[Event, str], None]


def wake(wanted: Iterable[tuple[int, int, str]]) -> None:
    """Tell Celery of reactions (id, tenant id, task). A broker that is down only delays them until the sweep."""
    try:
        broker.send((task, {"tenant_id": tenant_id, "reaction_id": id_}) for id_, tenant_id, task in wanted)
    except broker.BrokerUnreachable as error:
        log.warning("reactions.broker_unreachable", error=str(error))


@contextmanager
def claimed(reaction_id: int, *, on_give_up: OnGiveUp | None = None) -> Iterator[Event]:
    """Take one due reaction and give its event; done when the block ends well.

    Retryable moves `due_at`; Permanent, or the last attempt's failure, gives up: `on_give_up(event, reason)` is
    called, so that exhausted retries are never silent. Any other exception is a fault of ours and is retried.
    A reaction that is not due, or in other hands, ends the task quietly (celery.exceptions.Ignore).
    """
    reaction = _claim(reaction_id, timezone.now())
    if reaction is None:
        raise Ignore
    event = _event_of(reaction)
    with _attempted(reaction, event, on_give_up) as attempt, renewed(partial(_renew, reaction), every=RENEWED_EVERY):
        yield event
    if attempt.succeeded:
        reaction.done_at, reaction.leased_until, reaction.last_error = timezone.now(), None, ""
        update(reaction, ("done_at", "leased_until", "last_error"))


class Batch:
    """Reactions that one worker has taken together, in the order of their events.

    Each is worked inside `attempt`, or handed back; what is neither is attempted again when the lease is over.
    """

    def __init__(self, reactions: Sequence[Reaction], events: Sequence[Event]) -> None:
        self.events = events
        self._open = {one.event_id: one for one in reactions}
        self._done: list[int] = []

    @contextmanager
    def attempt(self, event: Event) -> Iterator[None]:
        """Around the work of one event. What it raises is dealt with as in `claimed`, and ends here."""
        reaction = self._open[event.pk]
        with _attempted(reaction, event, None) as attempt:
            yield
        if attempt.succeeded:
            self._done.append(reaction.pk)
        else:
            del self._open[event.pk]

    def hand_back(self, event: Event) -> None:
        """Leave it to another worker, at once."""
        reaction = self._open.pop(event.pk)
        _held(reaction).update(leased_until=None, attempts=reaction.attempts - 1)
        wake([(reaction.pk, reaction.tenant_id, reaction.task)])

    def renew(self) -> None:
        """Keep all that has not come to its end."""
        held = Reaction.objects.filter(pk__in=[one.pk for one in list(self._open.values())])
        held.filter(leased_until__isnull=False).update(leased_until=timezone.now() + LEASE)

    def finish(self) -> None:
        """Say that what was attempted well is done."""
        done = Reaction.objects.filter(pk__in=self._done)
        done.update(done_at=timezone.now(), leased_until=None, last_error="")


@contextmanager
def claimed_together(reaction_id: int, *, most: int) -> Iterator[Batch]:
    """As `claimed`, and with it at most so many reactions of the same task to events that came soon after.

    For work that is short: it is done by one worker, one after another, and is begun anew where the worker dies.
    """
    at = timezone.now()
    first = _claim(reaction_id, at)
    if first is None:
        raise Ignore
    found = {"tenant": first.tenant_id, "task": first.task, "event": first.event_id, "most": most - 1}
    more = Reaction.objects.raw(CLAIM_MORE, {**found, "reach": REACH, "at": at, "until": at + LEASE})
    reactions = [first, *sorted(more, key=lambda one: one.event_id)]
    with transaction.atomic():
        events = {one.pk: one for one in _EVENTS.all([one.event_id for one in reactions])}
    for reaction in reactions:
        if reaction.event_id not in events:
            _forget_eventless(reaction)
    batch = Batch(reactions, [events[one.event_id] for one in reactions if one.event_id in events])
    try:
        with renewed(batch.renew, every=RENEWED_EVERY):
            yield batch
    finally:
        batch.finish()


@dataclass
class _Attempt:
    succeeded: bool = False


@contextmanager
def _attempted(reaction: Reaction, event: Event, on_give_up: OnGiveUp | None) -> Iterator[_Attempt]:
    attempt = _Attempt()
    try:
        yield attempt
        attempt.succeeded = True
    except Permanent as error:
        _give_up(reaction, event, str(error), on_give_up)
    except Retryable as error:
        _try_again(reaction, event, str(error), error.after, on_give_up)
    except Exception as error:
        log.exception("reaction.failed", reaction=reaction.pk, of_task=reaction.task)
        _try_again(reaction, event, f"{type(error).__name__}: {error}", None, on_give_up)


def wake_due(*, at: datetime) -> int:
    """Wake what is due and neither done nor leased; returns how many were woken."""
    if _queue_length() >= SWEEP_LIMIT:
        return 0
    due = Reaction.objects.due(at - SWEEP_GRACE).order_by("due_at")[:SWEEP_LIMIT]
    wanted = list(due.values_list("pk", "tenant_id", "task"))
    wake(wanted)
    return len(wanted)


def try_now(*, event_id: int, tenant_id: int, at: datetime) -> None:
    """Make the given-up or waiting reactions of an event due at once (a person pressed *try again*)."""
    rows = Reaction.objects.filter(tenant_id=tenant_id, event_id=event_id, done_at=None)
    rows.update(due_at=at, failed_at=None, attempts=0)
    wanted = list(rows.values_list("pk", "tenant_id", "task"))
    transaction.on_commit(lambda: wake(wanted), robust=True)


def forget_done(*, at: datetime) -> int:
    """Delete reactions done longer ago than REACTION_KEPT; returns how many."""
    return Reaction.objects.filter(done_at__lt=at - settings.REACTION_KEPT).delete()[0]


def oldest_due_seconds(*, at: datetime) -> float:
    """How long the oldest due reaction has waited, 0 when none does."""
    oldest = Reaction.objects.due(at).order_by("due_at").values_list("due_at", flat=True).first()
    return (at - oldest).total_seconds() if oldest else 0.0


def _claim(reaction_id: int, at: datetime) -> Reaction | None:
    # One conditional update decides among racing workers: the row lock makes the loser see the winner's lease.
    values = {"id": reaction_id, "at": at, "until": at + LEASE}
    return next(iter(Reaction.objects.raw(CLAIM, values)), None)


def _event_of(reaction: Reaction) -> Event:
    with transaction.atomic():
        if event := _EVENTS.first([reaction.event_id]):
            return event
    _forget_eventless(reaction)
    raise Ignore


def _forget_eventless(reaction: Reaction) -> None:
    # Without its event there is nothing to do, now or later.
    _held(reaction).update(failed_at=timezone.now(), leased_until=None, last_error="The event is gone.")
    log.error("reaction.without_event", reaction=reaction.pk, of_task=reaction.task)


def _held(reaction: Reaction) -> QuerySet[Reaction]:
    # Whoever outlived its lease must not undo what the next holder has done meanwhile.
    return Reaction.objects.filter(pk=reaction.pk, attempts=reaction.attempts, done_at=None)


def _renew(reaction: Reaction) -> None:
    # Not once it is over: a finished or handed-back reaction has no lease.
    held = Reaction.objects.filter(pk=reaction.pk, attempts=reaction.attempts, leased_until__isnull=False)
    held.update(leased_until=timezone.now() + LEASE)


def _try_again(reaction: Reaction, event: Event, reason: str, after: float | None, on_give_up: OnGiveUp | None) -> None:
    if reaction.attempts > len(WAITS):
        _give_up(reaction, event, reason, on_give_up)
        return
    wait = max(WAITS[reaction.attempts - 1], timedelta(seconds=after or 0))
    due_at = timezone.now() + wait
    _held(reaction).update(due_at=due_at, leased_until=None, last_error=reason[:500])


def _give_up(reaction: Reaction, event: Event, reason: str, on_give_up: OnGiveUp | None) -> None:
    log.error("reaction.given_up", reaction=reaction.pk, of_task=reaction.task, reason=reason)
    with transaction.atomic(), tenant_scope(reaction.tenant_id):
        given_up = _held(reaction).update(failed_at=timezone.now(), leased_until=None, last_error=reason[:500])
        if given_up and on_give_up:
            on_give_up(event, reason)


def _queue_length() -> int:
    """How many tasks wait in the broker; 0 when it cannot be asked, since then it holds none."""
    try:
        with current_app.connection_for_read() as connection:
            channel: Any = connection.default_channel
            return int(channel.client.llen(current_app.conf.task_default_queue))
    except (OperationalError, OSError):
        return 0
