"""Suggest colleagues to mention in an internal note."""

from dataclasses import dataclass
from html import escape

from accounts.models import Membership
from core.text import fold
from tickets.models import Ticket
from tickets.services.assigning import answerers_of

# What the menu shows at once; typing narrows it.
MOST_SHOWN = 10


@dataclass(frozen=True)
class Colleague:
    """Somebody to mention; `html` is what is inserted: plain text that the sending of the note reads again.

    It ends in a space that does not break, for the editor drops others at the end.
    """

    number: int
    title: str
    detail: str
    html: str


def suggest_colleagues(*, ticket: Ticket, member: Membership, words: str) -> list[Colleague]:
    """Members who may see the ticket, but for oneself; those whose name begins with the words come first."""
    wanted = fold(words)
    others = [one for one in answerers_of(ticket.inbox) if one.pk != member.pk and wanted in fold(one.name)]
    others.sort(key=lambda one: (not fold(one.name).startswith(wanted), fold(one.name)))
    return [
        Colleague(one.number, one.name, one.email, f"@{escape(one.name)}\N{NO-BREAK SPACE}")
        for one in others[:MOST_SHOWN]
    ]
