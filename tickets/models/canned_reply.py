"""CannedReply: a text agents send often, with variables."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class CannedReply(TenantModel):
    """`member` owns a personal one; None is everybody's. `inbox` narrows it to one inbox."""

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=100)
    html = models.TextField()
    member = models.ForeignKey("accounts.Membership", null=True, on_delete=models.CASCADE, related_name="+")
    inbox = models.ForeignKey("tickets.Inbox", null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="canned_reply_number")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_shared(self) -> bool:
        """Whether it is everybody's."""
        return self.member_id is None
