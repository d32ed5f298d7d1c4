"""Two likes of which one stands: what only the other's said, such as a proof, the one that stands says too."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from customers.belongings import Moved
from customers.models import Merge
from customers.services.merging import moving

Blends = dict[str, dict[str, list[str | None]]]  # by id and column what stood there and what was written


def key_of(moved: Moved) -> str:
    """Where a merge's blends stand among its images."""
    return f"{moved.model._meta.label} blended"


def blend(moved: Moved, merge: Merge, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Of each pair the first stands, the second is set aside."""
    if moved.blend is None:
        return
    found: Blends = {}
    for mine, theirs in pairs:
        said = {name: (getattr(mine, name), value) for name, value in moved.blend(mine, theirs).items()}
        if changed := {name: [_text(old), _text(new)] for name, (old, new) in said.items() if old != new}:
            found[str(mine.pk)] = changed
    if found:
        merge.images[key_of(moved)] = found
        _write(moved, {pk: {name: new for name, (_, new) in one.items()} for pk, one in found.items()})


def unblend(moved: Moved, merge: Merge, others: Sequence[Merge], shelved: Mapping[str, dict[str, Any]]) -> set[int]:
    """Take out what a merge wrote, unless it was changed since; returns the ids of other merges that are to be saved.

    `shelved` are rows that are set aside, by id: they are changed in place.

    `others` stand, in the order of their numbers; where a later one wrote over it, that one rests on what stood before.
    """
    blends: Blends = merge.images.get(key_of(moved), {})
    back: dict[str, dict[str, str | None]] = {}
    touched: set[int] = set()
    now = _read(moved, blends)
    for pk, columns in blends.items():
        for name, (before, after) in columns.items():
            above = next((one for one in others if one.number > merge.number and _has(moved, one, pk, name)), None)
            if above is not None:
                pair = above.images[key_of(moved)][pk][name]
                if pair[0] == after:
                    pair[0] = before
                    touched.add(above.pk)
            elif pk in now and now[pk][name] == after:
                back.setdefault(pk, {})[name] = before
            elif pk in shelved and shelved[pk][name] == after:
                shelved[pk][name] = before
    _write(moved, back)
    return touched


def unblend_rows(moved: Moved, ids: Collection[int], others: Sequence[Merge]) -> set[int]:
    """Rows that leave are as they were before any of these merges; returns the ids of those that wrote on them."""
    touched: set[int] = set()
    for merge in sorted(others, key=lambda one: -one.number):
        blends: Blends = merge.images.get(key_of(moved), {})
        gone = {pk: columns for pk, columns in blends.items() if int(pk) in ids}
        if not gone:
            continue
        now = _read(moved, gone)
        back = {pk: {n: old for n, (old, new) in one.items() if now[pk][n] == new} for pk, one in gone.items()}
        _write(moved, back)
        merge.images[key_of(moved)] = {pk: one for pk, one in blends.items() if pk not in gone}
        touched.add(merge.pk)
    return touched


def _has(moved: Moved, merge: Merge, pk: str, name: str) -> bool:
    return name in merge.images.get(key_of(moved), {}).get(pk, {})


def _read(moved: Moved, blends: Blends) -> dict[str, dict[str, str | None]]:
    names = sorted({name for columns in blends.values() for name in columns})
    rows = moving.all_of(moved).filter(pk__in=[int(pk) for pk in blends]).values("pk", *names) if blends else ()
    return {str(row["pk"]): {name: _text(row[name]) for name in names} for row in rows}


def _write(moved: Moved, rows: Mapping[str, Mapping[str, str | None]]) -> None:
    """One statement for each column."""
    for name in sorted({name for columns in rows.values() for name in columns}):
        moving.write_columns(moved, [name], [(int(pk), one[name]) for pk, one in rows.items() if name in one])


def _text(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
