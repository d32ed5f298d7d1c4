"""The workspace settings of accounts: when the shop is open."""

from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError

from accounts.settings_registry import SettingKey, text
from core.opening_hours import OpeningHours, make_hours, read_days, read_spans

SECTION = "Business hours"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ALWAYS = "00:00-24:00"
LONGEST_SPANS, LONGEST_HOLIDAYS = 100, 5000  # characters


def _zone_field() -> forms.Field:
    # "Factory" and "localtime" stand in the list of zones and name none.
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return forms.ChoiceField(choices=[(name, name.replace("_", " ")) for name in names])


def _days_field() -> forms.Field:
    field = forms.CharField(max_length=LONGEST_HOLIDAYS, widget=forms.Textarea(attrs={"rows": 3}))
    field.validators.append(_checked(read_days))
    return field


def _checked(read: Callable[[str], object]) -> Callable[[str], None]:
    """A validator that says what the reader says."""

    def validate(words: str) -> None:
        try:
            read(words)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    return validate


ZONE = SettingKey(
    key="hours.zone",
    section=SECTION,
    label="Time zone of the shop",
    default="UTC",
    make_field=_zone_field,
    help_text="Reports measure answers in business time: the hours below, in this time zone.",
)
WEEK: tuple[SettingKey[str], ...] = tuple(
    SettingKey(
        key=f"hours.{day.lower()}",
        section=SECTION,
        label=day,
        default=ALWAYS,
        make_field=text(LONGEST_SPANS, [_checked(read_spans)]),
        help_text="" if number else "As in 09:00-17:30, or 09:00-12:30, 13:30-18:00, or closed. Empty is all day.",
    )
    for number, day in enumerate(DAYS)
)
HOLIDAYS = SettingKey(
    key="hours.holidays",
    section=SECTION,
    label="Holidays",
    default="",
    make_field=_days_field,
    help_text="One a line, as in 2026-12-25 Christmas. The shop is closed on these days.",
)

SETTINGS: tuple[SettingKey[Any], ...] = (ZONE, *WEEK, HOLIDAYS)


def hours_of(values: Mapping[str, Any]) -> OpeningHours:
    """The opening hours among a workspace's settings."""
    return make_hours(
        values[ZONE.key], {number: values[day.key] for number, day in enumerate(WEEK)}, values[HOLIDAYS.key]
    )
