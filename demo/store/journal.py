"""What happened in a shop since it was reset: the answers of `GET …/control`, for tests and for the curious."""

from collections import Counter, deque
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from demo.store import clock

KEPT_ENTRIES = 500


@dataclass(frozen=True)
class RequestEntry:
    """One call of the API. `outcome` is ok, errors, user_errors, throttled, or the HTTP status of a refusal."""

    at: datetime
    operation: str
    outcome: str
    cost: int | None = None


@dataclass(frozen=True)
class NoteEntry:
    """A note that was written. `by` is api, merchant, foreign (the control verb) or merge."""

    at: datetime
    text: str | None
    by: str


@dataclass
class Delivery:
    """One webhook on its way. `state` is waiting, delivered, failed, lost or cancelled; `attempts` holds statuses."""

    webhook_id: str
    event_id: str
    topic: str
    uri: str
    body: str
    headers: dict[str, str]
    triggered_at: datetime
    state: str = "waiting"
    attempts: list[int | str] = field(default_factory=list)


@dataclass
class Journal:
    """The record of one shop; only the newest entries of each kind are kept."""

    requests: Counter[str] = field(default_factory=Counter)
    log: deque[RequestEntry] = field(default_factory=lambda: deque(maxlen=KEPT_ENTRIES))
    notes: dict[int, list[NoteEntry]] = field(default_factory=dict)
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT_ENTRIES))

    def request(self, operation: str, outcome: str, cost: int | None = None) -> None:
        """Count one call of the API."""
        self.requests[operation] += 1
        self.log.append(RequestEntry(clock.exact_now(), operation, outcome, cost))

    def note(self, customer_id: int, text: str | None, by: str) -> None:
        """Keep the text a customer's note was given."""
        self.notes.setdefault(customer_id, []).append(NoteEntry(clock.exact_now(), text, by))

    def report(self) -> dict[str, Any]:
        """Everything, as JSON values; ids of customers are strings, since they outgrow JavaScript's numbers."""
        return {
            "requests": dict(self.requests),
            "request_log": [_shown(entry) for entry in self.log],
            "note_writes": {str(number): [_shown(entry) for entry in notes] for number, notes in self.notes.items()},
            "webhooks": [_shown(entry) for entry in self.deliveries],
        }


def _shown(entry: RequestEntry | NoteEntry | Delivery) -> dict[str, Any]:
    shown = {}
    for name, value in vars(entry).items():
        shown[name] = value.isoformat() if isinstance(value, datetime) else value
    return shown
