"""CustomerTag: a word agents put on a customer."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.tenancy import TenantModel
from customers.models.provenance import Tracked, TrackedBy


class CustomerTag(TenantModel, Tracked):
    """`name_folded` is what makes two spellings one tag; the words in use are the workspace's tags of customers."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="tags")
    # Whose it was before profiles were merged; None: nobody else's.
    origin_customer_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=50)
    name_folded = models.CharField(max_length=60, db_collation="C")

    # Set by whoever reads all of a customer's: with which profile it came when that was merged, in words.
    came_with = ""

    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["origin_customer_id", "name_folded"],
        cascade_delete_history=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "customer", "name_folded"], name="customer_tag_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "name_folded", "customer"], name="customer_tag_by_name")]

    def __str__(self) -> str:
        return self.name
