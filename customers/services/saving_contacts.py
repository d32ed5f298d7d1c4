"""Save what edit mode says of a customer's e-mail addresses, phones and handles, as one (F22, F99).

Two people at once: each row carries what it said when the page was opened, so that only what somebody touched is
written, and what a colleague wrote into the same row meanwhile is told instead of overwritten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db import transaction

from accounts.kinds import Actor
from customers.kinds import ContactKind, Subscription
from customers.models import Contact, Customer, CustomerContact
from customers.services import contacting, finding
from customers.services.subscribing import set_subscription
from customers.spelling import Regions, Spelling, spell


@dataclass(frozen=True)
class Said:
    """What a row says. `tag` is a phone's use or a handle's network."""

    typed: str
    tag: str = ""
    extension: str = ""
    subscription: Subscription = Subscription.UNKNOWN
    is_shared: bool = False
    is_bounced: bool = False


# The rest is said of the address, whoever holds it.
OWN = ("typed", "tag", "extension")


@dataclass(frozen=True)
class ContactEdit:
    """One row. `line` is the CustomerContact's id and `was` what it said when the page was opened, both None for a new
    one; `now` is None for what shall be taken off.
    """

    key: str
    kind: ContactKind
    line: int | None
    was: Said | None
    now: Said | None


@dataclass(frozen=True)
class ContactEdits:
    """All rows, and by kind the key of the row that shall be the main one, only where somebody chose another.

    `main_was` is the line that was the main one when the page was opened.
    """

    rows: tuple[ContactEdit, ...] = ()
    main: Mapping[ContactKind, str] = field(default_factory=dict)
    main_was: Mapping[ContactKind, int] = field(default_factory=dict)


class ContactsContested(Exception):
    """Somebody else changed the same rows meanwhile. Nothing was saved.

    `rows` says by key what stands there now, None for what was taken off; `main` which lines are the main ones now.
    """

    def __init__(self, rows: Mapping[str, Said | None], main: Mapping[ContactKind, int]) -> None:
        super().__init__("contested")
        self.rows, self.main = rows, main


def save_contacts(*, customer: Customer, edits: ContactEdits, actor: Actor, at: datetime) -> frozenset[str]:
    """Write what was touched; returns the kinds that changed. Raises ContactsContested, or NotAnAddress.

    A row with another address takes the place of the one it had: position and main mark stay, proofs do not.
    """
    with transaction.atomic():
        contacting.lock_contacts_of(customer)
        held = {line.pk: line for line in CustomerContact.objects.filter(customer=customer).select_related("contact")}
        _refuse_contested(edits, held)
        regions = finding.read_regions(line.contact.value for line in held.values())
        touched = [_Row(edit, held.get(edit.line or 0), regions) for edit in edits.rows if edit.now != edit.was]
        touched.sort(key=lambda row: row.own is None)  # what takes a place before what comes after the others
        contacts = _lock_contacts(touched)
        for row in touched:
            if row.own and (row.edit.now is None or row.moves):
                contacting.take_off(line=row.own, actor=actor)
        lines = {edit.key: held[edit.line] for edit in edits.rows if edit.line in held}
        for row in touched:
            if row.edit.now is not None:
                lines[row.edit.key] = _write(customer, row, row.edit.now, contacts[row.address], actor, at)
        changed = {row.edit.kind for row in touched if row.own or row.edit.now}
        changed |= {kind for kind in edits.main if edits.main[kind] in lines}
        for kind in changed:
            _settle_main(customer, kind, lines.get(edits.main.get(kind, "")), actor)
    return frozenset(str(kind) for kind in changed)


def say(line: CustomerContact) -> Said:
    """What a row says now."""
    contact = line.contact
    return Said(
        line.typed, line.tag, line.extension, Subscription(contact.subscription), contact.is_shared, contact.is_bounced
    )


class _Row:
    """A touched row beside the line it belongs to, None for a new one or one that a colleague took off."""

    def __init__(self, edit: ContactEdit, own: CustomerContact | None, regions: Regions) -> None:
        self.edit, self.own = edit, own
        self.spelled = self._spell(regions)

    @property
    def address(self) -> tuple[str, str]:
        return (str(self.edit.kind), self.spelled.value)

    @property
    def moves(self) -> bool:
        """Whether it says another address than its line holds."""
        return self.own is not None and self.own.contact.value != self.spelled.value

    def touches(self, name: str) -> bool:
        if self.edit.now is None or self.edit.was is None:
            return bool(self.edit.now and getattr(self.edit.now, name))
        return bool(getattr(self.edit.now, name) != getattr(self.edit.was, name))

    def _spell(self, regions: Regions) -> Spelling:
        """An address nobody touched stays what it is, whatever it would be read as by today's settings."""
        now = self.edit.now
        is_named_by_tag = self.edit.kind is ContactKind.HANDLE
        if now and (self.own is None or self.touches("typed") or (is_named_by_tag and self.touches("tag"))):
            return spell(self.edit.kind, now.typed, tag=now.tag if is_named_by_tag else "", regions=regions)
        return Spelling(self.own.contact.value if self.own else "", now.extension if now else "")


