"""Write a message of a ticket as the mail that carries it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from accounts.tenancy import active_tenant_id
from channels.base import GiveUp
from channels.models import Delivery, MailReference
from channels.registry import channel
from channels.services import joining, unsubscribing, watching
from channels.types import Address, OutboundAttachment, OutboundMessage
from core.crypto import derived_key
from core.mail_marks import LOOP_PURPOSE, make_loop_mark
from files.services import storing
from tickets.addresses import Person
from tickets.bodies import Body
from tickets.kinds import Direction
from tickets.models import Attachment, Message, Ticket
from tickets.services import addressing, signing

REFERENCES_SENT = 20
# Mail programs draw no line beside a quotation unless they are told to.
_QUOTE = '<blockquote style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">'


@dataclass(frozen=True)
class Outgoing:
    """A mail all but its files, which are read outside any transaction."""

    kind: str
    message: OutboundMessage
    files: tuple[Attachment, ...]

    def mail(self) -> OutboundMessage:
        """The whole mail. Raises GiveUp when a file is lost."""
        return replace(self.message, attachments=tuple(_read(one) for one in self.files))


def write(*, message: Message, delivery: Delivery) -> Outgoing:
    """Head and body of the mail. Call inside a transaction."""
    ticket = message.ticket
    inbox = ticket.inbox
    references = _references(message)
    people = addressing.recipients_of(message)
    signature = Body("", "")
    if not message.is_automatic:
        signature = signing.signature_of(member=message.author_member, inbox=inbox, ticket=ticket)
    outbound = OutboundMessage(
        sender=Address(email=inbox.address, name=inbox.sender_name or inbox.name),
        to=_addresses(people.to),
        cc=_addresses(people.cc),
        bcc=_addresses(people.bcc),
        subject=_subject(message),
        text=_text(message.text, signature),
        html=_html(message.html, signature) + watching.picture_of(message=message, delivery=delivery)
        if message.html
        else "",
        message_id=delivery.mail_id,
        in_reply_to=references[-1] if references else "",
        references=references[-REFERENCES_SENT:],
        reply_to=_reply_to(ticket),
        auto_submitted=message.is_automatic,
        loop_mark=make_loop_mark(tenant_id=active_tenant_id(), key=derived_key(LOOP_PURPOSE)),
        extra_headers=_automatic_headers(message) if message.is_automatic else (),
    )
    files = Attachment.objects.filter(message=message).select_related("file").order_by("position")
    return Outgoing(kind=inbox.kind, message=outbound, files=tuple(files))


def _references(message: Message) -> tuple[str, ...]:
    known = MailReference.objects.filter(of_message__ticket=message.ticket).exclude(of_message=message)
    return tuple(known.order_by("pk").values_list("message_id", flat=True))


def _is_answer(message: Message) -> bool:
    earlier = Message.objects.filter(ticket=message.ticket, number__lt=message.number)
    return earlier.exclude(direction=Direction.NOTE).exists()


def _subject(message: Message) -> str:
    """An automatic letter does not repeat a stranger's words: they would go wherever they say they are from."""
    ticket, inbox = message.ticket, message.ticket.inbox
    if message.is_automatic:
        return f"{inbox.sender_name or inbox.name} #{ticket.number}"
    subject = ticket.subject or "Your message"
    return f"Re: {subject}" if _is_answer(message) and not subject.lower().startswith("re:") else subject


def _reply_to(ticket: Ticket) -> Address | None:
    """The signed address, where the inbox's mail server knows it; else the Message-ID is the proof of an answer."""
    inbox = ticket.inbox
    if not inbox.takes_plus_addresses:
        return None
    key = derived_key(joining.KEY_PURPOSE)
    address = channel(inbox.kind).make_reply_address(
        tenant_id=active_tenant_id(), ticket_id=ticket.pk, address=inbox.address, key=key
    )
    return Address(email=address, name=inbox.sender_name or inbox.name) if address else None


def _automatic_headers(message: Message) -> tuple[tuple[str, str], ...]:
    """So that no machine answers, and its reader can have no more of them."""
    return ("X-Auto-Response-Suppress", "All"), *unsubscribing.unsubscribe_headers(message_id=message.pk)


def _text(text: str, signature: Body) -> str:
    # RFC 3676, 4.3: this line is how mail programs know a signature, and leave it out of what they quote.
    return f"{text}\n\n-- \n{signature.text}" if signature.text else text


def _html(html: str, signature: Body) -> str:
    signed = f'{html}<div class="signature">-- <br>{signature.html}</div>' if signature.html else html
    return signed.replace("<blockquote>", _QUOTE)


def _addresses(people: tuple[Person, ...]) -> tuple[Address, ...]:
    return tuple(Address(email=one.address, name=one.name) for one in people)


def _read(attachment: Attachment) -> OutboundAttachment:
    stored = attachment.file
    try:
        content = storing.read(stored)
    except FileNotFoundError as error:
        raise GiveUp(f"The file {stored.name} is lost from the storage.") from error
    content_id = attachment.content_id if attachment.is_inline else ""
    return OutboundAttachment(
        name=stored.name, content_type=stored.content_type, content=content, content_id=content_id
    )
