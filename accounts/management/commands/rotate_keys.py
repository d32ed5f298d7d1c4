"""`rotate_keys`: after a new key was put first in ENCRYPTION_KEYS, encrypt everything stored with it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Tenant
from accounts.services.rotating import Rotated, rotate_tenant


class Command(BaseCommand):
    help = "Encrypt stored secrets with the first of ENCRYPTION_KEYS. May be stopped and started again."

    def handle(self, *args: Any, **options: Any) -> None:
        total = Rotated(0, ())
        for tenant in Tenant.objects.order_by("pk"):
            rotated = rotate_tenant(tenant_id=tenant.pk)
            self.stdout.write(f"{tenant.slug}: {rotated.changed} values encrypted again")
            total += rotated
        if total.unreadable:
            rows = ", ".join(total.unreadable)
            raise CommandError(f"No key opens {rows}: put the former key back at the end of ENCRYPTION_KEYS.")
        self.stdout.write("Everything stored has the first key: the others may go.")
