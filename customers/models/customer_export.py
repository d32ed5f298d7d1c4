"""CustomerExport: a file made of customers, kept until it expires."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class ExportKind(models.TextChoices):
    LIST = "list", "Customers of a list"
    PERSON = "person", "Everything about one customer"


class CustomerExport(TenantModel):
    """`query` is the list's query string, or "" for that of one `customer`; `columns` are codes of columns.

    The file goes at `expires_at`; the row stays for the audit.
    """

    number = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    query = models.CharField(max_length=8000, blank=True)
    columns = models.JSONField(default=list)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+")
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    started_by = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="customer_export_number"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "expires_at"], name="customer_export_expiry")]

    def __str__(self) -> str:
        return f"export {self.number}"

    @property
    def live_name(self) -> str:
        return f"export-{self.number}"
