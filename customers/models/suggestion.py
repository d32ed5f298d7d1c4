"""Suggestion: two profiles that may be one person; and that somebody said they are not."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.models.provenance import Authored


class PairQuerySet(TenantQuerySet[Any]):
    def of_customer(self, customer_id: int) -> PairQuerySet:
        return self.filter(Q(one=customer_id) | Q(other=customer_id))


class Suggestion(TenantModel):
    """`one` is the older of the two. `evidence` names reasons, never values: what they say is read of the profiles."""

    one = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()  # how likely it is, from 0 to 1
    evidence = models.JSONField(default=list)
    created_at = models.DateTimeField()

    objects = TenantManager.from_queryset(PairQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "one", "other"], name="suggestion_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="suggestion_in_order"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "other"], name="suggestion_of_other"),
            models.Index(fields=["tenant", "score", "id"], name="suggestion_by_score"),
        ]

    def __str__(self) -> str:
        return f"suggestion {self.pk}"


class Dismissal(TenantModel, Authored):
    """They are not the same person (B4), whatever they have in common."""

    one = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    # What spoke for it then: addresses that mislead again and again are learnt to be of several people.
    evidence = models.JSONField(default=list)
    score = models.FloatField(default=0)  # 0: nothing had been suggested
    created_at = models.DateTimeField()

    objects = TenantManager.from_queryset(PairQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "one", "other"], name="dismissal_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="dismissal_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "other"], name="dismissal_of_other")]

    def __str__(self) -> str:
        return f"dismissal {self.pk}"
