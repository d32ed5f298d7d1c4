"""Tell duplicate deliveries: of two at the same instant, one claims the keys and the other waits and loses."""

import hashlib

from channels.models import MailKey, RawMail
from channels.types import InboundMessage
from core.database.rows import insert_missing


def claim_keys(*, mail: RawMail, parsed: InboundMessage) -> RawMail | None:
    """Claim the mail's keys in its inbox; returns the earlier mail that has one of them, else None.

    The unique constraint decides: a second transaction waits here until the first has committed.
    """
    keys = _keys(parsed)
    if len(insert_missing(MailKey(inbox=mail.inbox, key=key, mail=mail) for key in keys)) == len(keys):
        return None
    held = MailKey.objects.filter(inbox=mail.inbox, key__in=keys).exclude(mail=mail)
    first = held.select_related("mail__message__author_customer", "mail__message__ticket").order_by("mail_id").first()
    return first.mail if first else None


def _keys(parsed: InboundMessage) -> list[str]:
    """One key by Message-ID, if there is one, and one by content without the headers that change on the way."""
    content = hashlib.sha256()
    for part in (parsed.sender.email if parsed.sender else "", parsed.subject, str(parsed.sent_at), parsed.full_text):
        content.update(part.encode("utf-8", "surrogatepass") + b"\0")
    for attachment in parsed.attachments:
        content.update(attachment.sha256.encode() + b"\0")
    keys = [f"content:{content.hexdigest()}"]
    if parsed.message_id:
        # With its sender: a stranger who knows the id of a letter must not have it taken for known.
        named = f"{parsed.message_id}\0{parsed.sender.email if parsed.sender else ''}"
        keys.append(f"id:{hashlib.sha256(named.encode('utf-8', 'surrogatepass')).hexdigest()}")
    return sorted(keys)
