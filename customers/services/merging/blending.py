"""Two likes of which one stands: what only the other's said, such as a proof, the one that stands says too.

Of each pair the merge remembers both ids, and what was written. A merge that is taken out may lie below others: those
rest on what stood before it then, and say anew what their own likes prove.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from customers.belongings import Moved
from customers.models import Merge
from customers.services.merging import moving

Said = dict[str, str | None]
Blends = dict[str, dict[str, list[str | None]]]  # by id and column what stood there and what was written
Flow = dict[str, tuple[str | None, str | None]]  # by column, what stood there and what stands there now


def key_of(moved: Moved) -> str:
    """Where a merge's blends stand among its images."""
    return f"{moved.model._meta.label} blended"


def pairs_key(moved: Moved) -> str:
    """Where its pairs stand: by the id of the row that stands, that of its like."""
    return f"{moved.model._meta.label} likes"


def blend(moved: Moved, merge: Merge, pairs: Iterable[tuple[Any, Any]]) -> None:
    """Of each pair the first stands, the second is set aside."""
    if moved.blend is None:
        return
    pairs = list(pairs)
    found: Blends = {}
    for mine, theirs in pairs:
        if changed := {name: [old, new] for name, (old, new) in _compare(moved, mine, theirs).items()}:
            found[str(mine.pk)] = changed
    merge.images[pairs_key(moved)] = {str(mine.pk): theirs.pk for mine, theirs in pairs}
    if found:
        merge.images[key_of(moved)] = found
        _write(moved, {pk: {name: new for name, (_, new) in one.items()} for pk, one in found.items()})


@dataclass
class Unblending:
    """One merge is taken out from below the others that stand, in the order of their numbers.

    `shelved` are rows that are set aside, by id: they are changed in place. `touched` are merges to be saved.
    """

    moved: Moved
    others: Sequence[Merge]
    shelved: Mapping[str, dict[str, Any]]
    touched: set[int] = field(default_factory=set)
    _now: dict[str, Said] = field(default_factory=dict)
    _back: dict[str, Said] = field(default_factory=dict)

    def take_out(self, merge: Merge) -> None:
        """What the merge wrote goes, unless it was changed since."""
        blends: Blends = merge.images.get(key_of(self.moved), {})
        self._now = _read(self.moved, self._tops(blends))
        for pk, columns in blends.items():
            self._sink(pk, {name: (after, before) for name, (before, after) in columns.items()}, merge.number)
        _write(self.moved, self._back)

    def _sink(self, pk: str, flow: Flow, number: int) -> None:
        for later in self.others:
            if later.number > number:
                flow = self._pass(later, pk, flow)
        flow = {name: way for name, way in flow.items() if way[0] != way[1]}
        if pk in self._now:
            now = self._now[pk]
            back = {name: after for name, (before, after) in flow.items() if now[name] == before}
            now.update(back)
            self._back.setdefault(pk, {}).update(back)
        elif pk in self.shelved:
            row = self.shelved[pk]
            flow = {name: way for name, way in flow.items() if row[name] == way[0]}
            row.update({name: after for name, (_, after) in flow.items()})
            self._rise(pk, flow)

    def _pass(self, later: Merge, pk: str, flow: Flow) -> Flow:
        """Go on above a later merge that had a like of this row, or wrote on it."""
        written = later.images.get(key_of(self.moved), {}).get(pk, {})
        like = self.shelved.get(str(later.images.get(pairs_key(self.moved), {}).get(pk)))
        rest: Flow = {}
        for name, (before, after) in flow.items():
            if name in written:
                if written[name][0] == before:
                    written[name][0] = after
                    self.touched.add(later.pk)
                continue
            now = after if like is None else self._blended(like, name, after)
            if now != after:
                later.images.setdefault(key_of(self.moved), {}).setdefault(pk, {})[name] = [after, now]
                self.touched.add(later.pk)
            rest[name] = (before, now)
        return rest

    def _rise(self, pk: str, flow: Flow) -> None:
        """The row is the like of another one, which says what it proved."""
        for above in self.others:
            likes = above.images.get(pairs_key(self.moved), {})
            for top in (one for one, like in likes.items() if str(like) == pk):
                written = above.images.get(key_of(self.moved), {}).get(top, {})
                onward: Flow = {}
                for name in flow.keys() & written.keys():
                    before, after = written[name]
                    written[name][1] = self._blended(self.shelved[pk], name, before)
                    onward[name] = (after, written[name][1])
                    self.touched.add(above.pk)
                self._sink(top, onward, above.number)

    def _blended(self, like: Mapping[str, Any], name: str, value: str | None) -> str | None:
        mine = _revive(self.moved, {name: value})
        said = self.moved.blend(mine, _revive(self.moved, like)) if self.moved.blend else {}
        return _text(said[name])

    def _tops(self, blends: Iterable[str]) -> set[str]:
        """The rows themselves, and those of which they are likes."""
        found, wanted = set(blends), set(blends)
        while wanted:
            likes = [one.images.get(pairs_key(self.moved), {}) for one in self.others]
            wanted = {top for pairs in likes for top, like in pairs.items() if str(like) in wanted} - found
            found |= wanted
        return found


