"""Looks for words in every table, every file and every key, however they may be written there."""

from __future__ import annotations

import base64
import io
from collections.abc import Collection, Iterator
from typing import Any
from zipfile import ZipFile, is_zipfile

import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from channels.services.unwrapping import unwrapped

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
"""


def found_anywhere(words: Collection[str], *, tenant_id: int) -> set[str]:
    """Each place and word as "place: word", in the active workspace."""
    tables = {f"{table}: {word}" for table in tables_seen() for word in _found_in_table(table, words, tenant_id)}
    files = {f"file: {word}" for _, text in file_texts(tenant_id) for word in _found_in(text, words)}
    keys = {f"key: {word}" for text in key_texts() for word in _found_in(text, words)}
    return tables | files | keys


def tables_seen() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return [table for (table,) in cursor.fetchall()]


def _found_in_table(table: str, words: Collection[str], tenant_id: int) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS, [table])
        columns = dict(cursor.fetchall())
        decoded = [f"encode(\"{name}\", 'escape')" for name, kind in columns.items() if kind == "bytea"]
        told = ", ".join(["t::text", *decoded])
        # Some tables have no wall.
        ours = f"tenant_id = {tenant_id:d}" if "tenant_id" in columns else "true"
        cursor.execute(f"SELECT concat_ws(' ', {told}) FROM \"{table}\" t WHERE {ours}")
        return {word for (text,) in cursor.fetchall() for word in _found_in(text, words)}


def _found_in(text: str, words: Collection[str]) -> Iterator[str]:
    low = text.casefold()
    return (word for word in words if any(one in low for one in spellings(word)))


def spellings(word: str) -> set[str]:
    """As it is, percent-encoded, quoted-printable, in bytes as PostgreSQL shows them, and inside base64 anywhere."""
    low = word.casefold()
    plain = {low, low.replace("@", "%40"), low.replace("@", "=40"), low.encode().hex()}
    return plain | {inner.casefold() for inner in _inside_base64(word)}


def _inside_base64(word: str) -> Iterator[str]:
    """The letters that only depend on the word, at each of its three possible places."""
    for shift in range(3):
        packed = base64.b64encode(b"\0" * shift + word.encode()).decode()
        yield packed[4 if shift else 0 : len(packed) // 4 * 4 - 4]


def file_texts(tenant_id: int) -> Iterator[tuple[str, str]]:
    """What stands in each file of the workspace that is on the disk, known or not."""
    for path in _paths(str(tenant_id)):
        with default_storage.open(path) as file:
            content = file.read()
        if is_zipfile(io.BytesIO(content)):
            with ZipFile(io.BytesIO(content)) as archive:
                content = b"\n".join(archive.read(name) for name in archive.namelist())
        yield path, "\n".join(unwrapped(content.replace(b"\0", b"")))  # UTF-16, too


def _paths(place: str) -> Iterator[str]:
    try:
        folders, names = default_storage.listdir(place)
    except FileNotFoundError:
        return
    yield from (f"{place}/{name}" for name in names)
    for folder in folders:
        yield from _paths(f"{place}/{folder}")


def key_texts() -> Iterator[str]:
    client: Any = redis.Redis.from_url(settings.REDIS_URL, decode_responses=True, encoding_errors="replace")
    read = {
        "string": client.get,
        "hash": client.hgetall,
        "list": lambda key: client.lrange(key, 0, -1),
        "set": client.smembers,
        "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        "stream": client.xrange,
    }
    for key in client.scan_iter("*"):
        yield f"{key} {read[client.type(key)](key)!r}"
