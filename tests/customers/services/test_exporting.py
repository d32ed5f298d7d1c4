"""An export is written once, by whoever may; its file is kept for a week."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.kinds import Role
from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from customers.filters.exporting import read_export
from customers.kinds import CustomerEvent
from customers.models import CustomerExport
from customers.services import exporting
from customers.services.exporting import KEPT, drop_file, fail_export, start_list_export, sweep_expired, write_list
from events.models import Event
from files.models import StoredFile
from files.services.storing import read
from jobs.models import Job
from jobs.services import running
from tests.customers.actors import NOON
from tests.factories.customers import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(acme: Tenant, ada: Membership) -> Iterator[Membership]:
    with tenant_scope(acme):
        yield ada


def planned(agent: Membership, query: str = "", columns: Sequence[str] = ("number", "first_name")) -> CustomerExport:
    return start_list_export(agent=agent, query=query, columns=columns, at=NOON)


def written(export: CustomerExport) -> list[list[str]]:
    """The rows of its file."""
    file = CustomerExport.objects.select_related("file").get(pk=export.pk).file
    assert file is not None
    return list(csv.reader(io.StringIO(read(file).decode("utf-8-sig"))))


def job_of(export: CustomerExport) -> Job:
    assert export.job is not None
    return Job.objects.get(pk=export.job.pk)


def test_list_is_written_as_it_is_shown(agent: Membership) -> None:
    make_customer("Ana")
    make_customer("=cmd()")
    export = planned(agent, query="sort=name", columns=["first_name", "number"])

    write_list(export_id=export.pk, read=read_export, at=NOON)

    assert written(export) == [["number", "first_name"], ["2", "'=cmd()"], ["1", "Ana"]]
    job = job_of(export)
    assert (job.state, job.done, job.total, job.report["summary"]) == ("done", 2, 2, "2 customers")
    file = CustomerExport.objects.get().file
    assert file is not None and file.name == f"customers-{export.created_at:%Y-%m-%d}-1.csv"
    assert file.size == len(read(file))


def test_planning_is_an_audited_event_without_personal_data(agent: Membership) -> None:
    export = planned(agent, query="q=ana%40post.example")

    event = Event.objects.get(type=CustomerEvent.EXPORT_PLANNED.name)

    assert (event.audit_group, event.data, event.subject_id) == ("privacy", {"export": export.pk}, export.pk)
    assert (event.actor_name, export.expires_at) == (agent.name, NOON + KEPT)


def test_rows_are_read_in_steps_that_show(agent: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "STEP", 2)
    for number in range(5):
        make_customer(f"C{number}")
    export, steps = planned(agent), []

    class Watched:
        def __init__(self, query: str, columns: Collection[str], member: Membership) -> None:
            self._table = read_export(query, columns, member)
            self.header, self.ids = self._table.header, self._table.ids

        def rows(self, ids: Sequence[int]) -> Any:
            steps.append((len(ids), job_of(export).done))
            return self._table.rows(ids)

    write_list(export_id=export.pk, read=Watched, at=NOON)

    assert steps == [(2, 0), (2, 2), (1, 4)]
    assert len(written(export)) == 6


def test_worker_that_was_followed_by_another_stops(agent: Membership) -> None:
    make_customer()
    export = planned(agent)

    def overtaken(query: str, columns: Collection[str], member: Membership) -> Any:
        exporting.begin(export_id=export.pk, at=NOON)
        return read_export(query, columns, member)

    write_list(export_id=export.pk, read=overtaken, at=NOON)

    assert not job_of(export).is_finished
    assert not StoredFile.objects.exists()
    write_list(export_id=export.pk, read=read_export, at=NOON)
    assert len(written(export)) == 2


def test_file_of_a_job_that_was_ended_meanwhile_is_not_kept(agent: Membership) -> None:
    export = planned(agent)

    def ended(query: str, columns: Collection[str], member: Membership) -> Any:
        running.fail(job=job_of(export), reason="Ended.", at=NOON)
        return read_export(query, columns, member)

    write_list(export_id=export.pk, read=ended, at=NOON)

    assert (job_of(export).state, StoredFile.objects.count()) == ("failed", 0)


def test_done_twice_is_done_once(agent: Membership) -> None:
    export = planned(agent)
    write_list(export_id=export.pk, read=read_export, at=NOON)

    write_list(export_id=export.pk, read=read_export, at=NOON)

    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize("changed", [{"is_active": False}, {"role": Role.AGENT}])
def test_who_may_not_any_more_gets_no_file(agent: Membership, changed: dict[str, Any]) -> None:
    export = planned(agent)
    Membership.objects.filter(pk=agent.pk).update(**changed)

    write_list(export_id=export.pk, read=read_export, at=NOON)

    assert job_of(export).report["summary"] == "Stopped: who asked for it is no longer an admin."
    assert not StoredFile.objects.exists()


def test_given_up_export_says_why(agent: Membership) -> None:
    export = planned(agent)

    fail_export(export_id=export.pk, reason="The disk is full.", at=NOON)
    fail_export(export_id=export.pk, reason="Another reason.", at=NOON)

    assert job_of(export).report["summary"] == "Stopped: The disk is full."


def test_file_goes_when_its_time_is_over_and_the_row_stays(agent: Membership, run_on_commit: Any) -> None:
    old, young = planned(agent), planned(agent)
    CustomerExport.objects.filter(pk=young.pk).update(expires_at=NOON + KEPT + timedelta(days=1))
    for export in (old, young):
        write_list(export_id=export.pk, read=read_export, at=NOON)
    path = CustomerExport.objects.select_related("file").get(pk=old.pk).file.path

    with run_on_commit():
        assert sweep_expired(at=NOON + KEPT - timedelta(seconds=1)) == 0
        assert sweep_expired(at=NOON + KEPT) == 1

    assert not default_storage.exists(path)
    kept = dict(CustomerExport.objects.values_list("number", "file"))
    assert kept[old.number] is None
    assert kept[young.number] is not None
    assert sweep_expired(at=NOON + KEPT) == 0


def test_dropping_a_file_that_is_gone_does_nothing(agent: Membership) -> None:
    export = planned(agent)

    drop_file(export=export)

    assert CustomerExport.objects.get().file is None


@pytest.mark.django_db(transaction=True)
def test_worker_that_is_in_no_transaction_writes_it(acme: Tenant, ada: Membership) -> None:
    """Outside one PostgreSQL knows no workspace, and refuses whatever is asked."""
    with tenant_scope(acme):
        with transaction.atomic():
            make_customer()
            export = planned(ada)

        write_list(export_id=export.pk, read=read_export, at=NOON)

        with transaction.atomic():
            assert job_of(export).state == "done"
