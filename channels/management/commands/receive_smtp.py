"""Take mail in by SMTP or LMTP, until told to stop."""

import asyncio
import signal
import ssl
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from channels.management.smtp_door import Handler, make_server


class Command(BaseCommand):
    help = "A mail server for the addresses of all inboxes: 250 once a mail is stored, 4xx while it cannot be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8025, help="port to listen on (default 8025)")
        parser.add_argument("--socket", metavar="PATH", help="listen on a unix socket instead")
        parser.add_argument("--lmtp", action="store_true", help="speak LMTP (RFC 2033), for a mail server in front")
        parser.add_argument("--tls-cert", metavar="FILE", help="certificate chain (PEM): offers STARTTLS")
        parser.add_argument("--tls-key", metavar="FILE", help="its key")
        parser.add_argument("--hostname", help="the name the server greets with")

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._serve(options))
        if options["socket"]:
            Path(options["socket"]).unlink(missing_ok=True)

    async def _serve(self, options: dict[str, Any]) -> None:
        lmtp = options["lmtp"]
        factory = make_server(Handler(per_recipient=lmtp), lmtp=lmtp, tls=_tls(options), hostname=options["hostname"])
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, stop.set)
        try:
            if options["socket"]:
                server = await loop.create_unix_server(factory, options["socket"])
            else:
                server = await loop.create_server(factory, options["host"], options["port"])
        except OSError as error:
            raise CommandError(f"Cannot listen: {error.strerror}.") from error
        place = options["socket"] or f"{options['host']}:{server.sockets[0].getsockname()[1]}"
        self.stdout.write(f"{'LMTP' if lmtp else 'SMTP'} on {place}")
        self.stdout.flush()
        await stop.wait()
        server.close()


def _tls(options: dict[str, Any]) -> ssl.SSLContext | None:
    if not options["tls_cert"]:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(options["tls_cert"], options["tls_key"])
    except OSError as error:
        raise CommandError(f"The certificate cannot be read: {error}.") from error
    return context
