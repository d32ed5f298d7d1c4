"""What stores have to do with merging customers: what speaks against it, and what is counted and said anew after."""

from __future__ import annotations

from itertools import product

from accounts.services.configuring import read_setting
from customers.belongings import Change, Moved
from customers.kinds import NoteSync
from customers.merge_blockers import Blocker
from customers.models import Customer, CustomerNote
from integrations.models import StoreCustomer
from integrations.options import MERGES_ACROSS_STORES
from integrations.services.linking import tell_standing
from integrations.services.locating import Standing, find_home, mark_note
from integrations.services.tallying import write_totals

MOVED = (Moved("stores", StoreCustomer),)


def find_blockers(survivor: Customer, other: Customer) -> list[Blocker]:
    """Both have bought something as customers of a store (F49, D4): only the stores' own counts say it."""
    links = list(
        StoreCustomer.objects.filter(customer__in=[survivor.pk, other.pk], orders_count__gt=0)
        .select_related("connection")
        .order_by("pk")
    )
    mine, theirs = ([link for link in links if link.customer_id == one.pk] for one in (survivor, other))
    pairs = list(product(mine, theirs))
    same = [_of_one_store(*pair) for pair in pairs if pair[0].connection_id == pair[1].connection_id]
    apart = [pair for pair in pairs if pair[0].connection_id != pair[1].connection_id]
    if not apart:
        return same
    is_allowed = read_setting(MERGES_ACROSS_STORES)
    return [*same, *(_of_two_stores(*pair, is_allowed=is_allowed) for pair in apart)]


def follow_merge(change: Change) -> None:
    """Orders moved with their links: the survivor's are counted anew, and the note may have another home."""
    _tell(change.holder)


def follow_parting(change: Change) -> None:
    for one in sorted((change.holder, change.other), key=lambda one: one.pk):
        _tell(one)


def _tell(customer: Customer) -> None:
    links = list(StoreCustomer.objects.of_customer(customer.pk))
    if links or CustomerNote.objects.filter(customer=customer).exists():
        tell_standing(customer=customer)
        home = find_home(links)
        if not isinstance(home, Standing) and home.note_state != NoteSync.DIFFERS:
            # Which of two texts it is now, the reaction to the event tells the store.
            mark_note(customer, home, NoteSync.PENDING)
    write_totals(customer_id=customer.pk)


def _of_one_store(mine: StoreCustomer, theirs: StoreCustomer) -> Blocker:
    store = mine.connection.label
    return Blocker(
        f"{_name(mine)} and {_name(theirs)} are two customers of {store}, each with orders there. "
        f"Merge them in {store} first; once it says so, they can be merged here."
    )


def _of_two_stores(mine: StoreCustomer, theirs: StoreCustomer, *, is_allowed: bool) -> Blocker:
    said = f"{_name(mine)} has orders in {mine.connection.label}, {_name(theirs)} in {theirs.connection.label}."
    if is_allowed:
        return Blocker(f"{said} Merged, their note is synchronized with neither store.", is_final=False)
    return Blocker(f"{said} An admin can allow it in the settings, under Customers.")


def _name(link: StoreCustomer) -> str:
    count = link.orders_count
    return f"{link.label} ({count:,} {'order' if count == 1 else 'orders'})"
