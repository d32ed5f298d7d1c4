"""Calls of mail providers: whose they are is proven, then they are stored as they came; none is lost unread."""

from __future__ import annotations

import hmac
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import transaction

from accounts.kinds import SYSTEM, RouteKind
from accounts.models import Route
from accounts.tenancy import tenant_scope
from channels.kinds import CallPurpose, CallState, MailEvent
from channels.models import ProviderCall, ProviderHook
from channels.services import receiving
from events.services.recording import record
from files.services import storing

# The largest body: a mail of the largest size, in base64 with the rest of the call around it.
MOST_BYTES = receiving.MOST_BYTES
# Of these nothing is kept: they speak of the way here, and could hold somebody's secrets.
UNKEPT = frozenset({"authorization", "cookie", "forwarded", "proxy-authorization", "host", "content-length"})
MOST_HEADERS = 60
LONGEST_HEADER = 1000

_BASIC = re.compile(r"basic +([A-Za-z0-9+/=]{1,400})", re.I)

log = structlog.get_logger(__name__)


class NoHook(Exception):
    """Nobody waits for calls at this key."""


class NotSignedIn(Exception):
    """The call has no password; some providers send it only when asked."""


class WrongSecret(Exception):
    """The password is not the hook's."""


@dataclass(frozen=True)
class Door:
    """A hook that waits for the call, in its workspace."""

    tenant_id: int
    hook_id: int


def find_door(*, key: str, authorization: str) -> Door:
    """The hook behind a key, once the password has been compared. Raises NoHook, NotSignedIn, WrongSecret."""
    route = Route.objects.find(RouteKind.MAIL_HOOK, key)
    if route is None:
        raise NoHook
    with tenant_scope(route.tenant_id), transaction.atomic():
        hook = ProviderHook.objects.filter(pk=route.object_id).first()
    if hook is None:
        raise NoHook
    if not authorization:
        raise NotSignedIn
    if not hmac.compare_digest(_credentials(authorization).partition(":")[2].encode(), hook.secret.encode()):
        raise WrongSecret
    return Door(route.tenant_id, route.object_id)


def is_signed_in(*, authorization: str, user_and_password: str) -> bool:
    """Whether a call carries these, with a colon between them."""
    return hmac.compare_digest(_credentials(authorization).encode(), user_and_password.encode())


def store_call(*, door: Door, purpose: CallPurpose, headers: Mapping[str, str], body: bytes, at: datetime) -> None:
    """Keep a call as it came. Once this has returned it is ours; a worker works it. Raises NoHook when it was shut."""
    with tenant_scope(door.tenant_id), transaction.atomic():
        hook = ProviderHook.objects.filter(pk=door.hook_id).first()
        if hook is None:
            raise NoHook
        file = storing.store(name="call", content_type="application/octet-stream", content=body)
        call = ProviderCall.objects.create(
            hook=hook, purpose=purpose, headers=_kept(headers), file=file, received_at=at
        )
        hook.mark_called(at=at)
        record(MailEvent.CALL_STORED, subject=call, actor=SYSTEM, data={"call": call.pk})


def fail_call(*, call_id: int, reason: str, at: datetime) -> None:
    """Keep a call that cannot be worked, and say so on the page of its hook."""
    with transaction.atomic():
        call = ProviderCall.objects.select_related("hook").filter(pk=call_id).first()
        if call is not None and not call.is_done:
            log.warning("call.failed", call=call.pk, reason=reason)
            call.mark(CallState.FAILED, reason=reason)
            call.hook.mark_error(reason=reason, at=at)


def work_failed_again(*, hook: ProviderHook) -> int:
    """Have the calls worked again that could not be; returns how many."""
    with transaction.atomic():
        calls = list(ProviderCall.objects.filter(hook=hook, state=CallState.FAILED).order_by("pk"))
        for call in calls:
            call.mark(CallState.RECEIVED)
            record(MailEvent.CALL_STORED, subject=call, actor=SYSTEM, data={"call": call.pk})
        hook.mark_error(reason="", at=None)
    return len(calls)


def forget_calls(*, before: datetime) -> int:
    """Delete the active workspace's calls that came before that moment and were worked; answers how many."""
    with transaction.atomic():
        done = (CallState.DONE, CallState.IGNORED)
        calls = list(ProviderCall.objects.filter(received_at__lt=before, state__in=done).select_related("file")[:1000])
        ProviderCall.objects.filter(pk__in=[one.pk for one in calls]).delete()
        for call in calls:
            storing.release(call.file)
    return len(calls)


def _credentials(authorization: str) -> str:
    """User and password with a colon between (RFC 7617); "" for whatever cannot be read."""
    found = _BASIC.fullmatch(authorization.strip())
    try:
        return b64decode(found[1], validate=True).decode("utf-8", "replace") if found else ""
    except ValueError:
        return ""


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    low = {name.lower(): value for name, value in headers.items()}
    wanted = [(name, value) for name, value in low.items() if name not in UNKEPT and value.isprintable()]
    return {name: value[:LONGEST_HEADER] for name, value in wanted[:MOST_HEADERS]}
