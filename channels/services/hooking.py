"""The door of an inbox at which its mail provider calls: opened, given a new password, shut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from accounts.kinds import SYSTEM, Actor, RouteKind
from accounts.services.routing import claim_route, release_route
from channels.kinds import CallPurpose, CallState, WayEvent
from channels.models import ProviderCall, ProviderHook
from channels.models.provider_hook import new_key
from events.kinds import EventType
from events.services.recording import record
from files.services import storing
from tickets.models import Inbox

# The user name that stands before the password in the URLs; whatever a provider sends is as good.
USER = "helpdesk"
SHOWN = 10


@dataclass(frozen=True)
class Addresses:
    """The URLs to enter at the provider. `secret` is "" once it was seen; PASSWORD stands in the URLs for it then."""

    inbound: str
    reports: str
    secret: str = ""


def find_hook(*, inbox: Inbox) -> ProviderHook | None:
    return ProviderHook.objects.filter(inbox=inbox).first()


def open_hook(*, inbox: Inbox, provider: str, actor: Actor = SYSTEM) -> ProviderHook:
    """Let a provider call for the inbox; another one than before begins with new URLs and a new password."""
    with transaction.atomic():
        hook = ProviderHook.objects.filter(inbox=inbox).first()
        if hook is not None and hook.provider == provider:
            return hook
        if hook is None:
            hook = ProviderHook.objects.create(inbox=inbox, provider=provider)
        else:
            _release(hook)
            hook.provider = provider
            hook.renew(key=new_key(), secret=new_key())
        claim_route(kind=RouteKind.MAIL_HOOK, key=hook.key, object_id=hook.pk)
        _record(WayEvent.HOOK_OPENED, hook, actor)
    return hook


def renew_secret(*, hook: ProviderHook, actor: Actor = SYSTEM) -> ProviderHook:
    """Give the hook another password: calls with the one before are refused at once."""
    with transaction.atomic():
        hook = ProviderHook.objects.locked(hook)
        hook.renew(key=hook.key, secret=new_key())
        _record(WayEvent.HOOK_RENEWED, hook, actor)
    return hook


def shut_hook(*, hook: ProviderHook, actor: Actor = SYSTEM) -> None:
    """Refuse its calls from now on, and forget those that came. The mails that came by them stay."""
    with transaction.atomic():
        _release(hook)
        calls = list(ProviderCall.objects.filter(hook=hook).select_related("file"))
        _record(WayEvent.HOOK_SHUT, hook, actor)
        hook.delete()
        for call in calls:
            storing.release(call.file)


def addresses_of(*, hook: ProviderHook, with_secret: bool) -> Addresses:
    """`with_secret` right after it was made: it is shown once."""
    scheme, _, host = settings.BASE_URL.rpartition("://")
    secret = hook.secret if with_secret else ""
    base = f"{scheme}://{USER}:{secret or 'PASSWORD'}@{host.rstrip('/')}/public/mail/hooks/{hook.key}"
    return Addresses(inbound=f"{base}/inbound/", reports=f"{base}/reports/", secret=secret)


def latest_calls(*, hook: ProviderHook) -> Sequence[ProviderCall]:
    """The newest ones, newest first."""
    return list(ProviderCall.objects.filter(hook=hook).order_by("-pk")[:SHOWN])


def purpose_of(word: str) -> CallPurpose:
    """By the last word of the URL. Raises KeyError."""
    return {"inbound": CallPurpose.INBOUND, "reports": CallPurpose.REPORT}[word]


def count_failed(*, hook: ProviderHook) -> int:
    return int(ProviderCall.objects.filter(hook=hook, state=CallState.FAILED).count())


def _record(type: EventType, hook: ProviderHook, actor: Actor) -> None:
    record(type, subject=hook.inbox, actor=actor, data={"provider": hook.provider})


def _release(hook: ProviderHook) -> None:
    release_route(kind=RouteKind.MAIL_HOOK, key=hook.key)
