"""Merge two profiles as a page showed them: only if they still say what it showed, and its warnings were accepted."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from accounts.kinds import Actor
from customers.kinds import NoteSync
from customers.merge_blockers import Blocker
from customers.models import Customer, CustomerNote, Merge
from customers.services.merging import crowning
from customers.services.merging.choosing import (
    BOTH,
    MINE,
    THEIRS,
    Choice,
    Pages,
    digest,
    digest_of,
    join_notes,
    read_choices,
    read_chosen,
)
from customers.services.merging.fields import NOTE, Scribe, read_said
from customers.services.merging.joining import merge_customers
from customers.services.merging.locking import lock_customers, patiently
from customers.services.merging.pooling import Pool, read_pool
from customers.services.merging.previewing import MergePreview, preview_merge

CONTACTS = "contacts"  # in what a page has seen, beside the codes of fields


@dataclass(frozen=True)
class Picks:
    """What somebody chose, and what they had before them: `kept` by field, `mains` the ids of contact lines.

    `seen` is `Beside.seen` of the page they chose on, None where there was none; `accepted` are warnings.
    """

    kept: Mapping[str, str]
    mains: Collection[int] = ()
    seen: Mapping[str, str] | None = None
    accepted: Collection[str] = ()


@dataclass(frozen=True)
class Beside:
    """Two profiles side by side: what the merge page shows."""

    preview: MergePreview
    choices: tuple[Choice, ...]
    pool: Pool
    both_notes: str
    note_limit: int | None  # how many characters a store takes, None without one
    has_note_sync: bool
    seen: Mapping[str, str]
    is_stale: bool  # something was said while the page was open
    are_contacts_new: bool

    @property
    def survivor(self) -> Customer:
        return self.preview.survivor

    @property
    def other(self) -> Customer:
        return self.preview.other

    @property
    def differing(self) -> list[Choice]:
        """What there is to choose."""
        return [one for one in self.choices if not one.is_same]

    @property
    def too_long(self) -> frozenset[str]:
        """Which notes no store would take."""
        note = next((one for one in self.choices if one.code == NOTE), None)
        notes = dict(_texts(note)) if note else {}
        if note and note.can_be_both:
            notes[BOTH] = self.both_notes
        return frozenset(side for side, text in notes.items() if len(text) > (self.note_limit or len(text)))

    def missing(self, accepted: Collection[str]) -> list[Blocker]:
        """Warnings nobody has accepted."""
        return [one for one in self.preview.warnings if one.why not in accepted]


class Stale(Exception):
    """Either profile changed since the page was opened. Nothing was merged."""


class NotAccepted(Exception):
    """A warning stands that nobody has accepted. Nothing was merged."""


def read_beside(*, survivor: Customer, other: Customer, picks: Picks, zone: ZoneInfo, today: date) -> Beside:
    """Everything the page shows, in a constant number of queries."""
    return _read(survivor, other, picks, zone, today)[1]


def merge_as_chosen(
    *, survivor: Customer, other: Customer, picks: Picks, zone: ZoneInfo, actor: Actor, at: datetime
) -> Merge:
    """Raises Stale, NotAccepted, and what joining.merge_customers raises."""
    return patiently(lambda: _merge((survivor.pk, other.pk), picks, zone, Scribe(actor, at)))


def _merge(ids: tuple[int, int], picks: Picks, zone: ZoneInfo, scribe: Scribe) -> Merge:
    # From here on nobody else writes what was compared.
    locked = lock_customers(ids)
    survivor, other = (locked[pk] for pk in ids)
    if not (survivor.is_deleted or other.is_deleted):
        pages, beside = _read(survivor, other, picks, zone, scribe.at.astimezone(zone).date())
        if beside.is_stale:
            raise Stale
        if not beside.preview.is_blocked and beside.missing(picks.accepted):
            raise NotAccepted
        chosen = read_chosen(pages, beside.choices)
    else:
        chosen = {}  # joining says that it cannot
    merge = merge_customers(survivor=survivor, other=other, chosen=chosen, actor=scribe.actor, at=scribe.at)
    crowning.crown(merge, picks.mains, scribe.actor)
    return merge


def _read(survivor: Customer, other: Customer, picks: Picks, zone: ZoneInfo, today: date) -> tuple[Pages, Beside]:
    rows = Customer.objects.select_related("manager__user", "photo", "note_row")
    known = rows.in_bulk([survivor.pk, other.pk])
    survivor, other = known[survivor.pk], known[other.pk]
    pages = Pages(survivor, other, read_said(survivor), read_said(other), zone, today)
    choices = read_choices(pages, kept=picks.kept, seen=picks.seen)
    pool = read_pool(survivor=survivor, other=other, mains=picks.mains)
    seen = {**digest_of(choices), CONTACTS: _name_contacts(pool)}
    was = picks.seen
    notes: list[CustomerNote] = [one.note_row for one in (survivor, other) if hasattr(one, "note_row")]
    beside = Beside(
        preview=preview_merge(survivor=survivor, other=other),
        choices=choices,
        pool=pool,
        both_notes=join_notes(pages.mine[NOTE], pages.theirs[NOTE]),
        note_limit=min((note.text_limit for note in notes if note.text_limit), default=None),
        has_note_sync=any(NoteSync(note.sync_state) is not NoteSync.OFF for note in notes),
        seen=seen,
        is_stale=was is not None and dict(was) != seen,
        are_contacts_new=was is not None and was.get(CONTACTS) != seen[CONTACTS],
    )
    return pages, beside


def _texts(choice: Choice) -> tuple[tuple[str, str], ...]:
    return ((MINE, choice.mine.text), (THEIRS, choice.theirs.text))


def _name_contacts(pool: Pool) -> str:
    """Changes with who holds which address, and which is the main one."""
    held = [(one.line.id, one.line.address, one.line.is_primary) for kind in pool.contacts for one in kind.lines]
    return digest(held)
