"""Tell the audit below what its tickets, inboxes and tags are called."""

from collections.abc import Collection

from django.urls import reverse

from events.links import Directory, Subject, register_subjects
from tickets.models import Inbox, Tag, Ticket


def find_tickets(ids: Collection[int]) -> dict[int, Subject]:
    rows = Ticket.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.subject or f"Ticket {one.number}", _ticket_url(one)) for one in rows}


def find_inboxes(ids: Collection[int]) -> dict[int, Subject]:
    rows = Inbox.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.name, reverse("tickets:inbox", args=[one.number])) for one in rows}


def find_tags(ids: Collection[int]) -> dict[int, Subject]:
    rows = Tag.objects.filter(pk__in=ids)
    return {one.pk: Subject(one.number, one.name, reverse("tickets:tag_edit", args=[one.number])) for one in rows}


def register_directories() -> None:
    """Called when the app starts."""
    register_subjects("ticket", Directory(find_tickets))
    register_subjects("inbox", Directory(find_inboxes))
    register_subjects("tag", Directory(find_tags))


def _ticket_url(ticket: Ticket) -> str:
    return reverse("tickets:show", args=[ticket.number])
