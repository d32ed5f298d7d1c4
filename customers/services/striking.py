"""Strike a person's addresses out of texts that others wrote, wherever in the workspace they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast, Collate

from core.database.windows import windows
from customers.knowledge import Person, Texts, all_texts

STRUCK_AT_ONCE = 50  # rows; each may be a letter of megabytes


class Likely(Func):
    """`filter(Likely(text, pattern))`: whether the regular expression fits somewhere in the text."""

    template = "%(expressions)s"
    arg_joiner = " ~* "
    output_field = BooleanField()

    def __init__(self, text: Any, pattern: str) -> None:
        # Under "C" ten times as fast as by the rules of a language.
        super().__init__(Collate(text, "C"), Value(pattern))


def strike_everywhere(*, person: Person) -> int:
    """Strike their e-mail addresses and phone numbers out of every text that an app has declared; answers of how many
    rows. Begun anew it goes on with what is left. Call outside a transaction.
    """
    return sum(_strike(texts, ids, person) for texts in all_texts() for ids in find_rows(texts, person))


def find_rows(texts: Texts, person: Person) -> Iterator[list[int]]:
    """Ids of rows that may mention them, some at a time. Reads the whole table, in statements that are short."""
    if not person.wanted:
        return
    columns = (Cast(F(name), TextField()) for name in texts.columns)
    said = Func(Value(" "), *columns, function="concat_ws", output_field=TextField())
    for rows in windows(_rows_of(texts)):
        with transaction.atomic():
            ids = list(rows.filter(Likely(said, person.wanted.likely)).values_list("pk", flat=True))
        for start in range(0, len(ids), STRUCK_AT_ONCE):
            yield ids[start : start + STRUCK_AT_ONCE]


def _strike(texts: Texts, ids: Sequence[int], person: Person) -> int:
    struck = 0
    with transaction.atomic():
        rows = texts.model._base_manager.filter(pk__in=ids).select_for_update(no_key=True)
        for pk, *values in rows.values_list("pk", *texts.columns):
            before = dict(zip(texts.columns, values, strict=True))
            after = {name: _fitting(texts, name, person.wanted.strike(value)) for name, value in before.items()}
            if after != before:
                texts.model._base_manager.filter(pk=pk).update(**after)
                struck += 1
    return struck


def _fitting(texts: Texts, name: str, value: Any) -> Any:
    """What stands for an address may be longer than it."""
    most = getattr(texts.model._meta.get_field(name), "max_length", None)
    return value[:most] if isinstance(value, str) and most else value


def _rows_of(texts: Texts) -> QuerySet[Any, Any]:
    return texts.rows() if texts.rows else texts.model._default_manager.all()
