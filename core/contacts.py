"""One spelling for each e-mail address, phone number and handle, so that a plain comparison finds whose it is."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import idna
import phonenumbers
from phonenumbers import timezone

from core.international import read_international
from core.text import clean_text, fold

LONGEST = 320  # characters of an address: 64 before the @, 255 after it
LONGEST_NUMBER = 40  # digits; E.164 has 15, but people write short codes, extensions and nonsense
WITH_COUNTRY = 11  # digits; shorter ones that begin like a country's code are more often a number at home
SELDOM_AT_HOME = 12  # digits; of as many that make a number abroad, hardly any country has one without a trunk prefix

# The only characters whose normal form is an ASCII one: with them a stranger's address would become somebody else's.
_LOOK_ALIKES = re.compile("[\u212a\u037e\u1fef]")
_ATOM = re.compile(r'[^\s"<>@,;:\\()\[\]]+')
_QUOTED = re.compile(r'"(?:[^"\\\s]|[ ]|\\.)*"')
# The 1 was dropped in 2019; address books and messengers still have it.
_MOBILE_OF_MEXICO = re.compile(r"(?:00|011)?521(\d{10})")
# Marks of direction and of nothing, which copying out of other programs brings along; not the joiners of scripts.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069]")
_PLUS = re.compile(r"\W*[+＋]")
# In some countries a carrier is dialed by 00 and a digit more; who writes 00 apart means the way out alone.
_DIALED_OUT = re.compile(r"\W*00[^\w]")
_AT_HOME = re.compile(r"\(\s*[0٠０]\s*\)")
_EXTENSION = re.compile(
    r"(?<=[\d)])(\s*[,;:]?\s*(?:ext(?:ension|n)?|extensión|extensão|poste|durchwahl|dw|nebenstelle|apparat|app|ramal|"
    r"anexo|interno|int|toestel|tst|wewn?|linka|доб(?:авочный)?|доп|вн(?:утр(?:енний)?)?|dahili|内線|內線|分机|轉|转|x|#)"
    r"[.:=\s]*(\d{1,9})\s*#?\s*)$",
    re.IGNORECASE,
)
_ASCII_DOMAIN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[a-z0-9:.]+\]")


class NotAnAddress(ValueError):
    """The text is no address of the kind that was asked for."""


@dataclass(frozen=True)
class Phone:
    """`number` is E.164 ("+351912345678"), or bare digits where no country could be found."""

    number: str
    extension: str = ""


def strip_invisible(typed: str) -> str:
    """The text without marks that nobody sees and that make two of one address."""
    return _INVISIBLE.sub("", typed)


def normalize_email(typed: str) -> str:
    """Lower case, NFC, the domain in its ASCII form (IDNA 2008, so that ß stays apart from ss). Raises NotAnAddress.

    Standards let the part before the @ differ by case; no mail service people use does.
    """
    local, at, domain = strip_invisible(typed).strip().rpartition("@")
    if not at or _LOOK_ALIKES.search(local):
        raise NotAnAddress(typed[:LONGEST])
    address = f"{_normalize_local(local)}@{_normalize_domain(domain)}"
    if len(address) > LONGEST:
        raise NotAnAddress(typed[:LONGEST])
    return address


def normalize_phone(typed: str, *, region: str = "", also: Sequence[str] = ()) -> Phone:
    """One spelling for all ways to write a number. Raises NotAnAddress without digits.

    `region` (two letters) says how a number without a country code is read, `also` what else it may be where that
    makes no number anybody can have. What cannot be a phone number anywhere (short codes, slips) is kept by its digits.
    """
    if plain := read_international(typed):
        return Phone(plain)
    text, extension = _split_extension(clean_text(strip_invisible(typed)))
    digits = _digits(text)
    if not digits or len(digits) > LONGEST_NUMBER:
        raise NotAnAddress(typed[:LONGEST])
    # Of those that somebody can have the plainest reading counts, else the first that is whole.
    dialed, read = _dialed(digits), _readings(text, digits, region, also)
    readings = chain(dialed, read) if _DIALED_OUT.match(text) else chain(read, dialed)
    found = next(filter(phonenumbers.is_valid_number, readings), None)
    found = found or next(filter(_is_whole, chain(_dialed(digits), _readings(text, digits, region, also))), None)
    if found is None:
        return Phone(digits, extension)
    number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
    return Phone(number, extension or found.extension or "")


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


def region_of_phone(number: str) -> str:
    """The country of a stored number (two letters), "" when unknown or of several."""
    found = _read_e164(number)
    return (phonenumbers.region_code_for_number(found) or "") if found else ""


def is_valid_phone(number: str) -> bool:
    """Whether a stored number can be somebody's: whole, and of a range its country has given out."""
    found = _read_e164(number)
    return found is not None and phonenumbers.is_valid_number(found)


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


def _split_extension(text: str) -> tuple[str, str]:
    """Words that the library does not know, and those it knows where it cannot read the number before them."""
    found = _EXTENSION.search(text)
    return (text[: found.start(1)], "".join(map(_digit, found[2]))) if found else (text, "")


def _dialed(digits: str) -> Iterator[phonenumbers.PhoneNumber]:
    """As people dial out of most countries by 00 and out of North America by 011, and write it everywhere."""
    for prefix in ("00", "011"):
        if digits.startswith(prefix):
            yield from _read("+" + digits.removeprefix(prefix), "")
    if found := _MOBILE_OF_MEXICO.fullmatch(digits):
        yield from _read("+52" + found[1], "")


def _readings(text: str, digits: str, region: str, also: Sequence[str]) -> Iterator[phonenumbers.PhoneNumber]:
    """What may be meant, most likely first. "+44 (0)20" shows a digit dialed at home; machines leave out the plus; and
    a word behind the number ("home") is no part of it, though letters may stand for digits.
    """
    abroad = list(filter(phonenumbers.is_valid_number, _read("+" + digits, "")))
    if _PLUS.match(text):
        yield from _read(text, region)
        yield from _read(_AT_HOME.sub("", text), "")
        yield from abroad
        return
    if _is_without_plus(digits, region) and not any(_is_abroad(one, region) for one in _read(text, region)):
        yield from abroad
    for one in filter(None, (region, *also)) if region or also else ("",):
        yield from _read(text, one)
        yield from filter(phonenumbers.is_valid_number, _read(digits, one))
    if len(digits) >= WITH_COUNTRY:
        yield from abroad


def _is_without_plus(digits: str, region: str) -> bool:
    own = phonenumbers.country_code_for_region(region.upper())  # 0, which begins no number abroad, for no region
    return len(digits) >= SELDOM_AT_HOME or (len(digits) >= WITH_COUNTRY and digits.startswith(str(own)))


def _is_abroad(number: phonenumbers.PhoneNumber, region: str) -> bool:
    """Of another country: then the way out stood before it."""
    return bool(number.country_code != phonenumbers.country_code_for_region(region.upper()))


def _read(text: str, region: str) -> Iterator[phonenumbers.PhoneNumber]:
    try:
        yield phonenumbers.parse(text, region.upper() or None)
    except phonenumbers.NumberParseException:
        return


def _is_whole(number: phonenumbers.PhoneNumber) -> bool:
    """Of a possible length, area code included."""
    return bool(phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE)


def _digits(text: str) -> str:
    return "".join(_digit(letter) for letter in text if letter.isdecimal())


def _digit(letter: str) -> str:
    """Of any script."""
    return str(unicodedata.decimal(letter))


def _read_e164(number: str) -> phonenumbers.PhoneNumber | None:
    return phonenumbers.parse(number) if number.startswith("+") else None
