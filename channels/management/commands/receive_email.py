"""Give raw e-mails to an inbox: from files or standard input; one JSON line per mail on standard output."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.tenancy import tenant_scope
from channels.services.addressing import find_place
from channels.services.receiving import Received, receive_mail
from core import clock
from tickets.models import Inbox


class Command(BaseCommand):
    help = "Store and work raw e-mails. Exit code 0 when every mail was stored, whatever became of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--inbox", required=True, help="address of the inbox, e.g. support@acme.example")
        parser.add_argument("files", nargs="*", metavar="FILE", help="raw mails; none or - for standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        place = find_place(options["inbox"])
        if place is None:
            raise CommandError(f"No inbox answers at {options['inbox']}.")
        with tenant_scope(place.tenant_id):
            with transaction.atomic():
                inbox = Inbox.objects.get(pk=place.inbox_id)
            for raw in _mails(options["files"] or ["-"]):
                received = receive_mail(inbox=inbox, raw=raw, at=clock.now())
                self.stdout.write(json.dumps(describe(received), ensure_ascii=False))


def describe(received: Received) -> dict[str, Any]:
    """What the command prints of one mail."""
    mail, parsed, message = received.mail, received.parsed, received.message
    return {
        "outcome": mail.outcome,
        "ticket": message.ticket.number if message else None,
        "message": message.number if message else None,
        "customer": received.customer.number if received.customer else None,
        "reason": mail.reason,
        "kind": mail.kind or None,
        "sender": parsed.sender.email if parsed and parsed.sender else None,
        "sender_name": parsed.sender.name if parsed and parsed.sender else None,
        "subject": parsed.subject if parsed else None,
        "text": parsed.text if parsed else None,
        "attachments": [
            {"name": one.name, "size": one.size, "sha256": one.sha256, "inline": one.inline}
            for one in (parsed.attachments if parsed else ())
        ],
    }


def _mails(names: list[str]) -> Iterator[bytes]:
    for name in names:
        if name == "-":
            yield sys.stdin.buffer.read()
            continue
        try:
            yield Path(name).read_bytes()
        except OSError as error:
            raise CommandError(f"{name} cannot be read: {error.strerror}.") from error
