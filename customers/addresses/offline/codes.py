"""Finds the postal code in a text, by the country's pattern and by where its people put it."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from customers.addresses.checking import normalize_postal_code
from customers.addresses.layouts import fields_for, format_of
from customers.addresses.offline.cities import city_at_end
from customers.addresses.regions import data_of

_LABEL: Final = (
    r"(?:〒|(?:p\.?l\.?z\.?|cep|c\.?p\.?|cap|zip(?: code)?|postal code|postcode|pin(?:code)?(?: code)?|индекс|"
    r"інд|pc|posta kodu|"
    r"מיקוד|الرمز البريدي|ص\.ب|우편번호|우|邮编|邮政编码|郵遞區號)(?![^\W\d_]))[.:：\s-]*"
)
_PREFIX: Final = {"DE": "D|DE", "AT": "A", "CH": "CH", "FR": "F|FR", "BE": "B", "LU": "L", "IT": "I|IT",
    "ES": "E|ES", "NL": "NL",
                  "SE": "SE?|S", "NO": "NO?", "DK": "DK?", "PL": "PL", "CZ": "CZ", "SK": "SK", "HU": "H|HU",
                      "RO": "RO", "BG": "BG",
                  "HR": "HR", "SI": "SI", "EE": "EE", "PT": "PT?",
                  "GR": "GR|TK|T\\.K\\.|Τ\\.Κ\\.|ΤΚ", "MX": "MX"}  # fmt: skip
# Patterns that are looser in letters than in the library's data.
_LOOSE: Final = {
    "BR": r"\d{5}-?\d{3}|\d{2}\.\d{3}-\d{3}",
    "JP": r"\d{3}-\d{4}|(?<=〒)\d{7}|\d{7}",
    "IL": r"\d{7}|\d{5}",
    "IN": r"\d{3} ?\d{3}",
    "PE": r"(?:LIMA|CALLAO) ?\d{1,2}(?!\d)|\d{5}",
    "IE": r"(?:[AC-FHKNPRTV-Y]\d{2}|D6W) ?[0-9AC-FHKNPRTV-Y]{4}",
    "TW": r"\d{6}|\d{5}|\d{3}",
    "KR": r"\d{5}|\d{3}-\d{3}",
    "SG": r"\d{6}",
    "CN": r"\d{6}",
    "AR": r"[A-HJ-NP-Z]\d{4}[A-Z]{3}|[A-HJ-NP-Z]?\d{4}",
    "BH": r"\d{3,4}",
    "IR": r"\d{5}-?\d{5}",
    "SA": r"\d{5}(?:-\d{4})?",
    "CR": r"\d{5}",
    "NL": r"[1-9]\d{3} ?[A-Z]{2}",
    "PL": r"\d{2}-\d{3}|\d{5}",
    "RS": r"\d{5}",
    "LV": r"LV-? ?\d{4}|(?<!\d)\d{4}",
    "MT": r"[A-Z]{3} ?\d{2,4}",
    "BB": r"BB ?\d{5}",
}


@dataclass(frozen=True)
class Found:
    """A code as the country writes it, and the text before and behind it."""

    code: str
    before: str
    after: str
    is_labelled: bool = False


@cache
def is_before_city(country: str) -> bool:
    """Whether the country's mail has the code in front of the city."""
    if country == "HU":
        return True  # an envelope has it last, a sentence first
    order = format_of(country, latin=True)
    return 0 <= order.find("%Z") < order.find("%C")


def find_code(text: str, country: str) -> Found | None:
    """The last code of the text that is no house number; None where the country has none or the text shows none."""
    pattern = _pattern(country)
    if pattern is None:
        return None
    candidates = [_Candidate(one) for one in pattern.finditer(text)]
    labelled = [one for one in candidates if one.match["label"] or one.match["prefix"]]
    fitting = labelled or [one for one in candidates if not _is_number_of_house(one.match, text, country)]
    if not fitting:
        return None
    match = fitting[-1].match
    code = normalize_postal_code(country, match["code"].upper().replace(".", ""))
    return Found(_full(country, code), text[: match.start()], text[match.end() :], bool(labelled))


@dataclass(frozen=True)
class _Candidate:
    match: re.Match[str]


@cache
def _pattern(country: str) -> re.Pattern[str] | None:
    own = _LOOSE.get(country) or fields_for(country).postal_pattern
    if not own:
        return None
    own = re.sub(r"\((?!\?)", "(?:", own).replace("(?:^|\\b)", "").replace("(?:$|\\b)", "")
    prefix = "|".join(
        filter(None, [_PREFIX.get(country, ""), re.escape(str(data_of(country).get("postprefix", "")).strip(" -"))])
    )
    prefix = rf"(?P<prefix>(?<![\w-])(?:{prefix})[- ]{{0,1}}(?=\d))?" if prefix else "(?P<prefix>(?!))?"
    # Letters of codes are capitals or they are words: "1234 ab", "5 am".
    return re.compile(
        rf"(?P<label>(?i:{_LABEL}))?{prefix}(?(label)|(?(prefix)|(?<![\w/.#№-])))(?P<code>{own})(?![\w/]|-\d|\.\d)"
    )


def _full(country: str, code: str) -> str:
    return f"LV-{code[-4:]}" if country == "LV" else code


def _is_number_of_house(match: re.Match[str], text: str, country: str) -> bool:
    """A bare number that opens an address of a country whose codes stand at the end, or stands right behind a "
    "street."""
    if not re.fullmatch(r"\d+", match["code"]):
        return False
    before, after = text[: match.start()].strip(" ,"), text[match.end() :].strip()
    starts = not before and bool(re.match(r"[^\W\d_]", after)) and not is_before_city(country)
    if starts and country in {"RU", "UA", "BY", "KZ", "CN", "JP", "KR", "TW", "UZ", "KG", "TJ", "MN", "IR", "KP"}:
        return False
    if starts:
        return True
    if re.search(
        r"(?i:p\.?o\.? ?box|postfach|apartado|casilla|boîte postale|b\.?p\.?|ص\.ب|а/я|postbus|box|no\.?|km|№)\s*$",
        before,
    ):
        return True
    # In countries with the code first, a number at the very end with letters before is the house's.
    ends = not after and is_before_city(country) and bool(re.search(r"[^\W\d_]\.?$", before))
    ends = ends and not city_at_end(re.split(r"[,\n]", before)[-1].strip(), country)
    return ends and len(match["code"]) < 5 and not re.search(r",\s*$", text[: match.start()])
