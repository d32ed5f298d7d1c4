"""An address as the mail of its country writes it."""

import re
from typing import Final

from customers.addresses.checking import normalize_postal_code
from customers.addresses.countries import country_name
from customers.addresses.kinds import Address
from customers.addresses.layouts import format_of
from customers.addresses.regions import data_of, find_region
from customers.addresses.spelling import is_latin, is_right_to_left, plain, tidy_value

_ISOLATE, _END = "\u2068", "\u2069"
_RUSSIAN: Final = {
    "house": "д.", "housing": "корп.", "building": "стр.", "entrance": "подъезд", "floor": "этаж", "flat": "кв.",
}  # fmt: skip
_UKRAINIAN: Final = {
    "house": "буд.", "housing": "корп.", "building": "буд.", "entrance": "під'їзд", "floor": "поверх", "flat": "кв.",
}  # fmt: skip
_ENGLISH: Final = {"entrance": "Entrance", "floor": "Floor", "flat": "Flat", "building": "Building"}
_WORDS: Final = {
    **dict.fromkeys(("RU", "BY", "KZ", "KG", "UZ", "TJ", "TM"), _RUSSIAN),
    "UA": _UKRAINIAN,
    **dict.fromkeys(("US", "CA"), _ENGLISH | {"flat": "Apt"}),
    **{key: {"flat": "Wohnung", "floor": "Etage", "building": "Haus", "entrance": "Aufgang"} for key in ("DE", "AT",
        "LI")},
    **{key: {"flat": "puerta", "floor": "piso", "building": "edificio", "entrance": "escalera"} for key in ("ES",
        "AR", "CO", "PE", "CL", "EC", "UY", "BO", "PY", "CR", "PA", "DO", "GT", "HN", "NI", "SV", "CU")},
    "MX": {"flat": "int.", "floor": "piso", "building": "edificio", "entrance": "entrada"},
    "FR": {"flat": "appt", "floor": "étage", "building": "bâtiment", "entrance": "escalier"},
    "IT": {"flat": "int.", "floor": "piano", "building": "edificio", "entrance": "scala"},
    **{key: {"flat": "apto", "floor": "andar", "building": "bloco", "entrance": "entrada"} for key in ("BR", "PT")},
    "PL": {"flat": "m.", "floor": "piętro", "building": "budynek", "entrance": "klatka"},
    "TR": {"flat": "D:", "floor": "Kat:", "building": "Blok", "house": "No:", "entrance": "Giriş"},
    "IL": {"flat": "דירה", "floor": "קומה", "building": "בניין", "entrance": "כניסה"},
}  # fmt: skip
_SCRIPTS: Final = {"TR": "LATIN", "IL": "HEBREW", "UA": "CYRILLIC"}
# The number follows after a comma.
_COMMA_BEFORE_HOUSE: Final = frozenset("RU BY KZ KG UZ TJ TM UA ES BR PT AM AZ GE MD IT".split()) - {"PT", "IT"}


def lines(address: Address, *, with_country: bool = True) -> tuple[str, ...]:
    """The lines of a label from top to bottom, the country's English name last; parts nobody said leave no trace.

    Countries that write another order for foreigners (Japan, China, Korea …) get it when the text is in Latin letters.
    """
    texts = _texts(address)
    said = "".join(text for key, text in texts.items() if key in "ACDS")
    order = format_of(address.country, latin=is_latin(said))
    prefix = str(data_of(address.country).get("postprefix", ""))
    written = [_line(line, texts, prefix) for line in order.split("%n")]
    if not any(texts.values()):
        written = []
    country = [country_name(address.country)] if with_country and address.country else []
    kept = [line for line in written if line]
    return (*kept, *country)


def one_line(address: Address, *, home: str = "") -> str:
    """The same on one line; the country is left out when it is `home`.

    Text with letters that run from right to left stands between isolating marks (U+2068, U+2069), so that numbers
    beside it do not change places; dividing a text drops the marks again.
    """
    parts = lines(address, with_country=address.country != home)
    joined = ", ".join(parts)
    return f"{_ISOLATE}{joined}{_END}" if is_right_to_left(joined) else joined


