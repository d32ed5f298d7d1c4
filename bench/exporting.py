"""A file of very many customers with every usual column: how many rows a second, and whether memory grows with them."""

from __future__ import annotations

import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.generating import join

CUSTOMERS = 1_000_000


def run(customers: int = CUSTOMERS) -> dict[str, Any]:
    """Start servers in a new directory, fill them, and write the file as a worker does."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    from helpdesk import embedded

    try:
        join(place)
        return _measure(customers)
    finally:
        embedded.leave(place)
        shutil.rmtree(place, ignore_errors=True)


def _measure(customers: int) -> dict[str, Any]:
    from bench import exporting_ways

    export = exporting_ways.prepare(customers)
    begin, cpu = time.perf_counter(), time.process_time()
    watched = exporting_ways.write(export, memory)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - cpu
    return {
        "customers a second": f"{customers / seconds:,.0f} ({customers:,} in {seconds:.0f} s, {cpu:.0f} s of CPU here)",
        "size of the file": f"{watched.size / 2**20:,.0f} MB",
        "most memory": f"{watched.first:.0f} MB after the first tenth, {watched.last:.0f} MB at the end",
    }


def memory() -> float:
    """The most this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
