"""Tenant: one shop's workspace."""

from django.core.validators import RegexValidator
from django.db import models

# One label of a host name (RFC 1035), so that a workspace could become a subdomain one day.
slug_format = RegexValidator(r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?\Z", "Use lower-case letters, digits and hyphens.")


class Tenant(models.Model):
    """A workspace on screen. Its slug is the first segment of every URL of its own."""

    name = models.CharField(max_length=100)
    slug = models.CharField(max_length=40, unique=True, validators=[slug_format])
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.slug

    def mark_name(self, *, name: str) -> None:
        self.name = name
        self.save(update_fields=["name"])
