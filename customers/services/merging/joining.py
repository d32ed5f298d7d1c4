"""Merge two profiles that are one person (F43 to F49)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from customers.belongings import all_moved
from customers.kinds import CustomerEvent
from customers.models import Customer, Merge
from customers.services.merging import moving
from customers.services.merging.fields import Scribe, choose, read_said, write_said
from customers.services.merging.locking import lock_contacts, lock_customers
from events.services.recording import record


class SameCustomer(Exception):
    """A customer cannot be merged into themselves."""


class NotThere(Exception):
    """One of the two is deleted, erased or merged already: a colleague was first."""


def merge_customers(
    *, survivor: Customer, other: Customer, chosen: Mapping[str, Any] | None = None, actor: Actor, at: datetime
) -> Merge:
    """Give the survivor all that belongs to the other, who stays as they were, frozen.

    `chosen` is by field (fields.read_said) what the survivor is to say; of what was not chosen the survivor's own
    stays, and the other's fills what is blank. Raises SameCustomer, NotThere.
    """
    if survivor.pk == other.pk:
        raise SameCustomer
    with transaction.atomic():
        locked = lock_customers([survivor.pk, other.pk])
        survivor, other = locked[survivor.pk], locked[other.pk]
        if survivor.is_deleted or other.is_deleted:
            raise NotThere
        lock_contacts([survivor.pk, other.pk])
        merge = Merge(number=next_number("merge"), survivor=survivor, other=other, created_at=at)
        merge.set_author(actor)
        _say(merge, chosen or {}, Scribe(actor, at))
        _move(merge)
        _freeze(other, survivor, actor, at)
        survivor.refresh_from_db(fields=["absorbed_ids"])
        survivor.mark_absorbed([*survivor.absorbed_ids, *other.all_ids])
        merge.save()
        _record(merge, actor)
    return merge


def _say(merge: Merge, chosen: Mapping[str, Any], scribe: Scribe) -> None:
    mine, theirs = read_said(merge.survivor), read_said(merge.other)
    after = choose(mine, theirs, chosen)
    changed = {name: value for name, value in after.items() if mine.get(name) != value}
    merge.values = {name: [mine.get(name), value] for name, value in changed.items()}
    write_said(merge.survivor, changed, scribe)


def _move(merge: Merge) -> None:
    ids = {"survivor_id": merge.survivor_id, "other_id": merge.other_id}
    for moved in all_moved():
        label = moved.model._meta.label
        merge.images[label] = moving.read_images(moved, merge.other_id)
        merge.aside[label] = moving.put_aside(moved, **ids)
        if moved.fit:
            moved.fit(merge.survivor_id, merge.other_id)
        merge.counts[moved.name] = moving.move(moved, **ids)


def _freeze(other: Customer, survivor: Customer, actor: Actor, at: datetime) -> None:
    other.merged_into, other.deleted_at = survivor, at
    other.sign(actor)
    other.save(update_fields=["merged_into", "deleted_at"])


def _record(merge: Merge, actor: Actor) -> None:
    for one, type in ((merge.survivor, CustomerEvent.MERGED), (merge.other, CustomerEvent.MERGED_AWAY)):
        record(
            type,
            subject=one,
            actor=actor,
            customer_id=one.pk,
            data={"merge": merge.pk, "survivor": merge.survivor.number, "other": merge.other.number},
            live=[one.live_name, one.dealings_name, "customers", "inbox"],
        )
