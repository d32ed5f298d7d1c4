"""Unsubscribed: an address that wants no automatic mail of ours (RFC 8058); answers of people still go there."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class Unsubscribed(TenantModel):
    """`address` is normalized."""

    address = models.CharField(max_length=320)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "address"], name="unsubscribed_once")]

    def __str__(self) -> str:
        return self.address
