"""Step: a mail system says that a letter was not delivered, in the standard form or in its own words."""

from __future__ import annotations

import re

from channels.email.addresses import clean_email, read_addresses
from channels.email.delivery_status import fields_of, original_id
from channels.email.letter import Letter, Verdict
from channels.email.words import plain, words
from channels.types import FailedDelivery, Kind

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ADDRESS = re.compile(r"[^\s<>@\[\]():;,\"'=]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?", re.I)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)[ -](?=\D)")
_HEADER_OF_ORIGINAL = re.compile(r"\n[ \t>]*(?:return-path|received|message-id|from|mime-version):", re.I)
_LOOKED_AT = 20_000
_LONGEST_DETAIL = 300


def find_bounce(letter: Letter) -> Verdict | None:
    status = letter.part(*_STATUS_TYPES)
    if status is not None and letter.parameters.get("report-type", "delivery-status").lower() == "delivery-status":
        return _standard(letter, fields_of(status.content))
    if "X-Failed-Recipients" in letter.headers:
        return _in_own_words(letter, "names failed recipients")
    if not _is_from_a_mail_system(letter):
        return None
    lists = words("bounces")
    if letter.folded_subject.startswith(tuple(lists["subjects"])):
        return _in_own_words(letter, "the subject is that of a mail system")
    if any(text in letter.folded_text for text in lists["texts"]):
        return _in_own_words(letter, "the text is that of a mail system")
    # Whatever else a program of this name says, nobody is there to be answered.
    if _local_part(letter) in lists["senders"] and _local_part(letter) not in lists["shared_senders"]:
        return _in_own_words(letter, "comes from a mail system")
    return None


def _standard(letter: Letter, groups: list[dict[str, str]]) -> Verdict:
    concerned = [group for group in groups if "final-recipient" in group or "action" in group] or groups[-1:]
    order = {"failed": 0, "delayed": 1}
    group = min(concerned, key=lambda one: order.get(one.get("action", "failed").lower().split(" ")[0], 2))
    action = group.get("action", "failed").lower().strip()
    status = group.get("status", "")
    if action.startswith(("delivered", "relayed", "expanded")):
        return Verdict(Kind.AUTO_REPLY, f"A mail system confirms delivery ({action})")
    is_permanent = not action.startswith("delayed") and not status.startswith("4.")
    recipient = _address_in(group.get("original-recipient", "")) or _address_in(group.get("final-recipient", ""))
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code", "")
    detail = " ".join(filter(None, (status, diagnostic)))[:_LONGEST_DETAIL] or action
    failed = FailedDelivery(recipient or _recipient(letter), original_id(letter), is_permanent, detail)
    return _verdict(failed, "a delivery report (RFC 3464)")


def _in_own_words(letter: Letter, because: str) -> Verdict:
    text = _own_words(letter)
    subject = letter.folded_subject
    status = _STATUS.search(text)
    code = status[1] if status else next(iter(_REPLY_CODE.findall(text)), "")
    is_passing = code.startswith("4") or (
        not code.startswith("5") and any(word in f"{subject} {plain(text)}" for word in words("bounces")["temporary"])
    )
    line = next((line.strip() for line in text.splitlines() if code and code in line), letter.subject)
    failed = FailedDelivery(_recipient(letter), original_id(letter), not is_passing, line[:_LONGEST_DETAIL])
    return _verdict(failed, because)


def _verdict(failed: FailedDelivery, because: str) -> Verdict:
    what = "was not delivered" if failed.permanent else "is delayed"
    whom = f" to {failed.recipient}" if failed.recipient else ""
    return Verdict(Kind.BOUNCE, f"A mail{whom} {what}: {because}", failed)


def _is_from_a_mail_system(letter: Letter) -> bool:
    lists = words("bounces")
    name = plain(letter.sender.name) if letter.sender else plain(letter.headers.text("From"))
    if _local_part(letter) in lists["senders"] or _local_part(letter).startswith("microsoftexchange"):
        return True
    if name.strip("\"' <>") not in lists["names"]:
        return False
    return letter.has_empty_return_path or letter.sender is None or _is_report(letter)


def _is_report(letter: Letter) -> bool:
    return letter.content_type == "multipart/report" or letter.folded_subject.startswith(
        tuple(words("bounces")["subjects"])
    )


def _local_part(letter: Letter) -> str:
    if letter.sender:
        return letter.sender.email.rpartition("@")[0]
    # "From: MAILER-DAEMON" without a domain is no address.
    return plain(letter.headers.text("From")).strip("\"' <>").partition(" ")[0].partition("@")[0]


def _own_words(letter: Letter) -> str:
    """The text up to the letter it encloses."""
    text = letter.text[:_LOOKED_AT]
    match = _HEADER_OF_ORIGINAL.search(text)
    return text[: match.start()] if match else text


def _recipient(letter: Letter) -> str:
    named = read_addresses(letter.headers.raw("X-Failed-Recipients"))
    if named:
        return named[0].email
    # Not the system itself, and not ourselves, whom the note is addressed to.
    people = (read_addresses(letter.headers.raw(name)) for name in ("From", "To", "Sender", "Reply-To"))
    ignored = {address.email for addresses in people for address in addresses}
    for match in _ADDRESS.finditer(_own_words(letter)):
        email = clean_email(match[0])
        if email and email not in ignored and email.partition("@")[0] not in words("bounces")["senders"]:
            return email
    return ""


def _address_in(field: str) -> str:
    """Return the address of "rfc822; ada@customer.example"; a local user without a domain is none."""
    value = field.rpartition(";")[2].strip()
    found = read_addresses(value)
    return found[0].email if found else clean_email(value)
