"""What an answer of a mail provider means: its status, its own words, and whether an admin has to mend something."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused

from channels.base import GiveUp, OutOfOrder, SenderRefused, SignInRefused, TryAgain

WAIT_AFTER_REFUSAL = 900.0
# Names of errors, where the status does not say that the key is wrong.
_BAD_KEY = ("invalidserverapikey", "serversuspended", "unrecognizedclient", "invalidclienttokenid", "signaturedoesnot")
_BAD_SENDER = ("not verified", "unauthenticatedfromaddress", "sender signature", "sender identity", "verified sender")
_WORDS = ("message", "error", "errormessage", "detail", "description", "code", "name")
_LONGEST = 250


def verdict(error: AnymailError, *, label: str, sender: str) -> TryAgain | GiveUp:
    """What an error of sending means for the mail, in words that may be shown to an agent."""
    if isinstance(error, AnymailRecipientsRefused):
        return GiveUp(f"{label} takes mail for none of these addresses.")
    if not isinstance(error, AnymailAPIError):
        return GiveUp(f"{label} cannot carry this mail: {str(error).splitlines()[0][:_LONGEST]}")
    response = error.response
    if response is None:
        why = f": {error.__cause__}" if error.__cause__ else ""
        return OutOfOrder(f"{label} cannot be reached{why}."[:400])
    return judge(status_of(response), said(response), label=label, sender=sender)


def judge(status: int, words: str, *, label: str, sender: str) -> TryAgain | GiveUp:
    """What a refusal with this HTTP status and these words means."""
    lower = words.lower().replace(" ", "")
    if any(one.replace(" ", "") in lower for one in _BAD_SENDER):
        return SenderRefused(f"{label} does not let us send from {sender}: {words}")
    if status in (401, 403) or any(one in lower for one in _BAD_KEY):
        refusal = SignInRefused(f"{label} refuses our key: {words}")
        refusal.after = WAIT_AFTER_REFUSAL
        return refusal
    if status in (408, 429) or status >= 500:
        return OutOfOrder(f"{label} is busy or out of order: {words}")
    if status == 413:
        return GiveUp(f"With its files the mail is more than {label} takes.")
    return GiveUp(f"{label} refuses the mail: {words}")


def status_of(response: Any) -> int:
    """The HTTP status of an answer of requests, or of boto3's dictionary."""
    if isinstance(response, dict):
        return int(response.get("ResponseMetadata", {}).get("HTTPStatusCode") or 0)
    return int(response.status_code)


def said(response: Any) -> str:
    """The provider's own words, in one line; never more than its message."""
    try:
        content = response if isinstance(response, dict) else json.loads(response.content)
    except (ValueError, RecursionError):
        content = None
    found = list(dict.fromkeys(_texts(content, 0)))[:2]
    words = " ".join(" ".join(found).split())
    return words[:_LONGEST] or f"it answered {status_of(response)}"


def _texts(value: Any, depth: int) -> Iterator[str]:
    if depth > 4:
        return
    if isinstance(value, list):
        for one in value[:3]:
            yield from [one] if isinstance(one, str) else _texts(one, depth + 1)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and str(key).lower() in _WORDS:
                yield inner
            elif isinstance(inner, (dict, list)):
                yield from _texts(inner, depth + 1)
