"""The workspace settings of customers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from accounts.settings_registry import SettingKey, choice, secret, text, whole_number
from core.contacts import is_region
from customers.addresses.geocoding import OFFLINE, geocoder_choices
from customers.addresses.regions import is_country
from customers.presence import Cutoffs


def validate_region(code: str) -> None:
    """Refuse two letters that name no country with phones."""
    if not is_region(code):
        raise ValidationError("Write the country's two letters, such as PT.")


def validate_country(code: str) -> None:
    """Refuse two letters that name no country with addresses."""
    if not is_country(code.upper()):
        raise ValidationError("Write the country's two letters, such as PT.")


def validate_server(url: str) -> None:
    """Refuse what is not the address of a server: no user, no question, no other scheme."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in url:
        raise ValidationError("Write the server's address, such as https://maps.example.com.")


PHONE_REGION = SettingKey(
    key="customers.phone_region",
    section="Customers",
    label="Country of phone numbers",
    default="",
    make_field=text(2, [validate_region]),
    help_text="Two letters such as PT. A number without a country code is read as one of this country.",
)
COUNTRY = SettingKey(
    key="customers.country",
    section="Customers",
    label="Country",
    default="",
    make_field=text(2, [validate_country]),
    help_text="Two letters such as PT. New addresses begin with it; legal details follow its rules where a customer's "
    "delivery address names no other.",
)
SHORT, FULL = "short", "full"
ADDRESS_FORM = SettingKey(
    key="customers.address_form",
    section="Customers",
    label="Form of addresses",
    default=SHORT,
    make_field=choice((SHORT, "One line"), (FULL, "Separate fields")),
    help_text="Which one opens first for a new address. The other is one click away.",
)
GEOCODER = SettingKey(
    key="customers.geocoder",
    section="Addresses",
    label="Who knows addresses",
    default=OFFLINE,
    make_field=choice(*geocoder_choices()),
    help_text="Divides an address into fields, suggests values and finds postal codes. A map service is sent the "
    "addresses that are looked up; where it does not answer, rules divide.",
)
GEOCODER_KEY = SettingKey(
    key="customers.geocoder_key",
    section="Addresses",
    label="Key of the map service",
    default="",
    make_field=secret(200),
    help_text="Yandex and Google want one. It is stored encrypted and never shown again: empty leaves it as it is, "
    "a dash takes it off.",
    is_secret=True,
)
GEOCODER_SERVER = SettingKey(
    key="customers.geocoder_server",
    section="Addresses",
    label="Server of Nominatim",
    default="",
    make_field=text(200, [validate_server]),
    help_text="Your own, such as https://maps.example.com. Empty is OpenStreetMap's public one, for a few questions.",
)
GEOCODER_CONTACT = SettingKey(
    key="customers.geocoder_contact",
    section="Addresses",
    label="Contact for Nominatim",
    default="",
    make_field=text(100, [validate_email]),
    help_text="An e-mail address at which the server's people reach you, as the public one asks for.",
)
EVERYBODY, ADMINS = "everybody", "admins"
MERGED_BY = SettingKey(
    key="customers.merged_by",
    section="Customers",
    label="Who may merge customers",
    default=EVERYBODY,
    make_field=choice((EVERYBODY, "All agents"), (ADMINS, "Admins only")),
    help_text="Only admins split merged customers again.",
)
ACTIVE_SECONDS = SettingKey(
    key="customers.active_seconds",
    section="Customers",
    label="Active on chat for (seconds)",
    default=270,
    make_field=whole_number(30, 3600),
    help_text="How long after the last sign of life the dot stays green. An open chat window sends one every 120 s.",
)
RECENT_MINUTES = SettingKey(
    key="customers.recent_minutes",
    section="Customers",
    label="Seen recently for (minutes)",
    default=30,
    make_field=whole_number(1, 1440),
    help_text="How long the dot stays orange.",
)

SETTINGS: tuple[SettingKey[Any], ...] = (
    COUNTRY,
    ADDRESS_FORM,
    PHONE_REGION,
    ACTIVE_SECONDS,
    RECENT_MINUTES,
    # Beside what stores add about merging.
    MERGED_BY,
    GEOCODER,
    GEOCODER_KEY,
    GEOCODER_SERVER,
    GEOCODER_CONTACT,
)


def cutoffs_of(values: Mapping[str, Any]) -> Cutoffs:
    """The presence cut-offs among a workspace's settings."""
    return Cutoffs(
        active=timedelta(seconds=values[ACTIVE_SECONDS.key]), recent=timedelta(minutes=values[RECENT_MINUTES.key])
    )
