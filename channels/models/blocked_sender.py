"""BlockedSender: an address, or all of a domain, whose mail is kept and not worked (F123)."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class BlockedSender(TenantModel):
    """`address` is normalized; "@domain" stands for everybody there."""

    number = models.PositiveIntegerField()
    address = models.CharField(max_length=320)
    blocked_by = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="blocked_sender_number"),
            models.UniqueConstraint(fields=["tenant", "address"], name="blocked_sender_once"),
        ]

    def __str__(self) -> str:
        return self.address
