"""Which country a text speaks of: its name at an end of the text, else letters, codes, streets and cities together."""

import re
import unicodedata
from collections import Counter, defaultdict
from typing import Final

from customers.addresses.countries import CITY_STATES, find_country
from customers.addresses.layouts import fields_for
from customers.addresses.offline.cities import countries_of_city
from customers.addresses.offline.street_words import countries_of_street
from customers.addresses.regions import find_region, is_country, regions_of
from customers.addresses.spelling import plain

# What the given country weighs against what the text says by itself.
_HINT: Final = 3.0
_SCRIPTS: Final = {
    "HIRAGANA": ("JP",), "KATAKANA": ("JP",), "HANGUL": ("KR",), "HEBREW": ("IL",), "THAI": ("TH",),
    "GEORGIAN": ("GE",), "ARMENIAN": ("AM",), "GREEK": ("GR", "CY"), "DEVANAGARI": ("IN", "NP"), "BENGALI": ("BD",
        "IN"),
    "TAMIL": ("IN", "LK"), "TELUGU": ("IN",), "GUJARATI": ("IN",), "KHMER": ("KH",), "LAO": ("LA",),
    "MYANMAR": ("MM",), "ETHIOPIC": ("ET",), "SINHALA": ("LK",),
    "CYRILLIC": ("RU", "UA", "BY", "KZ", "BG", "RS", "KG", "MN", "MK", "UZ", "TJ", "MD", "TM"),
    "ARABIC": ("SA", "AE", "EG", "JO", "LB", "KW", "QA", "BH", "OM", "IQ", "SY", "PS", "MA", "DZ", "TN", "LY", "YE",
        "IR"),
    "CJK": ("CN", "JP", "TW", "HK", "MO"),
}  # fmt: skip
_LETTERS: Final = {
    "UA": "іїєґ", "BY": "ўі", "KZ": "әғқңұһі", "RU": "ыэё", "MN": "өү", "RS": "ђћџљњј", "MK": "ѓќѕј", "IR": "پچژگ",
    "PL": "łśźżąęćń", "DE": "ß", "TR": "ışğ", "RO": "țș", "HU": "őű", "CZ": "řůě", "SK": "ľĺŕ",
        "VN": "đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "ES": "ñ", "BR": "ãõ", "PT": "ãõ", "LV": "āēīķļņģ", "LT": "ėųį", "IS": "þð", "AZ": "ə", "EE": "õ", "DK": "øæ",
        "NO": "øæ",
}  # fmt: skip
_KANA: Final = frozenset({"HIRAGANA", "KATAKANA"})
# (pattern, points, countries); upper case text, so that "1234 ab" of a street counts less.
_CODES: Final = tuple(
    (re.compile(pattern), points, countries.split())
    for pattern, points, countries in (
        (r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2}\b", 5, "GB"),
        (r"\b[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d\b", 5, "CA"),
        (r"\b[ACDEFHKNPRTVWXY]\d[\dW] ?[\dA-Z]{4}\b", 3.5, "IE"),
        (r"(?<![\d-])[1-9]\d{3} ?(?!N[EW]\b|S[EW]\b)[A-Z]{2}(?=,? [^\W\d]|$)", 3.5, "NL"),
        (r"(?<![\d-])\d{4}-\d{3}(?![\d-])", 4, "PT"),
        (r"(?<![\d-])\d{3}-\d{4}(?![\d-])", 3, "JP"),
        (r"〒", 6, "JP"),
        (r"(?<![\d-])\d{5}-\d{3}(?![\d-])", 5, "BR"),
        (r"(?<![\d-])\d{2}\.\d{3}-\d{3}(?![\d-])", 5, "BR"),
        (r"(?<![\d-])\d{2}-\d{3}(?![\d-])(?=,? [^\W\d])", 4, "PL"),
        (r"(?<![\d-])\d{5}-\d{4}(?![\d-])", 3, "US"),
        (r"(?<![\d-])\d{3} \d{2}(?![\d-])(?=,? [^\W\d]|$)", 2.5, "CZ SE SK GR"),
        (r"\b[A-HJ-NP-Z]\d{4}[A-Z]{3}\b", 5, "AR"),
        (r"\bLV-\d{4}\b", 6, "LV"), (r"\bLT-\d{5}\b", 6, "LT"), (r"\bMD-?\d{4}\b", 6, "MD"),
        (r"\bAZ ?\d{4}\b", 6, "AZ"),
        (r"\bSI-\d{4}\b", 6, "SI"), (r"\bHR-\d{5}\b", 6, "HR"), (r"\bD-\d{5}\b", 6, "DE"), (r"\bA-\d{4}\b", 6, "AT"),
        (r"\bCH-\d{4}\b", 6, "CH"), (r"\bF-\d{5}\b", 6, "FR"), (r"\bB-\d{4}\b", 6, "BE"), (r"\bL-\d{4}\b", 6, "LU"),
        (r"\bI-\d{5}\b", 6, "IT"), (r"\bE-\d{5}\b", 6, "ES"), (r"\bFL-94\d\d\b", 6, "LI"), (r"\bAD[1-7]00\b", 6, "AD"),
        (r"\bN-\d{4}\b", 6, "NO"), (r"\bDK-\d{4}\b", 6, "DK"), (r"\bSE?-\d{3} ?\d{2}\b", 6, "SE"),
        (r"\bFI-\d{5}\b", 6, "FI"),
        (r"\bAX-\d{5}\b", 6, "AX"), (r"\bKY\d-\d{4}\b", 6, "KY"), (r"\bBB\d{5}\b", 6, "BB"), (r"\bIS-\d{3}\b", 6, "IS"),
        (r"\b(?:VLT|SLM|BKR|MST|GZR|STJ|[A-Z]{3}) ?\d{4}\b(?=,? MALTA|$)", 2, "MT"), (r"\bDE-\d{5}\b", 6, "DE"),
        (r"\bCDMX\b", 4, "MX"), (r"\bC\.?P\.? ?\d{5}\b", 3, "MX ES"), (r"\bCEP\b", 4, "BR"),
        (r"\bDUBLIN \d{1,2}\b", 4, "IE"),
        (r"\b\d{2,3}-\d{2,3}-\d{4}\b", 0, "US"), (r"\bBT\d", 1, "GB"), (r"\bP\.?O\.? BOX\b", 1, "AE KE SA TZ UG"),
        (r"(?<![\d-])\d{5}(?![\d-])(?=,? [^\W\d])", 1, "DE FR ES IT TR MX FI EE HR RS MA DZ TH ID"),
        (r"(?<![\d-])\d{5}(?![\d-])\W*$", 1, "US UA KR TR MY TH ID SA"),
        (r"(?<![\d-])\d{4}(?![\d-])(?=,? [^\W\d])", 1, "AT CH BE DK NO HU BG LU SI GE TN CY AR PH"),
        (r"(?<![\d-])\d{4}(?![\d-])\W*$", 1, "AU NZ ZA BD"),
        (r"(?<![\d-])\d{3} ?\d{3}(?![\d-])", 1, "IN CN SG RO RU BY KZ KG UZ VN CO"),
        (r"(?<!\d)\d{6}(?!\d)", 0.5, "RU"), (r"(?<!\d)0[0-9]{5}(?!\d)", 2, "KZ"),
        (r"(?<!\d)2[123]\d{4}(?!\d)", 1, "BY"),
        (r"(?<!\d)\d{7}(?!\d)", 2, "IL CL"),
        (r"\bVIA\b.*\d{5}", 1, "IT"),
    )
)  # fmt: skip
_FEDERATIONS: Final = "US CA AU IN BR MX AE CN JP KR TR MY RU UA ES IT AR CO CL ID NG TW TH VN HK EG PH IE".split()
_STATE_AND_ZIP: Final = re.compile(r"\b([A-Z]{2})\.?,? (\d{5})(?:-\d{4})?\b")
_STATE_AND_CODE: Final = re.compile(r"\b(NSW|VIC|QLD|WA|SA|TAS|ACT|NT) (\d{4})\b")
_BOX: Final = re.compile(r"(?i)p\.?\s?o\.?\s?box|post(?:al)? box|ص\.?ب")
_CANTON: Final = re.compile(
    r"\b\d{4} [^\W\d]{3,}[^,\n\d]*? (?:ZH|BE|LU|UR|SZ|OW|NW|GL|ZG|FR|SO|BS|BL|SH|AR|AI|SG|GR|AG|TG|TI|VD|VS|NE|GE|JU)\b"
)
_CITY_STATE: Final = re.compile(r"\b[^\W\d]{3,} ?[-/] ?([A-Z]{2})\b")


