"""See how well mail goes out of the inboxes and comes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import Membership
from channels.models import MailAccount, MailTransport
from tickets.models import Inbox


@dataclass(frozen=True)
class Trouble:
    """Mail that does not go out of an inbox, or does not come in. `page` is where it can be mended."""

    inbox: Inbox
    what: str
    reason: str
    at: datetime | None
    page: str


def list_troubles(*, agent: Membership, inbox_number: int | None = None) -> Sequence[Trouble]:
    """Of the inboxes the agent sees, or of one of them, by name."""
    inboxes = Inbox.objects.visible_to(agent)
    if inbox_number is not None:
        inboxes = inboxes.filter(number=inbox_number)
    found = [
        Trouble(row.inbox, what, row.last_error, row.last_error_at, page)
        for model, what, page in (
            (MailTransport, "cannot send", "channels:transport"),
            (MailAccount, "cannot fetch its mail", "channels:mailbox"),
        )
        for row in model.objects.filter(inbox__in=inboxes).exclude(last_error="").select_related("inbox")
    ]
    return sorted(found, key=lambda one: (one.inbox.name.lower(), one.what))


def describe_way(*, row: MailTransport | None, labels: Mapping[str, str]) -> str:
    """By what an inbox sends; `labels` are those of the providers."""
    if row is None or not row.is_own:
        return "The helpdesk's own mail server"
    return f"The mail server {row.host}" if row.host else labels.get(row.kind, row.kind)
