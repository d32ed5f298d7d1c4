"""OrderFieldValue: what a custom field says of an order (F8)."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from customers.models.custom_field import FieldValue
from customers.models.provenance import TrackedBy
from integrations.models.order import Order


class OrderFieldValue(FieldValue):
    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="field_values")

    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["key"],
        cascade_delete_history=False,
    )

    class Meta(FieldValue.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "order", "field", "option"], name="order_field_value_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.order_id}"
