"""Work of channels on workers."""

from celery import shared_task

from accounts.tenant_task import TenantTask
from channels.services import delivering, fetching, receiving
from core import broker, clock
from events.models import Event
from events.services import reacting


@shared_task(base=TenantTask)
def deliver_message(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_fail) as event:
        delivering.deliver_message(message_id=event.data["message"], at=clock.now())


@shared_task(base=TenantTask)
def work_mail(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id) as event:
        receiving.work_stored(mail_id=event.data["mail"], at=clock.now())


@shared_task
def fetch_mailboxes(**_: object) -> None:
    """Have every mailbox looked at, each by a task of its own: a slow one holds up no other."""
    broker.send(
        ("channels.tasks.fetch_mailbox", {"tenant_id": tenant_id, "account_id": account_id})
        for tenant_id, account_id in fetching.list_accounts()
    )


@shared_task(base=TenantTask)
def fetch_mailbox(*, account_id: int, **_: object) -> None:
    fetching.fetch_account(account_id=account_id, at=clock.now())


def _fail(event: Event, reason: str) -> None:
    delivering.fail_message(message_id=event.data["message"], reason=reason)
