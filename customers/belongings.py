"""What belongs to a customer and where it goes when two profiles are merged: each app declares it of its own tables."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.kinds import Actor
from customers.models import Customer, Merge

TRIGGER = "follow_merge"
FOLLOW = """
CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    top bigint := NEW.{column};
    further bigint;
    active text := current_setting('app.tenant', true);
BEGIN
    -- At commit the workspace's scope may have ended; the walls between workspaces want to know which it was.
    PERFORM set_config('app.tenant', NEW.tenant_id::text, true);
    LOOP
        -- A merge that is under way holds the row alone: its end is waited for, and what it wrote is read.
        SELECT merged_into_id INTO further FROM customers_customer
        WHERE tenant_id = NEW.tenant_id AND id = top FOR KEY SHARE;
        EXIT WHEN further IS NULL;
        top := further;
    END LOOP;
    IF top <> NEW.{column} THEN
        {twin}
        UPDATE {table} SET {column} = top, {origin} = coalesce({origin}, {column})
        WHERE id = NEW.id AND {column} = NEW.{column};
    END IF;
    PERFORM set_config('app.tenant', coalesce(active, ''), true);
    RETURN NULL;
END $$
"""
TWIN = """DELETE FROM {table} WHERE id = NEW.id AND {column} = NEW.{column} AND EXISTS (
            SELECT 1 FROM {table} AS held
            WHERE held.tenant_id = NEW.tenant_id AND held.{column} = top AND {like});"""
# At commit, where foreign keys are checked, too: until then nobody waits for anybody because of it.
WATCH = """
CREATE CONSTRAINT TRIGGER {trigger} AFTER INSERT OR UPDATE OF {column} ON {table}
DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
WHEN (NEW.{column} IS NOT NULL AND current_setting('app.holds_customers', true) IS DISTINCT FROM 'on')
EXECUTE FUNCTION {function}()
"""


@dataclass(frozen=True)
class Choice:
    """A row that came since a merge and may be given to the other when it is undone."""

    id: int
    text: str
    url: str


@dataclass(frozen=True)
class Offer:
    """What somebody may give to the other when a merge is undone.

    `list` answers what the holder got since that moment, newest first; `give` is called with the ids that were chosen,
    the holder's and the owner's, and leaves out what is not the holder's or older than the moment.
    """

    list: Callable[[int, datetime], Sequence[Choice]]
    give: Callable[[Collection[int], int, int, datetime], None]


@dataclass(frozen=True)
class Moved:
    """Rows that go to the survivor, and back when the merge is undone; `origin_column` remembers whose they were.

    `name` is what the preview counts. `once` are the columns of which a customer has each value once: where the
    survivor has the like, the other's row is put aside. It comes back while somebody has the like, and whatever became
    of that to whose it was where rows are `returned`. `changed` are the columns that moving may change.
    """

    name: str
    model: type[Model]
    column: str = "customer_id"
    origin_column: str = "origin_customer_id"
    once: tuple[str, ...] = ()
    returned: bool = False
    changed: tuple[str, ...] = ()
    # Called with the ids of survivor and other before the rows move, to change in the other's what cannot stand beside
    # the survivor's.
    fit: Callable[[int, int], None] | None = None
    # Called with the survivor's row and its like: moments of the one that stands, where the other's say more.
    blend: Callable[[Any, Any], Mapping[str, datetime | None]] | None = None
    # Called with the ids of two profiles that stand apart again, to mend what each lacks without the other's rows.
    settle: Callable[[Collection[int]], None] | None = None
    offer: Offer | None = None
    # Whether people are told how many; else a counter says it in words that mean something to them.
    is_told: bool = True


@dataclass(frozen=True)
class Kept:
    """Rows that stay where they are, and why."""

    model: type[Model]
    column: str
    why: str


@dataclass(frozen=True)
class Counter:
    """What the preview counts beside rows that move. `count` is called with the ids of a profile and all it has taken
    in (Customer.all_ids).

    What `stays` whose it was is counted by them when a merge is undone, too.
    """

    name: str
    count: Callable[[Collection[int]], int]
    stays: bool = False


@dataclass(frozen=True)
class Change:
    """A merge or its undoing, in the transaction in which all rows have moved; `holder` has or had them all.

    What must be known again when it is undone is written into `merge.images`, which is saved afterwards.
    """

    merge: Merge
    holder: Customer
    other: Customer
    actor: Actor
    at: datetime


Hook = Callable[[Change], None]

_moved: list[Moved] = []
_kept: list[Kept] = []
_counters: list[Counter] = []
_joined: list[Hook] = []
_parted: list[Hook] = []


def register(
    moved: Iterable[Moved] = (),
    kept: Iterable[Kept] = (),
    counters: Iterable[Counter] = (),
    *,
    joined: Iterable[Hook] = (),
    parted: Iterable[Hook] = (),
) -> None:
    """Called once by each app when it starts. `joined` are called after a merge, `parted` after it was undone."""
    _moved.extend(moved)
    _kept.extend(kept)
    _counters.extend(counters)
    _joined.extend(joined)
    _parted.extend(parted)


def all_moved() -> tuple[Moved, ...]:
    return tuple(_moved)


def all_kept() -> tuple[Kept, ...]:
    return tuple(_kept)


def all_counters() -> tuple[Counter, ...]:
    return tuple(_counters)


def after_joining() -> tuple[Hook, ...]:
    return tuple(_joined)


def after_parting() -> tuple[Hook, ...]:
    return tuple(_parted)


def watching(table: str, column: str, origin: str, once: Iterable[str] = ()) -> tuple[list[str], list[str]]:
    """SQL for a migration, and its reverse: a row that is given to a profile merged meanwhile goes to the survivor.

    Without it a message that was on its way while two profiles were merged would stay with the one nobody looks at.
    """
    names = {"table": table, "column": column, "origin": origin, "trigger": TRIGGER, "function": f"{TRIGGER}_{table}"}
    like = " AND ".join(f"held.{name} = NEW.{name}" for name in once)
    twin = TWIN.format(**names, like=like) if like else ""
    made = [FOLLOW.format(**names, twin=twin), WATCH.format(**names)]
    return made, [f"DROP TRIGGER {TRIGGER} ON {table}", f"DROP FUNCTION {TRIGGER}_{table}()"]
