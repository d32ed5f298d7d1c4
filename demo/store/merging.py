"""Merge two customers the way Shopify does: asked for now, worked a moment later, not to be undone."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from demo.store import clock, payloads
from demo.store.customers import NOTE_LIMIT, TAG_LIMIT
from demo.store.records import Customer, Merge
from demo.store.shop import Shop, new_event


@dataclass(frozen=True)
class Outlook:
    """How a merge would end: who stays, with which note and tags, and what stands against it."""

    kept: Customer
    lost: Customer
    note: str | None
    tags: list[str]
    email: str | None
    phone: str | None
    first_name: str | None
    last_name: str | None
    blocks: list[str] = field(default_factory=list)


def foresee(*, one: Customer, two: Customer, wishes: Mapping[str, Any]) -> Outlook:
    """Shopify's rule: the owner of the wished e-mail stays, else the only one with any, else the enabled, else two."""
    kept = _survivor(one, two, wishes)
    lost = two if kept is one else one
    note = wishes.get("note")
    if note is None:
        note = "\n".join(filter(None, (kept.note, lost.note))) or None
    tags = wishes.get("tags") or list(dict.fromkeys([*kept.tags, *lost.tags]))
    blocks = [f"Merged note is over the {NOTE_LIMIT} character limit"] if len(note or "") > NOTE_LIMIT else []
    blocks += [f"Merged tags are over the {TAG_LIMIT} limit"] if len(tags) > TAG_LIMIT else []
    return Outlook(
        kept=kept,
        lost=lost,
        note=note,
        tags=tags,
        email=_wished(wishes, "customerIdOfEmailToKeep", kept, lost).email or kept.email or lost.email,
        phone=_wished(wishes, "customerIdOfPhoneNumberToKeep", kept, lost).phone or kept.phone or lost.phone,
        first_name=_wished(wishes, "customerIdOfFirstNameToKeep", kept, lost).first_name or lost.first_name,
        last_name=_wished(wishes, "customerIdOfLastNameToKeep", kept, lost).last_name or lost.last_name,
        blocks=blocks,
    )


def start_merge(*, shop: Shop, outlook: Outlook) -> Merge:
    """Take the merge in; it is worked after `mischief.merge_seconds`, on the running event loop."""
    merge = Merge(id=str(uuid.uuid4()), kept_id=outlook.kept.id, lost_id=outlook.lost.id, note=outlook.note)
    shop.state.merges.append(merge)
    pause = shop.mischief.merge_seconds
    loop = asyncio.get_running_loop()
    loop.call_later(pause / 2, setattr, merge, "status", "IN_PROGRESS")
    loop.call_later(pause, _work, shop, merge, outlook)
    return merge


def _work(shop: Shop, merge: Merge, outlook: Outlook) -> None:
    if merge not in shop.state.merges:
        return  # The shop was reset in between.
    event = new_event()
    if outlook.lost not in shop.state.customers or outlook.kept not in shop.state.customers:
        merge.status, merge.errors = "FAILED", ["One of the customers no longer exists"]
        shop.announce("customers/merge", payloads.merge_body(merge), event)
        return
    _join(shop, outlook)
    merge.status = "COMPLETED"
    shop.announce("customers/merge", payloads.merge_body(merge), event)
    shop.announce("customers/update", payloads.customer_body(shop.state, outlook.kept), event)


def _join(shop: Shop, outlook: Outlook) -> None:
    kept, lost = outlook.kept, outlook.lost
    for order in shop.orders_of(lost):
        order.customer_id = kept.id
    kept.note, kept.tags = outlook.note, outlook.tags
    kept.email, kept.phone = outlook.email, outlook.phone
    kept.first_name, kept.last_name = outlook.first_name, outlook.last_name
    kept.addresses += lost.addresses
    kept.updated_at = clock.now()
    shop.state.customers.remove(lost)
    shop.journal.note(kept.id, kept.note, "merge")


def _survivor(one: Customer, two: Customer, wishes: Mapping[str, Any]) -> Customer:
    if wished := wishes.get("customerIdOfEmailToKeep"):
        return one if wished == payloads.gid("Customer", one.id) else two
    if bool(one.email) != bool(two.email):
        return one if one.email else two
    if one.state in ("ENABLED", "INVITED") and two.state not in ("ENABLED", "INVITED"):
        return one
    return two


def _wished(wishes: Mapping[str, Any], wish: str, kept: Customer, lost: Customer) -> Customer:
    return lost if wishes.get(wish) == payloads.gid("Customer", lost.id) else kept
