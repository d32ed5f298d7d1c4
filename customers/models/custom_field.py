"""CustomField: a field an admin adds; FieldOption: what one may choose in it; CustomerFieldValue: what is said (F8)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from customers.kinds import FieldKind, FieldTarget
from customers.models.provenance import Tracked, TrackedBy


class CustomFieldQuerySet(TenantQuerySet["CustomField"]):
    def of(self, target: FieldTarget) -> CustomFieldQuerySet:
        return self.filter(target=target).order_by("position", "pk")

    def active(self) -> CustomFieldQuerySet:
        return self.filter(is_active=True)


class CustomField(TenantModel):
    """`code` is what programs call it: lower case, digits, underscores. `default` is written as in a form."""

    number = models.PositiveIntegerField()
    target = models.CharField(max_length=10, choices=FieldTarget.choices)
    kind = models.CharField(max_length=10, choices=FieldKind.choices)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=100)
    is_required = models.BooleanField(default=False)
    default = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    in_list = models.BooleanField(default=False)
    in_filter = models.BooleanField(default=False)
    in_bulk = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = TenantManager.from_queryset(CustomFieldQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="custom_field_number"),
            models.UniqueConstraint(fields=["tenant", "target", "code"], name="custom_field_code"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def takes_several(self) -> bool:
        return FieldKind(self.kind) is FieldKind.CHOICES


class FieldOption(TenantModel):
    """One that was switched off stays where it was chosen, as "Not active" (F14)."""

    field = models.ForeignKey(CustomField, on_delete=models.CASCADE, related_name="options")
    code = models.CharField(max_length=60)
    label = models.CharField(max_length=100)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "field", "code"], name="field_option_code")]

    def __str__(self) -> str:
        return self.code


class FieldValue(TenantModel, Tracked):
    """What one field says of one thing: in the column of its kind, the others empty. Several choices are several rows.

    `key` is what filters compare, by what uses the index: the folded beginning of a text, by `^@`; of a number
    `field_values.number_key`, for comparing numeric is not leakproof.
    """

    field = models.ForeignKey(CustomField, on_delete=models.PROTECT, related_name="+")
    option = models.ForeignKey(FieldOption, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    key = models.CharField(max_length=200, blank=True, db_collation="C")
    number = models.DecimalField(max_digits=30, decimal_places=10, null=True)
    flag = models.BooleanField(null=True)
    date = models.DateField(null=True)
    moment = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        indexes: ClassVar = [
            models.Index(fields=["tenant", "field", "key"], name="%(class)s_key"),
            *(
                models.Index(
                    fields=["tenant", "field", column],
                    name=f"%(class)s_{column}",
                    condition=models.Q(**{f"{column}__isnull": False}),
                )
                for column in ("number", "date", "moment", "option", "flag")
            ),
        ]


class CustomerFieldValue(FieldValue):
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="field_values")

    history = HistoricalRecords(
        bases=[TrackedBy],
        history_user_id_field=models.BigIntegerField(null=True),
        excluded_fields=["key"],
        cascade_delete_history=False,
    )

    class Meta(FieldValue.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "customer", "field", "option"], name="customer_field_value_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field_id} of {self.customer_id}"
