"""Merge: two profiles that were said to be one person, and what taking them apart again needs (B1)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.models.provenance import Authored


class MergeQuerySet(TenantQuerySet["Merge"]):
    def standing(self) -> MergeQuerySet:
        """Not taken apart again."""
        return self.filter(undone_at=None)


class Merge(TenantModel, Authored):
    """`other` is frozen as it was, `survivor` has its rows and the values that were chosen.

    `values` holds by field what the survivor said before and since, `images` by table what moved rows said before of
    what moving changes, `aside` by table the rows of `other` of whom the survivor has the like. `counts` is what moved.
    """

    number = models.BigIntegerField()
    survivor = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    values = models.JSONField(default=dict)
    images = models.JSONField(default=dict)
    aside = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True)

    objects = TenantManager.from_queryset(MergeQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="merge_number"),
            models.UniqueConstraint(
                fields=["tenant", "other"], name="merge_once", condition=models.Q(undone_at__isnull=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "survivor", "number"], name="merge_of_survivor")]

    def __str__(self) -> str:
        return f"merge {self.number}"
