"""WorkspaceSetting: one chosen value of the typed registry; absent means the default."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class WorkspaceSetting(TenantModel):
    key = models.CharField(max_length=60)
    value = models.JSONField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="workspace_setting_key")]

    def __str__(self) -> str:
        return self.key
