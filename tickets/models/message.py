"""Message: something said on a ticket, by the customer, to the customer, or among agents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet
from core.text import initials_of
from tickets.kinds import DeliveryState, Direction
from tickets.models.ticket import Ticket

if TYPE_CHECKING:
    from tickets.models.attachment import Attachment


@dataclass(frozen=True)
class Shipping:
    """What the page shows of a message on its way."""

    state: str
    label: str
    detail: str


class MessageQuerySet(TenantQuerySet["Message"]):
    def in_order(self) -> MessageQuerySet:
        return self.order_by("number")


class Message(TenantModel):
    """`text` is the new text only; `quoted` what was folded away; `html` the letter as its sender wrote it: a
    stranger's is shown in a frame, an agent's own among the messages, neither ever trusted.

    An outbound one may be taken back until `undo_until`; its delivery begins then.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField()
    direction = models.CharField(max_length=5, choices=Direction.choices)
    author_member = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    # Who it was then: of a profile that was merged since, the survivor asks for it (Customer.all_ids).
    author_customer = models.ForeignKey("customers.Customer", null=True, on_delete=models.SET_NULL, related_name="+")
    author_name = models.CharField(max_length=200, blank=True)
    author_address = models.CharField(max_length=320, blank=True)
    text = models.TextField(blank=True)
    quoted = models.TextField(blank=True)
    html = models.TextField(blank=True)
    # Where it stood before its ticket was merged into this one, so that the merge can be undone.
    origin = models.ForeignKey(Ticket, null=True, on_delete=models.PROTECT, related_name="+")
    origin_number = models.PositiveIntegerField(null=True)
    # No person wrote it: an automatic answer that came in, or our own acknowledgement.
    is_automatic = models.BooleanField(default=False)
    # The agent asked to close the ticket with it; taking it back opens the ticket again.
    closes = models.BooleanField(default=False)
    joined_because = models.CharField(max_length=200, blank=True)
    # What speaks against its sender being who it says, in sentences; "" for nothing.
    warning = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    undo_until = models.DateTimeField(null=True)
    # Written from above by the channel that carries the message.
    delivery_state = models.CharField(max_length=10, choices=DeliveryState.choices, blank=True)
    delivery_detail = models.CharField(max_length=500, blank=True)

    objects = TenantManager.from_queryset(MessageQuerySet)()

    # Set by whoever reads a whole timeline: whether the customer's dot stands on this message's avatar (F61).
    is_last_from_customer = False

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "ticket", "number"], name="message_number")]
        indexes: ClassVar = [
            models.Index(
                fields=["tenant", "origin"], name="message_by_origin", condition=models.Q(origin__isnull=False)
            ),
            # Reports count what went out in a time.
            models.Index(fields=["tenant", "created_at"], name="message_sent", condition=models.Q(direction="out")),
        ]

    def __str__(self) -> str:
        return f"message {self.number} of {self.ticket_id}"

    @property
    def is_inbound(self) -> bool:
        return self.direction == Direction.IN

    @property
    def is_outbound(self) -> bool:
        return self.direction == Direction.OUT

    @property
    def is_note(self) -> bool:
        return self.direction == Direction.NOTE

    @property
    def has_html(self) -> bool:
        return bool(self.html)

    @property
    def attachments(self) -> list[Attachment]:
        """In order; read from what a queryset has prefetched."""
        return list(self.attached.all())

    @property
    def files_listed(self) -> list[Attachment]:
        """Those below the text; an agent's pictures stand in it."""
        return [one for one in self.attachments if self.is_inbound or not (one.is_inline and one.is_image)]

    @property
    def delivery(self) -> Shipping | None:
        """How far it is on its way out; None for what does not travel."""
        if not self.delivery_state:
            return None
        return Shipping(self.delivery_state, DeliveryState(self.delivery_state).label, self.delivery_detail)

    @property
    def has_left(self) -> bool:
        """Whether the next mail system took it."""
        return bool(self.delivery_state) and DeliveryState(self.delivery_state).has_left

    @property
    def can_retry(self) -> bool:
        """Whether our mail server refused it, or could not be reached for too long. What left us and came back is not
        tried again: it would be the same letter once more.
        """
        return self.delivery_state == DeliveryState.FAILED

    @property
    def waits_until(self) -> datetime | None:
        """Until when its author may take it back; None once it is on its way."""
        return self.undo_until if self.delivery_state == DeliveryState.QUEUED else None

    def mark_delivery(self, *, state: DeliveryState, detail: str = "") -> None:
        self.delivery_state, self.delivery_detail = state, detail[:500]
        self.save(update_fields=["delivery_state", "delivery_detail"])

    @property
    def author_initials(self) -> str:
        return initials_of(self.author_name) or "?"