def unblend_rows(moved: Moved, ids: Collection[int], others: Sequence[Merge]) -> set[int]:
    """Rows that leave are as they were before any of these merges; returns the ids of those that wrote on them."""
    touched: set[int] = set()
    for merge in sorted(others, key=lambda one: -one.number):
        blends: Blends = merge.images.get(key_of(moved), {})
        likes = merge.images.get(pairs_key(moved), {})
        if not any(int(pk) in ids for pk in (*blends, *likes)):
            continue
        gone = {pk: columns for pk, columns in blends.items() if int(pk) in ids}
        now = _read(moved, gone)
        back = {pk: {n: old for n, (old, new) in one.items() if now[pk][n] == new} for pk, one in gone.items()}
        _write(moved, back)
        merge.images[key_of(moved)] = {pk: one for pk, one in blends.items() if pk not in gone}
        merge.images[pairs_key(moved)] = {pk: one for pk, one in likes.items() if int(pk) not in ids}
        touched.add(merge.pk)
    return touched


def _compare(moved: Moved, mine: Any, theirs: Any) -> dict[str, tuple[str | None, str | None]]:
    """What the one that stands says, and is to say, where this differs."""
    said = moved.blend(mine, theirs) if moved.blend else {}
    ways = {name: (_text(getattr(mine, name)), _text(value)) for name, value in said.items()}
    return {name: way for name, way in ways.items() if way[0] != way[1]}


def _revive(moved: Moved, said: Mapping[str, Any]) -> Any:
    """A row as it was written into a merge."""
    fields = {one.attname: one for one in moving.meta_of(moved).concrete_fields}
    return moved.model(**{name: fields[name].to_python(value) for name, value in said.items()})


def _read(moved: Moved, ids: Collection[str] | Blends) -> dict[str, Said]:
    names = _columns(moved) if ids else ()
    rows = moving.all_of(moved).filter(pk__in=[int(pk) for pk in ids]).values("pk", *names) if ids else ()
    return {str(row["pk"]): {name: _text(row[name]) for name in names} for row in rows}


def _columns(moved: Moved) -> list[str]:
    """Those that blending may write."""
    blank = moved.model()
    return sorted(moved.blend(blank, blank)) if moved.blend else []


def _write(moved: Moved, rows: Mapping[str, Mapping[str, str | None]]) -> None:
    """One statement for each column."""
    for name in sorted({name for columns in rows.values() for name in columns}):
        moving.write_columns(moved, [name], [(int(pk), one[name]) for pk, one in rows.items() if name in one])


def _text(moment: Any) -> str | None:
    return None if moment is None else moment.isoformat()
