"""Work of channels on workers."""

from celery import shared_task
from django.conf import settings

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from accounts.tenant_task import TenantTask
from channels.services import calling, delivering, fetching, hearing, receiving
from core import broker, clock
from events.models import Event
from events.services import reacting

MAILS_TOGETHER = 25


@shared_task(base=TenantTask)
def deliver_message(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_fail) as event:
        delivering.deliver_message(message_id=event.data["message"], at=clock.now())


@shared_task(base=TenantTask)
def work_mail(*, reaction_id: int, **_: object) -> None:
    """Work the mail and, since much of the work is the same for several, the small ones that came soon after it."""
    with reacting.claimed_together(reaction_id, most=MAILS_TOGETHER) as batch:
        stored = {event.data["mail"]: event for event in batch.events}
        mails, for_others = receiving.choose_stored(mail_ids=list(stored))
        for mail_id in for_others:
            batch.hand_back(stored.pop(mail_id))
        for mail_id, event in stored.items():
            with batch.attempt(event):
                receiving.work_chosen(mail=mails[mail_id], at=clock.now())


@shared_task(base=TenantTask)
def work_call(*, reaction_id: int, **_: object) -> None:
    with reacting.claimed(reaction_id, on_give_up=_fail_call) as event:
        hearing.work_call(call_id=event.data["call"], at=clock.now())


@shared_task
def forget_old_calls(**_: object) -> None:
    """Calls that were worked; what they brought stands elsewhere by then."""
    for tenant in Tenant.objects.all():
        with tenant_scope(tenant):
            calling.forget_calls(before=clock.now() - settings.WEBHOOK_KEPT)


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


def _fail_call(event: Event, reason: str) -> None:
    calling.fail_call(call_id=event.data["call"], reason=reason, at=clock.now())