def street_line(address: Address) -> str:
    """Street, house and what leads to the door, in the country's order."""
    country, street, house = address.country, tidy_value(address.street), tidy_value(address.house)
    words = _words_of(address)
    if house and not street:
        front = house
    elif house and words.get("house"):
        front = f"{street}, {_said(words['house'], house)}" if country != "TR" else f"{street} {_said('No:', house)}"
    elif house:
        front = f"{street}, {house}" if country in _COMMA_BEFORE_HOUSE else numbered(country, street, house)
    else:
        front = street
    rest = [_said(words.get(name, ""), tidy_value(getattr(address, name))) for name in _INSIDE]
    if country not in {"RU", "BY", "KZ", "UA", "KG", "UZ", "TJ", "TM"}:
        rest = [rest[1], rest[0], *rest[2:]]
    return ", ".join(filter(None, [front, *rest]))


_INSIDE: Final = ("housing", "building", "entrance", "floor", "flat")


def numbered(country: str, street: str, house: str) -> str:
    """Where the number has no field but was given all the same, it stands where people of the country look for it."""
    first = country in {"US", "CA", "GB", "IE", "AU", "NZ", "FR", "LU", "IN", "ZA", "SG", "HK", "MY", "PH", "PK", "MC"}
    return f"{house} {street}" if first else f"{street} {house}"


def _words_of(address: Address) -> dict[str, str]:
    """Abbreviations in the language the address is written in; English ones where the country has none here."""
    words = _WORDS.get(address.country)
    if words is None:
        return _ENGLISH
    if words in (_RUSSIAN, _UKRAINIAN) or address.country == "IL":
        return _ENGLISH if address.street and is_latin(address.street + address.city) else words
    return words


def _said(word: str, value: str) -> str:
    """The abbreviation before a bare number or letter; a value with words or an ordinal's mark of its own stays."""
    if not value or not word or "º" in value or not re.fullmatch(r"[\d\s/.,-]*[^\W\d_]?[\d/-]*", value):
        return value
    return f"{word}{value}" if word.endswith(":") else f"{word} {value}"


def _texts(address: Address) -> dict[str, str]:
    region = tidy_value(address.region)
    city = tidy_value(address.city)
    if (region and plain(region) == plain(city)) or _is_same(address.country, region, city):
        region = ""
    return {
        "A": street_line(address),
        "C": city,
        "D": tidy_value(address.district),
        "O": tidy_value(address.company),
        "S": region,
        "X": tidy_value(address.sorting_code),
        "Z": normalize_postal_code(address.country, tidy_value(address.postal_code)),
    }


def _is_same(country: str, region: str, city: str) -> bool:
    """Whether the city is the region under another spelling: Dubai in دبي."""
    if not region or not city:
        return False
    found = find_region(country, city)
    return bool(found) and found == find_region(country, region)


def _line(pattern: str, texts: dict[str, str], prefix: str) -> str:
    """Fill one line; what stands between two parts stays only where both are there."""
    pieces = re.split("%([ACDOSXZ])", pattern)
    written, between = "", pieces[0]
    for letter, after in zip(pieces[1::2], pieces[2::2], strict=True):
        text = texts[letter]
        if text:
            written += _between(between, prefix, text, is_first=not written)
            written += text
            between = after
        elif prefix and between.endswith(prefix):
            between = between[: -len(prefix)] or after  # the prefix is of the code that is not there
        elif not written and _is_word(between):
            between = between + after
        elif written and not between.strip():
            between = after if after.strip() else between
    return (written + (between if written else between.strip(" ,-/"))).strip(" ,/-") if _is_word(between) else written


def _between(text: str, prefix: str, value: str, *, is_first: bool) -> str:
    has_prefix = bool(prefix) and text.endswith(prefix)
    if is_first:
        return text.lstrip(" ,-/") if has_prefix or _is_word(text) or "〒" in text else ""
    if not text and is_latin(value):
        return " "
    return text


def _is_word(text: str) -> bool:
    return bool(re.search(r"[^\W\d_]", text))
