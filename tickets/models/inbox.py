"""Inbox: where customers write to; InboxMember: who may see and answer it (D28)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.models import Membership
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class InboxQuerySet(TenantQuerySet["Inbox"]):
    def visible_to(self, agent: Membership) -> InboxQuerySet:
        """Owner and admins see all; an agent sees all by default, else those they are a member of."""
        if agent.is_admin or agent.sees_all_inboxes:
            return self
        return self.filter(pk__in=InboxMember.objects.filter(member=agent).values("inbox_id"))


class Inbox(TenantModel):
    """`kind` names the channel its messages travel by; the adapter for it lives above."""

    number = models.PositiveIntegerField()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, default="email")
    address = models.CharField(max_length=320)
    sender_name = models.CharField(max_length=100, blank=True)
    # Under the replies of members who have no signature of their own; may hold the variables of canned replies.
    signature = models.TextField(blank=True)
    # Its mail server hands over mail to name+anything@ as well (RFC 5233): answers carry their proof in the address.
    takes_plus_addresses = models.BooleanField(default=False)
    # Sent to known addresses that open a ticket, as text with the variables of canned replies; "" for none.
    acknowledgement = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(InboxQuerySet)()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="inbox_number")]

    def __str__(self) -> str:
        return self.name

    def mark_edited(
        self,
        *,
        name: str,
        sender_name: str,
        address: str,
        signature: str,
        takes_plus_addresses: bool,
        acknowledgement: str,
    ) -> None:
        self.name, self.sender_name, self.address, self.signature = name, sender_name, address, signature
        self.takes_plus_addresses, self.acknowledgement = takes_plus_addresses, acknowledgement
        letters = ["name", "sender_name", "address", "signature"]
        self.save(update_fields=[*letters, "takes_plus_addresses", "acknowledgement"])

    def gap_of(self, member: Membership, *, is_named: bool) -> str:
        """Why a member may not answer it, "" when they may; `is_named` says whether they are among its members."""
        if not (member.is_active and member.user.is_active):
            return "Deactivated"
        if member.is_admin or member.sees_all_inboxes or is_named:
            return ""
        return f"Not in the inbox {self.name}"


class InboxMember(TenantModel):
    inbox = models.ForeignKey(Inbox, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "inbox"], name="inbox_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.inbox_id}"
