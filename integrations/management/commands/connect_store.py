"""`connect_store`: connect a shop to a workspace without the pages of OAuth."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.kinds import SYSTEM
from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from core import clock
from integrations.base import GiveUp, TryAgain
from integrations.models import Connection
from integrations.registry import KINDS, UnknownKind
from integrations.services import connecting, preparing


class Command(BaseCommand):
    help = "Connect a store to a workspace; again, to renew its token and secret."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--workspace", metavar="SLUG", required=True)
        parser.add_argument("--kind", metavar="KIND", default="shopify", help=f"one of: {', '.join(KINDS)}")
        parser.add_argument("--shop", metavar="NAME.myshopify.com", required=True)
        parser.add_argument("--token", required=True, help="access token of the store's API")
        parser.add_argument("--secret", required=True, help="what the store signs its webhooks with")
        parser.add_argument("--sync-notes", action="store_true", default=None, help="synchronize customer notes")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant = Tenant.objects.filter(slug=options["workspace"]).first()
        if tenant is None:
            raise CommandError(f"There is no workspace called {options['workspace']}.")
        with tenant_scope(tenant):
            connection = self._connect(options)
            self.stdout.write(f"{connection.shop} is connected to {tenant.slug}: {self._check(connection)}")

    def _connect(self, options: dict[str, Any]) -> Connection:
        wanted = {name: options[name] for name in ("kind", "shop", "token", "secret", "sync_notes")}
        try:
            return connecting.connect_store(**wanted, actor=SYSTEM, at=clock.now())
        except UnknownKind as error:
            raise CommandError(f"There is no kind of store called {error}; there is {', '.join(KINDS)}.") from error
        except (connecting.NotAStore, connecting.ShopTaken) as error:
            raise CommandError(f"{error}.") from error

    def _check(self, connection: Connection) -> str:
        """A store that is away now keeps its connection: the worker goes on trying."""
        try:
            name = connecting.check_connection(connection=connection, at=clock.now())
        except TryAgain as error:
            return f"not tested, {error.reason}"
        except GiveUp as error:
            raise CommandError(f"{connection.shop} is connected, but refuses: {error.reason}.") from error
        notes = {True: "on", False: "off", None: "not decided"}[connection.sync_notes]
        return f"it answers as {name}, notes are {notes}, webhooks go to {preparing.callback_url(connection)}"
