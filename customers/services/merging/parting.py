"""Undo a merge: both profiles stand again with what was theirs (B1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from customers.belongings import Moved, all_moved
from customers.kinds import CustomerEvent
from customers.models import Customer, Merge
from customers.services.merging import moving
from customers.services.merging.fields import Scribe, read_said, write_said
from customers.services.merging.locking import lock_contacts, lock_customers, top_of
from events.services.recording import record


class AlreadyUndone(Exception):
    """The two stand apart: a colleague was first."""


def undo_merge(*, merge: Merge, actor: Actor, at: datetime) -> Customer:
    """Give back what was the other's, and take back what the survivor said because of it; returns the other.

    Of several merges any may be undone, in any order. What came since stays with the survivor, and so does a value
    that somebody has changed since. Raises AlreadyUndone.
    """
    with transaction.atomic():
        merge = Merge.objects.select_for_update(of=("self",)).select_related("survivor", "other").get(pk=merge.pk)
        if merge.undone_at is not None:
            raise AlreadyUndone
        holder = top_of(merge.survivor)
        locked = lock_customers({holder.pk, merge.survivor_id, merge.other_id})
        holder, other = locked[holder.pk], locked[merge.other_id]
        lock_contacts([holder.pk])
        _return_rows(merge, holder, other)
        for one in (merge.survivor, *(step.survivor for step in _path(merge))):
            one.refresh_from_db(fields=["absorbed_ids"])
            one.mark_absorbed([pk for pk in one.absorbed_ids if pk not in other.all_ids])
        _thaw(other, actor)
        merge.undone_at, merge.undone_by = at, actor.name[:200]
        merge.save(update_fields=["undone_at", "undone_by"])
        for name, (before, after) in merge.values.items():
            _take_back(merge, name, before, after, Scribe(actor, at))
        _record(merge, holder, other, actor)
    return other


def _return_rows(merge: Merge, holder: Customer, other: Customer) -> None:
    group, path = set(other.all_ids), _path(merge)
    for moved in all_moved():
        label = moved.model._meta.label
        ids = moving.take_back(moved, holder_id=holder.pk, group=group, owner_id=other.pk)
        moving.restore_images(moved, merge.images.get(label, {}), ids)
        moving.restore_aside(moved, merge.aside.get(label, []), owner_id=other.pk)
        for later in path:
            _take_from_aside(later, moved, group, other)


def _path(merge: Merge) -> list[Merge]:
    """The merges by which the survivor went on into others."""
    path: list[Merge] = []
    while step := Merge.objects.standing().filter(other=merge.survivor_id).select_related("survivor").first():
        path.append(step)
        merge = step
    return path


def _take_from_aside(later: Merge, moved: Moved, group: set[int], other: Customer) -> None:
    """What had come with the other, and was put aside when the survivor went on."""
    label = moved.model._meta.label
    rows = later.aside.get(label, [])
    theirs = [row for row in rows if moving.owner_of(moved, row) in group]
    if theirs:
        moving.restore_aside(moved, theirs, owner_id=other.pk)
        later.aside[label] = [row for row in rows if row not in theirs]
        later.save(update_fields=["aside"])


def _take_back(merge: Merge, name: str, before: Any, after: Any, scribe: Scribe) -> None:
    """Take one value out of the pile: what stood below it stands there again, unless somebody has changed it since."""
    later = Merge.objects.standing().filter(survivor=merge.survivor_id, number__gt=merge.number)
    above = next((one for one in later.order_by("number") if name in one.values), None)
    if above is not None:
        above.values[name] = [before, above.values[name][1]]
        above.save(update_fields=["values"])
        return
    survivor = Customer.objects.get(pk=merge.survivor_id)
    if read_said(survivor).get(name) != after:
        return
    write_said(survivor, {name: before}, scribe)
    onward = Merge.objects.standing().filter(other=merge.survivor_id).first()
    # Into whoever the survivor went on with, the value may have gone along.
    if onward is not None and name in onward.values and onward.values[name][1] == after:
        kept = onward.values[name][0]
        _take_back(onward, name, before if before or not kept else kept, after, scribe)


def _thaw(other: Customer, actor: Actor) -> None:
    other.merged_into = other.deleted_at = None
    other.sign(actor)
    other.save(update_fields=["merged_into", "deleted_at"])


def _record(merge: Merge, holder: Customer, other: Customer, actor: Actor) -> None:
    for one in (holder, other):
        record(
            CustomerEvent.UNMERGED,
            subject=one,
            actor=actor,
            customer_id=one.pk,
            data={"merge": merge.pk, "survivor": holder.number, "other": other.number},
            live=[one.live_name, one.dealings_name, "customers", "inbox"],
        )
