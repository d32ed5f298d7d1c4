"""Event types: name, shape of the data, which keys are personal, whether a timeline shows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_types: dict[str, EventType] = {}


@dataclass(frozen=True)
class EventType:
    """A type of event: noun.past_participle. Making one registers it."""

    name: str
    shape: Mapping[str, type | tuple[type, ...]] = field(default_factory=lambda: MappingProxyType({}))
    personal: frozenset[str] = frozenset()
    on_timeline: bool = True
    # A customer's own timeline has a line for it where the ticket's shows the thing itself.
    on_customer: bool = False
    is_silent: bool = True  # nobody subscribes; the house test compares with helpdesk.subscribers
    # What a notice of it says, after who did it and without, where the words of its kind do not fit.
    said: tuple[str, str] = ("", "")

    def __post_init__(self) -> None:
        if _types.setdefault(self.name, self) is not self:
            raise ValueError(f"two event types are called {self.name}")
        if not self.personal <= set(self.shape):
            raise ValueError(f"{self.name}: personal keys must be keys of its shape")

    def __str__(self) -> str:
        return self.name

    def check(self, data: Mapping[str, object]) -> None:
        """Raises ValueError when data has other keys or types than the shape says."""
        if set(data) != set(self.shape):
            raise ValueError(f"{self.name}: data has {sorted(data)}, its shape has {sorted(self.shape)}")
        for key, expected in self.shape.items():
            if not isinstance(data[key], expected):
                raise ValueError(f"{self.name}: {key} is {type(data[key]).__name__}, not {expected}")


def find_type(name: str) -> EventType:
    """Raises KeyError for a type nobody declared."""
    return _types[name]


def all_types() -> list[EventType]:
    return list(_types.values())


def dealings_name(customer_id: int) -> str:
    """The live name of what happens on a customer's tickets; the customer's own is of the profile alone."""
    return f"dealings-{customer_id}"


class NoticeEvent:
    # `event` is what the members are to hear of by e-mail.
    MAIL_PLANNED = EventType("notice.mail_planned", {"event": int}, on_timeline=False, is_silent=False)
