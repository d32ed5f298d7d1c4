"""StoreCustomer: a customer of a store, linked to one of ours; what its note was when both sides last agreed."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.kinds import NoteSync
from integrations.types import StoreCustomerFacts

# A webhook may come hours late; more of our writings than this to one note in that time are not to be expected.
WINDOWS_KEPT = 20


class StoreCustomerQuerySet(TenantQuerySet["StoreCustomer"]):
    def of_customer(self, customer_id: int) -> StoreCustomerQuerySet:
        """Oldest first, so that a sentence that names them does not change by itself."""
        return self.filter(customer_id=customer_id).select_related("connection").order_by("pk")

    def of_connection(self, connection_id: int) -> StoreCustomerQuerySet:
        return self.filter(connection_id=connection_id)

    def remote(self, connection_id: int, remote_id: str) -> StoreCustomerQuerySet:
        return self.filter(connection_id=connection_id, remote_id=remote_id)

    def differing(self) -> StoreCustomerQuerySet:
        return self.filter(note_state=NoteSync.DIFFERS)

    def forget_agreement(self) -> int:
        """Synchronizing ended: whatever follows is a first meeting again (D1)."""
        return self.update(base_text=None, sent_text=None, read_stamp=None, is_sent=True, covered=[])


class StoreCustomer(TenantModel):
    """The base text is the third leg of the three-way comparison: what differs from it was changed on that side."""

    connection = models.ForeignKey("integrations.Connection", on_delete=models.CASCADE, related_name="links")
    customer = models.ForeignKey("customers.Customer", on_delete=models.PROTECT, related_name="+")
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
    remote_id = models.CharField(max_length=64)
    display_name = models.CharField(max_length=255, blank=True)
    admin_url = models.URLField(max_length=500, blank=True)
    base_text = models.TextField(null=True)  # None: the two sides have never agreed
    remote_text = models.TextField(null=True)  # the store's note when we last read it, synchronized or not
    remote_stamp = models.DateTimeField(null=True)
    sent_text = models.TextField(null=True)  # what we last sent: the answer may never have reached us
    read_stamp = models.DateTimeField(null=True)  # the store's own stamp when we read it, just before we sent
    is_sent = models.BooleanField(default=True)  # False: we do not know whether the store took what we sent
    # [from, to] of the store's clock: in there our own writing may have covered somebody else's; newest last.
    covered = models.JSONField(default=list)
    # One worker at a time compares and writes; the token fences off one whose time ran out.
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    note_state = models.CharField(max_length=10, choices=NoteSync.choices, default=NoteSync.OFF)
    note_error = models.CharField(max_length=500, blank=True)
    orders_count = models.PositiveIntegerField(default=0)
    spent = models.JSONField(default=list)  # [{"minor": 1250, "currency": "EUR"}]
    refreshed_at = models.DateTimeField(null=True)  # when what we hold was asked for
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(StoreCustomerQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "connection", "remote_id"], name="store_customer_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["tenant", "customer"], name="store_customer_links"),
            models.Index(fields=["tenant", "connection", "note_state"], name="store_customer_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.connection_id}:{self.remote_id}"

    @property
    def label(self) -> str:
        """What to call the store's customer to people."""
        return self.display_name or f"customer {self.remote_id}"

    def mark_refreshed(self, *, facts: StoreCustomerFacts, at: datetime) -> None:
        self.display_name, self.admin_url = (facts.display_name[:255], facts.admin_url[:500])
        self.orders_count = min(facts.orders_count, 2**31 - 1)
        self.spent = [{"minor": one.minor, "currency": one.currency} for one in facts.spent]
        self.refreshed_at = at
        fields = ["display_name", "admin_url", "orders_count", "spent", "refreshed_at"]
        self.save(update_fields=fields)

    def mark_moved(self, *, remote_id: str) -> None:
        """The store merged its customer into another one."""
        self.remote_id = remote_id
        self.save(update_fields=["remote_id"])

    def mark_note(self, *, state: NoteSync, error: str = "") -> None:
        self.note_state, self.note_error = state, error[:500]
        self.save(update_fields=["note_state", "note_error"])

    def mark_heard(self, *, text: str, stamp: datetime | None) -> None:
        """What the store's note is now, whatever we make of it."""
        self.remote_text, self.remote_stamp = text, stamp or self.remote_stamp
        self.save(update_fields=["remote_text", "remote_stamp"])

    def mark_agreed_upon(self, *, base: str | None) -> None:
        self.base_text = base
        self.save(update_fields=["base_text"])

    def mark_sending(self, *, text: str, read_stamp: datetime | None) -> None:
        """Before the call: whoever comes after a time-out knows our own words when they meet them."""
        if not self.is_sent:
            self.mark_sent(stamp=read_stamp)
        self.sent_text, self.read_stamp, self.is_sent = text, read_stamp, False
        self.save(update_fields=["sent_text", "read_stamp", "is_sent"])

    def mark_sent(self, *, stamp: datetime | None) -> None:
        """What we sent stands in the store, or is out of the race, since `stamp`."""
        window = [moment.isoformat() if moment else None for moment in (self.read_stamp, stamp)]
        self.is_sent, self.covered = True, [*self.covered, window][-WINDOWS_KEPT:]
        self.save(update_fields=["is_sent", "covered"])

    def may_have_covered(self, stamp: datetime | None) -> bool:
        """Whether a text that had this stamp in the store may have vanished under one of ours, unread."""
        for first, last in self.covered:
            began, ended = (datetime.fromisoformat(text) if text else None for text in (first, last))
            if stamp is None or ((began is None or began <= stamp) and (ended is None or stamp <= ended)):
                return True
        return False
