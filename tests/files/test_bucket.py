"""Files in a bucket of an S3-compatible store: stored, handed out and swept as on disk."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from files.models import StoredFile
from files.services.storing import ORPHAN_AGE, read, store, sweep_orphans
from helpdesk.env import env
from helpdesk.file_storage import IN_MEMORY, file_storage

SignIn = Callable[[Membership], Client]
pytestmark = pytest.mark.soak


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer  # takes seconds to load, and only here is it needed

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture(autouse=True)
def bucket(server: str, settings: Any, request: pytest.FixtureRequest) -> Any:
    """An empty bucket that the product keeps its files in."""
    name = f"files-{abs(hash(request.node.name))}"
    place = replace(env, s3_bucket=name, s3_endpoint=server, s3_region="eu-west-1", s3_key="k", s3_secret="s")
    settings.STORAGES = {**settings.STORAGES, "default": file_storage(place)}
    made: Any = default_storage
    made.connection.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return made.bucket


def test_file_is_stored_and_read(in_acme: Tenant, bucket: Any) -> None:
    stored = store(name="a.pdf", content_type="application/pdf", content=b"%PDF")

    assert read(stored) == b"%PDF"
    assert [one.key for one in bucket.objects.all()] == [stored.path]


def test_large_file_is_read_whole(in_acme: Tenant) -> None:
    content = bytes(range(256)) * (IN_MEMORY // 256 + 4)

    assert read(store(name="a.bin", content_type="application/octet-stream", content=content)) == content


def test_lost_file_is_told_as_on_disk(in_acme: Tenant) -> None:
    stored = store(name="a.pdf", content_type="application/pdf", content=b"%PDF")
    default_storage.delete(stored.path)

    with pytest.raises(FileNotFoundError):
        read(stored)


def test_file_is_handed_out_to_members_only(ada: Membership, cleo: Membership, sign_in: SignIn) -> None:
    with tenant_scope(ada.tenant):
        page = store(name="page.html", content_type="text/html", content=b"<script>alert(1)</script>")

    response: Any = sign_in(ada).get(f"/acme/files/{page.key}/")

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Length"] == "25"
    assert sign_in(cleo).get(f"/globex/files/{page.key}/").status_code == 404
    with tenant_scope(ada.tenant):
        default_storage.delete(page.path)
    assert sign_in(ada).get(f"/acme/files/{page.key}/").status_code == 404


def test_orphans_are_swept_after_a_day_and_nothing_else(in_acme: Tenant, globex: Tenant) -> None:
    kept = store(name="a", content_type="text/plain", content=b"kept")
    orphans = [f"{in_acme.pk}/{kept.key[:2]}/{kept.key[:2]}{'0' * 38}", f"{in_acme.pk}/ff/{'f' * 40}"]
    others = f"{globex.pk}/ff/{'f' * 40}"
    for path in (*orphans, others):
        default_storage.save(path, ContentFile(b"orphan"))
    later = timezone.now() + ORPHAN_AGE + timedelta(minutes=1)

    young = sweep_orphans(tenant_id=in_acme.pk, at=timezone.now())
    old = sweep_orphans(tenant_id=in_acme.pk, at=later)

    assert (young, old) == (0, 2)
    assert read(kept) == b"kept"
    assert default_storage.exists(others)
    assert StoredFile.objects.count() == 1


def test_empty_bucket_has_nothing_to_sweep(in_acme: Tenant) -> None:
    assert sweep_orphans(tenant_id=in_acme.pk, at=timezone.now()) == 0
