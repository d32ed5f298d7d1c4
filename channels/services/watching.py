"""Know whether a letter was opened (F90): an invisible picture in it that is asked for when its HTML is shown.

A workspace turns it on; letters of the others carry no picture. What it tells is a hint: many mail programs show no
pictures, and some ask for all of them by themselves.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction

from accounts.services.configuring import read_setting
from accounts.tenancy import active_tenant_id, tenant_scope
from channels.models import Delivery
from channels.services import tracking
from core.crypto import derived_key, derived_keys
from core.ratelimit import Limit, take
from tickets.models import Message
from tickets.options import OPEN_TRACKING

PATH = "/public/mail/open/"
KEY_PURPOSE = "mail-open"
# Whoever has the letter may ask as often as they like: only so many openings are counted.
COUNTED = Limit("mail.open", burst=3, per_second=1 / 60)

_IDS = struct.Struct(">QQ")
_SIGNED = 16  # bytes of the signature
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Watched:
    """A message of ours whose letter carries the picture."""

    tenant_id: int
    message_id: int


def picture_of(*, message: Message, delivery: Delivery) -> str:
    """The picture to put at the end of the letter's HTML, "" when nobody wants to know. Call inside a transaction."""
    is_wanted = not message.is_automatic and bool(read_setting(OPEN_TRACKING))
    delivery.mark_tracked(is_tracked=is_wanted)
    if not is_wanted:
        return ""
    token = make_token(Watched(active_tenant_id(), message.pk))
    return f'<img src="{settings.BASE_URL.rstrip("/")}{PATH}{token}.gif" width="1" height="1" alt="">'


def make_token(watched: Watched) -> str:
    """43 letters: the ids and their signature."""
    ids = _IDS.pack(watched.tenant_id, watched.message_id)
    return urlsafe_b64encode(ids + _sign(ids, derived_key(KEY_PURPOSE))).rstrip(b"=").decode()


def read_token(token: str) -> Watched | None:
    """None for what we did not make."""
    if not _TOKEN.fullmatch(token):
        return None
    raw = urlsafe_b64decode(f"{token}=")
    ids, signature = raw[: _IDS.size], raw[_IDS.size :]
    if not any(hmac.compare_digest(signature, _sign(ids, key)) for key in derived_keys(KEY_PURPOSE)):
        return None
    return Watched(*_IDS.unpack(ids))


def count_opening(*, watched: Watched, at: datetime) -> None:
    """Count one opening of a letter, unless it is asked for again and again."""
    with tenant_scope(watched.tenant_id):
        if take(COUNTED, str(watched.message_id)):
            return
        with transaction.atomic():
            message = Message.objects.filter(pk=watched.message_id).first()
            if message is not None:
                tracking.note_opened(message=message, at=at)


def _sign(ids: bytes, key: bytes) -> bytes:
    return hmac.new(key, ids, hashlib.sha256).digest()[:_SIGNED]
