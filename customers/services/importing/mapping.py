"""Say what each column of a table of customers is: guessed from its name, chosen by a person, remembered for the next
file with the same columns.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

from accounts.models import Membership
from accounts.services.preferring import prefer, read_preferences
from core.text import fold
from customers.kinds import FieldTarget
from customers.models import CustomField

LABELS = {
    "reference": "Reference",
    "first_name": "First name",
    "middle_name": "Middle name",
    "last_name": "Last name",
    "birthday": "Birthday",
    "sex": "Sex",
    "email": "E-mail",
    "phone": "Phone",
    "twitter": "Twitter",
    "street": "Street",
    "city": "City",
    "region": "Region",
    "postal_code": "Postal code",
    "country": "Country",
    "company": "Company",
    "note": "Note",
}
# Any number of columns may be one of these; of anything else there is one.
SEVERAL = frozenset({"email", "phone", "twitter"})
OWN = "field."  # before the code of a custom field
# Other names for the same, as stores, spreadsheets and other helpdesks write them.
_ALSO = {
    "reference": "id external_id customer_id customer_no customer_number external_reference kundennummer kundennr",
    "first_name": "firstname given_name forename vorname prenom nombre имя",
    "middle_name": "middlename patronymic second_name отчество",
    "last_name": "lastname surname family_name nachname nom apellido apellidos фамилия",
    "birthday": "birth_date birthdate date_of_birth dob geburtstag geburtsdatum дата_рождения",
    "sex": "gender geschlecht пол",
    "email": "e_mail email_address e_mail_address mail emails e_mails correo почта",
    "phone": "phone_number telephone tel mobile mobile_phone cell phones telefon telefono телефон "
    "default_address_phone",
    "twitter": "twitter_handle x_handle",
    "street": "address address1 address_1 street_address address_line_1 strasse straße rue улица "
    "default_address_address1",
    "city": "town stadt ort ville ciudad город default_address_city",
    "region": "state province county state_province регион область default_address_province_code",
    "postal_code": "postcode zip zip_code zipcode postal plz индекс default_address_zip",
    "country": "country_code land pays pais страна default_address_country_code",
    "company": "company_name organization firma default_address_company",
    "note": "notes comment comments remark description",
}
_NAMES = {name: target for target, names in _ALSO.items() for name in (target, *names.split())}
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def targets() -> dict[str, str]:
    """What a column may be, by the word that stands in a mapping, with its label; in the order of the page."""
    own = CustomField.objects.of(FieldTarget.CUSTOMER).active()
    return {**LABELS, **{f"{OWN}{field.code}": field.name for field in own}}


def guess_mapping(columns: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """Place of a column -> what its name says it is; `known` are the `targets`. Of two for the same, the first."""
    names = {_word(label): target for target, label in reversed(list(known.items())) if target.startswith(OWN)}
    names |= {_word(target.removeprefix(OWN)): target for target in known if target.startswith(OWN)}
    names |= _NAMES
    # "field.city", where a field's code is the name of a usual column.
    names |= {_word(target): target for target in known if target.startswith(OWN)}
    found: dict[int, str] = {}
    for place, column in enumerate(columns):
        target = names.get(_word(column))
        if target and (target in SEVERAL or target not in found.values()):
            found[place] = target
    return found


def fit_mapping(mapping: Mapping[int, str], columns: Sequence[str], known: Mapping[str, str]) -> dict[int, str]:
    """What of a mapping can hold for these columns: fields may have gone, and of most things there is one."""
    fitted: dict[int, str] = {}
    for place, target in sorted(mapping.items()):
        if target in known and 0 <= place < len(columns) and (target in SEVERAL or target not in fitted.values()):
            fitted[place] = target
    return fitted


def write_mapping(mapping: Mapping[int, str]) -> dict[str, str]:
    """As JSON holds it."""
    return {str(place): target for place, target in mapping.items()}


def read_mapping(stored: Mapping[str, str]) -> dict[int, str]:
    """What `write_mapping` wrote."""
    return {int(place): target for place, target in stored.items()}


def remember_mapping(*, member: Membership, columns: Sequence[str], mapping: Mapping[int, str]) -> None:
    """For this member's next file with the same header."""
    prefer(member=member, key=_key(columns), value=write_mapping(mapping))


def recall_mapping(*, member: Membership, columns: Sequence[str]) -> dict[int, str] | None:
    """What this member chose for the same header before; None when they never did."""
    value = read_preferences(member=member).get(_key(columns))
    return None if value is None else read_mapping(value)


def _key(columns: Sequence[str]) -> str:
    header = "\0".join(fold(column) for column in columns)
    return f"import.{hashlib.sha256(header.encode()).hexdigest()[:40]}"


def _word(name: str) -> str:
    return _BETWEEN_WORDS.sub("_", fold(name)).strip("_")
