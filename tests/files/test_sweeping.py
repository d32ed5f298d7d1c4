"""Orphans: bytes whose transaction rolled back go after a day, nothing else does."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import tenant_scope
from files.models import StoredFile
from files.services.storing import ORPHAN_AGE, read, store, sweep_orphans


def make_orphan() -> str:
    """Bytes of a transaction that was rolled back."""
    path = ""
    with pytest.raises(RuntimeError), transaction.atomic():
        path = store(name="a", content_type="text/plain", content=b"orphan").path
        raise RuntimeError
    return path


def test_rolled_back_file_leaves_an_orphan_that_is_swept_after_a_day(in_acme: Tenant) -> None:
    path = make_orphan()
    kept = store(name="b", content_type="text/plain", content=b"kept")
    later = timezone.now() + ORPHAN_AGE + timedelta(minutes=1)

    young = sweep_orphans(tenant_id=in_acme.pk, at=timezone.now())
    old = sweep_orphans(tenant_id=in_acme.pk, at=later)

    assert (young, old) == (0, 1)
    assert not default_storage.exists(path)
    assert read(kept) == b"kept"
    assert not StoredFile.objects.filter(name="a").exists()


def test_sweep_leaves_other_tenants_alone(acme: Tenant, globex: Tenant) -> None:
    with tenant_scope(globex):
        theirs = store(name="b", content_type="text/plain", content=b"theirs")
    default_storage.save(f"{acme.pk}/aa/aaaa", ContentFile(b"orphan"))
    later = timezone.now() + ORPHAN_AGE + timedelta(minutes=1)

    with tenant_scope(acme):
        assert sweep_orphans(tenant_id=acme.pk, at=later) == 1

    with tenant_scope(globex):
        assert read(theirs) == b"theirs"
