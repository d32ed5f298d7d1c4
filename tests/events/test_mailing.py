"""Notices by e-mail, through a real SMTP server: once, soon, few, and only what one may see."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery.exceptions import Ignore
from django.db import transaction
from django.utils import timezone

from accounts.kinds import Actor, ActorKind
from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from channels.email.parsing import parse_mail
from channels.services.recognizing import recognize
from channels.types import Kind
from events import tasks
from events.models import Event, Notification, Reaction
from events.models.notification import NotificationKind
from events.services import mailing
from events.services.notifying import MAIL_DELAY, mark_read, notify, set_preference
from events.services.recording import record
from tests.factories.channels import raw_mail
from tests.factories.tickets import make_inbox, make_message, make_ticket
from tests.smtp import Mailbox, smtp_server
from tickets.kinds import MessageEvent
from tickets.models import Inbox, Ticket

REPLIED = NotificationKind.REPLIED
ANA = Actor(ActorKind.CUSTOMER, 1, "Ana <b>Lopes</b>")
WORDS = "Where <i>is</i> it?\nNot here."
BY_MAIL_ONLY = {"in_page": False, "by_email": True}
BOTH = {"in_page": True, "by_email": True}


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with smtp_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.BASE_URL = "https://help.example"
        yield running


@pytest.fixture
def ticket(in_acme: Tenant) -> Ticket:
    return make_ticket(subject="My <order>")


@pytest.fixture
def say(ticket: Ticket) -> Callable[..., Event]:
    """A customer's words on the ticket, of which members are told."""

    def write(*members: Membership, words: str = WORDS, kind: NotificationKind = REPLIED) -> Event:
        message = make_message(ticket, words)
        data = {"message": message.pk}
        event = record(MessageEvent.RECEIVED, subject=message, actor=ANA, data=data, ticket_id=ticket.pk)
        notify(event=event, kind=kind, members=members)
        return event

    return write


Say = Callable[..., Event]


def wish(member: Membership, **ways: bool) -> None:
    for kind in NotificationKind:
        set_preference(member=member, kind=kind, **ways)


def planned() -> list[Reaction]:
    return list(Reaction.objects.filter(task="events.tasks.mail_notices").order_by("pk"))


def work(*, later: timedelta = MAIL_DELAY, reactions: list[Reaction] | None = None) -> None:
    """Let the worker do what is due, a while from now."""
    with time_machine.travel(timezone.now() + later, tick=True):
        for reaction in reactions or planned():
            Reaction.objects.filter(pk=reaction.pk, leased_until__isnull=False).update(leased_until=timezone.now())
            with suppress(Ignore):  # done before, or not due yet
                tasks.mail_notices(reaction_id=reaction.pk, tenant_id=reaction.tenant_id)


def html_of(mail: Any) -> str:
    return str(mail.get_body(("html",)).get_content())


def text_of(mail: Any) -> str:
    return str(mail.get_body(("plain",)).get_content())


def test_mail_goes_to_who_wants_it_and_waits_a_minute(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BOTH)
    say(ada)
    before = planned()[0].due_at - timezone.now()

    work()

    assert timedelta(seconds=55) < before <= MAIL_DELAY
    [mail] = mailbox.to("ada@acme.example")
    assert mail["Subject"] == "[Acme] Ana <b>Lopes</b> replied: My <order>"
    assert "https://help.example/acme/tickets/1/" in text_of(mail)
    assert "Where <i>is</i> it? Not here." in text_of(mail)
    assert "Where &lt;i&gt;is&lt;/i&gt; it? Not here." in html_of(mail)
    assert "Ana &lt;b&gt;Lopes&lt;/b&gt;" in html_of(mail)
    assert "https://help.example/acme/profile/" in html_of(mail)
    assert "do not reach the customer" in text_of(mail)


def test_mail_is_no_letter_to_answer(
    mailbox: Mailbox, say: Say, ada: Membership, in_acme: Tenant, globex: Tenant
) -> None:
    wish(ada, **BOTH)
    say(ada)
    work()

    [mail] = mailbox.mails
    assert mail["Auto-Submitted"] == "auto-generated"
    inbox = Inbox(address="support@acme.example", kind="email")
    assert recognize(parse_mail(mail.as_bytes()), inbox=inbox).kind == Kind.OWN
    answer = parse_mail(raw_mail("I am away until Monday.", headers={"In-Reply-To": mail["Message-ID"]}))
    assert recognize(answer, inbox=inbox).kind == Kind.OWN
    with tenant_scope(globex):
        assert recognize(parse_mail(mail.as_bytes()), inbox=inbox).kind == Kind.AUTO_REPLY
        assert recognize(answer, inbox=inbox).kind == Kind.NORMAL


