"""How long from a clean checkout to `ready`, how long a second start, how much memory all processes take."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.stack import OURS, ROOT, three_free_ports


def run() -> dict[str, Any]:
    """Clone the committed tree to a new folder, `make demo` twice there. Times in seconds, memory in MB."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    try:
        clone = place / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        floor = _time_of([sys.executable, "-c", "pass"])
        first, memory = _start(clone)
        second, _ = _start(clone)
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return {
        "first start": f"{first:.1f} s",
        "second start": f"{second:.1f} s",
        "memory of all processes (PSS)": f"{memory:.0f} MB",
        "floor: python that does nothing": f"{floor:.3f} s",
    }


def _start(clone: Path) -> tuple[float, float]:
    environ = {key: value for key, value in os.environ.items() if key not in OURS and key != "VIRTUAL_ENV"}
    environ["PORT"] = str(three_free_ports())
    begin = time.monotonic()
    process = subprocess.Popen(
        ["make", "--silent", "demo"], cwd=clone, env=environ, stdout=subprocess.PIPE, text=True, process_group=0
    )
    try:
        for line in process.stdout or ():
            if line.startswith("ready: "):
                return time.monotonic() - begin, _memory(clone)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)
    raise RuntimeError("the demo did not get ready")


def _memory(clone: Path) -> float:
    """Proportional set sizes of every process that runs from the clone: shared pages count once."""
    time.sleep(3)
    total = 0
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            total += _pss(process) if _belongs(process, clone) else 0
    return total / 1024


def _belongs(process: Path, clone: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
        words += bytes((process / "cwd").readlink()) + bytes((process / "exe").readlink())
    except OSError:
        return False
    return str(clone).encode() in words


def _pss(process: Path) -> int:
    try:
        rollup = (process / "smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")), 0)


def _time_of(command: list[str]) -> float:
    begin = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - begin
