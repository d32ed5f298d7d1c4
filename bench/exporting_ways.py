"""Fills a workspace with customers by plain SQL, and exports them. Imported once Django is set up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.services.opening import add_member, open_workspace
from accounts.tenancy import tenant_scope
from core.database.roles import as_owner
from customers.filters.export_columns import read_export_columns, usual_columns
from customers.filters.exporting import Export, read_export
from customers.models import CustomerExport
from customers.services import exporting

CUSTOMERS = """
INSERT INTO customers_customer (
    tenant_id, number, first_name, middle_name, last_name, name_folded, fallback_name, is_vip, is_bad, language,
    preferred_channel, time_zone, location, sex, supposed_sex, discount_card, reference, origin, created_at
) SELECT %(tenant)s, n, 'First ' || n, '', 'Last ' || n, 'first ' || n, '', false, false, 'pt', '', '', 'Porto', '', '',
    '', 'R-' || n, 'import', now()
FROM generate_series(1, %(count)s) AS n
"""
CONTACTS = """
INSERT INTO customers_contact (tenant_id, kind, value, is_shared, subscription, subscription_origin)
SELECT %(tenant)s, 'email', 'person' || n || '@post.example', false, '', '' FROM generate_series(1, %(count)s) AS n
"""
LINES = """
INSERT INTO customers_customercontact (
    tenant_id, contact_id, customer_id, typed, tag, extension, position, is_primary, origin, created_at
) SELECT c.tenant_id, t.id, c.id, t.value, '', '', 0, true, 'import', now()
FROM customers_customer c JOIN customers_contact t ON t.value = 'person' || c.number || '@post.example'
"""
ADDRESSES = """
INSERT INTO customers_customeraddress (
    tenant_id, customer_id, name, is_main, text, country, region, city, district, postal_code, sorting_code, street,
    house, building, housing, entrance, floor, flat, metro, courier_notes, company, is_city_chosen, reference, origin,
    created_at
) SELECT tenant_id, id, '', true, 'Rua ' || number || ', Porto', 'PT', '', 'Porto', '', '4000-001', '',
    'Rua ' || number, '', '', '', '', '', '', '', '', '', false, '', 'import', now()
FROM customers_customer
"""


@dataclass
class Watched:
    """The most memory in MB after the first tenth and at the end, and the bytes of the file."""

    first: float = 0
    last: float = 0
    size: int = 0


def prepare(customers: int) -> CustomerExport:
    """Tables, a workspace of so many customers with an address of each kind, and a planned export of them."""
    call_command("migrate", verbosity=0, skip_checks=True)
    with transaction.atomic():
        tenant: Tenant = open_workspace(slug="bench", name="Bench")
        with tenant_scope(tenant):
            agent = add_member(tenant=tenant, email="ada@bench.example", name="Ada", role=Role.OWNER)
    with as_owner(), connection.cursor() as cursor:
        for statement in (CUSTOMERS, CONTACTS, LINES, ADDRESSES):
            cursor.execute(statement, {"tenant": tenant.pk, "count": customers})
        cursor.execute("VACUUM ANALYZE")
    with tenant_scope(tenant), transaction.atomic():
        columns = usual_columns(read_export_columns())
        return exporting.start_list_export(agent=agent, query="", columns=columns, at=timezone.now())


def write(export: CustomerExport, memory: Callable[[], float]) -> Watched:
    """As the worker does it."""
    watched = Watched()

    def read(query: str, columns: Collection[str], agent: Membership) -> Any:
        return _Watching(read_export(query, columns, agent), watched, memory)

    with tenant_scope(export.tenant):
        exporting.write_list(export_id=export.pk, read=read, at=timezone.now())
        watched.last = memory()
        with transaction.atomic():
            file = CustomerExport.objects.select_related("file").get(pk=export.pk).file
            watched.size = file.size if file else 0
    return watched


class _Watching:
    """The rows, and the memory when a tenth of them was read."""

    def __init__(self, export: Export, watched: Watched, memory: Callable[[], float]) -> None:
        self._export, self._watched, self._memory = export, watched, memory
        self._left = len(export.ids) // 10
        self.header, self.ids = export.header, export.ids

    def rows(self, ids: Sequence[int]) -> Any:
        rows = self._export.rows(ids)
        self._left -= len(ids)
        if self._left <= 0 and not self._watched.first:
            self._watched.first = self._memory()
        return rows
