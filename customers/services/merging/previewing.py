"""What a merge would move, and what undoing one would give back (B1, B3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.database.among import Among
from customers.belongings import Choice, Moved, all_counters, all_moved
from customers.merge_blockers import Blocker, find_blockers
from customers.models import Customer, Merge
from customers.services.merging import moving, piling
from customers.services.merging.parting import refuse_undoing
from customers.services.merging.setting_aside import count_aside, read_held

__all__ = ["Choice", "Counted", "MergePreview", "UnmergePreview", "ValueBack", "preview_merge", "preview_unmerge"]


@dataclass(frozen=True)
class Counted:
    """So many tickets, messages and so on; never none."""

    name: str
    count: int


@dataclass(frozen=True)
class MergePreview:
    """`moves` goes to the survivor; of `twins` both have the like, which stands once afterwards."""

    survivor: Customer
    other: Customer
    moves: tuple[Counted, ...]
    twins: tuple[Counted, ...]
    blockers: tuple[Blocker, ...]

    @property
    def is_blocked(self) -> bool:
        return any(one.is_final for one in self.blockers)

    @property
    def warnings(self) -> tuple[Blocker, ...]:
        return tuple(one for one in self.blockers if not one.is_final)


@dataclass(frozen=True)
class ValueBack:
    """A field in which the survivor says something because of the merge, named as fields.read_said does.

    `is_changed`: somebody said otherwise since, which stays; else `back` is said again.
    """

    name: str
    now: Any
    back: Any
    is_changed: bool


@dataclass(frozen=True)
class UnmergePreview:
    """`returns` goes back to the other; `gone` was theirs and was deleted, taken off or given to somebody since;
    `since` came to the holder since the merge and may be given to the other.
    """

    merge: Merge
    holder: Customer
    other: Customer
    returns: tuple[Counted, ...]
    gone: tuple[Counted, ...]
    values: tuple[ValueBack, ...]
    since: tuple[Choice, ...]


def preview_merge(*, survivor: Customer, other: Customer) -> MergePreview:
    """In a number of queries that does not grow with what they have."""
    told = _told()
    twins = {moved.name: count for moved in told if (count := _count_twins(moved, survivor, other))}
    moves = {moved.name: moving.count_rows(moved, other.pk) - twins.get(moved.name, 0) for moved in told}
    moves |= {one.name: one.count(other.all_ids) for one in all_counters()}
    blockers = find_blockers(survivor, other)
    return MergePreview(survivor, other, _counted(moves), _counted(twins), blockers)


def preview_unmerge(*, merge: Merge) -> UnmergePreview:
    """Raises what parting.undo_merge would."""
    merge = Merge.objects.select_related("survivor", "other").get(pk=merge.pk)
    way = [merge.other]
    while (further := way[-1].merged_into) is not None:
        way.append(further)
    refuse_undoing(merge, way)
    holder, group = way[-1], merge.other.all_ids
    returns = {moved.name: _count_from(moved, holder.pk, group) for moved in _told()}
    returns |= {one.name: one.count(group) for one in all_counters() if one.stays}
    aside = count_aside(merge)
    offers = [one for moved in all_moved() if moved.offer for one in moved.offer.list(holder.pk, merge.created_at)]
    return UnmergePreview(
        merge=merge,
        holder=holder,
        other=merge.other,
        returns=_counted({name: count + aside.get(name, 0) for name, count in returns.items()}),
        gone=_counted(_missing(merge, group, returns)),
        values=tuple(_values(merge, holder)),
        since=tuple(offers),
    )


def _told() -> list[Moved]:
    return [moved for moved in all_moved() if moved.is_told]


def _counted(counts: Mapping[str, int]) -> tuple[Counted, ...]:
    return tuple(Counted(name, count) for name, count in counts.items() if count > 0)


def _count_twins(moved: Moved, survivor: Customer, other: Customer) -> int:
    return len(read_held(moved, survivor.pk) & read_held(moved, other.pk)) if moved.once else 0


def _count_from(moved: Moved, holder_id: int, group: Iterable[int]) -> int:
    return int(moving.rows_of(moved, holder_id).filter(Among(moved.origin_column, group)).count())


def _missing(merge: Merge, group: Iterable[int], returns: Mapping[str, int]) -> dict[str, int]:
    """What moved and does not come back. Where some of it went with a profile that was split off since, who knows."""
    if Merge.objects.filter(survivor__in=list(group), undone_at__gte=merge.created_at).exists():
        return {}
    return {name: merge.counts.get(name, 0) - count for name, count in returns.items()}


def _values(merge: Merge, holder: Customer) -> Iterable[ValueBack]:
    said = piling.read_all(holder)
    for name, (before, after) in merge.values.items():
        if before != after and name != piling.SEEN:
            now = said.get(name)
            yield ValueBack(name, now, now if now != after else before, now != after)
