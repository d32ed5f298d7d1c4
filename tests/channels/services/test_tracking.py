"""Reports of delivery on messages: per recipient, summed up, never backwards, never about strangers."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from channels.models import Delivery
from channels.services import tracking
from channels.types import DeliveryReceipt, Refusal, Report, Reported
from customers.models import Contact
from events.models import Notification
from tests.factories.customers import make_contact, make_customer
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Message, Recipient

ANA, RUI = "ana@shopper.example", "rui@shopper.example"
NOW = timezone.now()


@pytest.fixture(autouse=True)
def _acme(in_acme: Tenant) -> None:
    make_contact(make_customer(first_name="Ana"), ANA)


def sent(*addresses: str, author: Membership | None = None, **delivery: Any) -> Message:
    """A message that left, before states of recipients were kept."""
    facts: dict[str, Any] = {"direction": "out", "delivery_state": "sent", "author_member": author}
    message = make_message(make_ticket(), "On its way", **facts)
    for address in addresses or (ANA,):
        Recipient.objects.create(message=message, kind="to", address=address)
    Delivery.objects.create(message=message, recipient=ANA, mail_id="<own@acme.example>", **delivery)
    return message


def told(message: Message, what: Reported, address: str = ANA, at: datetime = NOW, **facts: Any) -> bool:
    report = Report(what, address, ("id-1",), at=at, **facts)
    return tracking.take_report(message=message, report=report, at=NOW)


def states(message: Message) -> dict[str, str]:
    """By the message, its delivery and each recipient's first name."""
    message = Message.objects.get(pk=message.pk)
    people = {one.address.partition("@")[0]: one.state for one in Recipient.objects.filter(message=message)}
    return {"message": message.delivery_state, "delivery": Delivery.objects.get(message=message).state, **people}


def detail(message: Message) -> str:
    return Message.objects.get(pk=message.pk).delivery_detail


def is_bounced(address: str = ANA) -> bool:
    return Contact.objects.get(value=address).is_bounced


def test_delivered_is_said_with_its_time() -> None:
    message, at = sent(), NOW - timedelta(minutes=5)

    assert told(message, Reported.DELIVERED, "Ana@Shopper.example", at)

    assert states(message) == {"message": "delivered", "delivery": "delivered", "ana": "delivered"}
    assert Recipient.objects.get(message=message).state_at == at


def test_reports_in_any_order_and_twice_end_alike() -> None:
    reports = (Reported.DELAYED, Reported.DELIVERED, Reported.BOUNCED)
    for mixed in permutations(reports):
        message = sent()
        for what in (*mixed, *mixed):
            told(message, what, detail="550 no such user")

        assert states(message) == {"message": "bounced", "delivery": "bounced", "ana": "bounced"}
        assert detail(message) == "550 no such user"


def test_moment_of_the_future_is_now() -> None:
    message = sent()

    told(message, Reported.DELIVERED, at=NOW + timedelta(days=9))

    assert Recipient.objects.get(message=message).state_at == NOW


def test_one_of_several_does_not_speak_for_the_others() -> None:
    message = sent(ANA, RUI)

    told(message, Reported.BOUNCED, RUI, detail="550 no such user")
    assert states(message) == {"message": "sent", "delivery": "sent", "ana": "", "rui": "bounced"}
    assert detail(message) == f"Came back from {RUI} (550 no such user)"

    told(message, Reported.DELIVERED)
    assert states(message)["message"] == "delivered"
    told(message, Reported.BOUNCED, detail="552 full")
    assert states(message)["message"] == "bounced"
    assert detail(message) == f"Came back from {ANA} (552 full), {RUI} (550 no such user)"


@pytest.mark.parametrize("address", ["eve@evil.example", "no address", ""])
def test_address_it_did_not_go_to_does_not_count(address: str) -> None:
    message = sent(ANA, RUI)
    make_contact(make_customer(first_name="Eve"), "eve@evil.example")

    assert not told(message, Reported.BOUNCED, address, permanent=True)

    assert states(message)["message"] == "sent"
    assert not is_bounced("eve@evil.example")


def test_message_that_came_in_has_no_reports() -> None:
    message = sent()
    Message.objects.filter(pk=message.pk).update(direction="in", delivery_state="")

    assert not told(message, Reported.BOUNCED, permanent=True)
    assert not is_bounced()


def test_report_without_an_address_is_about_the_only_one() -> None:
    message = sent()

    assert told(message, Reported.DELIVERED, "")
    assert states(message)["ana"] == "delivered"


