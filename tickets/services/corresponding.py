"""Read what was exchanged with a customer, over all tickets the reader may see: letters, files, chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce, Left

from accounts.models import Membership
from accounts.services.configuring import read_setting
from core.steady import Place, Steady, read_steady
from customers.models import Customer
from tickets.kinds import LETTERS, Direction
from tickets.models import Attachment, Message, Ticket
from tickets.models.ticket import TicketQuerySet
from tickets.options import OPEN_TRACKING
from tickets.services.timelining import recipient_lists

PAGE_SIZE = 25
PREVIEW = 200  # characters


@dataclass(frozen=True)
class Letters:
    """A page of letters in and out, newest first; each message comes with `start` (of its text) and `has_files`.

    `tells_opening`: whether the workspace asks to be told of openings (D22).
    """

    messages: Sequence[Message]
    page: Steady[Message]
    tells_opening: bool

    @property
    def live_names(self) -> str:
        """Of the letters' tickets: their states change."""
        return " ".join(dict.fromkeys(message.ticket.live_name for message in self.messages))


@dataclass(frozen=True)
class Files:
    """A page of files that came and went, newest first; each is read with its message and ticket."""

    files: Sequence[Attachment]
    page: Steady[Attachment]


@dataclass(frozen=True)
class Chats:
    """A page of tickets that are no letters, newest first; each comes with `said`, how many messages it has."""

    tickets: Sequence[Ticket]
    page: Steady[Ticket]


def read_letters(*, customer: Customer, reader: Membership, place: Place) -> Letters:
    """In four queries, five for a place that was shown before."""
    tickets = _tickets(customer, reader).filter(inbox__kind=LETTERS)
    rows = Message.objects.filter(ticket__in=tickets).exclude(direction=Direction.NOTE).only("created_at")
    page = read_steady(rows, order=("-created_at", "-id"), place=place, size=PAGE_SIZE)
    # Texts are read of the rows shown alone: to order them, all are looked at.
    shown = Message.objects.filter(pk__in=[row.pk for row in page.rows]).select_related("ticket")
    files = Attachment.objects.filter(message=OuterRef("pk"), is_inline=False)
    told = shown.defer("text", "quoted", "html").annotate(
        start=Left("text", PREVIEW), has_files=Exists(files), recipient_list=recipient_lists()
    )
    letters = sorted(told, key=lambda one: (one.created_at, one.pk), reverse=True)
    return Letters(letters, page, bool(read_setting(OPEN_TRACKING)))


def read_files(*, customer: Customer, reader: Membership, place: Place) -> Files:
    """In four queries, five for a place that was shown before. Pictures inside letters are no files."""
    rows = Attachment.objects.filter(pk__in=_files_of(_tickets(customer, reader))).only("id")
    page = read_steady(rows, order=("-id",), place=place, size=PAGE_SIZE)
    shown = Attachment.objects.filter(pk__in=[row.pk for row in page.rows]).order_by("-pk")
    told = shown.select_related("file", "message__ticket").defer("message__text", "message__quoted", "message__html")
    return Files(list(told), page)


def read_chats(*, customer: Customer, reader: Membership, place: Place) -> Chats:
    """In two queries, three for a place that was shown before."""
    messages = Message.objects.filter(ticket=OuterRef("pk")).exclude(direction=Direction.NOTE).order_by()
    said = Coalesce(Subquery(messages.values("ticket").annotate(count=Count("pk")).values("count")), 0)
    tickets = _tickets(customer, reader).unmerged().exclude(inbox__kind=LETTERS)
    rows = tickets.select_related("inbox").annotate(said=said)
    page = read_steady(rows, order=("-id",), place=place, size=PAGE_SIZE)
    return Chats(page.rows, page)


def _files_of(tickets: TicketQuerySet) -> list[int]:
    """Ids, asked for ticket by ticket: joined, PostgreSQL would rather walk through the messages of everybody."""
    files = Attachment.objects.filter(message__ticket=OuterRef("pk"), is_inline=False)
    each = tickets.annotate(file_ids=ArraySubquery(files.values("pk"))).values_list("file_ids", flat=True)
    return [one for several in each for one in several]


def _tickets(customer: Customer, reader: Membership) -> TicketQuerySet:
    return Ticket.objects.visible_to(reader).for_customer(customer.pk)
