"""Who and what stands behind a value: columns shared by rows that people and machines write (D30)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models

from accounts.kinds import Actor, ActorKind

_reason: ContextVar[str] = ContextVar("reason", default="")


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Rows of history written in the block say why, for programs that look for it later."""
    token = _reason.set(reason)
    try:
        yield
    finally:
        _reason.reset(token)


class Authored(models.Model):
    """An author kept by value, so that the row still says who after the person has left."""

    author_kind = models.CharField(max_length=10, choices=ActorKind.choices)
    author_id = models.BigIntegerField(null=True)
    author_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def set_author(self, actor: Actor) -> None:
        self.author_kind, self.author_id, self.author_name = actor.kind, actor.id, actor.name[:200]


class TrackedBy(models.Model):
    """Columns of each history row beside the library's own: who changed it, and by what way."""

    actor_kind = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.SYSTEM)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True


class Tracked(models.Model):
    """A row whose history says who changed it. The library would ask a request, and tasks have none."""

    # Copied to the history row by customers.apps, and by the library itself.
    _actor: Actor | None = None
    _change_reason: str | None = None

    class Meta:
        abstract = True

    def sign(self, actor: Actor, *, reason: str = "") -> None:
        """Say who makes the next save or deletion; `reason` is for programs that look for it later."""
        self._actor = actor
        self._change_reason = reason or _reason.get() or None
