"""How long comparing all customers of a workspace takes, whether that grows in step with them, and its memory."""

from __future__ import annotations

import csv
import random
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.generating import join

SIZES = (12_500, 25_000, 50_000, 100_000)
AGAIN = 5  # every so manieth customer is there twice, the second time with a slip
HEADER = ("reference", "first_name", "last_name", "birthday", "email", "phone", "street", "postal_code", "city")
SYLLABLES = "ba be bi da de di fa ga ka ke la le lo ma me mi na ne no pa ra re ri ro sa se so ta te to va vi za".split()


def run(largest: int = SIZES[-1]) -> dict[str, Any]:
    """Start servers in a new directory, and measure there: a workspace for each size."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from helpdesk import embedded

    try:
        join(place)
        from django.core.management import call_command

        call_command("migrate", verbosity=0, skip_checks=True)
        return {f"{size:,} customers": _measure(place, size) for size in SIZES if size <= largest}
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)


def write_table(path: Path, rows: int) -> None:
    """People who have names, streets and cities in common as people do; some of them twice."""
    chance = random.Random(1)
    firsts, lasts, streets = (_words(chance, count) for count in (800, 6_000, 4_000))
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        before: list[str] = []
        for number in range(rows):
            if number % AGAIN == AGAIN - 1:
                writer.writerow([f"C-{number}", *_slipped(chance, before)])
                continue
            first, last = _common(chance, firsts), _common(chance, lasts)
            born = f"{1940 + chance.randrange(65)}-{1 + chance.randrange(12):02}-{1 + chance.randrange(28):02}"
            town = chance.randrange(rows // 200 + 1)
            contacts = [f"{first}.{last}{number}@mail.example", f"+35191{number:07}"]
            before = [first, last, born, *(one if chance.random() < 0.5 else "" for one in contacts)]
            before += [f"{chance.choice(streets)} {chance.randrange(1, 200)}", f"{1000 + town}", f"town{town}"]
            writer.writerow([f"C-{number}", *before])


def _words(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.randrange(2, 5))) for _ in range(count)]


def _common(chance: random.Random, words: list[str]) -> str:
    """The first ones far more often than the last."""
    return words[int(len(words) * chance.random() ** 3)]


def _slipped(chance: random.Random, said: list[str]) -> list[str]:
    place = chance.randrange(len(said))
    text = said[place]
    if place == 2 or len(text) < 3 or "@" in text or text.startswith("+"):
        return [*said[:place], "", *said[place + 1 :]]
    cut = chance.randrange(len(text) - 1)
    return [*said[:place], text[:cut] + text[cut + 1 :], *said[place + 1 :]]


def _measure(place: Path, size: int) -> str:
    from django.db import transaction
    from django.utils import timezone

    from accounts.services.opening import open_workspace
    from accounts.tenancy import tenant_scope
    from customers.services.importing import uploading
    from customers.services.importing import working as importing
    from customers.services.suggesting import working

    path = place / "customers.csv"
    write_table(path, size)
    with transaction.atomic():
        tenant = open_workspace(slug=f"bench-{size}", name="Bench")
    with tenant_scope(tenant):
        with path.open("rb") as file:
            taken = uploading.take_file(agent=None, name=path.name, file=file)
        for _ in importing.work_through(job=importing.begin_import(taken=taken, agent=None), at=timezone.now()):
            pass
        begin, used = time.perf_counter(), time.process_time()
        *_, job = working.work_through(job=working.take_over(at=timezone.now()), at=timezone.now())
        seconds, used = time.perf_counter() - begin, time.process_time() - used
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{seconds:.1f} s, {used:.1f} s of them in this process, {1000 * seconds / size:.2f} ms each, "
        f"at most {most:.0f} MB, {job.report['summary']}"
    )
