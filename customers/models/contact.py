"""Contact: an address or number, once per workspace; CustomerContact: who holds it (D15)."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.kinds import ActorKind
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.kinds import ContactKind, Subscription
from customers.models.provenance import Tracked, TrackedBy


class Contact(TenantModel):
    """The normalized value, unique, so that arriving messages resolve under one row's lock."""

    kind = models.CharField(max_length=10, choices=ContactKind.choices)
    value = models.CharField(max_length=320)
    bounced_at = models.DateTimeField(null=True)
    is_shared = models.BooleanField(default=False)
    # One state per address, whoever holds it (D25).
    subscription = models.CharField(max_length=12, choices=Subscription.choices, blank=True)
    subscription_at = models.DateTimeField(null=True)
    subscription_origin = models.CharField(max_length=10, choices=ActorKind.choices, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "kind", "value"], name="contact_value")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def is_phone(self) -> bool:
        return ContactKind(self.kind) is ContactKind.PHONE

    @property
    def is_bounced(self) -> bool:
        return self.bounced_at is not None

    def mark_bounced(self, *, at: datetime | None) -> None:
        self.bounced_at = at
        self.save(update_fields=["bounced_at"])

    def mark_subscription(self, *, state: Subscription, at: datetime, origin: ActorKind) -> None:
        self.subscription, self.subscription_at, self.subscription_origin = state, at, origin
        self.save(update_fields=["subscription", "subscription_at", "subscription_origin"])

    def mark_shared(self, *, is_shared: bool) -> None:
        self.is_shared = is_shared
        self.save(update_fields=["is_shared"])


class CustomerContactQuerySet(TenantQuerySet["CustomerContact"]):
    def in_order(self) -> CustomerContactQuerySet:
        """Main first, then by order of entry (D7)."""
        return self.order_by("-is_primary", "position", "pk")

    def of_contact(self, contact: Contact) -> CustomerContactQuerySet:
        """Its holders, whoever came first first."""
        return self.filter(contact=contact).select_related("contact", "customer").order_by("pk")


class CustomerContact(TenantModel, Tracked):
    """One customer's hold on a contact; several customers may hold the same one."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="holders")
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="contacts")
    # Whose it was before profiles were merged; None: nobody else's. In its history, for who is deleted and restored.
    origin_customer_id = models.BigIntegerField(null=True)
    typed = models.CharField(max_length=320)
    tag = models.CharField(max_length=20, blank=True)
    extension = models.CharField(max_length=20, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True)
    # Given without proof (B10): matches no sender until it is verified.
    claimed_at = models.DateTimeField(null=True)
    last_wrote_at = models.DateTimeField(null=True)
    origin = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.AGENT)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(CustomerContactQuerySet)()
    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["position", "last_wrote_at"],
        cascade_delete_history=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "customer", "contact"], name="customer_contact_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "contact"], name="customer_contact_holders")]

    def __str__(self) -> str:
        return f"contact {self.contact_id} of {self.customer_id}"

    def mark_primary(self, *, is_primary: bool = True) -> None:
        self.is_primary = is_primary
        self.save(update_fields=["is_primary"])

    def mark_described(self, *, typed: str, tag: str, extension: str) -> None:
        self.typed, self.tag, self.extension = typed, tag, extension
        self.save(update_fields=["typed", "tag", "extension"])

    @property
    def is_claim(self) -> bool:
        return self.claimed_at is not None and self.verified_at is None

    def mark_verified(self, *, at: datetime) -> None:
        self.verified_at, self.claimed_at = at, None
        self.save(update_fields=["verified_at", "claimed_at"])

    def mark_written(self, *, at: datetime) -> None:
        """Somebody wrote from it at `at`; a message that was late does not move it back."""
        if self.last_wrote_at is None or self.last_wrote_at < at:
            self.last_wrote_at = at
            # Not a change of the profile: no row of its history for each message.
            type(self).objects.filter(pk=self.pk).update(last_wrote_at=at)
