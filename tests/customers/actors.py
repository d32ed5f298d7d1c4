"""Who acts in these tests, when, and what they are handed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from accounts.kinds import Actor, ActorKind

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ADA = Actor(ActorKind.AGENT, 1, "Ada")
BELA = Actor(ActorKind.AGENT, 2, "Bela")
STORE = Actor(ActorKind.STORE, 9, "acme-demo")

# The fixture of that name: calls what it is given and returns what open pages were told.
Told = Callable[[Callable[[], Any]], list[str]]
