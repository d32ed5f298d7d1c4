"""Signature: what stands under a member's replies; the inbox has one for those who have none of their own."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class Signature(TenantModel):
    """May hold the variables of canned replies."""

    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")
    html = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "member"], name="signature_once")]

    def __str__(self) -> str:
        return f"signature of {self.member_id}"
