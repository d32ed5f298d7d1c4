"""Questions that may take too long: asked for a few seconds, then given up with an exception of our own."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction
from psycopg.errors import QueryCanceled

_GUARD = "SELECT set_config('statement_timeout', %s, true)"
# Tables are read from end to end and joined as a whole, beside what a bitmap of an index finds.
_WHOLE = "SELECT set_config('enable_nestloop', 'off', true), set_config('enable_indexscan', 'off', true)"


class TookTooLong(Exception):
    """No answer in the time that was given; another question of the same transaction may be asked."""


@contextmanager
def bounded(*, seconds: float) -> Iterator[None]:
    """Each statement of the block gets so many seconds. It may only read: what it writes is undone.

    Raises TookTooLong.
    """
    try:
        # The savepoint is always rolled back: the bound ends with it.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_GUARD, [f"{int(seconds * 1000)}ms"])
            yield
            transaction.set_rollback(True)
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise TookTooLong from error
        raise


def read_whole() -> None:
    """For the rest of a bounded block: no walking along an index in the hope of an early page.

    The planner expects what fits to lie evenly along the index; where nothing does it walks to the end, which takes
    many times as long as reading everything once.
    """
    with connection.cursor() as cursor:
        cursor.execute(_WHOLE)
