"""Store bytes, read them back, sweep what no row knows."""

import hashlib
from datetime import datetime, timedelta
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from files.models import StoredFile

# A file is written before the row that points to it is committed; younger ones are left alone.
ORPHAN_AGE = timedelta(days=1)


def store(*, name: str, content_type: str, content: bytes) -> StoredFile:
    """Write the bytes, then the row. A transaction that rolls back leaves an orphan for the sweep, never a hole."""
    stored = StoredFile(
        name=name[:255],
        content_type=content_type[:127],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    default_storage.save(stored.path, ContentFile(content))
    stored.save()
    return stored


def read(stored: StoredFile) -> bytes:
    """All bytes. Raises FileNotFoundError when the storage lost them."""
    with open_file(stored) as file:
        return file.read()


def open_file(stored: StoredFile) -> IO[bytes]:
    """A file to stream from; the caller closes it."""
    return default_storage.open(stored.path, "rb")


def release(stored: StoredFile) -> bool:
    """Delete the row unless another still points to it; returns whether it went. The bytes go with the sweep."""
    try:
        with transaction.atomic():
            stored.delete()
    except ProtectedError:
        return False
    return True


def sweep_orphans(*, tenant_id: int, at: datetime) -> int:
    """Delete files of the active tenant that no row knows and that are older than a day; returns how many."""
    known = set(StoredFile.objects.values_list("key", flat=True))
    removed = 0
    for path in _paths(tenant_id):
        old = default_storage.get_modified_time(path) < at - ORPHAN_AGE
        if old and path.rpartition("/")[2] not in known:
            default_storage.delete(path)
            removed += 1
    return removed


def _paths(tenant_id: int) -> list[str]:
    root = str(tenant_id)
    if not default_storage.exists(root):
        return []
    folders, _ = default_storage.listdir(root)
    return [f"{root}/{folder}/{name}" for folder in folders for name in default_storage.listdir(f"{root}/{folder}")[1]]