@pytest.mark.parametrize(("ways", "mails"), [({"in_page": True, "by_email": False}, 0), (BY_MAIL_ONLY, 1)])
def test_mail_goes_by_the_members_wish(
    mailbox: Mailbox, say: Say, ada: Membership, ways: dict[str, bool], mails: int
) -> None:
    wish(ada, **ways)
    say(ada)

    work()

    assert len(mailbox.mails) == len(planned()) == mails


def test_mail_is_sent_once(mailbox: Mailbox, say: Say, ada: Membership, bela: Membership) -> None:
    for member in (ada, bela):
        wish(member, **BOTH)
    event = say(ada, bela)
    notify(event=event, kind=NotificationKind.MENTIONED, members=[ada, bela])
    work()
    Reaction.objects.update(done_at=None, due_at=timezone.now())

    work()

    assert sorted(mail["To"] for mail in mailbox.mails) == ["ada@acme.example", "bela@acme.example"]
    assert Notification.objects.filter(mailed_at=None).count() == 0


def test_what_was_read_meanwhile_is_not_mailed(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BOTH)
    say(ada)
    mark_read(member=ada, up_to_id=Notification.objects.get().pk, at=timezone.now())

    work()

    assert mailbox.mails == []


def test_what_is_read_between_two_attempts_is_not_mailed(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BOTH)
    say(ada)
    mailbox.answer = "451 later"
    work()
    mark_read(member=ada, up_to_id=Notification.objects.get().pk, at=timezone.now())
    mailbox.answer = ""

    work(later=timedelta(minutes=5))

    assert mailbox.mails == []
    assert planned()[0].done_at is not None


def test_ended_membership_gets_no_mail(mailbox: Mailbox, say: Say, ada: Membership, bela: Membership) -> None:
    for member in (ada, bela):
        wish(member, **BOTH)
    say(ada, bela)
    Membership.objects.filter(pk=bela.pk).update(is_active=False)

    work()

    assert [mail["To"] for mail in mailbox.mails] == ["ada@acme.example"]


def test_who_no_longer_sees_the_ticket_gets_no_mail(mailbox: Mailbox, say: Say, bela: Membership) -> None:
    wish(bela, **BOTH)
    say(bela)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    work()

    assert mailbox.mails == []
    assert not Notification.objects.get().by_email


def test_mail_shows_no_words_that_moved_out_of_sight(
    mailbox: Mailbox, say: Say, ticket: Ticket, bela: Membership
) -> None:
    """The message was merged into a ticket of an inbox that Bela is not in."""
    wish(bela, **BOTH)
    event = say(bela, words="a secret")
    hidden: Inbox = make_inbox("vip@acme.example")
    other = make_ticket(hidden)
    ticket.messages.update(ticket=other, number=9)
    ticket.inbox.members.create(member=bela)
    Membership.objects.filter(pk=bela.pk).update(sees_all_inboxes=False)

    work()

    [mail] = mailbox.mails
    assert "My <order>" in text_of(mail)
    assert "secret" not in text_of(mail)
    assert event.ticket_id == ticket.pk


def test_mail_of_one_workspace_is_not_of_another(mailbox: Mailbox, say: Say, ada: Membership, cleo: Membership) -> None:
    with tenant_scope(cleo.tenant):
        wish(cleo, **BOTH)
    wish(ada, **BOTH)
    say(ada)

    work()

    assert mailbox.to("cleo@globex.example") == []
    with tenant_scope(cleo.tenant):
        assert Notification.objects.count() == 0


def test_many_notices_become_few_mails(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BOTH)
    for number in range(mailing.MOST_MAILS):
        with time_machine.travel(timezone.now() - timedelta(seconds=80 - number), tick=True):
            say(ada, words=f"words {number}")
        work(reactions=planned()[-1:])
    with time_machine.travel(timezone.now() - timedelta(seconds=70), tick=True):
        for number in range(13):
            say(ada, words=f"late {number}")

    work()
    throttled = len(mailbox.mails)
    work(later=mailing.WINDOW + MAIL_DELAY)

    assert throttled == mailing.MOST_MAILS
    digest = mailbox.mails[-1]
    assert len(mailbox.mails) == mailing.MOST_MAILS + 1
    assert digest["Subject"] == "[Acme] 13 notices"
    assert "late 0" in text_of(digest)
    assert "late 10" not in text_of(digest)
    assert "3 more: https://help.example/acme/notices/" in text_of(digest)
    assert Notification.objects.filter(mailed_at=None).count() == 0
    assert all(reaction.done_at for reaction in planned())


def test_mail_takes_along_only_what_is_ripe(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BOTH)
    with time_machine.travel(timezone.now() - timedelta(seconds=70), tick=True):
        say(ada, words="early")
    say(ada, words="just now")

    work(later=timedelta(), reactions=planned()[:1])

    [mail] = mailbox.mails
    assert "just now" not in text_of(mail)


