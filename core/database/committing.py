"""How a transaction is ended."""

from django.db import connection


def commit_lazily() -> None:
    """Have the open transaction's commit not wait for the disk.

    If the machine dies within the next moment, the transaction is undone as a whole, and so are all that came after it:
    for steps of work that goes on from where the database says it is. A later commit that waits makes it safe.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit TO off")
