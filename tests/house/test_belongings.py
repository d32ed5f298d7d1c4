"""A merge knows of every row that belongs to a customer: none is forgotten, none is left behind."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection, models

from core.database.schema import is_tenant_owned
from customers.belongings import TRIGGER, all_kept, all_moved
from customers.models import Customer
from tests.house.source import APPS, expect_none

# Say whose something was then; read of all ids a profile has (Customer.all_ids).
PAST = {
    "events.Event.customer_id": "what happened stays whose it was",
}
ITSELF = "customers.Customer.merged_into"


def ours() -> list[type[models.Model]]:
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in APPS and is_tenant_owned(model) and not hasattr(model, "history_object")
    ]


def pointing() -> set[str]:
    """Every key to a customer, and every plain number that is called like one."""
    found = set()
    for model in ours():
        for field in model._meta.local_fields:
            is_key = isinstance(field, models.ForeignKey) and field.related_model is Customer
            is_number = not field.is_relation and field.name.endswith("customer_id") and "origin" not in field.name
            if is_key or is_number:
                found.add(f"{model._meta.label}.{field.name}")
    return found


def known() -> set[str]:
    moved = {f"{one.model._meta.label}.{one.column.removesuffix('_id')}" for one in all_moved()}
    return moved | {f"{one.model._meta.label}.{one.column}" for one in all_kept()} | PAST.keys() | {ITSELF}


def test_every_key_to_a_customer_is_moved_or_kept() -> None:
    expect_none(sorted(pointing() - known()), "say in its app's belongings whether a merge moves it")


def test_what_is_declared_is_there_and_said_once() -> None:
    moved, kept = ({(one.model, one.column.removesuffix("_id")) for one in ones} for ones in (all_moved(), all_kept()))

    assert not moved & kept
    assert len(moved) == len(all_moved())
    assert len(kept) == len(all_kept())
    expect_none(sorted(known() - pointing() - {ITSELF}))


def test_what_moves_remembers_whose_it_was() -> None:
    for one in all_moved():
        field = one.model._meta.get_field(one.origin_column)
        assert isinstance(field, models.BigIntegerField)
        assert field.null


def test_every_table_that_moves_follows_a_merge_that_came_first(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = %s AND tgdeferrable", [TRIGGER])
        watched = {name for (name,) in cursor.fetchall()}

    expect_none(sorted({one.model._meta.db_table for one in all_moved()} ^ watched), "belongings.watching")


def test_every_table_that_moves_finds_a_customers_rows_by_an_index(db: None) -> None:
    """A merge asks for the rows of one customer, whatever else the table holds."""
    bare = []
    for one in all_moved():
        fields: list[Any] = list(one.model._meta.local_fields)
        attnames = [field.attname for field in fields if field.db_index or field.unique]
        indexed = [*attnames, *(_first(index.fields) for index in one.model._meta.indexes)]
        indexed += [_first(c.fields) for c in one.model._meta.constraints if isinstance(c, models.UniqueConstraint)]
        if not {one.column, one.column.removesuffix("_id")} & set(indexed):
            bare.append(one.model._meta.label)

    expect_none(bare)


def _first(fields: object) -> str:
    names = [name.lstrip("-") for name in fields if name != "tenant"]  # type: ignore[attr-defined]  # of a Meta
    return names[0] if names else ""
