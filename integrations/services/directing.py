"""Tell the apps below which stores there are, by their numbers."""

from customers.stores import Store
from integrations.models import Connection


def list_stores() -> dict[int, Store]:
    """Every store of the workspace, in one query; a disconnected one is not active, and keeps its name."""
    rows = Connection.objects.order_by("number")
    return {one.number: Store(one.number, one.name or one.shop, one.disabled_at is None) for one in rows}