@pytest.mark.parametrize(
    ("what", "permanent", "marks"),
    [
        (Reported.BOUNCED, True, True),
        (Reported.BOUNCED, False, False),
        (Reported.DELAYED, False, False),
        (Reported.COMPLAINED, False, True),
    ],
)
def test_address_is_marked_when_it_is_of_no_use(what: Reported, permanent: bool, marks: bool) -> None:
    told(sent(), what, permanent=permanent)

    assert is_bounced() is marks


def test_putting_off_is_said_until_it_arrives() -> None:
    message = sent()

    told(message, Reported.DELAYED, detail="421 busy")
    assert (states(message)["message"], detail(message)) == ("sent", "Put off, it is tried again: 421 busy")

    told(message, Reported.DELIVERED)
    told(message, Reported.DELAYED, detail="421 busy")
    assert (states(message)["message"], detail(message)) == ("delivered", "")


def test_complaint_stays_beside_what_was_delivered() -> None:
    message = sent(is_tracked=True)

    told(message, Reported.COMPLAINED)
    told(message, Reported.DELIVERED)
    told(message, Reported.OPENED)

    assert (states(message)["message"], detail(message)) == ("opened", "Called spam by its reader")


def test_opening_is_believed_where_letters_are_tracked() -> None:
    tracked, untracked = sent(is_tracked=True), sent()

    told(tracked, Reported.OPENED)
    told(untracked, Reported.OPENED)

    assert (states(tracked)["message"], states(untracked)["message"]) == ("opened", "delivered")
    assert Delivery.objects.get(message=tracked).opened_at == NOW
    assert Delivery.objects.get(message=untracked).opened_at is None


def test_opening_by_somebody_of_several() -> None:
    message = sent(ANA, RUI, is_tracked=True)

    told(message, Reported.OPENED, "")

    assert states(message) == {"message": "opened", "delivery": "opened", "ana": "", "rui": ""}


def test_openings_are_counted_and_the_first_one_is_kept() -> None:
    message = sent(is_tracked=True)
    tracking.note_opened(message=message, at=NOW)

    tracking.note_opened(message=message, at=NOW + timedelta(hours=1))

    delivery = Delivery.objects.get(message=message)
    assert (delivery.opens, delivery.opened_at) == (2, NOW)
    assert states(message) == {"message": "opened", "delivery": "opened", "ana": "opened"}


def test_report_that_overtakes_the_sending_is_not_undone_by_it() -> None:
    message = sent()
    Message.objects.filter(pk=message.pk).update(delivery_state="sending")
    told(message, Reported.DELIVERED)

    locked = Message.objects.select_related("ticket").locked(message)
    tracking.note_sent(message=locked, receipt=DeliveryReceipt("taken", provider_id="id-1"), at=NOW)

    assert states(message) == {"message": "delivered", "delivery": "delivered", "ana": "delivered"}
    assert Delivery.objects.get(message=message).provider_id == "id-1"


def test_refused_recipient_may_get_it_the_next_time() -> None:
    message = sent(ANA, RUI)
    Message.objects.filter(pk=message.pk).update(delivery_state="sending")
    refusal = DeliveryReceipt("taken", refused=(Refusal(RUI, "451 later"),))

    tracking.note_sent(message=Message.objects.locked(message), receipt=refusal, at=NOW)
    assert (states(message), detail(message)) == (
        {"message": "sent", "delivery": "sent", "ana": "sent", "rui": "failed"},
        f"Not taken for {RUI} (451 later)",
    )

    tracking.note_sent(message=Message.objects.locked(message), receipt=DeliveryReceipt("taken"), at=NOW)
    assert (states(message)["rui"], detail(message)) == ("sent", "")


def test_author_is_told_once_that_nobody_has_it(bela: Membership) -> None:
    message = sent(ANA, RUI, author=bela)

    told(message, Reported.BOUNCED, detail="550 no")
    assert not Notification.objects.exists()
    told(message, Reported.BOUNCED, RUI, detail="550 no")
    told(message, Reported.BOUNCED, RUI, detail="550 no")
    Delivery.objects.filter(message=message).update(is_tracked=True)
    tracking.note_opened(message=message, at=NOW)

    assert states(message)["message"] == "bounced"
    notice = Notification.objects.get()
    assert (notice.member_id, notice.kind) == (bela.pk, "not_sent")
    assert notice.event.data["reason"].startswith("Came back: ")
