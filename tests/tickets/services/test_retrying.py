"""Trying again to send what was given up."""

import pytest
from django.utils import timezone

from accounts.models import Membership, Tenant
from events.models import Reaction
from tests.tickets.services.test_replying import reply, written_ticket
from tickets.kinds import DeliveryState
from tickets.services import retrying


def test_given_up_message_is_due_again(in_acme: Tenant, bela: Membership) -> None:
    message = reply(written_ticket(), bela)
    message.mark_delivery(state=DeliveryState.FAILED, detail="550 no such user")
    Reaction.objects.update(failed_at=timezone.now(), attempts=9)
    now = timezone.now()

    retrying.retry_message(message=message, at=now)

    reaction = Reaction.objects.get()
    assert (reaction.failed_at, reaction.attempts, reaction.due_at) == (None, 0, now)
    message.refresh_from_db()
    assert (message.delivery_state, message.delivery_detail) == ("queued", "")


@pytest.mark.parametrize(
    ("state", "detail"), [("queued", ""), ("sending", ""), ("sent", ""), ("bounced", "no such user")]
)
def test_message_that_left_us_is_not_tried_again(in_acme: Tenant, bela: Membership, state: str, detail: str) -> None:
    message = reply(written_ticket(), bela)
    message.mark_delivery(state=DeliveryState(state), detail=detail)

    with pytest.raises(retrying.NothingToRetry):
        retrying.retry_message(message=message, at=timezone.now())
