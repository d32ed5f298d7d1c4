"""What looks wrong in an address: said in plain sentences beside the field, and never in the way of saving."""

import re
from typing import Final

from customers.addresses.countries import CITY_STATES, country_name
from customers.addresses.kinds import COLUMNS, Address
from customers.addresses.layouts import Layout, fields_for
from customers.addresses.regions import (
    data_of,
    find_region,
    fits_region,
    is_country,
    region_of_postal_code,
)
from customers.addresses.spelling import plain

_LONGEST: Final = 250
# Elsewhere the library lacks regions or codes that exist: those of Crimea, of new provinces.
WHOLE_LISTS: Final = frozenset("US ES JP AU CA TR".split())
# "No number" in the words of countries where houses do without one.
_NO_NUMBER: Final = frozenset("s/n sn s.n. sin numero bb b.b. б/н бб bez numeru w/n snc z.n.".split())


def check(address: Address) -> dict[str, str]:
    """Sentences by column; empty when nothing is wrong. All are warnings: people live at addresses no rule knows."""
    if not address.country:
        return {"country": "Choose a country: its rules say what else is needed."}
    if not is_country(address.country):
        return {"country": f"{address.country[:20]} is not the code of a country."}
    layout = fields_for(address.country)
    found = _missing(address, layout)
    found |= _wrong_region(address, layout)
    found |= _wrong_postal_code(address, layout)
    if address.house and not re.search(r"\d", address.house) and plain(address.house) not in _NO_NUMBER:
        found.setdefault("house", "A house number has a digit in it.")
    found |= {column: _TOO_LONG for column in COLUMNS if len(getattr(address, column)) > _LONGEST}
    return found


_TOO_LONG: Final = f"This is longer than {_LONGEST} characters: no label has room for it."


def normalize_postal_code(country: str, typed: str) -> str:
    """The code as the country's mail writes it: capitals, ASCII digits, the country's blank or dash, no "CH-" before.

    A code that fits no pattern is only trimmed.
    """
    code = " ".join(typed.upper().split())
    prefix = str(data_of(country).get("postprefix", "")).strip()
    if prefix and code.startswith(prefix) and any(letter.isdigit() for letter in code[len(prefix) :]):
        code = code[len(prefix) :].strip(" -")
    return _spaced(country, code)


def fits_pattern(country: str, code: str) -> bool:
    """Whether a normalized code looks like one of the country; always where nothing is known of them."""
    pattern = fields_for(country).postal_pattern
    return not pattern or bool(re.fullmatch(pattern, code))


def _spaced(country: str, code: str) -> str:
    """Put blank and dash where the country's examples have them, if the code then fits."""
    if re.search(r"[\s-]", code) and fits_pattern(country, code):
        return code
    bare = re.sub(r"[\s-]", "", code)
    for example in fields_for(country).postal_examples:
        if len(re.sub(r"[\s-]", "", example)) == len(bare):
            letters = iter(bare)
            spaced = "".join(one if one in " -" else next(letters) for one in example)
            if fits_pattern(country, spaced):
                return spaced
    return bare if bare != code and fits_pattern(country, bare) and not fits_pattern(country, code) else code


def _missing(address: Address, layout: Layout) -> dict[str, str]:
    missing = [column for column in layout.required if not getattr(address, column).strip()]
    if "region" in missing and find_region(address.country, address.city):
        missing.remove("region")  # a city that is a region of its own: Москва, 北京市, Berlin
    if "city" in missing and (address.country in CITY_STATES or "city" not in layout.columns):
        missing.remove("city")
    if "street" in missing and address.house and address.city:
        missing.remove("street")  # villages have numbers and no streets
    name = country_name(address.country)
    return {column: f"{layout.labels[column]} is missing: mail in {name} needs it." for column in missing}


def _wrong_region(address: Address, layout: Layout) -> dict[str, str]:
    if not address.region or not layout.regions or find_region(address.country, address.region):
        return {}
    label = layout.labels["region"].lower()
    return {"region": f"{country_name(address.country)} has no {label} of this name: choose one from the list."}


def _wrong_postal_code(address: Address, layout: Layout) -> dict[str, str]:
    if not address.postal_code:
        return {}
    name, label = country_name(address.country), layout.labels["postal_code"]
    if "postal_code" not in layout.columns:
        return {"postal_code": f"{name} has no postal codes."}
    code = normalize_postal_code(address.country, address.postal_code)
    if not fits_pattern(address.country, code):
        example = f" It looks like {layout.postal_examples[0]}." if layout.postal_examples else ""
        return {"postal_code": f"This is no {label} of {name}.{example}"}
    region = find_region(address.country, address.region) if address.region else None
    if region and not fits_region(region, code):
        return {"postal_code": f"This {label} is not in {region.label}: check both."}
    if not region and _is_nowhere(address.country, code):
        return {"postal_code": f"No region of {name} has a {label} that begins so."}
    return {}


def _is_nowhere(country: str, code: str) -> bool:
    """Whether no region begins like this code, in countries whose list of regions and codes is whole."""
    regions = fields_for(country).regions
    return country in WHOLE_LISTS and not any(one.postal and fits_region(one, code) for one in regions)


def with_region(address: Address) -> str:
    """The region an address must lie in by its postal code, where mail needs one and nobody wrote it; else ""."""
    layout = fields_for(address.country)
    if address.region or "region" not in layout.required or not address.postal_code:
        return address.region
    found = region_of_postal_code(address.country, address.postal_code)
    return found.value if found else ""


def exists(country: str, code: str) -> bool:
    """Whether a postal code has the country's form and begins like one of its regions'."""
    return fits_pattern(country, code) and not _is_nowhere(country, code)
