"""Fill the pages: every value is escaped on its way in, unless it is markup made here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from pathlib import Path
from string import Template
from types import MappingProxyType
from urllib.parse import quote

from demo.mailbox.answering import Outcome
from demo.mailbox.letters import Attachment, Letter

PAGES = Path(__file__).with_name("pages")


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def page(title: str, content: Markup, *, can_write: bool) -> bytes:
    """A whole page around its content."""
    write = fill("write_link") if can_write else Markup()
    return fill("layout", {"title": title, "content": content, "write": write}).encode()


def listing(letters: list[Letter], address: str, total: int) -> Markup:
    """The list of mails, newest first."""
    values = {
        "rows": join(_row(letter) for letter in letters) or fill("empty_filtered" if address else "empty"),
        "address": address,
        "clear": fill("clear") if address else Markup(),
        "more": f"{len(letters)} of {total} shown" if total > len(letters) else "",
        "count": str(total),
    }
    return fill("list", values)


def letter_page(letter: Letter, *, can_write: bool, draft: str = "", problem: str = "") -> Markup:
    """One mail, as its reader sees it and as it travelled."""
    head = _head(letter)
    text = fill("text", {"text": letter.text or "(no text)"})
    answer = fill("answer", head | {"text": draft, "problem": problem_line(problem)}) if can_write else Markup()
    values = {
        "headers": join(fill("header", {"name": name, "value": value}) for name, value in letter.headers),
        "files": join(_file(attachment) for attachment in letter.attachments),
        "body": fill("html", {"id": letter.id, "text": text}) if letter.html else text,
        "answer": answer,
    }
    return fill("letter", head | values)


def write_page(fields: dict[str, str], problem: str = "") -> Markup:
    """The form for a first mail, filled with what was typed."""
    return fill("write", fields | {"problem": problem_line(problem)})


def outcome_page(outcome: Outcome) -> Markup:
    """What the helpdesk said to a mail."""
    is_taken = outcome.exit_code == 0
    values = {
        "verdict": "The helpdesk took the mail" if is_taken else "The helpdesk did not take the mail",
        "state": "good" if is_taken else "bad",
        "code": "" if outcome.exit_code is None else f"exit code {outcome.exit_code}",
        "inbox": outcome.inbox,
        "subject": outcome.subject,
        "printed": outcome.printed or "(nothing printed)",
    }
    return fill("outcome", values)


def problem_line(problem: str) -> Markup:
    """A line of complaint above a form, or nothing."""
    return fill("problem", {"problem": problem}) if problem else Markup()


def size_label(size: int) -> str:
    """A size for people, such as "12 KB"."""
    return f"{size} bytes" if size < 1024 else f"{size // 1024:,} KB"


def fill(name: str, values: Mapping[str, str] = MappingProxyType({})) -> Markup:
    """One page or piece with its values; a missing value is an error."""
    safe = {key: value if isinstance(value, Markup) else Markup(escape(value)) for key, value in values.items()}
    return Markup(Template((PAGES / f"{name}.html").read_text(encoding="utf-8")).substitute(safe))


def join(pieces: Iterable[Markup]) -> Markup:
    """Pieces one after the other."""
    return Markup("".join(pieces))


def _row(letter: Letter) -> Markup:
    return fill("row", _head(letter) | {"preview": " ".join(letter.text.split())[:160]})


def _file(attachment: Attachment) -> Markup:
    return fill("attachment", {"name": attachment.name, "size": size_label(attachment.size)})


def _head(letter: Letter) -> dict[str, str]:
    recipients = ", ".join(letter.envelope.recipients) or letter.to
    return {
        "id": letter.id,
        "to": recipients,
        "to_query": quote(letter.reader[1], safe=""),
        "sender": letter.sender,
        "sender_name": letter.sender_name or letter.sender,
        "subject": letter.subject or "(no subject)",
        "reply_to": letter.reply_to or letter.sender,
        "at": _clock(letter.envelope.received_at),
        "stamp": letter.envelope.received_at.isoformat(timespec="seconds"),
    }


def _clock(moment: datetime) -> str:
    return f"{moment.astimezone():%d %b %Y, %H:%M:%S}"
