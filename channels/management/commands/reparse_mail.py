"""Read stored mails again with today's parser, after it has learned something."""

from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from channels.services.reparsing import NotReadable, find_mails, reparse_mail

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Read stored mails again; texts and files of their messages follow. May be stopped and started at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", help="only this one, by its name in the address")
        parser.add_argument("--all", action="store_true", help="also those that today's parser has read already")

    def handle(self, *args: Any, **options: Any) -> None:
        tenants = Tenant.objects.order_by("pk")
        if options["workspace"]:
            tenants = tenants.filter(slug=options["workspace"])
            if not tenants:
                raise CommandError(f"No workspace is called {options['workspace']}.")
        for tenant in list(tenants):
            with tenant_scope(tenant):
                read, changed, failed = _work(older_only=not options["all"])
            self.stdout.write(f"{tenant.slug}: {read} read, {changed} changed, {failed} not readable")


def _work(*, older_only: bool) -> tuple[int, int, int]:
    read = changed = failed = 0
    for mail_id in find_mails(older_only=older_only):
        try:
            changed += reparse_mail(mail_id=mail_id)
            read += 1
        except NotReadable as error:
            log.warning("mail.not_reparsed", mail=mail_id, reason=str(error))
            failed += 1
        except Exception:
            # One bad mail must not stop the next; the log has the fault.
            log.exception("mail.not_reparsed", mail=mail_id)
            failed += 1
    return read, changed, failed
