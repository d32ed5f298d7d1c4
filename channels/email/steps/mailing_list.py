"""Step: mail to many: lists, groups and newsletters."""

from __future__ import annotations

from channels.email.letter import Letter, Verdict
from channels.email.words import plain
from channels.types import Kind

_LIST_HEADERS = ("List-Id", "List-Post", "Mailing-List", "X-Mailing-List", "X-Mailman-Version", "List-Unsubscribe")
_PRECEDENCES = frozenset({"list", "bulk", "junk"})


def find_list(letter: Letter) -> Verdict | None:
    for name in _LIST_HEADERS:
        if letter.headers.text(name):
            return Verdict(Kind.LIST, f"Sent to a list (header {name})")
    if plain(letter.headers.text("Precedence")) in _PRECEDENCES:
        return Verdict(Kind.LIST, "Sent to many (Precedence)")
    if "X-Listserver" in letter.headers or "X-Mailer-LID" in letter.headers or "X-CampaignID" in letter.headers:
        return Verdict(Kind.LIST, "Sent by a newsletter program")
    return None
