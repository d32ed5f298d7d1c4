"""Participant: an address that is on a ticket: the customer's, and others who wrote or were copied (F97)."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.models.ticket import Ticket


class Participant(TenantModel):
    """`address` is normalized. Only who has written counts as a sender for the threading guard (B16)."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+")
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
    address = models.CharField(max_length=320)
    name = models.CharField(max_length=200, blank=True)
    has_written = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "ticket", "address"], name="participant_once"),
        ]

    def __str__(self) -> str:
        return f"participant {self.pk} of {self.ticket_id}"
