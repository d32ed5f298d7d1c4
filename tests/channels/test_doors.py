"""The picture in a letter: shown to everybody at once, counted for who has a letter of ours, and nothing else."""

import asyncio
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.services.configuring import write_settings
from accounts.tenancy import tenant_scope
from channels import doors
from channels.models import Delivery
from channels.services import delivering, receiving, watching
from channels.services.watching import Watched, make_token, read_token
from demo.mailbox import serving
from helpdesk.asgi import application
from tests.asgi import Exchange, opened
from tests.factories.channels import raw_mail
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tickets.bodies import body_from_html
from tickets.models import Inbox, Message, Recipient
from tickets.options import OPEN_TRACKING
from tickets.services import replying

Ask = Callable[..., Exchange]
TOKEN = re.compile(r'<img src="[^"]*/public/mail/open/([\w-]{43})\.gif" width="1" height="1" alt="">')
transactional = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask() -> Ask:
    def ask(token: str, method: str = "GET", **headers: str) -> Exchange:
        async def scenario() -> Exchange:
            path = f"/public/mail/open/{token}.gif"
            async with opened(application, path, method=method, headers=headers) as exchange:
                await exchange.ended.wait()
            return exchange

        return asyncio.run(scenario())

    return ask


@pytest.fixture
def message(acme: Tenant) -> Message:
    with tenant_scope(acme), transaction.atomic():
        made = make_message(make_ticket(), direction="out", delivery_state="sent")
        Recipient.objects.create(message=made, kind="to", address="ana@shopper.example")
        Delivery.objects.create(message=made, recipient="ana@shopper.example", mail_id="<1@x>", is_tracked=True)
        return made


def opens(tenant: Tenant, message: Message) -> tuple[int, str]:
    with tenant_scope(tenant), transaction.atomic():
        return Delivery.objects.get(message=message).opens, Message.objects.get(pk=message.pk).delivery_state


def token_of(tenant: Tenant, message: Message) -> str:
    return make_token(Watched(tenant.pk, message.pk))


@transactional
def test_opening_is_counted(acme: Tenant, message: Message, ask: Ask) -> None:
    answer = ask(token_of(acme, message))

    assert (answer.status, answer.body) == (200, doors.PICTURE)
    assert opens(acme, message) == (1, "opened")


@transactional
def test_everybody_gets_the_same_picture_without_cookies_or_cache(acme: Tenant, message: Message, ask: Ask) -> None:
    right, wrong = ask(token_of(acme, message), Cookie="sessionid=x"), ask("nonsense")

    assert (right.status, right.body, right.headers) == (wrong.status, wrong.body, wrong.headers)
    assert right.headers["content-type"] == "image/gif"
    assert right.headers["cache-control"] == "no-store, private"
    assert not {"set-cookie", "vary", "etag", "last-modified"} & set(right.headers)


@transactional
def test_forged_token_does_nothing(acme: Tenant, globex: Tenant, message: Message, ask: Ask) -> None:
    right = token_of(acme, message)
    forged = [
        right[:-2] + ("AA" if right[-2:] != "AA" else "BA"),
        token_of(globex, message),
        right[:22] + make_token(Watched(acme.pk, message.pk + 1))[22:],
        "",
        "../../acme/tickets",
        "A" * 43,
        right + "A",
        "é" * 43,
    ]
    for token in forged:
        assert (ask(token).status, ask(token).body) == (200, doors.PICTURE)

    assert opens(acme, message) == (0, "sent")


@transactional
@pytest.mark.parametrize(("method", "status"), [("HEAD", 200), ("POST", 405), ("PUT", 405), ("DELETE", 405)])
def test_only_showing_it_counts(acme: Tenant, message: Message, ask: Ask, method: str, status: int) -> None:
    assert ask(token_of(acme, message), method).status == status

    assert opens(acme, message) == (0, "sent")


@transactional
def test_asking_a_thousand_times_is_a_few_openings(acme: Tenant, message: Message) -> None:
    for _ in range(50):
        watching.count_opening(watched=Watched(acme.pk, message.pk), at=timezone.now())

    assert opens(acme, message) == (watching.COUNTED.burst, "opened")


@transactional
def test_letter_without_the_picture_is_not_counted(acme: Tenant, message: Message, ask: Ask) -> None:
    with tenant_scope(acme), transaction.atomic():
        Delivery.objects.update(is_tracked=False)

    ask(token_of(acme, message))

    assert opens(acme, message) == (0, "sent")


@transactional
def test_message_that_is_gone_is_nobodys_fault(acme: Tenant, message: Message, ask: Ask) -> None:
    assert ask(make_token(Watched(acme.pk, message.pk + 7))).status == 200


@transactional
def test_fault_in_counting_is_not_the_readers(
    acme: Tenant, message: Message, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(watching, "count_opening", fail)

    assert ask(token_of(acme, message)).body == doors.PICTURE


def test_token_survives_a_change_of_the_key(settings: Any) -> None:
    token = make_token(Watched(1, 2))
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another"

    assert read_token(token) == Watched(1, 2)
    settings.SECRET_KEY_FALLBACKS = []
    assert read_token(token) is None


@pytest.fixture
def letters(tmp_path: Path, settings: Any) -> Iterator[Callable[[], list[Any]]]:
    """What was sent, read."""
    handle = serving.start(port=0, directory=tmp_path)
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", handle.port
    yield lambda: [
        email.message_from_bytes(one.read_bytes(), policy=email.policy.default)
        for one in sorted(tmp_path.rglob("*.eml"))
    ]
    handle.stop()


def replied(bela: Membership, html: str) -> Message:
    inbox = Inbox.objects.first() or make_inbox()
    first = receiving.receive_mail(inbox=inbox, raw=raw_mail(), at=timezone.now())
    assert first.message is not None
    body = body_from_html(html or "On its way", image=lambda _: None)
    made = replying.reply(ticket=first.message.ticket, body=body, agent=bela, at=timezone.now())
    Message.objects.filter(pk=made.pk).update(html=html)
    delivering.deliver_message(message_id=made.pk, at=timezone.now())
    made.refresh_from_db()
    return made


def test_letter_carries_the_picture_where_the_workspace_wants_it(
    in_acme: Tenant, bela: Membership, letters: Callable[[], list[Any]]
) -> None:
    write_settings(values={OPEN_TRACKING.key: True})

    made = replied(bela, "<div>It is <b>on its way</b></div>")

    (letter,) = letters()
    found = TOKEN.search(letter.get_body(("html",)).get_content())
    assert found is not None
    assert read_token(found[1]) == Watched(in_acme.pk, made.pk)
    assert "public/mail/open" not in letter.get_body(("plain",)).get_content()
    assert "public/mail/open" not in made.html
    assert Delivery.objects.get().is_tracked


@pytest.mark.parametrize(("is_wanted", "html"), [(False, "<div>On its <b>way</b></div>"), (True, "")])
def test_letter_carries_none_unasked_or_without_html(
    in_acme: Tenant,
    bela: Membership,
    letters: Callable[[], list[Any]],
    is_wanted: bool,
    html: str,
) -> None:
    write_settings(values={OPEN_TRACKING.key: is_wanted})

    replied(bela, html)

    assert b"public/mail/open" not in letters()[0].as_bytes()
    assert not Delivery.objects.get().is_tracked
