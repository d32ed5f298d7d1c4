"""Finds whom a mail system could not reach, in the words of the note it sent."""

from __future__ import annotations

import re

from channels.email.addresses import clean_email, read_addresses
from channels.email.delivery_status import original_headers
from channels.email.letter import Letter
from channels.email.words import words

_ADDRESS = re.compile(r"[^\s<>@\[\]():;,\"'=]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,200}[a-z0-9])?", re.I)
# Where the note ends and the letter begins that it gives back.
_ORIGINAL = re.compile(
    r"\n[ \t>]*(?:return-path|received|message-id|mime-version):|\n>?[ ]?from:"
    r"|\n[ \t>*-]*(?:below is a copy|this is a copy of|-+ ?original message|-+ the header|message headers? follow)",
    re.I,
)
# Facts of the letter that was sent, which some notes begin with: "To: the list", "Subject: …".
_FACT = re.compile(
    r"^[ \t>]*(?:to|cc|from|subject|sent|date|sender|reply-to|an|von|betreff|à|de|para|asunto):.*$", re.I | re.M
)
_ALONE = re.compile(
    r"^[ \t>*-]*(?:rfc822;[ \t]*)?<?([^\s<>@]{1,64}@[^\s<>@:;,]{1,255})>?[ \t]*(?::|$|\(|\.\.\.|- )", re.I | re.M
)
_NAMED = re.compile(
    r"(?:final|original|failed)[- ]recipient:?[ \t]*(?:rfc822[ \t]*;)?[ \t]*<?([^\s<>@;]{1,64}@[^\s<>;,]{1,255})", re.I
)
# Somebody else: the sender, or whom to ask.
_OTHER = re.compile(r"(?:from|by|contact|via|sorry|mail to|write to|help)[ \t:=]*<?$", re.I)
_LOOKED_AT = 20_000
_MOST = 100


def own_words(letter: Letter) -> str:
    """Return the text of the note, up to the letter it encloses."""
    text = letter.text[:_LOOKED_AT]
    match = _ORIGINAL.search(text, 1)
    return text[: match.start()] if match else text


def failed_addresses(letter: Letter) -> tuple[str, ...]:
    """Return whom the note names as not reached, the surest first; empty when it names nobody."""
    named = read_addresses(letter.headers.raw("X-Failed-Recipients"))
    if named:
        return tuple(dict.fromkeys(address.email for address in named))
    note = own_words(letter)
    text = _FACT.sub("", note)
    addressed = original_recipients(letter)
    for found in (_each(_NAMED, text), _each(_ALONE, text), _mentioned(text), _mentioned(note)):
        people = tuple(dict.fromkeys(email for email in found if email not in _ignored(letter)))
        if people:
            # Of several mentioned, those the letter really went to.
            return tuple(email for email in people if email in addressed) or people
    if len(addressed) == 1:
        return addressed
    return tuple(dict.fromkeys(_each(_ALONE, text)))


def _each(pattern: re.Pattern[str], text: str) -> list[str]:
    found = (clean_email(match[1].rstrip(".")) for match in pattern.finditer(text))
    return [email for email in found if email][:_MOST]


def _mentioned(text: str) -> list[str]:
    found = []
    for match in _ADDRESS.finditer(text):
        before = text[max(0, match.start() - 20) : match.start()]
        email = clean_email(match[0])
        if email and "." in email.rpartition("@")[2] and not _OTHER.search(before):
            found.append(email)
            if len(found) == _MOST:
                break
    return found[:1]


def original_recipients(letter: Letter) -> tuple[str, ...]:
    """Return whom the enclosed letter names as its recipients, as far as it is enclosed."""
    headers = original_headers(letter)
    people = (read_addresses(headers.raw(name)) for name in ("To", "Cc"))
    return tuple(dict.fromkeys(address.email for addresses in people for address in addresses))


def _ignored(letter: Letter) -> set[str]:
    """The system itself, and ourselves, whom the note is addressed to."""
    people = (read_addresses(letter.headers.raw(name)) for name in ("From", "To", "Sender", "Reply-To"))
    ignored = {address.email for addresses in people for address in addresses}
    domain = letter.sender.email.rpartition("@")[2] if letter.sender else ""
    return ignored | {f"{local}@{domain}" for local in words("bounces")["senders"]}
