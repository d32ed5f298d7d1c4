"""Ten workspaces, one of them large: made once in a directory of the benchmark's own, in minutes."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from tests.stack import OURS, ROOT

SEED = 1
VERSION = 5  # of the rows; data of another version is made anew
LARGE = 1_000_000  # tickets of the large workspace
SMALL = 10_000  # tickets of each of the nine other workspaces: what the large one is compared with
OTHERS = 9
PIECE = 10_000  # tickets loaded at once
PASSWORD = "demo demo demo"
LARGE_SLUG, SMALL_SLUG = "large", "small-1"


@dataclass(frozen=True)
class Data:
    """A directory with generated data: usable as DATA_DIR of a run."""

    directory: Path
    tickets: int  # of the large workspace


def generate(tickets: int = LARGE, directory: Path | None = None) -> Data:
    """Make the data, or find it made before with the same number of tickets."""
    place = (directory or ROOT / ".data" / f"bench-{tickets}").resolve()
    mark = place / "generated.json"
    wanted = {"version": VERSION, "tickets": tickets, "seed": SEED}
    if mark.exists() and json.loads(mark.read_text()) == wanted:
        return Data(place, tickets)
    if mark.exists() or (place / "pg").exists():
        raise SystemExit(f"{place} holds other or half-made data: remove it")
    join(place)
    _migrate()
    _fill(tickets)
    mark.write_text(json.dumps(wanted))
    (place / "seeded").touch()  # `run --demo` adds nothing to it
    return Data(place, tickets)


def join(place: Path) -> None:
    """Make this process a Django beside the embedded servers of the directory."""
    from helpdesk import embedded

    for name in OURS:
        os.environ.pop(name, None)
    os.environ.update(DATA_DIR=str(place), DJANGO_SETTINGS_MODULE="helpdesk.settings")
    embedded.lend(os.environ, place)
    import django

    django.setup()


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)


def _fill(tickets: int) -> None:
    from django.conf import settings
    from django.db import connection

    from bench.busy import add_busy_customer
    from bench.loading import bare_tables
    from bench.population import LOADED, Population
    from bench.staffing import make_workspace
    from core.database.roles import as_owner

    sizes = {LARGE_SLUG: tickets, **{f"small-{number}": min(SMALL, tickets) for number in range(1, OTHERS + 1)}}
    workspaces = [make_workspace(slug, size) for slug, size in sizes.items()]
    settings.DATABASES["default"]["OPTIONS"] = {}
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit = off")
        population, begin = Population(SEED), time.monotonic()
        with bare_tables(LOADED):
            for done, (workspace, many) in enumerate(_pieces(workspaces), 1):
                population.add_piece(workspace, many)
                _say(f"{done * PIECE:,} tickets at most", begin)
            _say("building indexes and keys", begin)
        population.finish()
        for workspace in workspaces[:2]:
            add_busy_customer(workspace)
        _say("counting (VACUUM ANALYZE)", begin)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        _say("done", begin)


def _pieces(workspaces: list) -> list:
    """Large and small in turns, so that rows and ids of one workspace lie among those of others."""
    large, *small = workspaces
    left, pieces = large.tickets, []
    turns = -(-large.tickets // PIECE)
    for turn in range(turns):
        pieces.append((large, min(PIECE, left)))
        left -= PIECE
        for place, other in enumerate(small):
            if turn == min(turns - 1, (place + 1) * turns // (len(small) + 1)):
                pieces.append((other, other.tickets))
    return pieces


def _say(what: str, begin: float) -> None:
    print(f"  {time.monotonic() - begin:6.0f} s  {what}", flush=True)
