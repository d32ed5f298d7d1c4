"""CustomerImport: a file of customers, how it is read, and what became of each row."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", "Not started"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Stopped"
    UNDONE = "undone", "Undone"


class ImportMatch(models.TextChoices):
    """What tells that a row is a customer who is already there (D15)."""

    REFERENCE = "reference", "Reference"
    EMAIL = "email", "E-mail"


class RowOutcome(models.TextChoices):
    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    UNCHANGED = "unchanged", "Unchanged"
    REFUSED = "refused", "Refused"


class CustomerImport(TenantModel):
    """`mapping` is column's place in the file -> what it is; `dialect` how the file is written. The file goes when the
    import has ended and nobody may need it again; the rows' report stays.
    """

    number = models.BigIntegerField()
    name = models.CharField(max_length=255)
    file = models.ForeignKey("files.StoredFile", null=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    match = models.CharField(max_length=10, choices=ImportMatch.choices, default=ImportMatch.REFERENCE)
    dialect = models.JSONField(default=dict)
    mapping = models.JSONField(default=dict)
    job = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    undoing = models.ForeignKey("jobs.Job", null=True, on_delete=models.SET_NULL, related_name="+")
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    # Of those that were taken.
    remarked = models.PositiveIntegerField(default=0)
    started_by = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="customer_import_number"),
        ]

    def __str__(self) -> str:
        return f"import {self.number}"

    @property
    def live_name(self) -> str:
        return f"import-{self.number}"


class ImportRowQuerySet(TenantQuerySet["ImportRow"]):
    def refused(self) -> ImportRowQuerySet:
        return self.filter(outcome=RowOutcome.REFUSED)

    def remarked(self) -> ImportRowQuerySet:
        return self.exclude(problem="").exclude(outcome=RowOutcome.REFUSED)


class ImportRow(TenantModel):
    """`line` is where the row begins in the file, as an editor counts. Refused ones keep why, and what was written;
    `cells` of an updated one are what it changed. One that was taken with a remark keeps that as `problem`, and the
    `beginning` of what was written.
    """

    customer_import = models.ForeignKey(CustomerImport, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveBigIntegerField()
    outcome = models.CharField(max_length=10, choices=RowOutcome.choices)
    customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.CharField(max_length=500, blank=True)
    cells = models.JSONField(null=True)
    beginning = models.CharField(max_length=600, blank=True)

    objects = TenantManager.from_queryset(ImportRowQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "customer_import", "line"], name="import_row_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "customer_import", "line"],
                name="import_row_refused",
                condition=models.Q(outcome=RowOutcome.REFUSED),
            ),
            models.Index(
                fields=["tenant", "customer_import", "line"],
                name="import_row_remarked",
                condition=~models.Q(problem="") & ~models.Q(outcome=RowOutcome.REFUSED),
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.line} of {self.customer_import_id}"
