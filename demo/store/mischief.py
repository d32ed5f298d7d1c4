"""How a shop misbehaves on request: what is planned for its next API calls and its next webhooks."""

from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

# Shopify retries a failed delivery 8 times over 4 hours; a demo has less patience. Seconds before each retry.
RETRY_WAITS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 40.0, 60.0)


@dataclass
class CallFault:
    """A fault of the next `count` calls, of one operation or (with an empty name) of any."""

    count: int = 1
    operation: str = ""


@dataclass
class Throttle(CallFault):
    """Answer THROTTLED with HTTP 200, whatever the bucket holds."""


@dataclass
class Refusal(CallFault):
    """Answer with an HTTP status, before anything is done."""

    status: int = 503


@dataclass
class Hang(CallFault):
    """Be silent for some seconds: "before" the work is done (then it never is), or "after" it."""

    seconds: float = 30.0
    when: str = "before"


@dataclass
class HookFault:
    """A fault of the next `count` deliveries, of one topic (`customers/update`) or (with an empty name) of any."""

    count: int = 1
    topic: str = ""


@dataclass
class Loss(HookFault):
    """The delivery never leaves."""


@dataclass
class Duplicate(HookFault):
    """The delivery arrives `copies` times, with one and the same webhook id."""

    copies: int = 2


@dataclass
class Delay(HookFault):
    """The delivery leaves some seconds late, as it was when it was triggered."""

    seconds: float = 1.0


@dataclass
class WrongSignature(HookFault):
    """The delivery is signed with a secret nobody knows."""


@dataclass
class Reorder(HookFault):
    """The next `count` deliveries are held until the last of them is there, then leave newest first."""


@dataclass
class ForeignNote:
    """A merchant's note that lands just before the next customerUpdate; an empty customer means the one it is for."""

    text: str
    customer: str = ""


Fault = TypeVar("Fault", CallFault, HookFault)


@dataclass
class Mischief:
    """Everything planned for one shop. A fault is used up as its count reaches zero."""

    call_faults: list[CallFault] = field(default_factory=list)
    hook_faults: list[HookFault] = field(default_factory=list)
    foreign_notes: list[ForeignNote] = field(default_factory=list)
    denied_fields: set[str] = field(default_factory=set)
    retry_waits: tuple[float, ...] = RETRY_WAITS
    merge_seconds: float = 0.3

    def fault_of_call(self, operation: str) -> CallFault | None:
        """Use up the first fault that fits this call."""
        return _use_up(self.call_faults, [each for each in self.call_faults if each.operation in ("", operation)])

    def faults_of_delivery(self, topic: str) -> list[HookFault]:
        """Use up one fault of each sort that fits this delivery: it may be both late and doubled."""
        fitting = [each for each in self.hook_faults if each.topic in ("", topic)]
        sorts = dict.fromkeys(type(each) for each in fitting)
        used = [_use_up(self.hook_faults, [each for each in fitting if type(each) is sort]) for sort in sorts]
        return [each for each in used if each is not None]

    def foreign_note_for(self, customer_id: int) -> ForeignNote | None:
        """Use up the first foreign note that is for this customer or for anybody."""
        for note in self.foreign_notes:
            if note.customer in ("", str(customer_id)):
                self.foreign_notes.remove(note)
                return note
        return None

    def report(self) -> dict[str, Any]:
        """What is still planned, as JSON values."""
        faults: list[CallFault | HookFault | ForeignNote] = [*self.call_faults, *self.hook_faults, *self.foreign_notes]
        planned = [{"kind": type(fault).__name__} | asdict(fault) for fault in faults]
        return {"planned": planned, "denied_fields": sorted(self.denied_fields), "retry_waits": list(self.retry_waits)}


def _use_up(all_faults: list[Fault], fitting: list[Fault]) -> Fault | None:
    if not fitting:
        return None
    fault = fitting[0]
    fault.count -= 1
    if fault.count <= 0:
        all_faults.remove(fault)
    return fault
