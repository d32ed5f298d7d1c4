"""One spelling for each e-mail address, phone number and handle, so that a plain comparison finds whose it is."""

import re
import unicodedata
from dataclasses import dataclass

import idna
import phonenumbers
from phonenumbers import timezone

from core.text import clean_text, fold

LONGEST = 320  # characters of an address: 64 before the @, 255 after it
LONGEST_NUMBER = 40  # digits; E.164 has 15, but people write short codes, extensions and nonsense

# The only characters whose normal form is an ASCII one: with them a stranger's address would become somebody else's.
_LOOK_ALIKES = re.compile("[\u212a\u037e\u1fef]")
_ATOM = re.compile(r'[^\s"<>@,;:\\()\[\]]+')
_QUOTED = re.compile(r'"(?:[^"\\\s]|[ ]|\\.)*"')
_ASCII_DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[a-z0-9:.]+\]")


class NotAnAddress(ValueError):
    """The text is no address of the kind that was asked for."""


@dataclass(frozen=True)
class Phone:
    """`number` is E.164 ("+351912345678"), or bare digits where no country could be found."""

    number: str
    extension: str = ""


def normalize_email(typed: str) -> str:
    """Lower case, NFC, the domain in its ASCII form (IDNA 2008, so that ß stays apart from ss). Raises NotAnAddress.

    Standards let the part before the @ differ by case; no mail service people use does.
    """
    local, at, domain = typed.strip().rpartition("@")
    if not at or _LOOK_ALIKES.search(local):
        raise NotAnAddress(typed[:LONGEST])
    address = f"{_normalize_local(local)}@{_normalize_domain(domain)}"
    if len(address) > LONGEST:
        raise NotAnAddress(typed[:LONGEST])
    return address


def normalize_phone(typed: str, *, region: str = "") -> Phone:
    """`region` (two letters) says how a number without a country code is read. Raises NotAnAddress without digits.

    What cannot be a phone number anywhere (short codes, slips) is kept by its digits alone.
    """
    digits = _digits(typed)
    if not digits or len(digits) > LONGEST_NUMBER:
        raise NotAnAddress(typed[:LONGEST])
    try:
        found = phonenumbers.parse(clean_text(typed), region.upper() or None)
    except phonenumbers.NumberParseException:
        return Phone(digits)
    extension = found.extension or ""
    if not phonenumbers.is_possible_number(found):
        return Phone(digits)
    return Phone(phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164), extension)


def normalize_handle(typed: str, *, network: str = "") -> str:
    """`network:name`, folded and without the leading @. Raises NotAnAddress when nothing is left."""
    name = fold(typed).lstrip("@ ")
    if not name or len(name) > LONGEST - 30:
        raise NotAnAddress(typed[:LONGEST])
    return f"{fold(network)}:{name}" if network else name


def show_phone(number: str, extension: str = "") -> str:
    """A stored number as people read it: grouped, with its country code; bare digits stay as they are."""
    found = _read_e164(number)
    shown = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.INTERNATIONAL) if found else number
    return f"{shown} ext. {extension}" if extension else shown


def zones_of_phone(number: str) -> tuple[str, ...]:
    """The time zones (IANA) in which a stored number may be at home; empty when unknown."""
    found = _read_e164(number)
    zones = timezone.time_zones_for_number(found) if found else ()
    return tuple(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE)


def is_region(text: str) -> bool:
    """Whether two letters name a country whose phone numbers we can read."""
    return text.upper() in phonenumbers.SUPPORTED_REGIONS


def _normalize_local(local: str) -> str:
    local = unicodedata.normalize("NFC", local)
    if _QUOTED.fullmatch(local) and _ATOM.fullmatch(local[1:-1]):
        local = local[1:-1]  # "ana"@… and ana@… are one address
    if not (_ATOM.fullmatch(local) or _QUOTED.fullmatch(local)) or clean_text(local) != local:
        raise NotAnAddress(local[:LONGEST])
    return local.lower()


def _normalize_domain(domain: str) -> str:
    domain = domain.lower().removesuffix(".")
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError) as error:
            raise NotAnAddress(domain[:LONGEST]) from error
    if not _ASCII_DOMAIN.fullmatch(domain) or ".." in domain:
        raise NotAnAddress(domain[:LONGEST])
    return domain


def _digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) for letter in text if letter.isdecimal())


def _read_e164(number: str) -> phonenumbers.PhoneNumber | None:
    return phonenumbers.parse(number) if number.startswith("+") else None