def take_country(text: str, hint: str) -> tuple[str, str]:
    """(code, the text without the country's name) where the text begins or ends with one; else ("", text)."""
    parts = [part.strip() for part in re.split(r"[,\n]", text)]
    parts = [part for part in parts if part]
    if len(parts) == 1 and len(parts[0]) > 2 and (code := find_country(parts[0])):
        return code, ""
    if len(parts) > 1:
        if code := _whole(parts[-1], ", ".join(parts[:-1]), hint):
            return code, ", ".join(parts[:-1])
        if code := _whole(parts[0], "", hint, is_first=True):
            return code, ", ".join(parts[1:])
    if len(parts) > 2 and re.fullmatch(r"\d{5,6}", parts[0]) and (code := _whole(parts[1], "", hint, is_first=True)):
        return code, ", ".join([parts[0], *parts[2:]])
    if len(parts) > 2 and _BOX.match(parts[-1]) and (code := _whole(parts[-2], ", ".join(parts[:-2]), hint)):
        return code, ", ".join([*parts[:-2], parts[-1]])
    for count in (4, 3, 2, 1):
        words = parts[-1].split(" ") if parts else []
        if len(words) > count and (code := _tail(words[-count:], words[-count - 1], text)):
            parts[-1] = " ".join(words[:-count])
            return code, ", ".join(parts)
    return "", text


