"""Signatures: what stands under the replies of a member, or of the inbox for those who have none."""

from django.db.models import Subquery, TextField, Value
from django.db.models.functions import Coalesce

from accounts.models import Membership
from tickets.bodies import Body, body_from_either, body_from_html
from tickets.models import Inbox, Signature, Ticket
from tickets.services import filling

LONGEST = 4_000  # characters


def signature_of(*, member: Membership | None, inbox: Inbox, ticket: Ticket | None, own: str | None = None) -> Body:
    """What stands below what the member writes from the inbox now, its variables filled; empty for none.

    `own` is the member's own signature for whoever has read it already.
    """
    if own is None:
        own = read_signature(member=member) if member else ""
    words = own or inbox.signature
    if not words.strip():
        return Body(html="", text="")
    # Variables come last: what a customer's name says is text, never markup.
    designed = body_from_either(words).html
    if member is None or "{{" not in designed:
        return body_from_html(designed)
    values = filling.read_values(ticket=ticket, agent=member, inbox=inbox)
    return body_from_html(filling.fill(html=designed, values=values))


def read_signature(*, member: Membership) -> str:
    """The member's own, as HTML; "" for none."""
    row = Signature.objects.filter(member=member).first()
    return row.html if row else ""


def own_signature(member: Membership) -> Coalesce:
    """The same as part of another query."""
    rows = Signature.objects.filter(member=member).values("html")[:1]
    return Coalesce(Subquery(rows), Value(""), output_field=TextField())


def write_signature(*, member: Membership, words: str) -> None:
    """Keep what the member typed, with markup or without; nothing typed: the inbox's stands under their replies."""
    html = body_from_either(words).html
    if html:
        Signature.objects.update_or_create(member=member, defaults={"html": html})
    else:
        Signature.objects.filter(member=member).delete()
