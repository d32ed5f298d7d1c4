"""Understands a raw mail: whatever the bytes are, they become a message or one clear refusal."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

from channels.base import Unparseable
from channels.email.addresses import read_addresses
from channels.email.attachments import read_attachments
from channels.email.authentication import find_disowned, find_sent_by
from channels.email.bodies import Bodies, read_bodies
from channels.email.headers import Headers
from channels.email.identifiers import read_ids
from channels.email.letter import Letter
from channels.email.mime import take_apart
from channels.email.new_text import NewText, find_new_text
from channels.email.parts import Mail
from channels.email.smime import open_signed
from channels.email.standins import stand_in
from channels.email.steps import judge
from channels.types import Address, InboundMessage
from core.mail_marks import LOOP_HEADER
from core.text import clean_text

# Raise it when mails read better than before: `manage.py reparse_mail` then reads the older ones again.
PARSER_VERSION = 2

_LONGEST_SUBJECT = 998
_LONGEST_FIELD = 2_000
_MOST_COPIES = 20
_SENDER_FIELDS = ("From", "Sender", "Reply-To", "Return-Path")
_DELIVERY_FIELDS = (
    *("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-Forwarded-To", "Resent-To"),
)
# Worth keeping to answer "where did this come from?"; everything else is in the stored mail.
_KEPT_FIELDS = (
    *("Return-Path", "Auto-Submitted", "Precedence", "List-Id", "List-Unsubscribe", "Authentication-Results"),
    *("Received-SPF", "X-Mailer", "User-Agent", "Importance", "X-Priority", "Sender", "X-Spam-Flag"),
    *("X-Auto-Response-Suppress", LOOP_HEADER),
)


def parse_mail(raw: bytes) -> InboundMessage:
    """Return what a mail says, in time that grows with its length only. Raises Unparseable when it has no header."""
    if not raw.strip(b"\0 \t\r\n"):
        raise Unparseable("the mail is empty")
    mail = take_apart(raw)
    if not mail.headers.fields:
        raise Unparseable("the mail has no headers")
    return _understood(mail)


def _understood(mail: Mail) -> InboundMessage:
    headers = mail.headers
    defects = list(mail.defects)
    parts = open_signed(mail.parts)
    bodies = read_bodies(parts)
    new = _new_text(bodies)
    subject = headers.text("Subject")[:_LONGEST_SUBJECT]
    sender = _sender(headers, defects)
    message_id = next(iter(read_ids(headers.raw("Message-ID"))), "")
    answered = read_ids(headers.raw("In-Reply-To"))
    references = read_ids(" ".join(headers.raw_all("References"))) or answered
    verdict = judge(
        Letter(
            headers=headers,
            content_type=mail.content_type,
            parameters=mail.parameters,
            parts=parts,
            sender=sender,
            subject=subject,
            text=new.full,
            message_id=message_id,
            references=references,
        )
    )
    return InboundMessage(
        sender=sender,
        reply_to=read_addresses(headers.raw("Reply-To")),
        to=_all_addresses(headers, ("To",)),
        cc=_all_addresses(headers, ("Cc",)),
        subject=subject,
        parser=PARSER_VERSION,
        text=new.text,
        quoted=new.quoted,
        full_text=new.full,
        html=bodies.html,
        message_id=message_id,
        in_reply_to=next(iter(answered), ""),
        references=references,
        sent_at=_moment(headers.raw("Date"), defects),
        attachments=read_attachments(bodies),
        kind=verdict.kind,
        kind_reason=verdict.reason,
        failed=next(iter(verdict.failures), None),
        failures=verdict.failures,
        delivered_to=tuple(one.email for one in _all_addresses(headers, _DELIVERY_FIELDS)),
        headers=_kept(headers),
        defects=tuple(dict.fromkeys(clean_text(defect) for defect in defects)),
        disowned=find_disowned(headers),
        sent_by=find_sent_by(headers, sender),
    )


def _new_text(bodies: Bodies) -> NewText:
    new = find_new_text(bodies.plain, bodies.html)
    if new.full.strip():
        return new
    text = stand_in(bodies)
    return NewText(text, "", text)


def _kept(headers: Headers) -> tuple[tuple[str, str], ...]:
    return tuple((name, headers.text(name)[:_LONGEST_FIELD]) for name in _KEPT_FIELDS if name in headers)


def _sender(headers: Headers, defects: list[str]) -> Address | None:
    for name in _SENDER_FIELDS:
        for value in headers.raw_all(name):
            found = read_addresses(value)
            if found:
                if name != "From":
                    defects.append(f"no address in From; {name} was taken")
                elif len(found) > 1:
                    defects.append("several senders; the first was taken")
                return found[0]
    defects.append("no sender")
    return None


def _all_addresses(headers: Headers, names: tuple[str, ...]) -> tuple[Address, ...]:
    found: dict[str, Address] = {}
    for name in names:
        for value in headers.raw_all(name)[:_MOST_COPIES]:
            for address in read_addresses(value):
                found.setdefault(address.email, address)
    return tuple(found.values())


def _moment(value: str, defects: list[str]) -> datetime | None:
    """Return when a mail says it was sent; None when it does not say, or says what is no moment."""
    if not value:
        return None
    try:
        moment = _standard_moment(value[:200]) or datetime.fromisoformat(value.strip()[:40])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        # Years 1 and 9999 cannot be told in every time zone.
        return moment.astimezone(UTC) if 1900 < moment.year < 9000 else None
    except (ValueError, OverflowError, TypeError, IndexError):
        defects.append("a date that is none")
        return None


def _standard_moment(value: str) -> datetime | None:
    """Read the form of RFC 5322 and its older relatives."""
    value = re.sub(r"(\d)-([A-Za-z]{3,9})-(\d)", r"\1 \2 \3", " ".join(value.split()))
    value = re.sub(r"(?:GMT|UTC?)?\s?([+-]\d\d):?(\d\d)\b", r" \1\2", value)
    found = parsedate_tz(value)
    if found is None:
        return None
    offset = found[9] or 0
    zone = timezone(timedelta(seconds=offset)) if abs(offset) < 86_400 else UTC
    year, month, day, hour, minute, second = found[:6]
    return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
