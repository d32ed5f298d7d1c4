"""Later work of accounts."""

import structlog
from celery import shared_task

from accounts.models import User
from accounts.services import entering, mailing, resetting
from core import clock

log = structlog.get_logger(__name__)


@shared_task
def mail_password_link(*, user_id: int, **_: object) -> None:
    resetting.mail_password_link(user=User.objects.get(pk=user_id))


@shared_task
def tell_refusal(*, email: str, ip: str, **_: object) -> None:
    entering.tell_refusal(email=email, ip=ip)


@shared_task
def mail_invitation(*, invitation_id: int, **_: object) -> None:
    mailing.mail_invitation(invitation_id=invitation_id, at=clock.now())


@shared_task
def mail_waiting_invitations(**_: object) -> None:
    """What a broker that was down or a mail server that refused has left."""
    for invitation_id in mailing.invitations_to_mail(at=clock.now()):
        try:
            mailing.mail_invitation(invitation_id=invitation_id, at=clock.now())
        except OSError as error:  # SMTPException is one
            log.warning("invitation.not_mailed", invitation=invitation_id, error=type(error).__name__)
