"""Reads an invitation (iCalendar, RFC 5545) as a few lines of text."""

from __future__ import annotations

import re
from datetime import datetime

from channels.email.headers import one_line
from core.text import clean_text

_LONGEST = 500_000
_MOST_LINES = 5_000
_FIELD = re.compile(r"([A-Za-z-]{1,60})((?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(.*)", re.S)
_PARAMETER = re.compile(r";([A-Za-z-]{1,60})=(?:\"([^\"]*)\"|([^;:]*))")
_ESCAPE = re.compile(r"\\([\\;,nN])")
_COMPONENTS = ("VEVENT", "VTODO")
_METHODS = {"CANCEL": "Canceled", "REPLY": "Answer", "COUNTER": "Another time proposed", "PUBLISH": "Event"}
_ANSWERS = {"ACCEPTED": "Accepted", "DECLINED": "Declined", "TENTATIVE": "Perhaps"}

_Field = tuple[dict[str, str], str]


def read_invitation(text: str) -> str:
    """Return what, when, where and who of the first event in an iCalendar text; "" when it has none."""
    method, event = _first_event(text)
    if not event:
        return ""
    heading = _METHODS.get(method, "Invitation")
    if method == "REPLY":
        heading = _ANSWERS.get(event.get("ATTENDEE", ({}, ""))[0].get("PARTSTAT", "").upper(), heading)
    lines = [f"{heading}: {_said(event, 'SUMMARY') or 'no title'}"]
    for label, value in (("When", _when(event)), ("Where", _said(event, "LOCATION")), ("Organizer", _organizer(event))):
        if value:
            lines.append(f"{label}: {value}")
    description = _unescaped(event.get("DESCRIPTION", ({}, ""))[1]).strip()
    return "\n".join(lines) + (f"\n\n{description}" if description else "")


def _first_event(text: str) -> tuple[str, dict[str, _Field]]:
    """Return the method and the fields of the first event, by name in capitals."""
    method, component = "", ""
    event: dict[str, _Field] = {}
    for line in _unfolded(text):
        match = _FIELD.fullmatch(line)
        if match is None:
            continue
        name, value = match[1].upper(), match[3]
        if name == "BEGIN" and not component and value.strip().upper() in _COMPONENTS:
            component = value.strip().upper()
        elif name == "END" and component and value.strip().upper() == component:
            break
        elif name == "METHOD":
            method = value.strip().upper()
        elif component:
            parameters = {one[1].upper(): one[2] or one[3] or "" for one in _PARAMETER.finditer(match[2])}
            event.setdefault(name, (parameters, value))
    return method, event


def _unfolded(text: str) -> list[str]:
    lines: list[str] = []
    for line in clean_text(text[:_LONGEST]).split("\n")[:_MOST_LINES]:
        if line[:1] in (" ", "\t") and lines:
            lines[-1] += line[1:]
        else:
            lines.append(line)
    return lines


def _said(event: dict[str, _Field], name: str) -> str:
    return one_line(_unescaped(event.get(name, ({}, ""))[1]))


def _unescaped(value: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def _organizer(event: dict[str, _Field]) -> str:
    parameters, value = event.get("ORGANIZER", ({}, ""))
    address = re.sub(r"^mailto:", "", value.strip(), flags=re.I)
    name = one_line(parameters.get("CN", ""))
    return f"{name} <{address}>" if name and name != address else address


def _when(event: dict[str, _Field]) -> str:
    parameters, value = event.get("DTSTART") or event.get("DUE") or ({}, "")
    start = _moment(value)
    end = _moment(event.get("DTEND", ({}, ""))[1])
    if start is None:
        return ""
    if "T" not in value.upper():
        return f"{start:%Y-%m-%d}"
    zone = "UTC" if value.strip().upper().endswith("Z") else one_line(parameters.get("TZID", ""))
    until = "" if end is None else f" to {end:%H:%M}" if end.date() == start.date() else f" to {end:%Y-%m-%d %H:%M}"
    return f"{start:%Y-%m-%d %H:%M}{until}" + (f" ({zone})" if zone else "")


def _moment(value: str) -> datetime | None:
    for form in ("%Y%m%dT%H%M%S", "%Y%m%dT%H%M", "%Y%m%d"):
        try:
            return datetime.strptime(value.strip().upper().rstrip("Z"), form)  # noqa: DTZ007 (shown in its own zone)
        except ValueError:
            continue
    return None
