"""CustomerAddress: where a customer lives, works or gets parcels (F26)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.kinds import ActorKind
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.models.provenance import Tracked, TrackedBy


class CustomerAddressQuerySet(TenantQuerySet["CustomerAddress"]):
    def in_order(self) -> CustomerAddressQuerySet:
        """The one for delivery first, then by order of entry."""
        return self.order_by("-is_main", "pk")


class CustomerAddress(TenantModel, Tracked):
    """Columns are those of `customers.addresses.Address`, and `text` as it was typed in one line.

    The main one is that for delivery. `is_city_chosen`: the city came from a suggestion, so that a postal code can be
    looked up for it (F29).
    """

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="addresses")
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=100, blank=True)
    is_main = models.BooleanField(default=False)
    text = models.CharField(max_length=500, blank=True)
    country = models.CharField(max_length=2, blank=True)
    region = models.CharField(max_length=100, blank=True)
    city = models.CharField(max_length=100, blank=True)
    district = models.CharField(max_length=100, blank=True)
    postal_code = models.CharField(max_length=20, blank=True)
    sorting_code = models.CharField(max_length=20, blank=True)
    street = models.CharField(max_length=200, blank=True)
    house = models.CharField(max_length=30, blank=True)
    building = models.CharField(max_length=100, blank=True)
    housing = models.CharField(max_length=30, blank=True)
    entrance = models.CharField(max_length=30, blank=True)
    floor = models.CharField(max_length=30, blank=True)
    flat = models.CharField(max_length=30, blank=True)
    metro = models.CharField(max_length=100, blank=True)
    courier_notes = models.CharField(max_length=500, blank=True)
    company = models.CharField(max_length=200, blank=True)
    is_city_chosen = models.BooleanField(default=False)
    # By what name another system knows the address.
    reference = models.CharField(max_length=255, blank=True)
    origin = models.CharField(max_length=10, choices=ActorKind.choices, default=ActorKind.AGENT)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(CustomerAddressQuerySet)()
    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["origin_customer_id"],
        cascade_delete_history=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "customer"], name="customer_address_main", condition=models.Q(is_main=True)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "customer"], name="customer_address_of")]

    def __str__(self) -> str:
        return f"address {self.pk} of {self.customer_id}"
