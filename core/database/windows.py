"""A whole table in short statements, for work that no index helps: a range of ids at a time."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet

READ = 20_000  # ids looked at by one statement


def windows(rows: QuerySet[Any, Any]) -> Iterator[QuerySet[Any, Any]]:
    """The rows by ranges of their ids; of rows that come meanwhile it knows nothing."""
    with transaction.atomic():
        ends = rows.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return
    for start in range(ends["first"], ends["last"] + 1, READ):
        yield rows.filter(pk__gte=start, pk__lt=start + READ)
