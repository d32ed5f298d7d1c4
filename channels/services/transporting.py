"""The way out of an inbox: its own SMTP server or provider, or the server that settings name, and how well it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from accounts.kinds import SYSTEM, Actor
from accounts.tenancy import active_tenant_id
from channels.base import OutOfOrder, ProviderFacts, SenderRefused, SignInRefused
from channels.kinds import WayEvent
from channels.models import MailTransport
from channels.models.mail_transport import SERVER, SMTP
from channels.registry import channel
from channels.types import ProviderLogin, Security, Transport, Wire
from events.models import Event
from events.services.reacting import try_now
from events.services.recording import record
from events.wording import list_changes
from tickets.kinds import DeliveryState, MessageEvent
from tickets.models import Inbox, Message

log = structlog.get_logger(__name__)

# Whoever is refused is not asked again for so long, whichever message waits.
PAUSE_SECONDS = 840
# How often a success is written down while nothing was wrong.
OK_EVERY = timedelta(minutes=10)
MOST_WOKEN = 500
LABELS = {
    "kind": "Way",
    "host": "Server",
    "port": "Port",
    "security": "Security",
    "user": "User",
    "secret": "Password",
    "options": "Options",
}


@dataclass(frozen=True)
class Way:
    """How the mail of an inbox leaves; `row` is None as long as nothing but the settings' server was ever used."""

    inbox_id: int
    transport: Transport
    row: MailTransport | None


def find_way(*, inbox: Inbox) -> Way:
    """Call inside a transaction."""
    row = find_transport(inbox=inbox)
    return Way(inbox.pk, transport_of(row), row)


def find_transport(*, inbox: Inbox) -> MailTransport | None:
    """What the inbox has of its own, or how the settings' server works for it."""
    return MailTransport.objects.filter(inbox=inbox).first()


def transport_of(row: MailTransport | None) -> Transport:
    """What to hand a mail to."""
    return _MAKERS.get(row.kind, _provider)(row) if row else own_server()


def own_transport(row: MailTransport | None) -> Transport | None:
    """What an admin of the workspace gave, never the settings' server: who runs it is somebody else."""
    return transport_of(row) if row and row.is_own else None


def own_server() -> Wire:
    """The SMTP server that settings name."""
    return Wire(
        host=settings.EMAIL_HOST,
        port=settings.EMAIL_PORT,
        user=settings.EMAIL_HOST_USER,
        password=settings.EMAIL_HOST_PASSWORD,
        starttls=settings.EMAIL_USE_TLS,
        tls=settings.EMAIL_USE_SSL,
        timeout=settings.EMAIL_TIMEOUT,
    )


def list_providers(*, inbox: Inbox) -> Sequence[ProviderFacts]:
    """Those that can send for the inbox's channel."""
    return channel(inbox.kind).providers()


def check_transport(*, inbox: Inbox, transport: Transport) -> str:
    """Try it without sending, and say what was seen. Call outside a transaction.

    Raises channels.base.TryAgain and GiveUp, whose text says what to mend.
    """
    return channel(inbox.kind).check_transport(transport, sender=inbox.address)


def save_transport(*, inbox: Inbox, transport: Transport, at: datetime, actor: Actor = SYSTEM) -> MailTransport:
    """Send by this from now on; what waited for a better way goes at once."""
    with transaction.atomic():
        row = find_transport(inbox=inbox) or MailTransport(inbox=inbox)
        before = {name: getattr(row, name) for name in LABELS} if row.pk and row.is_own else {}
        _FILLERS[type(transport)](row, transport)
        row.last_ok_at, row.last_error, row.last_error_at = at, "", None
        row.save()
        after = {name: getattr(row, name) for name in LABELS}
        changes = list_changes(before, after, labels=LABELS, secret={"secret", "options"}) if before else []
        data = {"by": row.host or row.kind, "changes": changes}
        record(WayEvent.TRANSPORT_SET, subject=inbox, actor=actor, data=data)
        _go_on(inbox.pk, at)
    return row


