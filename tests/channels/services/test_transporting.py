"""Each inbox sends by its own server; what that server says of itself is written down, shown and not asked for ever."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.models import Membership, Tenant
from channels.base import GiveUp, OutOfOrder, SenderRefused, SignInRefused, TryAgain
from channels.models import Delivery, MailReference, MailTransport
from channels.registry import channel
from channels.services import delivering, inspecting, transporting
from channels.services.receiving import Received
from channels.types import DeliveryReceipt, ProviderLogin, Wire
from events.models import Reaction
from tests.factories.channels import raw_mail
from tests.smtp import Mailbox, smtp_server
from tests.submission import PASSWORD, USER, Post, submission
from tickets.bodies import body_from_text
from tickets.models import Inbox, Message
from tickets.services import replying
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(autouse=True)
def in_our_network(settings: Any) -> Iterator[None]:
    settings.MAIL_ALLOW_PRIVATE = True
    yield
    cache.clear()


@pytest.fixture
def post() -> Iterator[Post]:
    with submission() as running:
        yield running


@pytest.fixture
def own(settings: Any) -> Iterator[Mailbox]:
    """The server that settings name."""
    with smtp_server() as running:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running


@pytest.fixture
def reply(receive: Receive, bela: Membership) -> Callable[[], Message]:
    def write() -> Message:
        received = receive(raw_mail(mail_id=f"<{Message.objects.count()}@shopper.example>"))
        assert received.message is not None
        ticket = received.message.ticket
        return replying.reply(ticket=ticket, body=body_from_text("On its way"), agent=bela, at=timezone.now())

    return write


def wire(post: Post, password: str = PASSWORD) -> Wire:
    return Wire("127.0.0.1", post.port, user=USER, password=password, timeout=2.0)


def connect(inbox: Inbox, transport: Any) -> MailTransport:
    return transporting.save_transport(inbox=inbox, transport=transport, at=timezone.now())


def deliver(message: Message, at: datetime | None = None) -> Message:
    delivering.deliver_message(message_id=message.pk, at=at or timezone.now())
    message.refresh_from_db()
    return message


def due(message: Message) -> datetime:
    reaction = Reaction.objects.filter(task="channels.tasks.deliver_message", done_at=None).latest("pk")
    assert reaction.due_at is not None
    return reaction.due_at


def test_inbox_sends_by_its_own_server_and_others_by_ours(
    inbox: Inbox, post: Post, own: Mailbox, reply: Callable[[], Message]
) -> None:
    deliver(reply())
    connect(inbox, wire(post))

    deliver(reply())

    assert (len(own.mails), len(post.mails)) == (1, 1)
    assert post.sign_ins == [USER]


def test_secret_is_encrypted_where_it_lies(inbox: Inbox, post: Post) -> None:
    connect(inbox, wire(post))

    stored = MailTransport.objects.extra(select={"raw": "secret"}).values_list("raw", flat=True).get()

    assert PASSWORD not in stored
    assert MailTransport.objects.get().secret == PASSWORD


def test_wrong_password_is_shown_and_asked_once_for_all(
    inbox: Inbox, post: Post, ada: Membership, reply: Callable[[], Message]
) -> None:
    connect(inbox, wire(post, "wrong"))
    first, second = reply(), reply()

    with pytest.raises(SignInRefused):
        deliver(first)
    asked = len(post.sign_ins)
    with pytest.raises(SignInRefused) as rest:
        deliver(second)

    assert len(post.sign_ins) == asked
    assert rest.value.after == transporting.PAUSE_SECONDS
    (trouble,) = inspecting.list_troubles(agent=ada)
    assert (trouble.inbox, trouble.what) == (inbox, "cannot send")
    assert "refuses our password: 535" in trouble.reason
    second.refresh_from_db()
    assert second.delivery_state == "queued"
    assert "refuses our password" in second.delivery_detail


def test_mended_password_lets_what_waits_go_at_once(inbox: Inbox, post: Post, reply: Callable[[], Message]) -> None:
    connect(inbox, wire(post, "wrong"))
    message = reply()
    with pytest.raises(SignInRefused):
        deliver(message)
    later = timezone.now() + timedelta(hours=6)
    Reaction.objects.filter(task="channels.tasks.deliver_message").update(due_at=later)

    connect(inbox, wire(post))

    assert due(message) <= timezone.now()
    assert deliver(message).delivery_state == "sent"
    assert MailTransport.objects.get().last_error == ""


def test_reply_that_may_be_taken_back_keeps_its_time(inbox: Inbox, post: Post, reply: Callable[[], Message]) -> None:
    message = reply()
    before = due(message)

    connect(inbox, wire(post))

    assert due(message) == before


def test_trouble_of_our_own_server_is_shown_too_and_gone_with_the_next_success(
    inbox: Inbox, own: Mailbox, settings: Any, ada: Membership, reply: Callable[[], Message]
) -> None:
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    message = reply()
    with pytest.raises(OutOfOrder):
        deliver(message)
    assert [one.what for one in inspecting.list_troubles(agent=ada)] == ["cannot send"]

    settings.EMAIL_PORT = port
    deliver(message)

    assert inspecting.list_troubles(agent=ada) == []
    assert transporting.own_transport(MailTransport.objects.get()) is None


def test_recipient_who_is_refused_is_no_trouble_of_the_inbox(
    own: Mailbox, ada: Membership, reply: Callable[[], Message]
) -> None:
    own.answer = "550 no such user"

    with pytest.raises(GiveUp, match="550"):
        deliver(reply())

    assert inspecting.list_troubles(agent=ada) == []


def test_sender_who_is_refused_is(inbox: Inbox, post: Post, ada: Membership, reply: Callable[[], Message]) -> None:
    connect(inbox, wire(post))
    post.no_sender = "553 not owned by user"

    with pytest.raises(SenderRefused):
        deliver(reply())

    assert "553 not owned" in inspecting.list_troubles(agent=ada)[0].reason


def test_troubles_are_of_the_inboxes_one_sees(in_acme: Tenant, inbox: Inbox, bela: Membership) -> None:
    hidden = create_inbox(name="Board", address="board@acme.example")
    MailTransport.objects.create(inbox=hidden, kind="smtp", host="smtp.acme.example", last_error="secret reason")
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)
    bela.refresh_from_db()

    assert inspecting.list_troubles(agent=bela) == []


def test_server_that_others_named_is_never_inside(
    inbox: Inbox, post: Post, settings: Any, reply: Callable[[], Message]
) -> None:
    connect(inbox, wire(post))
    settings.MAIL_ALLOW_PRIVATE = False

    with pytest.raises(TryAgain, match="not on the public internet"):
        deliver(reply())

    assert post.sign_ins == []


def test_what_a_provider_calls_the_mail_is_remembered(
    inbox: Inbox, receive: Receive, reply: Callable[[], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(inbox, ProviderLogin("amazon_ses", "key", {"region": "eu-west-1"}))
    seen: list[Any] = []

    def take(mail: Any, transport: Any) -> DeliveryReceipt:
        seen.append(transport)
        return DeliveryReceipt("taken", provider_id="0102", other_ids=("<0102@eu-west-1.amazonses.com>",))

    monkeypatch.setattr(channel("email"), "deliver", take, raising=False)
    message = deliver(reply())

    answer = receive(raw_mail("Thanks", headers={"In-Reply-To": "<0102@eu-west-1.amazonses.com>"}))

    assert isinstance(seen[0], ProviderLogin) and seen[0].secret == "key" and not seen[0].public_only
    assert Delivery.objects.get().provider_id == "0102"
    assert MailReference.objects.filter(of_message=message).count() == 2
    assert answer.message is not None
    assert answer.message.ticket_id == message.ticket_id


def test_inbox_goes_back_to_our_server(inbox: Inbox, post: Post, own: Mailbox, reply: Callable[[], Message]) -> None:
    connect(inbox, wire(post))

    transporting.remove_transport(inbox=inbox, at=timezone.now())
    deliver(reply())

    assert (len(own.mails), len(post.mails)) == (1, 0)
    assert not MailTransport.objects.exclude(secret="").exists()
