"""Write the history of rows that were inserted many at once, past the library that would ask for each of them."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from accounts.kinds import Actor
from accounts.tenancy import active_tenant_id

COPY = """
INSERT INTO {history} ({columns}, history_date, history_type, actor_kind, actor_id, actor_name)
SELECT {columns}, %(at)s, '+', %(kind)s, %(actor)s, %(name)s FROM {table}
WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s) ORDER BY id
"""


def chronicle_new(*, model: Any, ids: Sequence[int], actor: Actor, at: datetime) -> None:
    """As if each of these rows, just inserted, had been signed by the actor and saved."""
    if not ids:
        return
    author = {"kind": actor.kind, "actor": actor.id, "name": actor.name[:200]}
    values: dict[str, Any] = {**author, "at": at, "tenant": active_tenant_id(), "ids": list(ids)}
    with connection.cursor() as cursor:
        cursor.execute(_copy_of(model), values)


@cache
def _copy_of(model: Any) -> str:
    quote, history = connection.ops.quote_name, model.history.model._meta
    own: dict[str, models.Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
    shared = [field.column for field in history.concrete_fields if field.attname in own]
    return COPY.format(
        history=quote(history.db_table),
        table=quote(model._meta.db_table),
        columns=", ".join(quote(column) for column in shared),
    )
