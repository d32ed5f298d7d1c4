"""The door for mail servers: SMTP and LMTP. A mail is answered with 250 only once it is stored."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, close_old_connections

from channels.kinds import Way
from channels.services.addressing import Place, find_place
from channels.services.receiving import MOST_BYTES, store_at
from core import clock

log = structlog.get_logger(__name__)

MOST_RECIPIENTS = 100  # the least a server must take (RFC 5321, section 4.5.3.1.8)
LATER = "451 4.3.0 Cannot be stored now, try again later"
UNKNOWN = "550 5.1.1 No inbox answers at this address"


class Handler:
    """What aiosmtpd calls, by these names. The database is asked on threads: the conversations go on meanwhile."""

    def __init__(self, *, threads: int = 4, per_recipient: bool = False) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="mail")
        self._per_recipient = per_recipient

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Refuse what nobody answers to before the mail is sent: so it bounces at its sender, not with us."""
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        try:
            place = await self._run(find_place, address)
        except (DatabaseError, OSError) as error:
            log.warning("smtp.cannot_look_up", error=type(error).__name__)
            return LATER
        if place is None:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802  likewise
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Store the mail once for each inbox. LMTP wants an answer for each recipient (RFC 2033, section 4.2)."""
        raw = envelope.content if isinstance(envelope.content, bytes) else str(envelope.content).encode()
        meant = {recipient: await self._run(_find_again, recipient) for recipient in envelope.rcpt_tos}
        answers: dict[Place, str] = {}
        for place in filter(None, meant.values()):
            if place not in answers:
                recipients = [one for one, where in meant.items() if where == place]
                answers[place] = await self._store(place, envelope.mail_from or "", recipients, raw)
        lines = [answers[place] if (place := meant[one]) else LATER for one in envelope.rcpt_tos]
        if self._per_recipient:
            return "\r\n".join(lines)
        # One answer for all: not stored for one of them is not stored; the others know a second copy for one.
        return next((line for line in lines if not line.startswith("250")), lines[0] if lines else LATER)

    async def _store(self, place: Place, sender: str, recipients: Sequence[str], raw: bytes) -> str:
        try:
            number = await self._run(_store, place, _with_envelope(raw, sender, recipients))
        except Exception:
            # Whatever it was, the mail is not stored: the sending server keeps it and comes again.
            log.exception("smtp.not_stored", tenant=place.tenant_id)
            return LATER
        return f"250 2.0.0 Stored as {number}"

    async def _run(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, _with_connection, work, *args)


def make_server(
    handler: Handler, *, lmtp: bool, tls: ssl.SSLContext | None, hostname: str | None = None
) -> Callable[[], SMTP]:
    """What makes the protocol of one connection."""
    kind = LMTP if lmtp else SMTP
    return lambda: kind(
        handler,
        data_size_limit=MOST_BYTES,
        enable_SMTPUTF8=True,
        hostname=hostname,
        ident="Helpdesk",
        tls_context=tls,
        timeout=120,
    )


def _with_connection(work: Callable[..., Any], *args: Any) -> Any:
    close_old_connections()
    try:
        return work(*args)
    finally:
        close_old_connections()


def _find_again(address: str) -> Place | None:
    try:
        return find_place(address)
    except DatabaseError as error:
        log.warning("smtp.cannot_look_up", error=type(error).__name__)
        return None


def _store(place: Place, raw: bytes) -> int:
    return int(store_at(place=place, raw=raw, way=Way.SMTP, at=clock.now()).number)


def _with_envelope(raw: bytes, sender: str, recipients: Sequence[str]) -> bytes:
    """The envelope belongs to the mail from its final delivery on (RFC 5321, section 4.4)."""
    lines = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
    head = "".join(f"{_one_line(line)}\r\n" for line in lines)
    return head.encode("utf-8", "replace") + raw


def _one_line(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable())
