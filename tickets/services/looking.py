"""Who is looking at a ticket and who is typing at this moment: a courtesy, kept in Redis for some seconds."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import redis
import structlog

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from core.redis_client import hasty_redis
from core.text import initials_of
from events.services.announcing import announce
from tickets.models import Ticket

log = structlog.get_logger(__name__)

LOOKING, TYPING = 30, 8  # seconds each is true for; a page repeats them every 20 and every 4
TIMEOUT = 0.05  # seconds
WHAT = {"looking": LOOKING, "typing": TYPING}


@dataclass(frozen=True)
class Person:
    """A colleague on the same ticket."""

    name: str
    initials: str
    is_typing: bool


def mark_looking(*, ticket: Ticket, agent: Membership, is_typing: bool) -> None:
    """Remember it for some seconds, and tell open pages when somebody came, began to type or stopped."""
    if _write(ticket, agent, looking=True, typing=is_typing):
        announce(_live_name(ticket))


def mark_gone(*, ticket: Ticket, agent: Membership) -> None:
    """Forget it at once, and tell open pages when it was known."""
    if _write(ticket, agent, looking=False, typing=False):
        announce(_live_name(ticket))


def read_people(*, ticket: Ticket, besides: Membership) -> Sequence[Person]:
    """Colleagues who look at the ticket now, without the reader; nobody when Redis cannot be reached."""
    now = time.time()
    try:
        with hasty_redis(TIMEOUT) as client, client.pipeline(transaction=False) as pipeline:
            for what in WHAT:
                pipeline.zrangebyscore(_key(what, ticket), now, "+inf")
            looking, typing = pipeline.execute()
    except redis.RedisError as error:
        log.warning("looking.unreachable", error=type(error).__name__)
        return ()
    known = dict(member.decode().split(" ", 1) for member in {*looking, *typing})
    known.pop(str(besides.number), None)
    typists = {member.decode().split(" ", 1)[0] for member in typing}
    people = (Person(name, initials_of(name) or "?", number in typists) for number, name in known.items())
    return tuple(sorted(people, key=lambda person: (not person.is_typing, person.name)))


def _write(ticket: Ticket, agent: Membership, *, looking: bool, typing: bool) -> bool:
    """Whether it changed what others see."""
    now, member = time.time(), f"{agent.number} {agent.name}"
    wanted = {"looking": looking, "typing": typing}
    try:
        with hasty_redis(TIMEOUT) as client, client.pipeline() as pipeline:
            for what, lives in WHAT.items():
                pipeline.zremrangebyscore(_key(what, ticket), "-inf", now)
                if wanted[what]:
                    pipeline.zadd(_key(what, ticket), {member: now + lives})
                else:
                    pipeline.zrem(_key(what, ticket), member)
            for what, lives in WHAT.items():
                pipeline.expire(_key(what, ticket), lives)
            answers: list[Any] = pipeline.execute()
    except redis.RedisError as error:
        log.warning("looking.unreachable", error=type(error).__name__)
        return False
    # Of each pair, the second says how many it added or took away.
    return bool(answers[1] or answers[3])


def _key(what: str, ticket: Ticket) -> str:
    return f"{what}:{active_tenant_id()}:{ticket.pk}"


def _live_name(ticket: Ticket) -> str:
    return f"{ticket.live_name}-people"