def remove_transport(*, inbox: Inbox, at: datetime, actor: Actor = SYSTEM) -> None:
    """Send by the settings' server again; the secret is forgotten."""
    with transaction.atomic():
        MailTransport.objects.filter(inbox=inbox).delete()
        record(WayEvent.TRANSPORT_RESET, subject=inbox, actor=actor)
        _go_on(inbox.pk, at)


@contextmanager
def watched(way: Way, *, at: datetime) -> Iterator[Transport]:
    """Hand a mail over inside; what it tells of the way itself is written down. Call outside a transaction.

    Raises SignInRefused without trying while the server has lately refused us.
    """
    if reason := cache.get(_pause_key(way.inbox_id)):
        paused = SignInRefused(reason)
        paused.after = PAUSE_SECONDS
        raise paused
    try:
        yield way.transport
    except (OutOfOrder, SenderRefused) as trouble:
        _note_trouble(way, trouble, at)
        raise
    _note_success(way, at)


def _note_trouble(way: Way, trouble: OutOfOrder | SenderRefused, at: datetime) -> None:
    log.warning("transport.failed", inbox=way.inbox_id, reason=str(trouble))
    if isinstance(trouble, SignInRefused):
        cache.set(_pause_key(way.inbox_id), str(trouble), PAUSE_SECONDS)
    with transaction.atomic():
        row, _ = MailTransport.objects.get_or_create(inbox_id=way.inbox_id, defaults={"kind": SERVER})
        row.mark_error(reason=str(trouble), at=at)


def _note_success(way: Way, at: datetime) -> None:
    row = way.row
    if row is None or (not row.last_error and row.last_ok_at and row.last_ok_at > at - OK_EVERY):
        return
    had_trouble = bool(row.last_error)
    with transaction.atomic():
        row.mark_ok(at=at)
        if had_trouble:
            _go_on(way.inbox_id, at)


def _go_on(inbox_id: int, at: datetime) -> None:
    """Wake the messages that were put off; those that may still be taken back keep their time."""
    cache.delete(_pause_key(inbox_id))
    waiting = Message.objects.filter(ticket__inbox_id=inbox_id, delivery_state=DeliveryState.QUEUED)
    rows = waiting.exclude(delivery_detail="").order_by("pk").values_list("pk", "ticket_id")[:MOST_WOKEN]
    found = dict(rows)
    events = Event.objects.filter(ticket_id__in=found.values(), type=MessageEvent.SENT.name, subject_id__in=found)
    for event_id in events.order_by("pk").values_list("pk", flat=True):
        try_now(event_id=event_id, tenant_id=active_tenant_id(), at=at)


def _pause_key(inbox_id: int) -> str:
    return f"transport-paused:{active_tenant_id()}:{inbox_id}"


def _smtp(row: MailTransport) -> Transport:
    return Wire(
        host=row.host,
        port=row.port,
        user=row.user,
        password=row.secret,
        starttls=row.security == Security.STARTTLS.value,
        tls=row.security == Security.TLS.value,
        timeout=settings.EMAIL_TIMEOUT,
        by_token=bool(row.options.get("by_token")),
        public_only=not settings.MAIL_ALLOW_PRIVATE,
    )


def _provider(row: MailTransport) -> Transport:
    public_only = not settings.MAIL_ALLOW_PRIVATE
    return ProviderLogin(provider=row.kind, secret=row.secret, options=dict(row.options), public_only=public_only)


def _fill_smtp(row: MailTransport, wire: Wire) -> None:
    row.kind, row.host, row.port, row.user, row.secret = SMTP, wire.host, wire.port, wire.user, wire.password
    row.security = security_of(wire).value
    row.options = {"by_token": True} if wire.by_token else {}


def _fill_provider(row: MailTransport, login: ProviderLogin) -> None:
    row.kind, row.secret, row.options = login.provider, login.secret, dict(login.options)
    row.host, row.user = "", ""


def security_of(wire: Wire) -> Security:
    """How the connection is kept secret."""
    return Security.TLS if wire.tls else Security.STARTTLS if wire.starttls else Security.NONE


_MAKERS: Mapping[str, Callable[[MailTransport], Transport]] = {SMTP: _smtp, SERVER: lambda row: own_server()}
_FILLERS: Mapping[type, Callable[..., None]] = {Wire: _fill_smtp, ProviderLogin: _fill_provider}