@pytest.mark.parametrize("answer", ["451 come later", None], ids=["busy", "down"])
def test_mail_waits_for_a_server_that_is_away(
    mailbox: Mailbox, say: Say, ada: Membership, settings: Any, answer: str | None
) -> None:
    wish(ada, **BOTH)
    say(ada)
    port = settings.EMAIL_PORT
    mailbox.answer, settings.EMAIL_PORT = answer or "", port if answer else 1
    work()
    waiting = planned()[0]
    mailbox.answer, settings.EMAIL_PORT = "", port

    work(later=timedelta(minutes=5))

    assert waiting.done_at is None and waiting.failed_at is None
    assert len(mailbox.mails) == 1


def test_refused_mail_is_shown_in_the_page(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BY_MAIL_ONLY)
    say(ada)
    mailbox.answer = "550 nobody here"

    work()

    notice = Notification.objects.get()
    assert notice.in_page and notice.mailed_at is None
    assert planned()[0].done_at is not None


def test_mail_given_up_is_shown_in_the_page(mailbox: Mailbox, say: Say, ada: Membership) -> None:
    wish(ada, **BY_MAIL_ONLY)
    say(ada)
    mailbox.answer = "451 later"
    Reaction.objects.update(attempts=10)

    work()

    assert planned()[0].failed_at is not None
    assert Notification.objects.get().in_page


def test_worker_killed_after_sending_repeats_the_same_mail(
    mailbox: Mailbox, say: Say, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(ada, **BOTH)
    say(ada, words="first")
    send = mailing._send

    def die(mail: Any) -> None:
        send(mail)
        raise SystemExit

    monkeypatch.setattr(mailing, "_send", die)
    with pytest.raises(SystemExit):
        work()
    monkeypatch.setattr(mailing, "_send", send)
    say(ada, words="second")

    work()

    first, *others = mailbox.mails
    assert others[0]["Message-ID"] == first["Message-ID"]
    assert text_of(others[0]) == text_of(first)
    assert ["second" in text_of(mail) for mail in others] == [False, True]


def test_worker_killed_before_sending_still_sends(
    mailbox: Mailbox, say: Say, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(ada, **BOTH)
    say(ada)
    with monkeypatch.context() as patched:
        patched.setattr(mailing, "_send", lambda mail: (_ for _ in ()).throw(SystemExit()))
        with pytest.raises(SystemExit):
            work()

    work()

    assert len(mailbox.mails) == 1


def test_one_members_throttle_does_not_keep_others_waiting(
    mailbox: Mailbox, say: Say, ada: Membership, bela: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailing, "MOST_MAILS", 1)
    for member in (ada, bela):
        wish(member, **BOTH)
    say(ada)
    work()
    say(ada, bela)

    work(reactions=planned()[1:])

    assert len(mailbox.to("ada@acme.example")) == 1
    assert len(mailbox.to("bela@acme.example")) == 1
    assert planned()[1].done_at is None


def test_subject_and_names_bring_no_headers(mailbox: Mailbox, in_acme: Tenant, ada: Membership) -> None:
    wish(ada, **BOTH)
    ticket = make_ticket(subject="Hello\r\nBcc: all@acme.example")
    actor = Actor(ActorKind.CUSTOMER, 1, "Ana\r\nX-Evil: 1")
    event = record(
        MessageEvent.RECEIVED, subject=ticket, actor=actor, data={"message": 0}, ticket_id=ticket.pk, live=()
    )
    notify(event=event, kind=REPLIED, members=[ada])

    work()

    [mail] = mailbox.mails
    assert (mail["Bcc"], mail["X-Evil"]) == (None, None)
    assert json.dumps(str(mail["Subject"])).count("\\n") == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_every_notice_once(mailbox: Mailbox, acme: Tenant, ada: Membership) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    with tenant_scope(acme), transaction.atomic():
        wish(ada, **BOTH)
        ticket = make_ticket()
        for _ in range(4):
            message = make_message(ticket)
            data = {"message": message.pk}
            event = record(MessageEvent.RECEIVED, subject=message, actor=ANA, data=data, ticket_id=ticket.pk)
            notify(event=event, kind=REPLIED, members=[ada])
    Reaction.objects.update(due_at=timezone.now())
    reactions = planned()

    def run(reaction: Reaction) -> None:
        try:
            tasks.mail_notices(reaction_id=reaction.pk, tenant_id=reaction.tenant_id)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(run, reactions))

    with tenant_scope(acme), transaction.atomic():
        rows = list(Notification.objects.values_list("mailing", "mailed_at"))
    assert all(moment for _, moment in rows)
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == len({one for one, _ in rows})
