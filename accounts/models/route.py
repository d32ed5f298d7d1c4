"""Route: from a public key (shop domain, inbox address) to the tenant and the object behind it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.kinds import RouteKind
from core.database.queries import Query


class RouteQuerySet(models.QuerySet["Route"]):
    def find(self, kind: RouteKind, key: str) -> Route | None:
        return _FIND.first(kind, key.lower())


class Route(models.Model):
    """Holds keys and ids, never content. A key of one kind leads to one tenant at a time."""

    kind = models.CharField(max_length=20, choices=RouteKind.choices)
    key = models.CharField(max_length=320)
    tenant = models.ForeignKey("accounts.Tenant", on_delete=models.CASCADE, related_name="+")
    object_id = models.BigIntegerField()

    objects = RouteQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="route_key")]

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


_FIND = Query(lambda kind, key: Route.objects.filter(kind=kind, key=key))
