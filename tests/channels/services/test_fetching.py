"""Mail is fetched from a real IMAP server: once, in order, and never lost."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Tenant
from channels.base import GiveUp
from channels.models import MailAccount, RawMail
from channels.services import connecting, fetching, receiving
from channels.types import MailboxLogin, Security
from events.models import Reaction
from files.services import storing
from tests.dovecot import PASSWORD, ImapServer, is_here, running_imap
from tests.factories.channels import raw_mail
from tickets.models import Inbox

pytestmark = pytest.mark.skipif(not is_here(), reason="needs Debian's dovecot, and root to start it")


@pytest.fixture(scope="module")
def server() -> Iterator[ImapServer]:
    with running_imap() as running:
        yield running


@pytest.fixture
def login(server: ImapServer, settings: Any) -> MailboxLogin:
    """A mailbox nobody has used yet."""
    settings.MAIL_ALLOW_PRIVATE = True
    user = f"user{timezone.now().timestamp():.6f}".replace(".", "")
    return MailboxLogin("127.0.0.1", server.port, Security.NONE, user, PASSWORD)


@pytest.fixture
def account(in_acme: Tenant, inbox: Inbox, login: MailboxLogin) -> MailAccount:
    account = connecting.connect_mailbox(inbox=inbox, login=login)
    assert fetch(account) == 0
    return account


def fetch(account: MailAccount) -> int:
    return fetching.fetch_account(account_id=account.pk, at=timezone.now())


def stored() -> list[str]:
    """The texts of what was stored, in order."""
    mails = RawMail.objects.select_related("file").order_by("pk")
    return [storing.read(mail.file).decode().rstrip().rpartition("\n")[2] for mail in mails]


def test_new_mail_is_stored_once_and_left_in_the_mailbox(server: ImapServer, account: MailAccount) -> None:
    for text in ("one", "two"):
        server.put(raw_mail(text), user=account.user)

    assert (fetch(account), fetch(account)) == (2, 0)

    assert stored() == ["one", "two"]
    assert Reaction.objects.filter(task="channels.tasks.work_mail").count() == 2
    assert RawMail.objects.filter(way="imap").count() == 2


def test_first_look_leaves_old_mail_alone(
    server: ImapServer, in_acme: Tenant, inbox: Inbox, login: MailboxLogin
) -> None:
    server.put(raw_mail("old"), user=login.user)
    account = connecting.connect_mailbox(inbox=inbox, login=login)
    fetch(account)
    server.put(raw_mail("new"), user=login.user)

    fetch(account)

    assert stored() == ["new"]


def test_mailbox_made_anew_is_read_from_its_beginning(server: ImapServer, account: MailAccount) -> None:
    for text in ("one", "two", "three"):
        server.put(raw_mail(text), user=account.user)
    fetch(account)
    server.make_anew(user=account.user)
    server.put(raw_mail("after"), user=account.user)

    fetch(account)

    assert stored()[-1] == "after"


def test_mail_that_is_too_large_is_named_and_left(
    server: ImapServer, account: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST_BYTES", 2_000)
    server.put(raw_mail("x" * 5_000, subject="Large"), user=account.user)
    server.put(raw_mail("small"), user=account.user)

    assert fetch(account) == 2

    large, small = RawMail.objects.order_by("pk")
    assert (large.outcome, small.outcome) == ("quarantined", "received")
    assert "left in the mailbox" in large.reason


def test_worker_that_dies_midway_fetches_the_rest_next_time(
    server: ImapServer, account: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in ("one", "two", "three"):
        server.put(raw_mail(text), user=account.user)
    original, calls = receiving.store_mail, []

    def die_at_the_second(**given: Any) -> Any:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(**given)

    monkeypatch.setattr(fetching, "store_mail", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        fetch(account)
    monkeypatch.setattr(fetching, "store_mail", original)

    fetch(account)

    assert stored() == ["one", "two", "three"]


def test_mailbox_in_other_hands_is_left_alone(server: ImapServer, account: MailAccount) -> None:
    server.put(raw_mail("one"), user=account.user)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE channels_mailaccount SET leased_until = now() + interval '1 minute'")

    assert fetch(account) == 0


def test_wrong_password_is_said_on_the_account(account: MailAccount) -> None:
    account.secret = "wrong"
    account.save()

    assert fetch(account) == 0

    account.refresh_from_db()
    assert "does not accept the user or the password" in account.last_error


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"secret": "wrong"}, "does not accept"),
        ({"folder": "Nowhere"}, "no folder called Nowhere"),
        ({"host": "no-such-host.invalid"}, "no host called"),
    ],
)
def test_mailbox_is_tried_before_it_is_saved(
    in_acme: Tenant, inbox: Inbox, login: MailboxLogin, change: dict[str, str], reason: str
) -> None:
    changed: dict[str, Any] = change

    with pytest.raises(GiveUp, match=reason):
        connecting.check_mailbox(inbox=inbox, login=replace(login, **changed))


def test_private_address_is_refused_where_strangers_may_name_it(
    in_acme: Tenant, inbox: Inbox, login: MailboxLogin, settings: Any
) -> None:
    settings.MAIL_ALLOW_PRIVATE = False

    with pytest.raises(GiveUp, match="not on the public internet"):
        connecting.check_mailbox(inbox=inbox, login=login)


def test_every_workspaces_mailboxes_are_listed_without_opening_any(account: MailAccount, acme: Tenant) -> None:
    assert list(fetching.list_accounts()) == [(acme.pk, account.pk)]

    connecting.disconnect_mailbox(account=account)
    assert list(fetching.list_accounts()) == []
