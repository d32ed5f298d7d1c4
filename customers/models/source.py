"""CustomerSource: where a customer came from the first time (F20)."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.tenancy import TenantModel
from customers.models.provenance import Tracked, TrackedBy


class CustomerSource(TenantModel, Tracked):
    """No row: unknown. The first five are what links call utm_source, _medium, _campaign, _term and _content."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="source_row")
    source = models.CharField(max_length=255, blank=True)
    medium = models.CharField(max_length=255, blank=True)
    campaign = models.CharField(max_length=255, blank=True)
    keyword = models.CharField(max_length=255, blank=True)
    content = models.CharField(max_length=255, blank=True)
    landing_page = models.CharField(max_length=2000, blank=True)
    referrer = models.CharField(max_length=2000, blank=True)
    first_visit_at = models.DateTimeField(null=True)
    first_client_id = models.CharField(max_length=100, blank=True)
    last_client_id = models.CharField(max_length=100, blank=True)

    history = HistoricalRecords(
        bases=[TrackedBy], history_user_id_field=models.BigIntegerField(null=True), cascade_delete_history=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="customer_source_once")]

    def __str__(self) -> str:
        return f"source of {self.customer_id}"
