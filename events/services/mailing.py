"""Bring notices to members by e-mail: once each, soon, and never many in a short time."""

import smtplib
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import Max, Q

from accounts.models import Membership
from core.retry import Retryable
from events.models import Notification
from events.services.announcing import announce
from events.services.notifying import MAIL_DELAY
from events.services.writing import write_mail

log = structlog.get_logger(__name__)

# A busy morning must not fill a mailbox: what comes after so many mails waits for the next one and goes with it.
MOST_MAILS = 5
WINDOW = timedelta(minutes=10)
FULL_WAIT = timedelta(seconds=60)  # until one looks again while every mail of the window is still on its way


class MailServerAway(Retryable):
    """The mail server does not answer, or asks to come later."""


class Throttled(Retryable):
    """A member has had as many mails as they should; `after` is when the next may go."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("A member has had many mails; the rest goes with the next one.")
        self.after = wait.total_seconds()


class Refused(Exception):
    """The mail server will not take this mail, now or later."""


def mail_notices(*, event_id: int, planned_id: int, at: datetime) -> None:
    """Mail an event to the members who want it so; `planned_id` is the planned event whose reaction this is.

    Each member's mail takes along what else waits for them. Sending happens outside any transaction; a worker that
    dies between sending and noting it sends the same mail once more, under the same Message-ID.
    Raises MailServerAway at once, and Throttled when everybody else has been served.
    """
    throttled: list[Throttled] = []
    for member_id in _members_to_mail(event_id, planned_id):
        try:
            _mail_member(member_id, event_id, planned_id, at)
        except Throttled as error:
            throttled.append(error)
    if throttled:
        raise min(throttled, key=lambda error: error.after or 0)


def give_up_mailing(*, event_id: int, planned_id: int) -> None:
    """Show in the page what could not be mailed, also to who wanted it by e-mail only. Call inside a transaction."""
    waiting = Q(event_id=event_id, mailing=None) | Q(mailing=planned_id)
    rows = Notification.objects.filter(waiting, by_email=True, mailed_at=None)
    _show_in_page(list(rows.select_related("member")))


def _members_to_mail(event_id: int, planned_id: int) -> list[int]:
    with transaction.atomic():
        rows = Notification.objects.filter(event_id=event_id, by_email=True, mailed_at=None)
        waiting = rows.filter(Q(mailing=None, read_at=None) | Q(mailing=planned_id))
        return list(waiting.order_by("pk").values_list("member_id", flat=True))


def _mail_member(member_id: int, event_id: int, planned_id: int, at: datetime) -> None:
    with transaction.atomic():
        # Two reactions may reach one member at once: the lock makes the second see what the first has claimed.
        member = Membership.objects.select_for_update(of=("self",), no_key=True).get(pk=member_id)
        rows = _claim(member_id, event_id, planned_id, at)
        mail, told = write_mail(member_id=member.pk, rows=rows, planned_id=planned_id)
        _drop([row for row in rows if row not in told])
    if mail is None:
        return
    try:
        _send(mail)
    except Refused as error:
        log.warning("notices.refused", member=member_id, reason=str(error))
        with transaction.atomic():
            _show_in_page(told)
        return
    with transaction.atomic():
        Notification.objects.filter(pk__in=[row.pk for row in told]).update(mailed_at=at)


def _claim(member_id: int, event_id: int, planned_id: int, at: datetime) -> list[Notification]:
    """What goes into this mail: what an earlier attempt took, else all that waits. Raises Throttled."""
    mine = Notification.objects.of_member(member_id)
    held = mine.filter(mailing=planned_id, mailed_at=None)
    if not held.exists():
        if wait := _wait(member_id, at):
            raise Throttled(wait)
        # What is younger than the delay may still be read in the page.
        ripe = Q(event_id=event_id) | Q(created_at__lte=at - MAIL_DELAY)
        mine.to_mail().filter(ripe).update(mailing=planned_id)
    return list(held.select_related("event", "member").order_by("pk"))


def _wait(member_id: int, at: datetime) -> timedelta | None:
    """How long the member's next mail must wait, None when it may go."""
    taken = Notification.objects.of_member(member_id).filter(mailing__isnull=False)
    recent = taken.filter(Q(mailed_at__gt=at - WINDOW) | Q(mailed_at=None))
    moments = list(recent.values("mailing").annotate(at=Max("mailed_at")).values_list("at", flat=True))
    if len(moments) < MOST_MAILS:
        return None
    return min((moment + WINDOW - at for moment in moments if moment), default=FULL_WAIT)


def _drop(rows: Sequence[Notification]) -> None:
    """Read meanwhile, no longer to be seen, or of somebody who has left: there is nothing to mail."""
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(by_email=False, mailing=None)


def _show_in_page(rows: Sequence[Notification]) -> None:
    changed = Notification.objects.filter(pk__in=[row.pk for row in rows])
    changed.update(in_page=True, by_email=False, mailing=None)
    announce(*{row.member.live_name for row in rows})


def _send(mail: EmailMultiAlternatives) -> None:
    """Raises MailServerAway and Refused."""
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _ in error.recipients.values()]
        raise (Refused if min(codes) >= 500 else MailServerAway)(f"The mail server answered {codes}") from error
    except smtplib.SMTPAuthenticationError as error:
        # An admin can put a password right, and then the mail should still go.
        raise MailServerAway(f"The mail server refuses our password ({error.smtp_code})") from error
    except smtplib.SMTPResponseException as error:
        kind = Refused if error.smtp_code >= 500 else MailServerAway
        raise kind(f"The mail server answered {error.smtp_code}") from error
    except smtplib.SMTPNotSupportedError as error:
        raise Refused(f"The mail server cannot do this: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise MailServerAway(f"The mail server cannot be reached ({type(error).__name__})") from error
