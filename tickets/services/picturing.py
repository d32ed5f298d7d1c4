"""Show the pictures of a letter that lie elsewhere: fetched by us, for an agent who asked, judged before shown."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.core.cache import cache

from core import http
from core.html import embedded_picture
from core.http import HttpClient
from core.pictures import read_picture
from tickets.models import Message

# Bounds of one picture; agents' browsers unpack what we let pass.
MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
LONGEST_ADDRESS = 3_000
MOST_REDIRECTS = 3
CALL_SECONDS = 6.0
# Fetches at one time in a process: letters full of dead addresses must not take all its threads.
AT_ONCE = 6
WAITING_SECONDS = 8.0
# A host that did not answer is not asked again so soon; a letter may name it fifty times.
RESTING_SECONDS = 60
WANTED = "image/webp,image/png,image/jpeg,image/gif"

_turns = threading.BoundedSemaphore(AT_ONCE)


class NoPicture(Exception):
    """There is nothing to show; the text says why, for the log."""


class NotOurs(Exception):
    """We did not write this address."""


@dataclass(frozen=True)
class Shown:
    """A picture whose bytes are what `content_type` says."""

    content: bytes
    content_type: str


def sign_place(*, message: Message, source: str | int) -> str | None:
    """What an address of ours says of a picture: its own address elsewhere, or its place in the letter.

    The same each time, so that browsers know it again. None for an address that is too long.
    """
    if isinstance(source, str) and len(source) > LONGEST_ADDRESS:
        return None
    return _signer().sign_object([message.pk, source])


def read_place(*, message: Message, signed: str) -> str | int:
    """What `sign_place` was given for this message. Raises NotOurs."""
    try:
        owner, source = _signer().unsign_object(signed)
    except (signing.BadSignature, ValueError) as error:
        raise NotOurs from error
    if owner != message.pk:
        raise NotOurs
    place: str | int = source
    return place


def show_embedded(*, message: Message, place: int) -> Shown:
    """A picture that stands in the letter itself. Raises NoPicture."""
    content = embedded_picture(message.html, place)
    if content is None:
        raise NoPicture("the letter has no such picture")
    return _judged(content)


def show_remote(*, address: str) -> Shown:
    """Fetch a picture from elsewhere; call outside a transaction. Raises NoPicture."""
    resting = f"picture:{hashlib.sha256((urlsplit(address).hostname or '').encode()).hexdigest()[:32]}"
    if cache.get(resting):
        raise NoPicture("its host did not answer a moment ago")
    if not _turns.acquire(timeout=WAITING_SECONDS):
        raise NoPicture("too many are fetched already")
    try:
        answer = _client().get(address, headers={"accept": WANTED}, redirects=MOST_REDIRECTS)
    except (http.TimedOut, http.Unreachable) as error:
        cache.set(resting, 1, RESTING_SECONDS)
        raise NoPicture(str(error)) from error
    except http.HttpError as error:
        raise NoPicture(str(error)) from error
    finally:
        _turns.release()
    if answer.status != 200:
        raise NoPicture(f"its host answered {answer.status}")
    return _judged(answer.body)


def _judged(content: bytes) -> Shown:
    """By the bytes alone: what a stranger says of them may be a lie."""
    picture = read_picture(content)
    if picture is None:
        raise NoPicture("it is no picture that cannot carry a script")
    if picture.width * picture.height > MOST_PIXELS:
        raise NoPicture(f"it has {picture.width} by {picture.height} pixels")
    return Shown(content, picture.content_type)


def _signer() -> signing.Signer:
    return signing.Signer(salt="tickets.picture")


@lru_cache(maxsize=1)
def _client() -> HttpClient:
    """One per process. Its name says neither who we are nor who asks."""
    return HttpClient(
        allowed_hosts=settings.PICTURE_HOSTS,
        connect_seconds=2.5,
        total_seconds=CALL_SECONDS,
        max_bytes=MOST_BYTES,
        user_agent="Mozilla/5.0 (compatible; picture proxy)",
    )
