"""Filters that show moments: how long ago, exactly when, and what the clock says somewhere else."""

from datetime import datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core import clock

register = template.Library()

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
# A page shows a hundred moments; Django's own formats take four times as long.
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS_SHORT, _MONTHS_SHORT = [name[:3] for name in _DAYS], [name[:3] for name in _MONTHS]


@register.filter(expects_localtime=False)
def ago(moment: datetime | None) -> SafeString | str:
    """A `<time>` that says how long ago, with the exact time of the reader's zone on hover; "" for None.

    Younger than a day it is an age ("5m", kept fresh by `ago.js`), then a weekday, then a date.
    """
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    return _time_element(moment, here, shown=_short(moment, here), fresh=True)


@register.filter(expects_localtime=False)
def exact(moment: datetime | None) -> SafeString | str:
    """A `<time>` with date and time in the reader's zone; "" for None."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    return _time_element(moment, here, shown=_long(here), fresh=False)


@register.filter(expects_localtime=False)
def local(moment: datetime | None) -> SafeString | str:
    """A `<time>` with weekday, time and offset in the zone the moment itself carries: a customer's clock stays theirs.

    Kept going by `clock.js`; "" for None.
    """
    if moment is None:
        return ""
    shown = f"{_DAYS_SHORT[moment.weekday()]} {moment:%H:%M}"
    return format_html(
        '<time datetime="{}" data-clock="{}">{} <span class="soft">{}</span></time>',
        moment.isoformat(),
        getattr(moment.tzinfo, "key", ""),
        shown,
        offset(moment),
    )


def offset(moment: datetime) -> str:
    """The zone of the moment as "UTC+2" or "UTC−3:30"; "" for times without a zone."""
    delta = moment.utcoffset()
    if delta is None:
        return ""
    minutes = round(delta.total_seconds() / _MINUTE)
    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


@register.filter(expects_localtime=False)
def day(moment: datetime | None) -> str:
    """The day in the reader's zone in words: "Today", "Yesterday", "Tuesday, March 12"; "" for None."""
    if moment is None:
        return ""
    here = timezone.localtime(moment)
    today = timezone.localtime(clock.now())
    distance = (today.date() - here.date()).days
    if distance in (0, 1):
        return ("Today", "Yesterday")[distance]
    words = f"{_DAYS[here.weekday()]}, {_MONTHS[here.month - 1]} {here.day}"
    return words if here.year == today.year else f"{words}, {here.year}"


@register.filter(expects_localtime=False)
def until(moment: datetime | None) -> SafeString | str:
    """A `<time>` for a moment to come, in the reader's zone: "15:30", "tomorrow 9:00", "Tue 9:00", "Mar 12, 9:00"."""
    if moment is None:
        return ""
    here, today = timezone.localtime(moment), timezone.localtime(clock.now())
    days = (here.date() - today.date()).days
    hour = f"{here.hour}:{here:%M}"
    if days in (0, 1):
        shown = hour if days == 0 else f"tomorrow {hour}"
    elif 1 < days < 7:
        shown = f"{_DAYS_SHORT[here.weekday()]} {hour}"
    else:
        shown = f"{_date(here, today.year)}, {hour}"
    return _time_element(moment, here, shown=shown, fresh=False)


@register.filter
def moment(text: str) -> datetime | None:
    """The moment that stands in an event's data, as ISO 8601 with its offset; None for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None


def _time_element(moment: datetime, here: datetime, *, shown: str, fresh: bool) -> SafeString:
    mark = " data-ago" if fresh else ""
    # Safe: numbers and our own words.
    return SafeString(f'<time datetime="{moment.isoformat()}" title="{_long(here)}"{mark}>{shown}</time>')


def _short(moment: datetime, here: datetime) -> str:
    now = clock.now()
    age = (now - moment).total_seconds()
    if -_MINUTE < age < _MINUTE:
        return "now"
    if 0 <= age < _HOUR:
        return f"{int(age // _MINUTE)}m"
    if 0 <= age < _DAY:
        return f"{int(age // _HOUR)}h"
    if 0 <= age < 6 * _DAY:
        return _DAYS_SHORT[here.weekday()]
    return _date(here, timezone.localtime(now).year)


def _date(here: datetime, year: int) -> str:
    """The year is said only where it is another."""
    words = f"{_MONTHS_SHORT[here.month - 1]} {here.day}"
    return words if here.year == year else f"{words}, {here.year}"


def _long(here: datetime) -> str:
    words = f"{_DAYS_SHORT[here.weekday()]} {_MONTHS_SHORT[here.month - 1]} {here.day}, {here.year}"
    return f"{words}, {here.hour:02}:{here.minute:02}"
