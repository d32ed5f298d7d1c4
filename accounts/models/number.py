"""NumberSequence: the numbers people see, counted per workspace."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class NumberSequence(TenantModel):
    """The last number given to a kind of thing. Taking one locks the row until the transaction ends."""

    kind = models.CharField(max_length=20)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "kind"], name="number_sequence_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.last}"
