"""Undo a merge: both profiles stand again with what was theirs (B1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.kinds import Actor
from customers.belongings import Change, Moved, after_parting, all_moved
from customers.kinds import CustomerEvent
from customers.models import Customer, Merge
from customers.services.merging import crowning, moving, piling
from customers.services.merging.fields import Scribe
from customers.services.merging.locking import held_alone, lock_contacts, lock_way, patiently
from customers.services.merging.setting_aside import Shelf, bring_back, read_held, read_shelf, take_apart
from customers.services.naming_merged import writing_by_split
from events.services.recording import record


class AlreadyUndone(Exception):
    """The two stand apart: a colleague was first."""


class NotUndoable(Exception):
    """They cannot stand apart again as things are; the text says why and what to do."""


@dataclass(frozen=True)
class Parting:
    """A merge that is being undone. `way` leads from the other to the holder, who has it all, both included."""

    merge: Merge
    way: Sequence[Customer]
    shelf: Shelf

    @property
    def other(self) -> Customer:
        return self.way[0]

    @property
    def holder(self) -> Customer:
        return self.way[-1]

    @property
    def staying(self) -> set[int]:
        return set(self.holder.all_ids) - set(self.other.all_ids)


def undo_merge(*, merge: Merge, also: Collection[int] = (), actor: Actor, at: datetime) -> Customer:
    """Give back what was the other's, and take back what the survivor said because of it; returns the other.

    Of several merges any may be undone, in any order. What came since stays with the holder, but for what is offered
    (belongings.Offer) and stands in `also`; so does a value that somebody has changed since, and what somebody took off
    does not come back. Raises AlreadyUndone, NotUndoable, locking.Busy.
    """
    return patiently(lambda: _undo(merge.pk, frozenset(also), Scribe(actor, at)))


def find_merge(*, other: Customer) -> Merge | None:
    """That by which a profile went into another one; None where it stands by itself."""
    merge: Merge | None = Merge.objects.standing().filter(other=other).select_related("survivor", "other").first()
    return merge


def refuse_undoing(merge: Merge, way: Sequence[Customer]) -> None:
    """Raises AlreadyUndone, NotUndoable."""
    if merge.undone_at is not None:
        raise AlreadyUndone
    holder, other = way[-1], way[0]
    if any(one.is_erased for one in way):
        raise NotUndoable("One of them was erased: nothing is known any more that could be given back.")
    if holder.is_deleted:
        raise NotUndoable(
            f"Customer {holder.number}, who has what was customer {other.number}'s, is deleted. Restore them first."
        )


def _undo(merge_id: int, also: frozenset[int], scribe: Scribe) -> Customer:
    merge = Merge.objects.get(pk=merge_id)
    way = lock_way(merge.other_id)
    # Read again: whoever undoes a merge below the same holder has waited for us, or we for them.
    merge.refresh_from_db()
    refuse_undoing(merge, way)
    lock_contacts([way[-1].pk])
    shelf = read_shelf(way[-1].absorbed_ids)
    shelf.merges[merge.other_id] = merge
    parting = Parting(merge, way, shelf)
    with held_alone(merge.other_id), writing_by_split(holder_id=parting.holder.pk, other_id=merge.other_id):
        crowning.uncrown(merge, shelf, parting.holder.pk)
        for moved in all_moved():
            _return_rows(parting, moved, also)
        shelf.save()
        _thaw(parting, scribe)
        merge.undone_at, merge.undone_by = scribe.at, scribe.actor.name[:200]
        merge.save(update_fields=["undone_at", "undone_by"])
        piling.take_out(merge, scribe)
        change = Change(merge, parting.holder, parting.other, scribe.actor, scribe.at)
        for hook in after_parting():
            hook(change)
        _record(parting, scribe.actor)
    return parting.other


def _return_rows(parting: Parting, moved: Moved, also: Collection[int]) -> None:
    merge, holder, other = parting.merge, parting.holder, parting.other
    had = read_held(moved, holder.pk)
    ids = moving.take_back(moved, holder_id=holder.pk, group=other.all_ids, owner_id=other.pk)
    take_apart(moved, parting.shelf, merge, left=ids, members=other.all_ids)
    ids += bring_back(moved, parting.shelf, head_id=other.pk, members=other.all_ids, wanted=had)
    moving.restore_images(moved, merge.images.get(moved.model._meta.label, {}), ids)
    bring_back(moved, parting.shelf, head_id=holder.pk, members=parting.staying, wanted=had)
    if moved.offer and also:
        moved.offer.give(also, holder.pk, other.pk, merge.created_at)
    if moved.settle:
        moved.settle([holder.pk, other.pk])


def _thaw(parting: Parting, scribe: Scribe) -> None:
    other = parting.other
    other.merged_into = other.deleted_at = None
    other.sign(scribe.actor)
    other.save(update_fields=["merged_into", "deleted_at"])
    gone = set(other.all_ids)
    for one in parting.way[1:]:
        one.mark_absorbed([pk for pk in one.absorbed_ids if pk not in gone])


def _record(parting: Parting, actor: Actor) -> None:
    holder, other = parting.holder, parting.other
    for one in (holder, other):
        record(
            CustomerEvent.UNMERGED,
            subject=one,
            actor=actor,
            customer_id=one.pk,
            data={"merge": parting.merge.pk, "survivor": holder.number, "other": other.number},
            live=[one.live_name, one.dealings_name, "customers", "inbox"],
        )
