"""Rows whose id is one of many, or one of those that another question answers."""

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Field, Func, QuerySet, Value

from core.database.columns import array_literal


class Among(Func):
    """`filter(Among("pk", ids))`: as `pk__in`, with the ids as one array.

    Of hundreds of values Django makes hundreds of parameters, and writing those into the statement takes longer than
    the statement. Unlike `pk__in`, no ids at all still make a statement.
    """

    template = "%(expressions)s::bigint[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, name: str, ids: Iterable[int]) -> None:
        super().__init__(F(name), Value(list(ids), output_field=Field()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(map(repr, self.source_expressions))})"


class AmongTexts(Func):
    """`filter(AmongTexts("value", texts))`: as `value__in`, with the texts as one array."""

    template = "%(expressions)s::text[])"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, name: str, texts: Iterable[str]) -> None:
        super().__init__(F(name), Value(array_literal(list(texts)), output_field=Field()))


class Gathered(Func):
    """`filter(Gathered("pk", rows.values("pk")))`: as `pk__in`, with `rows` read as a whole before anything else.

    Of a subquery the planner makes a join, and may decide to walk along another index in the hope of meeting some.
    """

    template = "%(expressions)s)"
    arg_joiner = " = ANY("
    output_field = BooleanField()

    def __init__(self, name: str, ids: QuerySet[Any, Any]) -> None:
        super().__init__(F(name), ArraySubquery(ids))
