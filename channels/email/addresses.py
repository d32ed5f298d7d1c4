"""Reads lists of addresses (RFC 5322) as people's programs write them, and splits names from addresses."""

import re
from dataclasses import dataclass

from channels.email.encoded_words import decode_words
from channels.email.headers import one_line
from channels.types import Address

MOST_ADDRESSES = 500

_LONGEST_LIST = 65_536
_LONGEST_NAME = 200
_LONGEST_EMAIL = 320
_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.)*+")|(?P<angle><[^<>]*>)|(?P<separator>[,;])|(?P<colon>:)|(?P<space>\s+)'
    r'|(?P<open>\()|(?P<word>=\?[^?\s]+\?[bBqQ]\?[^?]*\?=|[^\s"<>,;:()]+)|(?P<other>.)',
    re.S,
)
# Bounded on both sides: an address has at most 64 and 255 characters there, and an unbounded search would be slow.
_EMAIL = re.compile(
    r"""(?:"[^"\r\n]{1,64}"|[^\s"<>,;:()\[\]@\\]{1,120})@(?:\[[^\]\s]{1,80}\]|[^\s"<>,;:()\[\]@\\]{1,255})"""
)
_COMMENT_PART = re.compile(r"\\.|[()]", re.S)
_COMMENT_DEPTH = 20


@dataclass(slots=True)
class _Mailbox:
    name: str = ""
    comment: str = ""
    angle: str = ""
    ends_in_comma: bool = False

    def address(self) -> Address | None:
        email, name = clean_email(decode_words(self.angle)), self.name
        if email and name.strip() and self.comment:
            name += f" ({self.comment})"
        if not email:
            # No angle brackets, or none with an address in them: the first address among the words is it.
            match = _EMAIL.search(name)
            if match is None:
                decoded = decode_words(name)
                match = _EMAIL.search(decoded)
                name = decoded if match else name
            if match is None:
                return None
            email = clean_email(match[0])
            name = re.sub(r"<\s*>|\(\s*\)|(?:mailto|smtp):\s*$", "", name[: match.start()] + " " + name[match.end() :])
        return Address(email, _clean_name(name) or _clean_name(self.comment)) if email else None


def read_addresses(value: str) -> tuple[Address, ...]:
    """Return the addresses of a header value whose encoded words are still encoded; groups are flattened.

    What has no address ("undisclosed-recipients:;") is left out. At most `MOST_ADDRESSES` are read.
    """
    found: list[Address] = []
    surname = ""
    for mailbox in _mailboxes(value[:_LONGEST_LIST]):
        if surname and mailbox.angle:
            mailbox.name = f"{surname},{mailbox.name}"
        address = mailbox.address()
        # "Lovelace, Ada <ada@…>" without the quotes it needs.
        surname = mailbox.name.strip() if address is None and not mailbox.angle and mailbox.ends_in_comma else ""
        if address is not None:
            found.append(address)
            if len(found) == MOST_ADDRESSES:
                break
    if not found and "=?" in value:
        decoded = decode_words(value)
        # The whole list was encoded as one word, address and all.
        if "=?" not in decoded:
            return read_addresses(decoded)
    return tuple(found)


def clean_email(text: str) -> str:
    """Return a bare address in lower case, or "" when `text` is none."""
    text = text.strip()
    if text.startswith('<"') and text.endswith(">"):
        text = text[1:-1]
    if text.startswith('"') and len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text):
        return text.lower()
    text = re.sub(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202e\ufeff]", "", text).strip("<>'\"`.,;")
    text = re.sub(r"^(?:mailto|smtp):", "", text, flags=re.I)
    # A source route, "<@relay.example:ada@acme.example>" (RFC 5321, 4.1.2).
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    return text.lower() if len(text) <= _LONGEST_EMAIL and _EMAIL.fullmatch(text) else ""


def _mailboxes(value: str) -> list[_Mailbox]:
    mailboxes = [_Mailbox()]
    position = 0
    last_group_end = value.rfind(";")
    while match := _TOKEN.match(value, position):
        position = match.end()
        current = mailboxes[-1]
        kind, text = match.lastgroup, match[0]
        if kind == "separator":
            current.ends_in_comma = text == ","
            mailboxes.append(_Mailbox())
        elif kind == "angle":
            if current.angle:
                mailboxes.append(_Mailbox(angle=text))
            else:
                current.angle = text
        elif kind == "colon" and not current.angle and "@" not in current.name and position <= last_group_end:
            # "Friends: a@b.example, …;" the name of a group is not a person's.
            mailboxes[-1] = _Mailbox()
        elif kind == "open":
            position, current.comment = _comment(value, position)
        elif kind == "quoted":
            is_local_part = value[position : position + 1] == "@"
            current.name += text if is_local_part else re.sub(r"\\(.)", r"\1", text[1:-1])
        elif kind != "other" or text not in '<>)"':
            current.name += text
        elif text == '"':
            # This quote is never closed; looking for its end again behind every escape would be slow.
            value = value[:position] + value[position:].replace('"', " ")
    return mailboxes


def _comment(value: str, start: int) -> tuple[int, str]:
    """Return the position behind a comment that began before `start`, and its text; comments nest."""
    depth = 1
    for match in _COMMENT_PART.finditer(value, start):
        if match[0] == "(":
            depth += 1
        elif match[0] == ")":
            depth -= 1
        if depth == 0:
            return match.end(), value[start : match.start()]
        if depth > _COMMENT_DEPTH:
            break
    return start, ""


def _clean_name(name: str) -> str:
    name = one_line(decode_words(name))
    name = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", name)
    for left, right in ('""', "''", "()", "<>"):
        if len(name) > 1 and name[0] == left and name[-1] == right:
            name = name[1:-1].strip()
    return name[:_LONGEST_NAME]
