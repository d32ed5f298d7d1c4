"""Create an inbox of a workspace."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from accounts.models import Tenant
from accounts.services.routing import RouteTaken
from accounts.tenancy import tenant_scope
from tickets.services.creating_inbox import create_inbox


class Command(BaseCommand):
    help = "Create an e-mail inbox. Mail to its address becomes tickets."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", required=True)
        parser.add_argument("--name", default="Support")
        parser.add_argument("address", help="e.g. support@acme.example")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        try:
            validate_email(options["address"])
            with tenant_scope(tenant):
                inbox = create_inbox(name=options["name"], address=options["address"])
        except ValidationError as error:
            raise CommandError(f"{options['address']} is no e-mail address.") from error
        except RouteTaken as error:
            raise CommandError(f"{options['address']} is in use by an inbox already.") from error
        self.stdout.write(f"Inbox {inbox.number} of {tenant.slug} answers at {inbox.address}.")
