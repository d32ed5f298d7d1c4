"""Rows whose id is one of many."""

from collections.abc import Iterable

from django.db.models import BooleanField, F, Field, Func, Value


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
