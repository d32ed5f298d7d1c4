"""What comparing profiles rests on: what each says in the spelling that is compared, and how common values are."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class ComparedFacts(TenantModel):
    """`facts` as customers.resemblance holds them; unchanged facts need no new comparison."""

    customer = models.OneToOneField("customers.Customer", on_delete=models.CASCADE, related_name="+")
    facts = models.JSONField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "customer"], name="compared_facts_once")]

    def __str__(self) -> str:
        return f"facts of {self.customer_id}"


class BlockingKey(TenantModel):
    """Only who shares a key is compared. It is a number made of what the key says:
    PostgreSQL's policies let numbers use an index.
    """

    # Each customer has a dozen keys: an index more is a dozen entries more.
    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key", "customer"], name="blocking_key_once")
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "customer"], name="blocking_key_of_customer")]

    def __str__(self) -> str:
        return f"key {self.key} of {self.customer_id}"


class ValueCount(TenantModel):
    """How many customers say a value, of those that several do; counted when a whole workspace is compared."""

    trait = models.CharField(max_length=20)
    value = models.BigIntegerField()  # a number made of it
    count = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "trait", "value"], name="value_count_once")]

    def __str__(self) -> str:
        return f"{self.trait} {self.value}"


class ComparisonBasis(TenantModel):
    """One row for each workspace: how many customers there were when it was counted, how many say each trait at all,
    and which share of all pairs are one person. Whoever compares locks it.

    `least` is how likely a pair must be to be suggested, `closure` how often two who are like the same third one are
    like each other; 0 where that says too little.
    """

    customers = models.PositiveIntegerField(default=0)
    totals = models.JSONField(default=dict)
    prior = models.FloatField(default=0)
    least = models.FloatField(default=0.7)
    closure = models.FloatField(default=0)
    changed = models.PositiveIntegerField(default=0)  # of how many customers something was written since
    counted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="comparison_basis_once")]

    def __str__(self) -> str:
        return f"basis of {self.customers} customers"
