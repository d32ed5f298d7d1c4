"""MemberPreference: what one member chose for their own pages; absent means the default."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class MemberPreference(TenantModel):
    """Such as the columns of a list, or whether the card shows everything."""

    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    value = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "key"], name="member_preference_once"),
        ]

    def __str__(self) -> str:
        return self.key
