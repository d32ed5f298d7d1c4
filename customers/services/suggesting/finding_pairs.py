"""Find pairs of customers that are worth comparing: those who share a key that few share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from django.db import connection

from accounts.tenancy import active_tenant_id

# Who share a key. What more do says nothing, and comparing all of them with each other would take for ever.
MOST = 60

# Of each key, one after the other. Asked for an order, PostgreSQL might walk along the customers instead of the keys.
SHARING = """
SELECT key, holders FROM (
    SELECT key, ARRAY(
        SELECT customer_id FROM customers_blockingkey AS held
        WHERE held.tenant_id = %(tenant)s AND held.key = asked.key LIMIT %(most)s + 1
    ) AS holders
    FROM unnest(%(keys)s::bigint[]) AS asked (key) OFFSET 0
) AS found WHERE cardinality(holders) > 1
"""
CROWDED = """
SELECT key FROM customers_blockingkey WHERE tenant_id = %(tenant)s GROUP BY key HAVING count(*) > %(most)s
"""
Pair = tuple[int, int]


def read_sharing(*, keys: Collection[int]) -> dict[int, list[int]]:
    """Who has each of these keys, where several do; of a crowded one MOST and one more."""
    asked: dict[str, Any] = {"tenant": active_tenant_id(), "keys": list(keys), "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(SHARING, asked)
        return {key: sorted(holders) for key, holders in cursor.fetchall()}


def read_crowded() -> frozenset[int]:
    """All keys that more than MOST share. Reads the whole index."""
    with connection.cursor() as cursor:
        cursor.execute(CROWDED, {"tenant": active_tenant_id(), "most": MOST})
        return frozenset(key for (key,) in cursor.fetchall())


def pairs_of(sharing: Mapping[int, list[int]], wanted: Collection[int]) -> set[Pair]:
    """Those of whom one at least is wanted, the smaller id first."""
    return set(_pairs(sharing.values(), wanted))


def _pairs(groups: Iterable[list[int]], wanted: Collection[int]) -> Iterator[Pair]:
    for holders in groups:
        if len(holders) <= MOST:
            yield from (pair for pair in combinations(holders, 2) if pair[0] in wanted or pair[1] in wanted)


def pairs_after(sharing: Mapping[int, list[int]], wanted: Collection[int]) -> set[Pair]:
    """Those whose first one is wanted: over all windows each pair comes once."""
    found: set[Pair] = set()
    for holders in sharing.values():
        if len(holders) <= MOST:
            for place, one in enumerate(holders):
                if one in wanted:
                    found.update([(one, other) for other in holders[place + 1 :]])
    return found