def _refuse_contested(edits: ContactEdits, held: Mapping[int, CustomerContact]) -> None:
    rows: dict[str, Said | None] = {}
    for edit in edits.rows:
        if edit.was is None or edit.now == edit.was:
            continue
        line = held.get(edit.line or 0)
        if line is None and edit.now is not None:
            rows[edit.key] = None
        if line is not None and _clash(edit.was, edit.now, say(line)):
            rows[edit.key] = say(line)
    keys = {edit.line: edit.key for edit in edits.rows}
    mains = {ContactKind(line.contact.kind): line.pk for line in held.values() if line.is_primary}
    agreed = {kind for kind, key in edits.main.items() if kind in mains and keys.get(mains[kind]) == key}
    moved = {kind for kind in edits.main if kind in mains and mains[kind] != edits.main_was.get(kind)}
    if rows or moved - agreed:
        raise ContactsContested(rows, {kind: mains[kind] for kind in moved - agreed})


def _clash(was: Said, now: Said | None, theirs: Said) -> bool:
    """Whether both touched one thing and do not agree; who takes a row off touches what this customer says there."""
    mine, before, others = asdict(now or was), asdict(was), asdict(theirs)
    if now is None:
        return any(others[name] != before[name] for name in OWN)
    return any(others[name] not in (before[name], mine[name]) for name in before if mine[name] != before[name])


def _lock_contacts(rows: Sequence[_Row]) -> dict[tuple[str, str], Contact]:
    """In the order of their values, so that two savings cannot wait for each other."""
    wanted = {row.address for row in rows if row.edit.now}
    wanted |= {(row.own.contact.kind, row.own.contact.value) for row in rows if row.own}
    return {address: finding.lock_contact(kind=address[0], value=address[1]) for address in sorted(wanted)}


def _write(customer: Customer, row: _Row, now: Said, contact: Contact, actor: Actor, at: datetime) -> CustomerContact:
    line = CustomerContact.objects.filter(customer=customer, contact=contact).select_related("customer").first()
    if line is None:
        line = contacting.hold_in_place(
            customer=customer,
            contact=contact,
            typed=now.typed,
            tag=now.tag,
            extension=now.extension or row.spelled.extension,
            former=row.own,
            actor=actor,
        )
    else:
        said = {name: getattr(now if row.touches(name) else line, name) for name in OWN}
        contacting.describe_contact(line=line, **said, actor=actor)
    if row.touches("subscription"):
        set_subscription(contact=contact, state=now.subscription, actor=actor, at=at)
    if row.touches("is_shared"):
        (contacting.mark_shared if now.is_shared else contacting.mark_personal)(contact=contact, actor=actor)
    if row.touches("is_bounced") and not now.is_bounced:
        contacting.mark_deliverable(contact=contact, actor=actor)
    return line


def _settle_main(customer: Customer, kind: ContactKind, chosen: CustomerContact | None, actor: Actor) -> None:
    if chosen is not None:
        contacting.make_primary(line=chosen, actor=actor)
    contacting.crown_heir(customer=customer, kind=kind, actor=actor)
