"""Tag: a word agents put on tickets; TicketTag: which ticket carries it."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel
from tickets.models.ticket import Ticket


class Tag(TenantModel):
    """`name_folded` is what makes two spellings one tag."""

    number = models.PositiveIntegerField()
    name = models.CharField(max_length=50)
    name_folded = models.CharField(max_length=60)
    # A hue of the palette in tokens.css, 0 for none.
    color = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="tag_number"),
            models.UniqueConstraint(fields=["tenant", "name_folded"], name="tag_name"),
        ]

    def __str__(self) -> str:
        return self.name


class TicketTag(TenantModel):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "ticket", "tag"], name="ticket_tag_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "tag", "ticket"], name="ticket_tag_by_tag")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.ticket_id}"
