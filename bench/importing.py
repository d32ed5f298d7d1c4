"""How many customers a second an import takes in, history included, and whether its memory stays flat.

Beside it the reader alone: the same rows taken out of the file, and nothing done with them.
"""

from __future__ import annotations

import csv
import random
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.generating import join

ROWS = 100_000
EARLY = 10  # batches, after which memory is looked at first
HEADER = (
    *("reference", "first_name", "last_name", "birthday", "sex", "email", "phone"),
    *("street", "postal_code", "city", "country", "note", "points"),
)
FIRST = "Ana Eva Rui Zoe Max Lea Ivo Mia Tom Ines Olga Boris Karl Jana Pierre Sofia".split()
LAST = "Lopes Silva Kowalski Weber Martin Novak Petrov Costa Rossi Olsen Kaya Haas".split()
CITIES = (("Lisboa", "1200-385", "PT"), ("Berlin", "10115", "DE"), ("Lyon", "69001", "FR"), ("Riga", "LV-1050", "LV"))


def run(rows: int = ROWS) -> dict[str, Any]:
    """Start servers in a new directory, and measure there: a new file, and the same one again."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from helpdesk import embedded

    try:
        join(place)
        return _measure(place, rows)
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)


def write_table(path: Path, rows: int) -> None:
    """A table of so many customers: an address, a phone, a place each, a note for every third."""
    chance = random.Random(1)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_row(chance, number) for number in range(rows))


def _row(chance: random.Random, number: int) -> tuple[Any, ...]:
    first, last = chance.choice(FIRST), chance.choice(LAST)
    city, code, country = chance.choice(CITIES)
    day = f"{1950 + number % 55}-{1 + number % 12:02}-{1 + number % 28:02}"
    email = f"{first}.{last}.{number}@mail{number % 50}.example".lower()
    note = f"Asked for parcels after {number % 24} o'clock, and no calls." if number % 3 == 0 else ""
    phone = f"+35191{number % 10_000_000:07}"
    street = f"Rua da Rosa {number % 300}"
    return (f"C-{number}", first, last, day, "", email, phone, street, code, city, country, note, number % 1000)


def _measure(place: Path, rows: int) -> dict[str, Any]:
    from django.core.management import call_command
    from django.db import transaction

    from accounts.kinds import SYSTEM
    from accounts.services.opening import open_workspace
    from accounts.tenancy import tenant_scope
    from customers.kinds import FieldKind, FieldTarget
    from customers.services import defining

    call_command("migrate", verbosity=0, skip_checks=True)
    path = place / "customers.csv"
    write_table(path, rows)
    with transaction.atomic():
        tenant = open_workspace(slug="bench", name="Bench")
    with tenant_scope(tenant):
        with transaction.atomic():
            draft = defining.FieldDraft("Points", code="points")
            defining.define_field(
                target=FieldTarget.CUSTOMER, kind=FieldKind.INTEGER, draft=draft, options=[], actor=SYSTEM
            )
        figures: dict[str, Any] = {"reading alone": _said(rows, _read(path))}
        for what in ("new customers", "the same file again"):
            seconds, early, late = _import(path)
            figures[what] = f"{_said(rows, seconds)}, memory {early:.0f} MB early, {late:.0f} MB at the end"
    return figures


def _read(path: Path) -> float:
    from core.tables.dialects import find_dialect
    from core.tables.reading import read_rows

    begin = time.perf_counter()
    with path.open("rb") as file:
        for _ in read_rows(file, find_dialect(file)):
            pass
    return time.perf_counter() - begin


def _import(path: Path) -> tuple[float, float, float]:
    """Seconds, and the megabytes this process has after some batches and after the last."""
    from django.utils import timezone

    from customers.services.importing import uploading, working

    begin = time.perf_counter()
    with path.open("rb") as file:
        taken = uploading.take_file(agent=None, name=path.name, file=file)
    job = working.begin_import(taken=taken, agent=None)
    early = 0.0
    for count, step in enumerate(working.work_through(job=job, at=timezone.now())):
        early, job = _megabytes() if count == EARLY else early, step
    if not job.is_finished or job.report["refused"]:
        raise RuntimeError(f"the import ended otherwise: {job.report}")
    return time.perf_counter() - begin, early, _megabytes()


def _megabytes() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _said(rows: int, seconds: float) -> str:
    return f"{rows / seconds:,.0f} rows/s ({seconds:.1f} s)"
