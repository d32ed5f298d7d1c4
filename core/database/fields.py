"""Fields: the key to the owning tenant, and text that is encrypted at rest."""

from typing import Any

from django.db import models

from core import crypto


class TenantKey(models.ForeignKey):
    """The foreign key that makes a table tenant-owned; the schema editor looks for it."""


class EncryptedTextField(models.TextField):
    """Text that the database only ever sees encrypted, with the newest key of ENCRYPTION_KEYS."""

    def get_prep_value(self, value: str | None) -> str | None:
        return value if value in (None, "") else crypto.encrypt(str(value))

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return value if value in (None, "") else crypto.decrypt(str(value))
