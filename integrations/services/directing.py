"""Tell the apps below which stores there are, by their numbers, and what they are called in a history and the audit."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.urls import reverse

from customers.changes import Teller, register_teller
from customers.stores import Store
from events.links import Directory, Subject, register_subjects
from integrations.kinds import StoreEvent
from integrations.models import Connection, StoreCustomer


def list_stores() -> dict[int, Store]:
    """Every store of the workspace, in one query; a disconnected one is not active, and keeps its name."""
    rows = Connection.objects.order_by("number")
    return {one.number: Store(one.number, one.name or one.shop, one.disabled_at is None) for one in rows}


def name_stores(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Of what links and unlinks customers, in one query; one that is gone had no better name."""
    rows = Connection.objects.in_bulk({data["connection"] for data in events})
    found = [rows.get(data["connection"]) for data in events]
    return [(one.name or one.shop) if one else "A store" for one in found]


def find_connections(ids: Collection[int]) -> dict[int, Subject]:
    """Disconnected ones too."""
    return {one.pk: _subject(one) for one in Connection.objects.filter(pk__in=ids)}


def find_links(ids: Collection[int]) -> dict[int, Subject]:
    """The store of a customer who is linked to it: the customer stands beside it."""
    rows = StoreCustomer.objects.filter(pk__in=ids).select_related("connection")
    return {one.pk: _subject(one.connection) for one in rows}


def register_directories() -> None:
    """Called when the app starts."""
    register_subjects("connection", Directory(find_connections))
    register_subjects("storecustomer", Directory(find_links))


def _subject(connection: Connection) -> Subject:
    return Subject(connection.number, connection.label, reverse("integrations:show", args=[connection.number]))


def register_tellers() -> None:
    """What stores do to customers stands in their history (F81)."""
    for type, words in ((StoreEvent.CUSTOMER_LINKED, "linked"), (StoreEvent.CUSTOMER_UNLINKED, "unlinked")):
        register_teller(type, Teller("store_link", "Store link", words, name_stores))
