"""How django-allauth behaves here."""

from typing import Any

import structlog
from allauth.account import signals
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.core import context as allauth_context
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.happenings import Happening
from accounts.models import User
from accounts.services import entering, resetting
from core import broker

log = structlog.get_logger(__name__)


@receiver(signals.user_logged_in)
def _signed_in(*, request: HttpRequest, user: User, **_: object) -> None:
    entering.tell_entry(happening=Happening.SIGNED_IN, user=user, ip=get_adapter().get_client_ip(request))


@receiver(signals.password_changed)
def _password_changed(*, request: HttpRequest, user: User, **_: object) -> None:
    entering.tell_entry(happening=Happening.PASSWORD_CHANGED, user=user, ip=get_adapter().get_client_ip(request))


@receiver(signals.password_reset)
def _password_reset(*, request: HttpRequest, user: User, **_: object) -> None:
    entering.tell_entry(happening=Happening.PASSWORD_RESET, user=user, ip=get_adapter().get_client_ip(request))


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by a workspace's admin or the command line, never by a public form."""
        return False

    def is_safe_url(self, url: str | None) -> bool:
        """Back to the same origin only; the library would allow every host that we answer to."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def authentication_failed(self, request: HttpRequest, *, email: str = "", **_: object) -> None:
        """Leave it to a worker, for an address that nobody has as well: how long it takes must not tell them apart."""
        known = {"email": email, "ip": self.get_client_ip(request)}
        try:
            broker.send([("accounts.tasks.tell_refusal", known)])
        except broker.BrokerUnreachable:
            log.warning("refusal.told_at_once")
            entering.tell_refusal(**known)

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Leave it to a worker: how long the mail server takes would tell that the address is known."""
        try:
            broker.send([("accounts.tasks.mail_password_link", {"user_id": user.pk})])
        except broker.BrokerUnreachable:
            log.warning("password_link.sent_at_once", user=user.pk)
            resetting.mail_password_link(user=user)
