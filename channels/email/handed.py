"""Mail that a provider hands over by webhook: the whole mail where it sends that, else put together by anymail."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from collections.abc import Callable
from email.encoders import encode_base64
from email.utils import getaddresses
from typing import Any

from channels.base import Call, HandedMail, TryAgain, Unparseable
from channels.email.calls import STRANGE, StoredRequest, events_of, understood
from channels.types import ProviderLogin

# Beside the provider's own word for where the mail really went.
RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "To", "Cc")
MOST_RECIPIENTS = 100

_CHUNK = 65_536
_SNS = re.compile(r"https://sns\.[a-z0-9-]{2,30}\.amazonaws\.com(\.cn)?/\?[\x21-\x7e]{1,2000}")


def read_handed(call: Call) -> list[HandedMail]:
    """The mails in a call. Raises Unparseable, TryAgain.

    Where the provider sends the mail as it came, its bytes are kept: put together again it would no longer be the same,
    and one that is not UTF-8 could not be at all.
    """
    try:
        whole = WHOLE[call.provider](call) if call.provider in WHOLE else []
    except STRANGE:
        whole = []  # then anymail says what is wrong
    if whole:
        return whole
    if call.provider == "amazon_ses":
        _refuse_bucket(call)
    try:
        events = events_of(call, "Inbound", _access(call))
    except OSError as error:  # asked for the mail, or its files
        raise TryAgain(f"The mail provider does not hand over the mail ({type(error).__name__}).") from error
    messages = [one.message for one in events if getattr(one, "message", None) is not None]
    with understood():
        return [HandedMail(_written(one), _recipients(one)) for one in messages]


def confirmation_of(call: Call) -> str:
    """The URL to ask for when Amazon wants to know whether we want its calls; "" for any other call."""
    if call.provider != "amazon_ses":
        return ""
    try:
        notice = json.loads(call.body)
        url = str(notice.get("SubscribeURL", "")) if notice.get("Type") == "SubscriptionConfirmation" else ""
    except STRANGE:
        return ""
    return url if _SNS.fullmatch(url) else ""


def _written(message: Any) -> bytes:
    """As bytes. Anymail leaves files as they are, and writing them so would change each line end within them."""
    for part in message.walk():
        is_file = part.get_content_disposition() is not None and not part.is_multipart()
        if is_file and "Content-Transfer-Encoding" not in part:
            encode_base64(part)
    return bytes(message.as_bytes())


def _recipients(message: Any) -> tuple[str, ...]:
    if message.envelope_recipient:
        return (str(message.envelope_recipient),)
    fields = [str(value) for name in RECIPIENT_FIELDS for value in message.get_all(name, [])]
    return tuple(address for _, address in getaddresses(fields) if address)[:MOST_RECIPIENTS]


def _access(call: Call) -> dict[str, Any]:
    """What anymail needs to fetch what these providers only announce."""
    if call.provider not in FETCHED:
        return {}
    if call.login is None:
        raise Unparseable("This provider gives mail only to who asks for it: give its API key under Sending.")
    return {**FETCHED[call.provider](call.login), "chunk_size": _CHUNK}


def _refuse_bucket(call: Call) -> None:
    """Anymail would fetch from any bucket that a call names, with what our own servers may read."""
    try:
        action = json.loads(json.loads(call.body)["Message"])["receipt"]["action"]["type"]
    except STRANGE:
        return
    if action == "S3":
        raise Unparseable("Amazon has put the mail into a bucket. Let the rule publish it to the SNS topic instead.")


def _amazon_ses(call: Call) -> list[HandedMail]:
    received = json.loads(json.loads(call.body)["Message"])
    receipt = received["receipt"]
    if receipt["action"]["type"] != "SNS":
        return []
    is_encoded = receipt["action"].get("encoding") == "BASE64"
    return [HandedMail(_bytes(received["content"], is_encoded), tuple(map(str, receipt["recipients"])))]


def _mailersend(call: Call) -> list[HandedMail]:
    data = json.loads(call.body)["data"]
    people = data.get("recipients", {}).get("rcptTo", [])
    return [HandedMail(_bytes(data["raw"], False), tuple(str(one["email"]) for one in people))]


def _mailgun(call: Call) -> list[HandedMail]:
    form = StoredRequest(call)
    if "body-mime" not in form.contents:
        return []
    return [HandedMail(form.contents["body-mime"], tuple(form.POST.get("recipient", "").split(",")))]


def _postal(call: Call) -> list[HandedMail]:
    taken = json.loads(call.body)
    return [HandedMail(_bytes(taken["message"], taken.get("base64") is True), (str(taken["rcpt_to"]),))]


def _postmark(call: Call) -> list[HandedMail]:
    taken = json.loads(call.body)
    return [HandedMail(_bytes(taken["RawEmail"], False), (str(taken["OriginalRecipient"]),))]


def _sendgrid(call: Call) -> list[HandedMail]:
    form = StoredRequest(call)
    if "email" not in form.contents:
        return []
    people = json.loads(form.POST.get("envelope", "{}")).get("to", [])
    return [HandedMail(form.contents["email"], tuple(map(str, people)))]


def _sparkpost(call: Call) -> list[HandedMail]:
    found = []
    for one in json.loads(call.body):
        if relayed := one["msys"].get("relay_message"):
            content = relayed["content"]
            raw = _bytes(content["email_rfc822"], content["email_rfc822_is_base64"])
            found.append(HandedMail(raw, (str(relayed["rcpt_to"]),)))
    return found


def _bytes(text: str, is_base64: bool) -> bytes:
    return b64decode(text) if is_base64 else text.encode("utf-8", "surrogateescape")


def _by_key(url: str) -> Callable[[ProviderLogin], dict[str, Any]]:
    return lambda login: {"api_key": login.secret, "api_url": url}


WHOLE: dict[str, Callable[[Call], list[HandedMail]]] = {
    "amazon_ses": _amazon_ses,
    "mailersend": _mailersend,
    "mailgun": _mailgun,
    "postal": _postal,
    "postmark": _postmark,
    "sendgrid": _sendgrid,
    "sparkpost": _sparkpost,
}
FETCHED: dict[str, Callable[[ProviderLogin], dict[str, Any]]] = {
    "brevo": _by_key("https://api.brevo.com/v3/"),
    "mailtrap": lambda login: {"api_token": login.secret, "api_url": "https://mailtrap.io/api/"},
    "resend": _by_key("https://api.resend.com/"),
}
