"""What the page says of a letter's way: with whom how far, and when."""

from datetime import timedelta

from django.template import engines
from django.utils import timezone

from accounts.models import Tenant
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Message, Recipient
from tickets.services.timelining import read_timeline
from tickets.templatetags.written import addressed, reached_at

NOW = timezone.now()


def letter(state: str, detail: str = "") -> Message:
    ticket = make_ticket()
    facts = {"delivery_state": state, "delivery_detail": detail, "author_name": "Bela"}
    message = make_message(ticket, "On its way", direction="out", **facts)
    people = (("ana", "delivered", ""), ("rui", "bounced", "550 <no> such user"))
    for place, (name, reached, said) in enumerate(people):
        at = NOW - timedelta(minutes=5 + place)
        address = f"{name}@shopper.example"
        Recipient.objects.create(message=message, kind="to", address=address, state=reached, detail=said, state_at=at)
    (entry,) = read_timeline(ticket=ticket)
    assert entry.message is not None
    return entry.message


def shown(template: str, message: Message) -> str:
    context = {"ticket": message.ticket, "message": message, "people": addressed(message)}
    return " ".join(engines["django"].get_template(template).render(context).split())


def test_each_recipient_is_shown_with_how_far_it_got(in_acme: Tenant) -> None:
    page = shown("tickets/_partials/addressed.html", letter("delivered"))

    assert "Delivered <time" in page
    assert "Came back <time" in page
    assert "</time>: 550 &lt;no&gt; such user" in page


def test_message_says_since_when_it_is_with_its_readers(in_acme: Tenant) -> None:
    delivered, sent = letter("delivered"), letter("sent", "Not taken for Rui")

    assert reached_at(delivered) == NOW - timedelta(minutes=5)
    assert "Delivered <time" in shown("tickets/_partials/delivery.html", delivered)
    assert reached_at(sent) is None
    page = shown("tickets/_partials/delivery.html", sent)
    assert "Sent: Not taken for Rui" in page
    assert "delivery--partly" in page


def test_what_was_never_reported_is_not_said_to_be_unopened(in_acme: Tenant) -> None:
    """D22: nobody who does not track openings knows that there was none."""
    message = letter("sent")

    assert "pened" not in shown("tickets/_partials/delivery.html", message)
    assert "pened" not in shown("tickets/_partials/addressed.html", message)
