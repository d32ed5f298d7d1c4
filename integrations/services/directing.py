"""Tell the apps below which stores there are, by their numbers, and what they are called in a history."""

from collections.abc import Mapping, Sequence
from typing import Any

from customers.changes import Teller, register_teller
from customers.stores import Store
from integrations.kinds import StoreEvent
from integrations.models import Connection


def list_stores() -> dict[int, Store]:
    """Every store of the workspace, in one query; a disconnected one is not active, and keeps its name."""
    rows = Connection.objects.order_by("number")
    return {one.number: Store(one.number, one.name or one.shop, one.disabled_at is None) for one in rows}


def name_stores(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of what links and unlinks customers, in one query; one that is gone had no better name."""
    rows = Connection.objects.in_bulk({data["connection"] for data in events})
    found = [rows.get(data["connection"]) for data in events]
    return [(one.name or one.shop) if one else "A store" for one in found]


def register_tellers() -> None:
    """What stores do to customers stands in their history (F81)."""
    for type, words in ((StoreEvent.CUSTOMER_LINKED, "linked"), (StoreEvent.CUSTOMER_UNLINKED, "unlinked")):
        register_teller(type, Teller("store_link", "Store link", words, name_stores))
