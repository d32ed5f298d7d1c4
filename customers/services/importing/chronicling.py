"""Insert many rows at once together with their history, past the library that would ask for each of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection, models

from accounts.kinds import Actor
from core.database.columns import insert_columns_copied

COPY = """
INSERT INTO {history} ({columns}, history_date, history_type, actor_kind, actor_id, actor_name)
SELECT {columns}, %s, '+', %s, %s, %s FROM made
"""


def insert_chronicled(
    *,
    model: Any,
    varying: Mapping[str, Sequence[Any]],
    same: Mapping[str, Any] | None = None,
    actor: Actor,
    at: datetime,
) -> list[int]:
    """As core.database.columns.insert_columns, and as if the actor had signed and saved each row."""
    author = [at, actor.kind, actor.id, actor.name[:200]]
    return insert_columns_copied(model, varying, same, copy=_copy_of(model), values=author)


@cache
def _copy_of(model: Any) -> str:
    quote, history = connection.ops.quote_name, model.history.model._meta
    own: dict[str, models.Field[Any, Any]] = {field.attname: field for field in model._meta.concrete_fields}
    shared = [field.column for field in history.concrete_fields if field.attname in own]
    return COPY.format(history=quote(history.db_table), columns=", ".join(quote(column) for column in shared))
