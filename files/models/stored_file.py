"""StoredFile: bytes under a random key, with what is known of them."""

import secrets
from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


def new_key() -> str:
    """160 random bits: a key tells nothing and cannot be guessed."""
    return secrets.token_hex(20)


class StoredFile(TenantModel):
    """The name is for people only; it never becomes part of a path."""

    key = models.CharField(max_length=40, default=new_key)
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=127)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "key"], name="stored_file_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        """Where the storage keeps it: one folder per workspace, fanned out by the key."""
        return f"{self.tenant_id}/{self.key[:2]}/{self.key}"

    @property
    def is_image(self) -> bool:
        """Kinds of images that browsers show and that cannot carry a script."""
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
