"""The columns a file of customers can have; what an import knows is called as there, so that it reads it again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from customers.field_tests import PREFIX
from customers.filters import export_cells as cells
from customers.filters.export_cells import Write
from customers.kinds import FieldTarget
from customers.legal.kinds import Kind
from customers.models import CustomField


class Part(Enum):
    """Rows that are read beside the customers, for all columns that show them at once."""

    CONTACTS = "contacts"
    TAGS = "tags"
    ADDRESSES = "addresses"
    VALUES = "values"


@dataclass(frozen=True)
class ExportColumn:
    """`name` is the heading in the file. `reads` are columns of the customer, of rows joined to it, or of the `part`:
    rows that are read beside it.
    """

    name: str
    label: str
    group: str
    write: Write
    reads: tuple[str, ...] = ()
    part: Part | None = None
    field: CustomField | None = None


def _own(group: str, labels: Mapping[str, str]) -> Iterator[ExportColumn]:
    return (_plain(name, label, group, name) for name, label in labels.items())


def _plain(name: str, label: str, group: str, read: str) -> ExportColumn:
    return ExportColumn(name, label, group, cells.plain(read), (read,))


def _partner(group: str, partner: str, labels: Mapping[str, str], *, prefix: str = "") -> Iterator[ExportColumn]:
    """Columns of the partner's row, each called by `prefix` and the name that it has there."""
    return (_plain(f"{prefix}{name}", label, group, f"{partner}__{name}") for name, label in labels.items())


def _address(labels: Mapping[str, str]) -> Iterator[ExportColumn]:
    for name, label in labels.items():
        yield _of_address(name, label, name)


def _of_address(name: str, label: str, read: str) -> ExportColumn:
    return ExportColumn(name, label, ADDRESS, cells.of_address(read), (read,), Part.ADDRESSES)


def _contacts(name: str, label: str, write: Write) -> ExportColumn:
    return ExportColumn(name, label, CONTACTS, write, part=Part.CONTACTS)


WHO, CONTACTS, ADDRESS, MONEY, SOURCE, LEGAL, FIELDS = (
    *("Who", "Reached by", "Address for delivery", "Orders and discount", "Came from", "Legal details"),
    "Custom fields",
)
ABBREVIATED = {"inn", "kpp", "ogrn", "ogrnip", "okpo", "vat", "bik", "iban", "bic"}


def _legal_labels() -> Mapping[str, str]:
    return {kind: kind.upper() if kind in ABBREVIATED else kind.replace("_", " ").capitalize() for kind in Kind}


OWN: Mapping[str, ExportColumn] = {
    column.name: column
    for column in (
        *_own(
            WHO,
            {
                "number": "Number",
                "reference": "External number",
                "first_name": "First name",
                "middle_name": "Middle name",
            },
        ),
        *_own(WHO, {"last_name": "Last name", "birthday": "Birthday", "sex": "Sex", "supposed_sex": "Supposed sex"}),
        *_own(
            WHO,
            {
                "language": "Language",
                "location": "Location",
                "time_zone": "Time zone",
                "is_vip": "VIP",
                "is_bad": "BAD",
            },
        ),
        *_own(WHO, {"preferred_channel": "Preferred channel", "created_at": "Registered", "origin": "Made by"}),
        _plain("manager", "Manager's e-mail", WHO, "manager__user__email"),
        ExportColumn("store", "Store", WHO, cells.store, ("store_number",)),
        ExportColumn("tags", "Tags", WHO, cells.tags, part=Part.TAGS),
        _plain("note", "Note", WHO, "note_row__text"),
        _plain("last_seen", "Last seen", WHO, "presence_row__last_seen_at"),
        _contacts("email", "E-mails", cells.emails),
        _contacts("phone", "Phones", cells.phones),
        _contacts("twitter", "Twitter", cells.twitter),
        _contacts("handles", "Other handles", cells.handles),
        _contacts("subscription", "Subscription", cells.subscription),
        _of_address("address", "In one line", "text"),
        *_address(
            {
                "country": "Country",
                "region": "Region",
                "city": "City",
                "district": "District",
                "postal_code": "Postal code",
            }
        ),
        *_address(
            {"street": "Street", "house": "House", "building": "Building", "housing": "Housing", "entrance": "Entrance"}
        ),
        *_address(
            {
                "floor": "Floor",
                "flat": "Flat",
                "metro": "Metro",
                "company": "Company",
                "courier_notes": "Notes for the courier",
            }
        ),
        *_partner(MONEY, "totals_row", {"orders": "Orders"}),
        ExportColumn("spent", "Spent", MONEY, cells.spent, ("totals_row__spent", "totals_row__currency")),
        *_partner(MONEY, "totals_row", {"currency": "Currency"}),
        *_own(MONEY, {"personal_discount": "Personal discount", "cumulative_discount": "Cumulative discount"}),
        *_own(MONEY, {"discount_card": "Discount card"}),
        *_partner(
            SOURCE, "source_row", {"source": "Source", "medium": "Medium", "campaign": "Campaign", "keyword": "Keyword"}
        ),
        *_partner(SOURCE, "source_row", {"content": "Content", "landing_page": "Landing page", "referrer": "Referrer"}),
        *_partner(LEGAL, "legal_row", {"contractor_type": "Contractor type"}),
        *_partner(LEGAL, "legal_row", {"country": "Country of the details"}, prefix="legal_"),
        *_partner(LEGAL, "legal_row", _legal_labels()),
    )
}
# What an import reads, beside the custom fields.
USUAL = (
    *("reference", "first_name", "middle_name", "last_name", "birthday", "sex", "email", "phone"),
    *("street", "city", "region", "postal_code", "country", "company", "note", "twitter"),
)


def read_export_columns() -> dict[str, ExportColumn]:
    """Every column by its name, in the order of the file. A custom field whose code another column has gets a mark."""
    found = dict(OWN)
    for field in CustomField.objects.of(FieldTarget.CUSTOMER).active():
        name = f"{PREFIX}{field.code}" if field.code in OWN else field.code
        found[name] = ExportColumn(name, field.name, FIELDS, cells.custom(field), part=Part.VALUES, field=field)
    return found


def usual_columns(known: Mapping[str, ExportColumn]) -> list[str]:
    """Those of a file that is to be imported elsewhere."""
    return [name for name, column in known.items() if name in USUAL or column.field]


def grouped(columns: Iterable[ExportColumn]) -> dict[str, list[ExportColumn]]:
    """By group, in their order."""
    groups: dict[str, list[ExportColumn]] = {}
    for column in columns:
        groups.setdefault(column.group, []).append(column)
    return groups
