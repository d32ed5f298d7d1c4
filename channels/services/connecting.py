"""Connect a mailbox to an inbox, so that its mail is fetched."""

from django.conf import settings
from django.db import transaction

from accounts.kinds import SYSTEM, Actor, RouteKind
from accounts.services.routing import claim_route, release_route
from channels.kinds import WayEvent
from channels.models import MailAccount
from channels.registry import channel
from channels.types import MailboxLogin
from events.services.recording import record
from events.wording import list_changes
from tickets.models import Inbox

LABELS = {
    "host": "Server",
    "port": "Port",
    "security": "Security",
    "user": "User",
    "secret": "Password",
    "by_token": "Signs in by token",
    "folder": "Folder",
}


def check_mailbox(*, inbox: Inbox, login: MailboxLogin) -> None:
    """Open the mailbox once, to see that it can be. Call outside a transaction.

    Raises channels.base.GiveUp and TryAgain, whose text says what to mend.
    """
    with channel(inbox.kind).open_mailbox(login, allow_private=settings.MAIL_ALLOW_PRIVATE):
        pass


def connect_mailbox(*, inbox: Inbox, login: MailboxLogin, actor: Actor = SYSTEM) -> MailAccount:
    """Fetch from this mailbox from now on. What lies there already stays there; another mailbox begins afresh."""
    with transaction.atomic():
        account = MailAccount.objects.filter(inbox=inbox).first() or MailAccount(inbox=inbox)
        before = {name: getattr(account, name) for name in LABELS} if account.pk else {}
        is_new_place = (account.host, account.user, account.folder) != (login.host, login.user, login.folder)
        if is_new_place:
            account.uid_validity, account.last_uid = None, 0
        account.host, account.port, account.security = login.host, login.port, login.security.value
        account.user, account.secret, account.by_token = login.user, login.secret, login.by_token
        account.folder, account.last_error, account.last_error_at = login.folder, "", None
        is_first = account.pk is None
        account.save()
        if is_first:
            claim_route(kind=RouteKind.MAIL_ACCOUNT, key=str(account.pk), object_id=account.pk)
        after = {name: getattr(account, name) for name in LABELS}
        changes = list_changes(before, after, labels=LABELS, secret={"secret"}) if before else []
        data = {"host": account.host, "user": account.user, "changes": changes}
        record(WayEvent.MAILBOX_CONNECTED, subject=inbox, actor=actor, data=data)
    return account


def disconnect_mailbox(*, account: MailAccount, actor: Actor = SYSTEM) -> None:
    """Fetch no more; the mails fetched before stay."""
    with transaction.atomic():
        release_route(kind=RouteKind.MAIL_ACCOUNT, key=str(account.pk))
        data = {"host": account.host, "user": account.user}
        record(WayEvent.MAILBOX_DISCONNECTED, subject=account.inbox, actor=actor, data=data)
        account.delete()


def find_mailbox(*, inbox: Inbox) -> MailAccount | None:
    return MailAccount.objects.filter(inbox=inbox).first()
