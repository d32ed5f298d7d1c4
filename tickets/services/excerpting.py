"""Say with what words a message began, for lists and mails of notices."""

from collections.abc import Collection

from core.text import excerpt
from events.models import Event
from tickets.models import Message

LENGTH = 200  # characters


def read_excerpts(*, events: Collection[Event], ticket_ids: Collection[int]) -> dict[int, str]:
    """Event's id -> the beginning of the message it is about, in one query; only of messages on these tickets.

    A message may have moved to another ticket since, whose readers are others.
    """
    wanted = {event.pk: event.data["message"] for event in events if isinstance(event.data.get("message"), int)}
    rows = Message.objects.filter(pk__in=set(wanted.values()), ticket__in=ticket_ids)
    texts = dict(rows.values_list("pk", "text"))
    return {event_id: excerpt(texts[pk], LENGTH) for event_id, pk in wanted.items() if pk in texts}
