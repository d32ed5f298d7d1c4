"""The progress bar of a job."""

from collections.abc import Callable

from django.test import Client

from accounts.models import Membership
from accounts.tenancy import tenant_scope
from jobs.kinds import JobKind
from jobs.models import Job
from jobs.services.running import advance, start_job

SignIn = Callable[[Membership], Client]
EXPORT = JobKind("tests_export", "Exporting tickets")


def make_job(started_by: Membership) -> Job:
    with tenant_scope(started_by.tenant):
        return advance(job=start_job(kind=EXPORT, started_by=started_by, total=8), cursor={"row": 2}, done=2)


def test_progress_shows_how_far_it_is_and_listens(sign_in: SignIn, bela: Membership) -> None:
    job = make_job(bela)

    content = sign_in(bela).get(f"/acme/jobs/{job.pk}/").content.decode()

    assert "Exporting tickets" in content
    assert "2 of 8" in content
    assert f'data-live="job-{job.pk}"' in content
    assert f'hx-get="/acme/jobs/{job.pk}/"' in content


def test_progress_is_for_who_started_it_and_for_admins(
    sign_in: SignIn, ada: Membership, bela: Membership, cleo: Membership
) -> None:
    adas, belas = make_job(ada), make_job(bela)

    assert sign_in(ada).get(f"/acme/jobs/{belas.pk}/").status_code == 200
    assert sign_in(bela).get(f"/acme/jobs/{adas.pk}/").status_code == 404
    assert sign_in(cleo).get(f"/acme/jobs/{belas.pk}/").status_code == 404
    assert sign_in(cleo).get(f"/globex/jobs/{belas.pk}/").status_code == 404


def test_progress_of_a_job_that_is_not_there(sign_in: SignIn, ada: Membership) -> None:
    client = sign_in(ada)

    assert client.get("/acme/jobs/1/").status_code == 404
    assert client.get(f"/acme/jobs/{10**30}/").status_code == 404
