"""Recognize mail of our own that comes back, by a forwarding rule or a loop, answers to our notices, and our forms."""

from dataclasses import replace

from accounts.tenancy import active_tenant_id
from channels.registry import channel
from channels.services.joining import KEY_PURPOSE
from channels.types import Address, InboundMessage, Kind
from core.crypto import derived_keys
from core.mail_marks import LOOP_HEADER, LOOP_PURPOSE, is_loop_mark, is_notice_id
from tickets.models import Inbox
from tickets.services.addressing import is_own


def recognize(parsed: InboundMessage, *, inbox: Inbox) -> InboundMessage:
    """The same, as the kind `own` where a signature says that this workspace sent it, else with its writer as sender.

    What another workspace or another installation sends, though it looks the same, is a letter to us like any other.
    """
    if reason := _own(parsed, inbox.kind):
        return replace(parsed, kind=Kind.OWN, kind_reason=reason)
    writer = _writer(parsed, inbox.address)
    return replace(parsed, sender=writer) if writer else parsed


def _writer(parsed: InboundMessage, own: str) -> Address | None:
    """The sender is whom From names. Forms on a shop's own site name us, and their writer in Reply-To."""
    if parsed.sender is None or not is_own(parsed.sender.email, {own}):
        return None
    return next((one for one in parsed.reply_to if not is_own(one.email, {own})), None)


def _own(parsed: InboundMessage, inbox_kind: str) -> str:
    tenant_id = active_tenant_id()
    mark, loop_keys = parsed.header(LOOP_HEADER), derived_keys(LOOP_PURPOSE)
    if mark and is_loop_mark(mark, tenant_id=tenant_id, keys=loop_keys):
        return f"Has our own mark ({LOOP_HEADER}): a mail of ours came back"
    proof = channel(inbox_kind).read_id(parsed.message_id, keys=derived_keys(KEY_PURPOSE))
    if proof and proof.tenant_id == tenant_id:
        return "Has a Message-ID of ours: a mail of ours came back"
    if is_notice_id(parsed.in_reply_to, tenant_id=tenant_id, keys=loop_keys):
        return "Answers a notice we sent to a member"
    return ""
