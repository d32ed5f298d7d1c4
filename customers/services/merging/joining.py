"""Merge two profiles that are one person (F43 to F49)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from accounts.kinds import Actor
from accounts.services.numbering import next_number
from customers.belongings import Change, after_joining, all_counters, all_moved
from customers.kinds import CustomerEvent
from customers.merge_blockers import Blocker, find_blockers
from customers.models import Customer, Merge
from customers.services.merging import moving, piling
from customers.services.merging.fields import Scribe
from customers.services.merging.locking import held_alone, lock_contacts, lock_customers, patiently
from customers.services.merging.setting_aside import read_shelf, set_aside
from customers.services.naming_merged import writing_by_merge
from events.services.recording import record


class SameCustomer(Exception):
    """A customer cannot be merged into themselves."""


class NotThere(Exception):
    """One of the two is deleted, erased or merged already: a colleague was first."""


class Blocked(Exception):
    """Something speaks against it; `blockers` say what, and what to do."""

    def __init__(self, blockers: Sequence[Blocker]) -> None:
        super().__init__(" ".join(one.why for one in blockers if one.is_final))
        self.blockers = tuple(blockers)


def merge_customers(
    *, survivor: Customer, other: Customer, chosen: Mapping[str, Any] | None = None, actor: Actor, at: datetime
) -> Merge:
    """Give the survivor all that belongs to the other, who stays as they were, frozen.

    `chosen` is by field (fields.read_said) what the survivor is to say; of what was not chosen the survivor's own
    stays, and the other's fills what is blank. Raises SameCustomer, NotThere, Blocked, locking.Busy.
    """
    if survivor.pk == other.pk:
        raise SameCustomer
    return patiently(lambda: _merge(survivor.pk, other.pk, chosen or {}, Scribe(actor, at)))


def _merge(survivor_id: int, other_id: int, chosen: Mapping[str, Any], scribe: Scribe) -> Merge:
    survivor, other = _lock(survivor_id, other_id)
    merge = Merge(survivor=survivor, other=other, created_at=scribe.at)
    merge.set_author(scribe.actor)
    with held_alone(other.pk), writing_by_merge(survivor_id=survivor.pk, other_id=other.pk):
        _move(merge)
        piling.pile_up(merge, chosen, scribe)
        _freeze(merge, scribe)
        change = Change(merge, survivor, other, scribe.actor, scribe.at)
        for hook in after_joining():
            hook(change)
        # Late, since all merges of the workspace wait for the number's row.
        merge.number = next_number("merge")
        merge.save(force_insert=True)
        _record(merge, scribe.actor)
    return merge


def _lock(survivor_id: int, other_id: int) -> tuple[Customer, Customer]:
    locked = lock_customers([survivor_id, other_id])
    if len(locked) < 2 or any(one.is_deleted or one.is_merged for one in locked.values()):
        raise NotThere
    lock_contacts([survivor_id, other_id])
    blockers = find_blockers(locked[survivor_id], locked[other_id])
    if any(one.is_final for one in blockers):
        raise Blocked(blockers)
    return locked[survivor_id], locked[other_id]


def _move(merge: Merge) -> None:
    ids = {"survivor_id": merge.survivor_id, "other_id": merge.other_id}
    merge.counts = {one.name: count for one in all_counters() if (count := one.count(merge.other.all_ids))}
    shelf = read_shelf(merge.other.absorbed_ids)
    shelf.merges[merge.other_id] = merge
    for moved in all_moved():
        if images := moving.read_images(moved, merge.other_id):
            merge.images[moved.model._meta.label] = images
        set_aside(moved, shelf, **ids)
        if count := moving.move(moved, **ids, group=merge.other.all_ids):
            merge.counts[moved.name] = count
    shelf.save()


def _freeze(merge: Merge, scribe: Scribe) -> None:
    other = merge.other
    # What the services have written since stands in the row, not in the object that was read before.
    survivor = merge.survivor = Customer.objects.get(pk=merge.survivor_id)
    other.merged_into, other.deleted_at = survivor, scribe.at
    other.sign(scribe.actor)
    other.save(update_fields=["merged_into", "deleted_at"])
    survivor.mark_absorbed([*survivor.absorbed_ids, *other.all_ids])


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