def _whole(part: str, before: str, hint: str, *, is_first: bool = False) -> str:
    if re.fullmatch(r"[A-Z]{2}", part) and is_country(part) and not is_first:
        is_state = any(find_region(code, part) for code in {"US", hint, "CA", "AU", "BR", "IT"} if code)
        return part if not is_state or _has_code(before, part) else ""
    code = find_country(part) if len(part) > 1 or not is_first else ""
    if code == "GE" and (hint == "US" or _STATE_AND_ZIP.search(before) or _is_us(before)):
        return ""
    return code


def _is_us(before: str) -> bool:
    return "US" in countries_of_city(before.rpartition(",")[2])


def _has_code(text: str, country: str) -> bool:
    pattern = fields_for(country).postal_pattern
    return bool(pattern) and bool(re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", text.upper()))


def _tail(words: list[str], before: str, text: str) -> str:
    """A country's name as last words of a longer piece: "SW1A 2AA UK", but neither "New Mexico" nor "Via Italia"."""
    name = " ".join(words)
    if len(name) < 4 and name not in {"UK", "USA", "UAE", "РФ", "GB"}:
        return ""
    code = find_country(name)
    is_safe = code and plain(before) not in {"new", "via", "rue", "calle", "northern", "ул", "corso", "de", "of", "the"}
    if not is_safe or find_region("US", name) or not re.search(r"\d", text) or code in CITY_STATES:
        return ""
    return code if before[-1:].isdigit() or countries_of_city(before) or _has_code(text, code) else ""


def guess_country(text: str, hint: str) -> str:
    """The country the text's own marks speak for most, the hint weighed in; "" when nothing speaks for any."""
    points: dict[str, float] = defaultdict(float)
    if hint:
        points[hint] += _HINT
    _add_scripts(points, text)
    _add_codes(points, text)
    _add_places(points, text)
    for country, more in countries_of_street(text).items():
        points[country] += more
    best = max(points.values(), default=0)
    if best <= 0:
        return ""
    return hint if points.get(hint) == best else max(points, key=lambda code: points[code])


def scripts_of(text: str) -> Counter[str]:
    """How many letters of each script the text has, by the first word of the letters' Unicode names."""
    return Counter(unicodedata.name(letter, "?").split()[0].split("-")[0] for letter in text if letter.isalpha())


def _add_scripts(points: dict[str, float], text: str) -> None:
    scripts = scripts_of(text)
    for script, countries in _SCRIPTS.items():
        if scripts[script] > 1 or (scripts[script] and script in _KANA):
            weight = 6.0 if len(countries) < 3 else 4.5
            for index, country in enumerate(countries):
                points[country] += weight - (0.3 if index else 0)
    lowered = text.casefold()
    for country, letters in _LETTERS.items():
        count = sum(lowered.count(letter) for letter in letters)
        points[country] += min(count, 3) * 0.6 if count else 0
    if scripts["CJK"] > 1 and not scripts["HIRAGANA"] and not scripts["KATAKANA"]:
        for country in ("JP", "TW", "CN", "HK"):
            points[country] += 4.5 if _has_region(text, country) else 0
        points["HK"] += 7 if re.search("香港|九龍|新界", text) else 0
        points["MO"] += 4 if "澳門" in text else 0


def _has_region(text: str, country: str) -> bool:
    names = [one.value for one in regions_of(country)]
    short = [name.rstrip("省市縣") for name in names if country == "CN"]
    return any(name and name in text.replace("臺", "台") for name in names + short)


def _add_codes(points: dict[str, float], text: str) -> None:
    upper = text.upper()
    for pattern, weight, countries in _CODES:
        if pattern.search(upper):
            for country in countries:
                points[country] += weight
    found = _STATE_AND_ZIP.search(text)
    if found and find_region("US", found[1]):
        points["US"] += 5
    if _STATE_AND_CODE.search(text):
        points["AU"] += 6
    if _CANTON.search(text):
        points["CH"] += 4
    found = _CITY_STATE.search(text)
    if found and find_region("BR", found[1]):
        points["BR"] += 2


def _add_places(points: dict[str, float], text: str) -> None:
    cities: Counter[str] = Counter()
    for part in re.split(r"[,\n/()]", text):
        words = re.sub(r"\S*\d\S*", " ", part).split()
        name = " ".join(words)
        if not name:
            continue
        for country in countries_of_city(name) or _cities_inside(words):
            cities[country] = max(cities[country], 3)
        for country in _FEDERATIONS:
            if len(name) > 3 and find_region(country, name):
                points[country] += 2
    for country, more in cities.items():
        points[country] += more


def _cities_inside(words: list[str]) -> set[str]:
    found: set[str] = set()
    for count in (3, 2, 1):
        for piece in (" ".join(words[-count:]), " ".join(words[:count])):
            found |= countries_of_city(piece) if len(piece) > 3 or not piece.isascii() else set()
    return found
