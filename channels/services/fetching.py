"""Fetch mail from mailboxes: each mail is stored together with the place in the mailbox, so none is lost or doubled."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.kinds import RouteKind
from accounts.models import Route
from channels.base import GiveUp, OpenMailbox, TryAgain
from channels.kinds import Outcome, Way
from channels.models import MailAccount, RawMail
from channels.registry import channel
from channels.services.receiving import MOST_BYTES, store_mail
from core.renewal import renewed

log = structlog.get_logger(__name__)

# One look fetches at most so many; the next look goes on. Keeps a full mailbox from holding a worker for hours.
AT_ONCE = 500
# Renewed while a look lasts; the mailbox of a worker that died is looked at again after it.
LEASE, RENEWED_EVERY = timedelta(seconds=60), 20.0


def list_accounts() -> Iterable[tuple[int, int]]:
    """(tenant id, account id) of every mailbox of every workspace."""
    rows = Route.objects.filter(kind=RouteKind.MAIL_ACCOUNT).order_by("pk")
    return list(rows.values_list("tenant_id", "object_id"))


def fetch_account(*, account_id: int, at: datetime) -> int:
    """Store what is new in one mailbox; returns how many. Trouble is written on the account, never raised."""
    with transaction.atomic():
        account = MailAccount.objects.select_related("inbox").filter(pk=account_id).first()
    if account is None:
        return 0
    if not _claim(account):
        return 0
    try:
        with renewed(partial(_renew, account), every=RENEWED_EVERY):
            return _fetch(account, at)
    finally:
        with transaction.atomic():
            MailAccount.objects.filter(pk=account.pk).update(leased_until=None)


def _claim(account: MailAccount) -> bool:
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=Now())
        return bool(MailAccount.objects.filter(free, pk=account.pk).update(leased_until=Now() + LEASE))


def _renew(account: MailAccount) -> None:
    with transaction.atomic():
        MailAccount.objects.filter(pk=account.pk).update(leased_until=Now() + LEASE)


def _fetch(account: MailAccount, at: datetime) -> int:
    try:
        with channel(account.inbox.kind).open_mailbox(account.login, allow_private=settings.MAIL_ALLOW_PRIVATE) as box:
            count = _store_new(account, box, at)
    except (GiveUp, TryAgain) as trouble:
        log.warning("mailbox.failed", account=account.pk, reason=str(trouble))
        with transaction.atomic():
            account.mark_error(reason=str(trouble), at=at)
        return 0
    with transaction.atomic():
        account.mark_ok(at=at)
    return count


def _store_new(account: MailAccount, box: OpenMailbox, at: datetime) -> int:
    if account.uid_validity != box.uid_validity:
        # All UIDs are new (RFC 3501, 2.3.1.1). A first look begins with what comes from now on; a folder that was
        # made anew is read whole, and what we have is recognized by its Message-ID.
        is_first = account.uid_validity is None
        with transaction.atomic():
            account.mark_place(uid_validity=box.uid_validity, last_uid=box.next_uid - 1 if is_first else 0)
    uids = box.uids_after(account.last_uid)[:AT_ONCE]
    for uid in uids:
        _store_one(account, box, uid, at)
    return len(uids)


def _store_one(account: MailAccount, box: OpenMailbox, uid: int, at: datetime) -> None:
    found = box.fetch(uid, most_bytes=MOST_BYTES)
    with transaction.atomic():
        # Stored and counted in one transaction: a worker that dies here fetches this mail again, and no other.
        if found is not None and found.raw is not None:
            store_mail(inbox=account.inbox, raw=found.raw, way=Way.IMAP, at=at)
        elif found is not None:
            mail = store_mail(inbox=account.inbox, raw=found.head, way=Way.IMAP, at=at)
            reason = f"Larger than {MOST_BYTES // 1_000_000} MB: left in the mailbox, only its headers are here."
            RawMail.objects.filter(pk=mail.pk).update(outcome=Outcome.QUARANTINED, reason=reason)
        account.mark_fetched(last_uid=uid)
