"""An inbox, and mail given to it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import Tenant
from channels.services.receiving import Received, receive_mail
from tickets.models import Inbox
from tickets.services.creating_inbox import create_inbox

Receive = Callable[[bytes], Received]


@pytest.fixture
def inbox(in_acme: Tenant) -> Inbox:
    return create_inbox(name="Support", address="support@acme.example")


@pytest.fixture
def receive(inbox: Inbox) -> Receive:
    return lambda raw: receive_mail(inbox=inbox, raw=raw, at=timezone.now())
