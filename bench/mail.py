"""How many ordinary mails a second one core takes in: stored at a door, then understood and put on tickets by a worker.

Counted is CPU time, of this process and of its PostgreSQL and Redis, so that a busy machine changes little. Beside it,
in turns, the floor: Python's own reader takes the same mails apart, and one statement puts each into a bare table.
"""

from __future__ import annotations

import email
import email.policy
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.generating import join
from bench.letters import Letters

MAILS = 200  # in each round
ROUNDS = 5  # of both, in turns
LARGE = 25_000_000  # bytes of a file, a third more in transfer
BARE = "INSERT INTO bench_mail (sender, subject, body, raw) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True)
class Spent:
    """CPU seconds: of this process, and of the servers beside it."""

    own: float
    servers: float

    @property
    def both(self) -> float:
        return self.own + self.servers


def run() -> dict[str, Any]:
    """Start servers in a new directory, and measure there."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from helpdesk import embedded

    try:
        join(place)
        return _measure(place)
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)


def _measure(place: Path) -> dict[str, Any]:
    from bench import mail_ways

    tenant = mail_ways.prepare()
    letters, servers = Letters(1), Servers(place)
    spent: dict[str, list[Spent]] = {"storing": [], "working": [], "floor": []}
    mail_ways.work(tenant, mail_ways.store(tenant, [letters.make() for _ in range(MAILS)], []))
    with mail_ways.bare_connection() as bare:
        for _ in range(ROUNDS):
            raws = [letters.make() for _ in range(MAILS)]
            spent["floor"].append(servers.spent_by(partial(_bare, bare, raws)))
            stored: list[int] = []
            spent["storing"].append(servers.spent_by(partial(mail_ways.store, tenant, raws, stored)))
            spent["working"].append(servers.spent_by(partial(mail_ways.work, tenant, stored)))
    figures = _figures(spent)
    figures["statements of a mail, storing and working"] = mail_ways.count_statements(
        tenant, [letters.make() for _ in range(20)]
    )
    large = mail_ways.store(tenant, [letters.make_large(LARGE)], [])
    figures["a mail of 25 MB, working"] = _said(servers.spent_by(partial(mail_ways.work, tenant, large)), 1)
    figures["what became of them"] = mail_ways.outcomes(tenant)
    return figures


def _figures(spent: dict[str, list[Spent]]) -> dict[str, Any]:
    whole = [a.both + b.both for a, b in zip(spent["storing"], spent["working"], strict=True)]
    ours, floor = statistics.median(whole) / MAILS, statistics.median(one.both for one in spent["floor"]) / MAILS
    middle = {name: sorted(many, key=lambda one: one.both)[len(many) // 2] for name, many in spent.items()}
    return {
        "mails a second and core": f"{1 / ours:.0f} (rounds: {', '.join(f'{MAILS / one:.0f}' for one in whole)})",
        "floor: read by Python, one bare row": f"{1 / floor:.0f} a second",
        "times the floor": f"{ours / floor:.1f}",
        **{f"one mail, {name}": _said(one, MAILS) for name, one in middle.items()},
    }


def _said(spent: Spent, count: int) -> str:
    total = f"{spent.both / count * 1000:.2f} ms of CPU"
    return f"{total} (Python {spent.own / count * 1000:.2f}, PostgreSQL and Redis {spent.servers / count * 1000:.2f})"


def _bare(bare: Any, raws: Sequence[bytes]) -> None:
    for raw in raws:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        body = mail.get_body(("plain",))
        words = str(body.get_content()) if body else ""
        bare.execute(BARE, (str(mail["From"]), str(mail["Subject"]), words, raw))


class Servers:
    """The processes of PostgreSQL and Redis of a data directory."""

    def __init__(self, place: Path) -> None:
        self._place = str(place)

    def spent_by(self, work: Callable[[], object]) -> Spent:
        """CPU seconds that `work` took. The kernel counts those of the servers in hundredths."""
        servers, own = self._seconds(), time.process_time()
        work()
        own = time.process_time() - own
        return Spent(own, self._seconds() - servers)

    def _seconds(self) -> float:
        """Of all that descend from the keeper of the directory, those that ended included."""
        parents: dict[int, int] = {}
        ticks: dict[int, int] = {}
        for process in Path("/proc").iterdir():
            if process.name.isdigit() and (fields := _fields(process)):
                parents[int(process.name)] = int(fields[1])
                ticks[int(process.name)] = sum(int(one) for one in fields[11:15])
        keepers = {pid for pid in parents if self._is_keeper(pid)}
        return sum(ticks[pid] for pid in parents if _descends(pid, keepers, parents)) / os.sysconf("SC_CLK_TCK")

    def _is_keeper(self, pid: int) -> bool:
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return b"helpdesk.embedded" in words and self._place.encode() in words


def _fields(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _descends(pid: int, keepers: set[int], parents: dict[int, int]) -> bool:
    while pid in parents:
        if pid in keepers:
            return True
        pid = parents[pid]
    return False
