"""What speaks against a mail's sender being who it says: shown on the message, and nothing more is done about it.

The sender is whom From names, and answers go there; who else asks for them is said, and can be chosen.
"""

from __future__ import annotations

from collections.abc import Iterator

from accounts.models import Membership
from accounts.tenancy import active_tenant_id
from channels.services.joining import Joining
from channels.types import InboundMessage
from core.database.queries import Query

MEMBER = "Written from a member's address, which proves nothing: it counts as a customer's."
_MEMBERS = Query(lambda tenant, address: Membership.objects.filter(tenant_id=tenant, user__email=address))
STRANGER = "Its sender was not on this ticket before: whoever has a letter of ours can answer it."


def doubts_of(*, parsed: InboundMessage, found: Joining) -> str:
    """In sentences; "" for nothing."""
    return " ".join(_doubts(parsed, found))


def _doubts(parsed: InboundMessage, found: Joining) -> Iterator[str]:
    sender = parsed.sender
    if parsed.disowned:
        yield f"Somebody else may have written it: {parsed.disowned}."
    if sender is None:
        return
    if _is_member(sender.email):
        yield MEMBER
    if found.ticket and found.by_stranger:
        yield STRANGER
    if parsed.sent_by and _domain(parsed.sent_by.email) != _domain(sender.email):
        yield f"Sent by {parsed.sent_by.email[:100]} in the name of its sender."
    asked = [one.email for one in parsed.reply_to]
    if asked and sender.email not in asked:
        yield f"Asks for answers to {asked[0][:100]}; a reply goes to its sender."


def _is_member(address: str) -> bool:
    return bool(_MEMBERS.all(active_tenant_id(), address))


def _domain(address: str) -> str:
    return address.rpartition("@")[2]
