"""The pipeline's pace: how often a mail asks the database, and that no mail stands in the way of the next."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from celery.exceptions import Ignore
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Membership, Tenant
from channels import tasks
from channels.kinds import Way
from channels.models import RawMail
from channels.services import posting, receiving
from events.models import Reaction
from files.models import StoredFile
from tests.factories.channels import raw_mail
from tickets.models import Inbox, Message

TASK = "channels.tasks.work_mail"
# Savepoints included, since a test's transaction makes them of what else are transactions.
STORING, WORKING_NEW, WORKING_ANSWER = 5, 34, 28

Store = Callable[..., RawMail]


@pytest.fixture
def store(inbox: Inbox) -> Store:
    def keep(number: int, text: str = "Where is it?", **headers: str) -> RawMail:
        raw = raw_mail(
            f"{text} {number}", sender=f"a{number}@x.example", mail_id=f"<{number}@x.example>", headers=headers
        )
        return receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())

    return keep


@pytest.fixture
def waiting(in_acme: Tenant) -> Callable[[], list[int]]:
    return lambda: list(Reaction.objects.filter(task=TASK).order_by("pk").values_list("pk", flat=True))


def work(tenant: Tenant, reactions: list[int]) -> None:
    for one in reactions:
        with suppress(Ignore):
            tasks.work_mail(tenant_id=tenant.pk, reaction_id=one)


def outcomes() -> list[str]:
    return list(RawMail.objects.order_by("pk").values_list("outcome", flat=True))


def asked(run: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        run()
    return len(queries)


@pytest.fixture
def warm(store: Store, waiting: Callable[[], list[int]], in_acme: Tenant, ada: Membership) -> None:
    """What is asked once per process was asked."""
    store(1)
    work(in_acme, waiting())


def test_mail_asks_the_database_so_often(warm: None, store: Store, inbox: Inbox) -> None:
    storing = asked(lambda: store(2))
    latest = RawMail.objects.latest("pk").pk
    new = asked(lambda: receiving.work_stored(mail_id=latest, at=timezone.now()))
    headers = {"In-Reply-To": "<2@x.example>"}
    raw = raw_mail("And?", sender="a2@x.example", mail_id="<3@x.example>", headers=headers)
    mail = receiving.store_mail(inbox=inbox, raw=raw, way=Way.SMTP, at=timezone.now())
    answer = asked(lambda: receiving.work_stored(mail_id=mail.pk, at=timezone.now()))

    assert outcomes()[1:] == ["ticket_created", "message_added"]
    assert storing <= STORING and new <= WORKING_NEW and answer <= WORKING_ANSWER


def test_tenth_mail_asks_no_more_than_the_first(warm: None, store: Store) -> None:
    counts = []
    for number in range(2, 12):
        mail = store(number)
        counts.append(asked(lambda mail=mail: receiving.work_stored(mail_id=mail.pk, at=timezone.now())))  # type: ignore[misc]

    assert len(set(counts)) == 1


def test_small_mails_are_worked_together_in_order(
    store: Store, waiting: Callable[[], list[int]], in_acme: Tenant
) -> None:
    for number in range(1, 4):
        store(number)

    tasks.work_mail(tenant_id=in_acme.pk, reaction_id=waiting()[0])

    assert outcomes() == ["ticket_created"] * 3
    assert list(Message.objects.order_by("pk").values_list("text", flat=True)) == [
        f"Where is it? {n}" for n in (1, 2, 3)
    ]
    assert not Reaction.objects.waiting().filter(task=TASK).exists()


def test_large_mail_is_left_to_a_worker_of_its_own(
    store: Store, waiting: Callable[[], list[int]], in_acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGE", 5000)
    store(1)
    store(2, text="x" * 6000)
    store(3)

    tasks.work_mail(tenant_id=in_acme.pk, reaction_id=waiting()[0])

    assert outcomes() == ["ticket_created", "received", "ticket_created"]
    work(in_acme, waiting())
    assert outcomes() == ["ticket_created"] * 3


def test_large_mail_takes_no_others_along(
    store: Store, waiting: Callable[[], list[int]], in_acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGE", 5000)
    store(1, text="x" * 6000)
    store(2)

    tasks.work_mail(tenant_id=in_acme.pk, reaction_id=waiting()[0])

    assert outcomes() == ["ticket_created", "received"]


def test_bad_mail_does_not_stop_the_next(
    store: Store, waiting: Callable[[], list[int]], in_acme: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = posting.post

    def fail_on_two(**given: Any) -> Message:
        if given["parsed"].text.endswith("2"):
            raise RuntimeError
        return original(**given)

    monkeypatch.setattr(posting, "post", fail_on_two)
    for number in range(1, 4):
        store(number)

    work(in_acme, waiting())

    assert outcomes() == ["ticket_created", "quarantined", "ticket_created"]


def test_mail_whose_row_is_gone_does_not_stop_the_next(
    store: Store, waiting: Callable[[], list[int]], in_acme: Tenant
) -> None:
    gone = store(1)
    store(2)
    RawMail.objects.filter(pk=gone.pk).delete()
    StoredFile.objects.filter(pk=gone.file_id).delete()

    work(in_acme, waiting())

    assert outcomes() == ["ticket_created"]
    assert Reaction.objects.filter(task=TASK, done_at=None).count() == 1
