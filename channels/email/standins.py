"""What there is to read in a mail without a text of its own: its invitation, or the letter it passes on."""

from __future__ import annotations

from channels.email.bodies import CALENDARS, Bodies, read_bodies
from channels.email.calendar import read_invitation
from channels.email.mime import take_apart
from channels.email.parts import Part
from core.html import html_to_text

_MESSAGES = ("message/rfc822", "message/global")
_SHOWN = ("From", "Date", "Subject", "To")
_MOST = 5


def stand_in(bodies: Bodies) -> str:
    """Return a text for a mail that has none, "" when there is nothing to say; its files stay files."""
    for part in bodies.files:
        if part.content_type in CALENDARS and (text := read_invitation(part.text)):
            return text
    messages = [part for part in bodies.files if part.content_type in _MESSAGES][:_MOST]
    return "\n\n".join(filter(None, map(_passed_on, messages)))


def _passed_on(part: Part) -> str:
    """A letter inside, with the fields a reader looks for."""
    mail = take_apart(part.content.lstrip())
    fields = [f"{name}: {mail.headers.text(name)}" for name in _SHOWN if mail.headers.text(name)]
    bodies = read_bodies(mail.parts)
    text = bodies.plain or html_to_text(bodies.html)
    if not fields and not text.strip():
        return ""
    return "\n".join(["Forwarded message", *fields]) + f"\n\n{text.strip()}"
