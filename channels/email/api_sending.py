"""Hand a mail to a provider's API, by django-anymail's backend for it."""

from __future__ import annotations

import contextlib
import mimetypes
from collections.abc import Iterator
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from importlib import import_module
from typing import Any

from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailError
from anymail.message import AnymailMessage

from channels.base import GiveUp
from channels.email.api_answers import verdict
from channels.email.api_session import guarded_session
from channels.email.composing import bare_address, bare_id, file_type, thread_fields
from channels.email.filenames import safe_name
from channels.email.headers import one_line
from channels.email.providers import PROVIDERS, Provider
from channels.types import Address, DeliveryReceipt, OutboundAttachment, OutboundMessage, ProviderLogin, Refusal

# By which name reports of each recipient find the message, where the provider has one id for each.
MAIL_ID = "mail_id"
_TAKEN = ("sent", "queued")
_REFUSED = {"invalid": "not an address", "rejected": "on its list of blocked addresses", "failed": "not taken"}


def send(message: OutboundMessage, login: ProviderLogin) -> DeliveryReceipt:
    """Send to all recipients in one call; the receipt names those who were refused while others were taken.

    Raises TryAgain and GiveUp, with a reason that may be shown to an agent, and BadAddress.
    """
    provider = provider_of(login)
    mail = _built(message, provider)
    with opened(login) as backend:
        try:
            backend.send_messages([mail])
        except AnymailError as error:
            raise verdict(error, label=provider.facts.label, sender=message.sender.email) from error
    return _receipt(mail, message, login, provider)


def provider_of(login: ProviderLogin) -> Provider:
    """Raises GiveUp."""
    try:
        return PROVIDERS[login.provider]
    except KeyError as error:
        raise GiveUp(f"We know no provider called {login.provider}.") from error


@contextlib.contextmanager
def opened(login: ProviderLogin) -> Iterator[Any]:
    """The backend with its connection. Everything it could look up in settings is given. Raises GiveUp."""
    options = provider_of(login).settings(login)
    plain = {"ignore_unsupported_features": False, "ignore_recipient_status": False, "debug_api_requests": False}
    module = import_module(f"anymail.backends.{login.provider}")
    backend = module.EmailBackend(**plain, timeout=None, **options)
    backend.send_defaults = {}  # the one thing that it looks up all the same
    if isinstance(backend, AnymailRequestsBackend):
        backend.session = guarded_session(backend.api_url, public_only=login.public_only)
    backend.open()
    try:
        yield backend
    finally:
        backend.close()


def _built(message: OutboundMessage, provider: Provider) -> AnymailMessage:
    mail = AnymailMessage(
        subject=one_line(message.subject),
        body=message.text.replace("\0", ""),
        from_email=_written(message.sender),
        to=[_written(one) for one in message.to],
        cc=[_written(one) for one in message.cc],
        bcc=[_written(one) for one in message.bcc],
        reply_to=[_written(message.reply_to)] if message.reply_to else None,
        headers=_headers(message, provider),
    )
    if message.html:
        mail.attach_alternative(message.html.replace("\0", ""), "text/html")
    for one in message.attachments:
        is_shown = bool(one.content_id and message.html and provider.shows_inline)
        mail.attach(_file(one, provider, is_shown=is_shown))
    if provider.names_each:
        mail.metadata = {MAIL_ID: message.message_id}
    if not provider.takes_headers:
        mail.esp_extra = {"references": thread_fields(message).get("References", "").split()}
    return mail


def _headers(message: OutboundMessage, provider: Provider) -> dict[str, str]:
    own = bare_id(message.message_id)
    fields = thread_fields(message)
    if not provider.takes_headers:
        return {name: value for name, value in fields.items() if name == "In-Reply-To"}
    if provider.keeps_id:
        return {**fields, **provider.headers, "Message-ID": own}
    # The provider writes an id of its own, which answers will name; ours comes back with them from here.
    return {**fields, **provider.headers, "References": f"{fields.get('References', '')} {own}".strip()}


def _written(address: Address) -> str:
    email = bare_address(address.email)
    name = one_line(address.name).replace("\\", r"\\").replace('"', r"\"")
    return f'"{name}" <{email}>' if name else email


def _file(attachment: OutboundAttachment, provider: Provider, *, is_shown: bool) -> MIMEBase:
    name = safe_name(attachment.name, fallback="file")
    kind = (mimetypes.guess_type(name)[0] if provider.types_by_name else None) or file_type(attachment)
    part = MIMEBase(*_exact_type(kind, attachment.content, provider).split("/", 1))
    part.set_payload(attachment.content)
    encode_base64(part)
    if part.get_content_maintype() == "text":
        part.set_param("charset", "utf-8" if _is_utf8(attachment.content) else "iso-8859-1")
    shown_name = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", "inline" if is_shown else "attachment", filename=shown_name)
    if is_shown:
        part["Content-ID"] = bare_id(attachment.content_id)
    return part


def _exact_type(kind: str, content: bytes, provider: Provider) -> str:
    """The backends read text as text, and some write it again as UTF-8: what is none keeps its bytes as a file only."""
    is_safe = not kind.startswith("text/") or _is_utf8(content) or provider.types_by_name
    return kind if is_safe else "application/octet-stream"


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _receipt(
    mail: AnymailMessage, message: OutboundMessage, login: ProviderLogin, provider: Provider
) -> DeliveryReceipt:
    label = provider.facts.label
    recipients = mail.anymail_status.recipients
    refused = tuple(Refusal(who, _REFUSED[one.status]) for who, one in recipients.items() if one.status in _REFUSED)
    if not any(one.message_id or one.status in _TAKEN for one in recipients.values()):
        why = f"{refused[0].address} is {refused[0].answer}" if refused else "it does not say why"
        raise GiveUp(f"{label} took the mail for nobody: {why}.")
    ids = [str(one.message_id) for one in recipients.values() if one.message_id]
    known = [provider.wire_id(login, one) for one in dict.fromkeys(ids)]
    others = tuple(one for one in known if one and one != bare_id(message.message_id))
    return DeliveryReceipt(f"taken by {label}", refused, ids[0] if ids else "", others)
