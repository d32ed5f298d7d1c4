"""Count orders and money of every customer that a store knows, for workspaces older than the counts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from integrations.services.tallying import write_all_totals

AT_ONCE = 200  # customers in one transaction


class Command(BaseCommand):
    help = "Count every customer's orders anew. May be stopped and started at any time; refreshes keep the counts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", help="only this one, by its name in the address")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["workspace"]:
            tenants = tenants.filter(slug=options["workspace"])
            if not tenants:
                raise CommandError(f"No workspace is called {options['workspace']}.")
        for tenant in list(tenants):
            with tenant_scope(tenant):
                after = write_all_totals(after=0, size=AT_ONCE)
                while after:
                    after = write_all_totals(after=after, size=AT_ONCE)
            self.stdout.write(f"{tenant.slug}: counted")
