"""Cuts a text into pieces where people put commas, and where they left them out."""

import re
from typing import Final

from customers.addresses.layouts import HOUSING_APART
from customers.addresses.offline.cities import city_at_end, city_at_start, is_city
from customers.addresses.offline.doors import number_behind
from customers.addresses.offline.street_words import end_of_street, words_before
from customers.addresses.regions import find_region

_LABELS: Final = (
    r"г|гор|город|пгт|пос|посёлок|дер|деревня|село|ул|улица|пр-т|пр-кт|просп|проспект|пер|переулок|наб|набережная|ш|шоссе|б-р|бульвар|"
    r"бул|мкр|микрорайон|вул|вулиця|пров|провулок|пл|площадь|проезд|пр-д|м|місто|р-н"
)
# A label opens a piece unless the word before it is the name it belongs to: "Ленинский проспект", "Тверская ул".
_BEFORE_LABEL: Final = re.compile(
    rf"(?<=[^\s,])(?<!ий)(?<!ый)(?<!ой)(?<!ая)(?<!ое)(?<!яя)(?<!ка)(?<!-я)(?<!-й)\s+(?=(?:{_LABELS})(?:\.\s?|\s)[А-ЯЁІЇЄҐ])"
)
_AFTER_LABEL: Final = re.compile(
    r"(?<=\s)(обл\.?|область|край|респ\.?|р-н|район|облысы|ауданы)\s+(?=[^\s,])", re.IGNORECASE
)
_AFTER_MAHALLE: Final = re.compile(r"\b(Mah(?:allesi|\.)?|Mh\.|Mahalle)\s+(?=\S)", re.IGNORECASE)
_SPACED_DASH: Final = re.compile(r"(?<!\d)\s+-\s+|\s+-\s+(?!\d)")
_DIRECTION: Final = re.compile(r"^(?:NW|NE|SW|SE|N|S|E|W|North|South|East|West|Central)\.?$", re.IGNORECASE)
_IN_BRACKETS: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]")


def split_parts(text: str, country: str) -> list[str]:
    """Pieces between commas, line ends and spaced dashes; in some countries also between a label and what follows."""
    if country in HOUSING_APART:
        text = _AFTER_LABEL.sub(r"\1, ", _BEFORE_LABEL.sub(", ", text))
    if country == "TR":
        text = re.sub(r"(?<=[^\W\d_])\s?/\s?(?=[^\W\d_])", ", ", _AFTER_MAHALLE.sub(r"\1, ", text))
    if country == "BR":
        text = re.sub(r"(?<=[^\W\d_])\s?[-/]\s?(?=[A-Z]{2}\b)", ", ", text)
    if country == "TH":
        text = re.sub(r"\s+(?=แขวง|เขต|ตำบล|ต\.|อำเภอ|อ\.|จังหวัด|จ\.|กรุงเทพ)", ", ", text)
    if country == "HU":
        text = re.sub(r"(?<=\d)\.?\s+(?=(?:[IVX]+|\d+)(?:\. ?em|/\d)|m?fszt?\.)", ", ", text)
    text = _SPACED_DASH.sub(", ", text)
    parts = (
        part.strip(" .;-") if part.strip(" .;-").isdigit() else part.strip(" ;-") for part in re.split(r"[,\n;|]", text)
    )
    return [part for part in parts if re.search(r"\w", part)]


def take_brackets(text: str, country: str) -> tuple[str, list[str]]:
    """(text without brackets, what stood in them); a region or a piece of place in brackets stays as a piece."""
    notes: list[str] = []

    def put(found: re.Match[str]) -> str:
        inside = (found[1] or found[2] or "").strip()
        if re.fullmatch(r"[A-Z]{2}", inside) or find_region(country, inside):
            return f", {inside}, "
        notes.append(inside)
        return " "

    return _IN_BRACKETS.sub(put, text), [note for note in notes if note]


def split_region(part: str, country: str) -> tuple[str, str]:
    """(rest, region) of a piece that ends with one: "Mountain View CA", "Mumbai Maharashtra"; (part, "") else."""
    words = part.split(" ")
    for count in range(min(4, len(words)), 0, -1):
        tail = " ".join(words[-count:]).strip(" .")
        found = find_region(country, tail)
        if found and count == len(words):
            return part, ""
        if (
            found
            and re.search(r"[^\W\d_]{2}", " ".join(words[:-count]))
            and (len(tail) > 3 or tail.isupper() or tail[1:].endswith("."))
        ):
            return " ".join(words[:-count]).strip(" ,"), tail
    return part, ""


def split_street_and_city(part: str, country: str) -> tuple[str, str]:
    """(street, city) of a piece that holds both without a comma; (part, "") when nothing tells where one ends."""
    if city := _other(city_at_end(part, country), part):
        rest = part[: -len(city)].strip(" ,")
        if not _needs_name(rest, country):
            return rest, city
    if not number_behind(country) and _is_numbered_city(part, country):
        return part, ""
    if (city := _other(city_at_start(part, country), part)) and not _is_name_of(city, part, country):
        return part[len(city) :].strip(" ,"), city
    if number_behind(country):
        found = re.match(r"^(.*[^\W\d_].*?\s\d+\s?[a-zA-Z]?(?:[-/]\d+)*[a-z]?)\s+([^\W\d_][^\d]{2,})$", part)
        return (found[1], found[2].strip()) if found and not found[2].startswith(("de ", "di ", "of ")) else (part, "")
    words = part.split(" ")
    end = end_of_street(part, country)
    while 0 < end < len(words) and _DIRECTION.match(words[end]):
        end += 1
    city = " ".join(words[end:])
    return (" ".join(words[:end]), city) if end > 0 and re.search(r"[^\W\d_]{2}", city) else (part, "")


def _other(city: str, part: str) -> str:
    return city if city and len(city) < len(part) else ""


def _is_numbered_city(part: str, country: str) -> bool:
    """Whether the piece is a city and the number of its post office: "Colombo 03", "Kingston 6"."""
    return bool(re.search(r"\D \d{1,2}$", part)) and is_city(part, country)


def _is_name_of(city: str, part: str, country: str) -> bool:
    """Whether the street has the city's name: "Narva mnt 5", "Paris Street 7"."""
    rest = part[len(city) :].strip()
    return not re.search(r"\d", rest) or end_of_street(f"x {rest}", country) == 2


def _needs_name(rest: str, country: str) -> bool:
    """Whether what would be left is a number or a bare word for street: "Rue de Paris", "12 London Road" stay whole."""
    words = [word.casefold().strip(".") for word in rest.split(" ")]
    return not re.search(r"[^\W\d_]{2}", rest) or words[-1] in words_before(country) | {
        "de",
        "di",
        "of",
        "da",
        "do",
        "du",
    }
