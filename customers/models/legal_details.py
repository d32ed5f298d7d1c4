"""LegalDetails: whom a contract with the customer names, and their bank (F30)."""

from typing import ClassVar

from django.db import models
from simple_history.models import HistoricalRecords

from accounts.tenancy import TenantModel
from customers.legal.kinds import ContractorType
from customers.models.provenance import Tracked, TrackedBy


class LegalDetails(TenantModel, Tracked):
    """No row: a private individual. Columns are called as `customers.legal.kinds.Kind`; numbers are stored compact.

    `country` is two capital letters, "" where D18 decides: the order's, else that of the delivery address, else the
    workspace's.
    """

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="legal_row")
    contractor_type = models.CharField(max_length=12, choices=ContractorType.choices, default=ContractorType.INDIVIDUAL)
    country = models.CharField(max_length=2, blank=True)
    legal_name = models.CharField(max_length=255, blank=True)
    legal_address = models.CharField(max_length=500, blank=True)
    inn = models.CharField(max_length=50, blank=True)
    kpp = models.CharField(max_length=50, blank=True)
    ogrn = models.CharField(max_length=50, blank=True)
    ogrnip = models.CharField(max_length=50, blank=True)
    okpo = models.CharField(max_length=50, blank=True)
    tax = models.CharField(max_length=50, blank=True)
    vat = models.CharField(max_length=50, blank=True)
    registration = models.CharField(max_length=50, blank=True)
    certificate_number = models.CharField(max_length=50, blank=True)
    certificate_date = models.DateField(null=True)
    bik = models.CharField(max_length=50, blank=True)
    bank = models.CharField(max_length=255, blank=True)
    bank_address = models.CharField(max_length=500, blank=True)
    corr_account = models.CharField(max_length=50, blank=True)
    bank_account = models.CharField(max_length=50, blank=True)
    iban = models.CharField(max_length=50, blank=True)
    bic = models.CharField(max_length=20, blank=True)

    history = HistoricalRecords(
        bases=[TrackedBy], history_user_id_field=models.BigIntegerField(null=True), cascade_delete_history=False
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="legal_details_once")]

    def __str__(self) -> str:
        return f"legal details of {self.customer_id}"
