"""Record what happened, inside the caller's transaction, with the reactions it calls for."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from accounts.kinds import Actor
from accounts.tenancy import active_tenant_id
from core.database.rows import insert
from events.kinds import EventType, dealings_name
from events.models import Event, Reaction
from events.services.announcing import announce
from events.services.reacting import wake


def record(
    type: EventType,
    *,
    subject: models.Model,
    actor: Actor,
    data: Mapping[str, Any] | None = None,
    customer_id: int | None = None,
    ticket_id: int | None = None,
    cause: Event | None = None,
    at: datetime | None = None,
    live: Iterable[str] = (),
    react_at: datetime | None = None,
    wakes: bool = True,
) -> Event:
    """Write one event and one reaction for each subscriber of its type. `at` is when it happened, now by default.

    `react_at` puts the reactions off until then: the sweep wakes them, within its interval. `wakes` is False where
    there is nothing to do for whoever subscribes: another event of the same act has woken them, or will.

    After commit the workers are woken and the names in `live` are announced to open pages, with that of the customer's
    dealings when it is about a ticket; a Redis that is down delays both and loses neither. Raises ValueError when
    `data` has not the shape its type declares.
    """
    event = Event(
        type=type.name,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        customer_id=customer_id,
        ticket_id=ticket_id,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name[:200],
        data=dict(data or {}),
        cause=cause,
        created_at=at or timezone.now(),
        audit_group=type.audit,
    )
    type.check(event.data)
    # Inside a transaction it needs no savepoint: nobody goes on after an event that could not be written.
    with transaction.atomic(savepoint=False):
        insert([event])
        if wakes:
            _add_reactions(event, react_at)
    announce(*live, *([dealings_name(customer_id)] if customer_id and ticket_id else ()))
    event.is_fresh = True
    return event


def _add_reactions(event: Event, react_at: datetime | None) -> None:
    due_at = react_at or timezone.now()
    reactions = [
        Reaction(tenant_id=active_tenant_id(), event_id=event.pk, task=task, due_at=due_at)
        for task in subscribers().get(event.type, ())
    ]
    insert(reactions)
    if reactions and react_at is None:
        wanted = [(reaction.pk, reaction.tenant_id, reaction.task) for reaction in reactions]
        transaction.on_commit(partial(wake, wanted), robust=True)


@cache
def subscribers() -> Mapping[str, tuple[str, ...]]:
    """Event type -> task names, from the composition root, by the path in settings: this app imports nothing above."""
    return import_string(settings.EVENT_SUBSCRIBERS)
