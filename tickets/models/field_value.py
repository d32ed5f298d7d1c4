"""TicketFieldValue: what a custom field says of a ticket (F8)."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from customers.models.custom_field import FieldValue
from customers.models.provenance import TrackedBy
from tickets.models.ticket import Ticket


class TicketFieldValue(FieldValue):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="field_values")

    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["key"],
        cascade_delete_history=False,
    )

    class Meta(FieldValue.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "ticket", "field", "option"], name="ticket_field_value_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.ticket_id}"
