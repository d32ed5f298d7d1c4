"""Lock profiles for a merge or its undoing, so that nobody waits for anybody in a circle.

Everybody locks in one order: customers by their ids, then contacts by kind and value, then all else. Arriving messages
lock a contact only; they touch the customer's row at commit, where foreign keys and `belongings.FOLLOW` are checked.
A merge must keep those out, and wants rows they may hold. So while it holds the other's row alone it waits a moment
only, and else lets go of everything and begins anew: whoever waited for it goes first.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models.functions import Collate

from core.busy import was_held
from core.retry import Retryable
from customers.models import Contact, Customer, CustomerContact

T = TypeVar("T")

# Shorter than PostgreSQL's deadlock_timeout: of a circle we are the ones who give way, not who wrote a message.
WAIT = "100ms"
ATTEMPTS = 12
# No new attempt after so many seconds, whatever each of them waited for: somebody looks at a page meanwhile.
ENOUGH = 5.0
PAUSE, LONGEST_PAUSE = 0.05, 0.4  # seconds
# Rows of ours need not be followed (belongings.WATCH): nobody can merge what we hold, or have only just made.
SAY = "SELECT set_config(%s, %s, true)"
HOLD = """
SELECT current_setting('lock_timeout'), current_setting('statement_timeout'),
    set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true), set_config(%s, 'on', true)
"""
LET_GO = """
SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true), set_config(%s, 'off', true)
"""
# For one table of somebody who has written for years: each of their messages is indexed anew.
LONGEST = "120s"
HOLDING = "app.holds_customers"


class Busy(Retryable):
    """Somebody holds rows of one of the two for long; nothing was changed."""

    after = 2.0


class Moved(Exception):
    """Between looking and locking somebody merged, or took apart, one of those."""


def patiently(act: Callable[[], T]) -> T:
    """Do it in a transaction, or in a savepoint of the one there is; anew when others were in the way. Raises Busy."""
    until = time.monotonic() + ENOUGH
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                return act()
        except Moved:
            continue
        except OperationalError as error:
            if not was_held(error):
                raise
        if time.monotonic() > until:
            break
        time.sleep(min(PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.5, 1))  # noqa: S311  no secret
    raise Busy("somebody is at work on one of the customers; try again in a moment")


def lock_customers(ids: Collection[int]) -> dict[int, Customer]:
    """In the order of their ids, as whoever locks several does. Call inside a transaction."""
    rows = Customer.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True)
    return {one.pk: one for one in rows}


def lock_contacts(ids: Collection[int]) -> None:
    """All addresses these customers hold: whoever writes from one of them is looked up before or after, not between."""
    held = CustomerContact.objects.filter(customer__in=ids).values("contact")
    # In the order in which Python sorts them, whatever the database's own collation is: others lock one by one.
    rows = Contact.objects.filter(pk__in=held).order_by(Collate("kind", "C"), Collate("value", "C"))
    list(rows.values_list("pk").select_for_update(of=("self",), no_key=True))


@contextmanager
def held_alone(customer_id: int) -> Iterator[None]:
    """Until the transaction ends nobody else commits a row that points to this customer. In the block no lock is waited
    for longer than WAIT: what is raised then is for `patiently`.
    """
    with connection.cursor() as cursor:
        cursor.execute(HOLD, [WAIT, LONGEST, HOLDING])
        before = cursor.fetchone()[:2]
        list(Customer.objects.filter(pk=customer_id).values_list("pk").select_for_update(of=("self",)))
        yield
        # After an error the savepoint takes all of it back.
        cursor.execute(LET_GO, [*before, HOLDING])


@contextmanager
def unfollowed() -> Iterator[None]:
    """Rows written in the block are of customers whom this transaction has made or holds alone: no merge comes first,
    and none is looked for. For bulk work; call inside a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(SAY, [HOLDING, "on"])
        yield
        cursor.execute(SAY, [HOLDING, "off"])


def top_of(customer: Customer) -> Customer:
    """The profile that holds what was this one's: itself, or what it was merged into, and so on."""
    while customer.merged_into is not None:
        customer = customer.merged_into
    return customer


def lock_way(customer_id: int) -> list[Customer]:
    """This profile, what it was merged into, and so on up to who holds it all: read, locked, and read again.

    Raises Moved.
    """
    ids = [customer_id]
    while (further := Customer.objects.values_list("merged_into", flat=True).get(pk=ids[-1])) is not None:
        ids.append(further)
    locked = lock_customers(ids)
    way = [locked[pk] for pk in ids]
    if [one.merged_into_id for one in way] != [*ids[1:], None]:
        raise Moved
    return way
