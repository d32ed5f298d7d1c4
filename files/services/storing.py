"""Store bytes, read them back, sweep what no row knows."""

import hashlib
from datetime import datetime, timedelta
from functools import partial
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from files.models import StoredFile

# A file is written before the row that points to it is committed; younger ones are left alone.
ORPHAN_AGE = timedelta(days=1)
_READ_AT_ONCE = 2**20  # bytes


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


def write_bytes(*, name: str, content_type: str, file: IO[bytes]) -> StoredFile:
    """Write the bytes of a file, a piece at a time; the row is not saved: whoever saves it has stored the file.

    For what is too large to write inside a transaction. A row that is never saved leaves an orphan for the sweep.
    """
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while piece := file.read(_READ_AT_ONCE):
        digest.update(piece)
        size += len(piece)
    stored = StoredFile(name=name[:255], content_type=content_type[:127], size=size, sha256=digest.hexdigest())
    file.seek(0)
    default_storage.save(stored.path, File(file))
    return stored


def read(stored: StoredFile) -> bytes:
    """All bytes. Raises FileNotFoundError when the storage lost them."""
    with open_file(stored) as file:
        return file.read()


def open_file(stored: StoredFile) -> IO[bytes]:
    """A file to stream from; the caller closes it."""
    return default_storage.open(stored.path, "rb")


def release(stored: StoredFile) -> bool:
    """Destroy the file unless another row still points to it; returns whether it went."""
    try:
        with transaction.atomic():
            destroy(stored)
    except ProtectedError:
        return False
    return True


def destroy(stored: StoredFile) -> None:
    """Delete the row, and the bytes as soon as that is committed; a crash between leaves them to the sweep.

    Raises ProtectedError when another row still points to it.
    """
    path = stored.path
    stored.delete()
    transaction.on_commit(partial(default_storage.delete, path), robust=True)


def sweep_orphans(*, tenant_id: int, at: datetime) -> int:
    """Delete files of the active tenant that no row knows and that are older than a day; returns how many."""
    return sum(_sweep_folder(tenant_id, folder, at) for folder in _list(str(tenant_id))[0])


def _sweep_folder(tenant_id: int, folder: str, at: datetime) -> int:
    place = f"{tenant_id}/{folder}"
    names = _list(place)[1]
    # Keys are hexadecimal: all of them that begin with the folder's name, and found by the index.
    known = set(StoredFile.objects.filter(key__gte=folder, key__lt=f"{folder}g").values_list("key", flat=True))
    removed = 0
    for name in names:
        # In a bucket each question for the time is a call: only what nobody knows is asked for.
        if name not in known and default_storage.get_modified_time(f"{place}/{name}") < at - ORPHAN_AGE:
            default_storage.delete(f"{place}/{name}")
            removed += 1
    return removed


def _list(place: str) -> tuple[list[str], list[str]]:
    """Folders and files; none where there is no such folder, which a bucket does not tell from an empty one."""
    try:
        folders, names = default_storage.listdir(place)
    except FileNotFoundError:
        return [], []
    return folders, names
