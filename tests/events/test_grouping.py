"""The events of several customers that are one person by now."""

from django.db import connection

from accounts.models import Tenant
from events.models import Event
from events.services.grouping import read_newest
from tests.customers.actors import NOON
from tests.factories.customers import make_customer


def test_page_of_a_group_reads_each_ones_newest_along_the_index(in_acme: Tenant) -> None:
    ids = [make_customer(name, "Lopes").pk for name in "ABCDE"]
    for customer_id in ids:
        Event.objects.bulk_create(
            Event(
                type="ticket.closed",
                subject_kind="ticket",
                subject_id=1,
                customer_id=customer_id,
                actor_kind="agent",
                created_at=NOON,
            )
            for _ in range(400)
        )
    fetched = "SELECT sum(idx_tup_fetch) FROM pg_stat_xact_user_tables WHERE relname = 'events_event'"
    with connection.cursor() as cursor:
        cursor.execute(fetched)
        (before,) = cursor.fetchone()
        found = read_newest(
            customer_ids=ids,
            narrow=lambda events: events.filter(type="ticket.closed"),
            size=40,
        )
        cursor.execute(fetched)
        (after,) = cursor.fetchone()

    assert [one.pk for one in found] == sorted((one.pk for one in found), reverse=True)
    assert len(found) == 40
    assert after - before <= 5 * 40
