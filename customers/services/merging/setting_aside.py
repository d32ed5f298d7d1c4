"""Rows of which a customer has each value once: of two profiles' likes one stands, the other is kept with its merge.

Each is kept with the merge by which its owner, whose it was at first, went into somebody: who is split off again finds
their own there, and what came with them in the merges by which it came.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.database.columns import insert_missing_columns
from customers.belongings import Moved, all_moved
from customers.models import Merge
from customers.services.merging import moving
from customers.services.merging.blending import Unblending, blend, unblend_rows

Row = dict[str, Any]


@dataclass
class Shelf:
    """The merges that stand below a profile, by who went away in them, with the rows that are set aside in each."""

    merges: dict[int, Merge] = field(default_factory=dict)
    changed: set[int] = field(default_factory=set)

    def rows(self, moved: Moved, members: Collection[int]) -> list[tuple[int, Row]]:
        """With their owners."""
        label = moved.model._meta.label
        return [(pk, row) for pk in members if pk in self.merges for row in self.merges[pk].aside.get(label, ())]

    def put(self, moved: Moved, owner: int, rows: Iterable[Row]) -> None:
        self.merges[owner].aside.setdefault(moved.model._meta.label, []).extend(rows)
        self.changed.add(owner)

    def take(self, moved: Moved, owner: int, rows: Sequence[Row]) -> None:
        label, ids = moved.model._meta.label, {row["id"] for row in rows}
        kept = [row for row in self.merges[owner].aside.get(label, ()) if row["id"] not in ids]
        self.merges[owner].aside[label] = kept
        self.changed.add(owner)

    def depth(self, owner: int) -> int:
        """How many merges lie between an owner and who holds it all."""
        count = 0
        while (merge := self.merges.get(owner)) is not None:
            owner, count = merge.survivor_id, count + 1
        return count

    def save(self) -> None:
        for owner in sorted(self.changed):
            if self.merges[owner].pk:
                self.merges[owner].save(update_fields=["aside", "images"])


def read_shelf(members: Collection[int]) -> Shelf:
    """Of all who were merged into somebody, in one query."""
    rows = Merge.objects.standing().filter(other__in=list(members)).defer("values")
    return Shelf({one.other_id: one for one in rows})


def set_aside(moved: Moved, shelf: Shelf, *, survivor_id: int, other_id: int) -> int:
    """Take away the other's rows of which the survivor has the like; returns how many."""
    if not moved.once:
        return 0
    held = {_key(moved, row): row for row in moving.rows_of(moved, survivor_id)}
    twins = [row for row in moving.rows_of(moved, other_id) if _key(moved, row) in held]
    if twins:
        blend(moved, shelf.merges[other_id], [(held[_key(moved, row)], row) for row in twins])
        moving.delete(moved, [row.pk for row in twins])
    for row in twins:
        shelf.put(moved, getattr(row, moved.origin_column) or other_id, [_write(row)])
    return len(twins)


def take_apart(moved: Moved, shelf: Shelf, merge: Merge, *, left: Collection[int], members: Collection[int]) -> None:
    """Of likes of which one stands, what each said because of the other's: before `left`, rows of `members`, part."""
    if moved.blend is None:
        return
    others = sorted((one for one in shelf.merges.values() if one.pk != merge.pk), key=lambda one: one.number)
    label = moved.model._meta.label
    shelved = {str(row["id"]): row for one in shelf.merges.values() for row in one.aside.get(label, ())}
    unblending = Unblending(moved, others, shelved)
    unblending.take_out(merge)
    shelf.changed |= {pk for pk, one in shelf.merges.items() if one.aside.get(label)}
    outside = [one for one in others if one.other_id not in members]
    touched = unblending.touched | unblend_rows(moved, left, outside)
    shelf.changed |= {one.other_id for one in others if one.pk in touched}


def read_held(moved: Moved, holder_id: int) -> frozenset[tuple[Any, ...]]:
    """What a profile has once, to be compared with later. What nobody has any more was taken off by somebody."""
    return frozenset(moving.rows_of(moved, holder_id).values_list(*moved.once)) if moved.once else frozenset()


def bring_back(
    moved: Moved, shelf: Shelf, *, head_id: int, members: Collection[int], wanted: Collection[tuple[Any, ...]]
) -> list[int]:
    """Where the head of these members lacks a wanted row that one of them had, it has theirs; returns the ids.

    Of several likes it is that of the owner who is nearest, as it would be had the missing one never been there. The
    head's own comes back anyhow where rows are `returned`.
    """
    if not moved.once:
        return []
    pool = shelf.rows(moved, members)
    own = [row for owner, row in pool if moved.returned and owner == head_id]
    lacking = set(wanted) - read_held(moved, head_id) - {key_of(moved, row) for row in own}
    chosen: dict[tuple[Any, ...], tuple[int, Row]] = {}
    for owner, row in sorted(pool, key=lambda one: (one[0] != head_id, shelf.depth(one[0]), one[0])):
        key = key_of(moved, row)
        if key in lacking:
            chosen.setdefault(key, (owner, row))
    by_owner: dict[int, list[Row]] = {head_id: own} if own else {}
    for owner, row in chosen.values():
        by_owner.setdefault(owner, []).append(row)
    for owner, rows in by_owner.items():
        shelf.take(moved, owner, rows)
        _insert(moved, rows, owner)
        if owner != head_id:
            moving.move(moved, survivor_id=head_id, other_id=owner, group=[owner])
    return [row["id"] for rows in by_owner.values() for row in rows]


def _key(moved: Moved, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in moved.once)


def key_of(moved: Moved, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in moved.once)


def count_aside(merge: Merge) -> dict[str, int]:
    """By the names of what is counted, the rows that are set aside in this merge."""
    found = {moved.name: len(merge.aside.get(moved.model._meta.label, ())) for moved in all_moved()}
    return {name: count for name, count in found.items() if count}


def _insert(moved: Moved, rows: Sequence[Row], owner_id: int) -> None:
    """As they were, ids and moments included; they are their owner's own."""
    said = [{**row, moved.column: owner_id, moved.origin_column: None} for row in rows]
    columns = {name: [row[name] for row in said] for name in said[0]}
    insert_missing_columns(moved.model, columns)


def _write(row: Any) -> Row:
    """As JSON can hold it and PostgreSQL reads it."""
    said = {one.attname: one.value_from_object(row) for one in row._meta.concrete_fields}
    return {name: _plain(value) for name, value in said.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int) else str(value)
