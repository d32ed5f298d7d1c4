"""Later work of accounts."""

from celery import shared_task

from accounts.models import User
from accounts.services import resetting


@shared_task
def mail_password_link(*, user_id: int, **_: object) -> None:
    resetting.mail_password_link(user=User.objects.get(pk=user_id))
