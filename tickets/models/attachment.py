"""Attachment: a stored file that came or went with a message."""

from typing import ClassVar

from django.db import models
from django.urls import reverse

from accounts.tenancy import TenantModel
from tickets.models.message import Message


class Attachment(TenantModel):
    """Inline ones belong to the letter's HTML by their content id and are listed once."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attached")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveIntegerField()
    is_inline = models.BooleanField(default=False)
    content_id = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "message", "position"], name="attachment_position"),
        ]

    def __str__(self) -> str:
        return f"attachment {self.position} of {self.message_id}"

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def size(self) -> int:
        return self.file.size

    @property
    def is_image(self) -> bool:
        return self.file.is_image

    @property
    def url(self) -> str:
        place = (self.message.ticket.number, self.message.number, self.position)
        return reverse("tickets:attachment", args=place)
