"""Give tickets, customers and members the numbers that stand in their URLs."""

from django.db import connection

from accounts.tenancy import active_tenant_id

NEXT = """
INSERT INTO accounts_numbersequence (tenant_id, kind, last) VALUES (%s, %s, %s)
ON CONFLICT (tenant_id, kind) DO UPDATE SET last = accounts_numbersequence.last + EXCLUDED.last
RETURNING last
"""


def next_number(kind: str) -> int:
    """The next number of this kind in the active workspace, from 1; without gaps, since it rolls back too."""
    return take_numbers(kind, 1)[0]


def take_numbers(kind: str, count: int) -> range:
    """The next `count` numbers at once, for bulk work."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, (active_tenant_id(), kind, count))
        last = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
