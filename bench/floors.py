"""What a page costs at least: its SQL on a bare connection, its templates from ready data."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection, transaction
from django.http import HttpRequest
from django.template import loader
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.tenancy import tenant_scope

SET_TENANT = "SELECT set_config('app.tenant', %s, true)"
NOT_ASKED = ("BEGIN", "COMMIT", "ROLLBACK;")


@dataclass(frozen=True)
class Page:
    """What one answer was made of: the statements with their values, and each template with its data."""

    tenant: int
    statements: tuple[str, ...]
    renders: tuple[tuple[str, dict[str, Any], HttpRequest], ...]

    def time_sql(self, bare: psycopg.Connection[Any]) -> float:
        """Seconds of all statements in one transaction, their rows fetched."""
        begin = time.perf_counter()
        with bare.transaction(force_rollback=True):
            bare.execute(SET_TENANT, (str(self.tenant),))
            for statement in self.statements:
                # What the page gave up after its bound is given up here too; the next statement rolls it back.
                with suppress(psycopg.errors.QueryCanceled):
                    cursor = bare.execute(statement.encode())
                    if cursor.description:
                        cursor.fetchall()
        return time.perf_counter() - begin

    def time_templates(self) -> float:
        """Seconds of rendering again what was rendered, without what templates still ask of the database."""
        asked = 0.0

        def clocked(execute: Any, *words: Any) -> Any:
            nonlocal asked
            begin = time.perf_counter()
            try:
                return execute(*words)
            finally:
                asked += time.perf_counter() - begin

        with transaction.atomic(), tenant_scope(self.tenant):
            begin = time.perf_counter()
            with connection.execute_wrapper(clocked):
                for template, context, request in self.renders:
                    loader.render_to_string(template, context, request)
            return time.perf_counter() - begin - asked


def take_apart(client: Client, url: str, tenant: int, headers: dict[str, str]) -> Page:
    """Answer `url` in this process and keep what it took. The second answer, since the first fills caches."""
    _get(client, url, headers)
    with CaptureQueriesContext(connection) as captured, _recorded() as renders:
        _get(client, url, headers)
    asked = [one["sql"] for one in captured.captured_queries]
    return Page(tenant, tuple(sql for sql in asked if not sql.startswith(NOT_ASKED)), tuple(renders))


def bare_connection() -> psycopg.Connection[Any]:
    """As the app role, without Django."""
    given = connection.settings_dict
    return psycopg.connect(
        host=given["HOST"], dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"], autocommit=True
    )


def scans(bare: psycopg.Connection[Any], page: Page, least: int) -> list[str]:
    """The statements of a page whose plan reads a table of at least so many rows from end to end."""
    large = {name for (name,) in bare.execute("SELECT relname FROM pg_class WHERE reltuples >= %s", (least,))}
    found = []
    with bare.transaction(force_rollback=True):
        bare.execute(SET_TENANT, (str(page.tenant),))
        for statement in page.statements:
            if statement.startswith(("SELECT", "WITH", "(")):
                plan = [line for (line,) in bare.execute(b"EXPLAIN " + statement.encode())]
                found += [f"{line.strip()}: {statement[:300]}" for line in plan if scanned(line) in large]
    return found


def scanned(line: str) -> str:
    """The table that a line of a plan reads from end to end, "" for none."""
    return line.partition("Seq Scan on ")[2].split(" ")[0] if "Seq Scan on " in line else ""


def _get(client: Client, url: str, headers: dict[str, str]) -> None:
    answer: Any = client.get(url, headers=headers)
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answers {answer.status_code}")


@contextmanager
def _recorded() -> Iterator[list[tuple[str, dict[str, Any], HttpRequest]]]:
    renders: list[Any] = []
    original = loader.render_to_string

    def recording(template: Any, context: Any = None, request: Any = None, using: Any = None) -> str:
        renders.append((template, context, request))
        return original(template, context, request, using)

    loader.render_to_string = recording  # type: ignore[assignment]  # recorded for a moment
    try:
        yield renders
    finally:
        loader.render_to_string = original
