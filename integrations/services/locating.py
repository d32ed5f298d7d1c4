"""Find the one store customer whose note is also ours, or say why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from customers.kinds import NoteSync
from customers.models import Customer
from customers.services import noting
from integrations.models import StoreCustomer
from integrations.registry import adapter_class
from integrations.types import Capability


@dataclass(frozen=True)
class Standing:
    """How a note stands that is not being synchronized now, in words for its badge."""

    state: NoteSync
    detail: str = ""


def find_home(links: Sequence[StoreCustomer]) -> StoreCustomer | Standing:
    """The link to synchronize with, of all links of one customer (with their connections).

    Two store customers, of one store or of two, are two homes: then the note goes in neither direction (F58, D16,
    D31), whichever of them has the switch on. A store that is disconnected is a home only when there is no other.
    """
    able = [link for link in links if Capability.NOTES in adapter_class(link.connection.kind).capabilities]
    homes = [link for link in able if not link.connection.is_disabled] or able
    if not any(link.connection.syncs_notes for link in homes):
        return Standing(NoteSync.OFF)
    if len(homes) > 1:
        names = " and ".join(f"{link.label} in {link.connection.label}" for link in homes)
        return Standing(NoteSync.BLOCKED, f"Linked to {names}: the note is synchronized with none of them")
    [home] = homes
    if home.connection.is_disabled:
        reason = home.connection.last_error or "connect it again"
        return Standing(NoteSync.FAILED, f"{home.connection.label} is disconnected: {reason}")
    return home


def mark_standing(*, customer: Customer, links: Sequence[StoreCustomer], standing: Standing) -> None:
    """Write on the note and on each link how it stands. Call inside a transaction."""
    noting.mark_sync(customer=customer, state=standing.state, detail=standing.detail)
    for link in links:
        state = standing.state if link.connection.syncs_notes else NoteSync.OFF
        if (link.note_state, link.note_error) != (state, standing.detail[:500]):
            link.mark_note(state=state, error=standing.detail)


def mark_note(
    customer: Customer, link: StoreCustomer, state: NoteSync, detail: str = "", *, version: int | None = None
) -> bool:
    """Write on the note and on its home how they stand; answers whether that is news on the note.

    With `version`, on the note only while that is its newest one. Call inside a transaction.
    """
    limit = adapter_class(link.connection.kind).note_limit
    is_news = noting.mark_sync(customer=customer, state=state, detail=detail, text_limit=limit, version=version)
    if (link.note_state, link.note_error) != (state, detail[:500]):
        link.mark_note(state=state, error=detail)
    return is_news
