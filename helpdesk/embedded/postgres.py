"""The PostgreSQL cluster of a data directory: made once, started without a network port, with our two roles."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from signal import SIGINT, SIGQUIT

from helpdesk.embedded import processes, unrooting
from helpdesk.embedded.binaries import find_postgres, postgres_major
from helpdesk.embedded.failing import FULL, ServersFailed, from_log
from helpdesk.embedded.places import Places
from helpdesk.embedded.servers import Server, server_environment

ROLES = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sql"
SUPERUSER = "postgres"
MAKE_DATABASE = """
SELECT 'CREATE DATABASE helpdesk' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'helpdesk') \\gexec
\\connect helpdesk
"""
PORT = "5432"  # part of the socket's name; nothing listens on the network
SETTINGS = {
    "listen_addresses": "",
    "port": PORT,
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    # A failed statement and the details of its failure hold letters and addresses; our own log has the traceback.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}
# For tests: a crash of the machine may cost the cluster. One of the server costs nothing, since synchronous_commit
# stays on: without it the last moments before a kill -9 are lost (seen), for 15 us saved per commit.
EPHEMERAL = {"fsync": "off", "full_page_writes": "off"}
OTHER_MAJOR = (
    "{cluster} was made by PostgreSQL {found}, the programs here are {major}: set PG_BIN to the programs of {found} "
    "(to dump it), or move the directory away and a new one is made."
)


class Postgres(Server):
    """A postgres on a private unix socket, over the cluster in DATA_DIR/pg."""

    name = "PostgreSQL"
    socket_name = f".s.PGSQL.{PORT}"
    stop_signals = ((SIGINT, 8.0), (SIGQUIT, 2.0))  # fast, then at once (recovered from the log at the next start)

    def __init__(self, places: Places, *, ephemeral: bool, identity: processes.Identity) -> None:
        super().__init__(places)
        self._settings = SETTINGS | (EPHEMERAL if ephemeral else {})
        self._identity = identity
        self._binaries = unrooting.reachable(find_postgres(), identity, places)

    def prepare(self) -> None:
        """Check the cluster's version, or make the cluster."""
        major = postgres_major(self._binaries)
        version = self.places.cluster / "PG_VERSION"
        if version.exists():
            found = version.read_text(encoding="ascii").strip()
            if found != str(major):
                raise ServersFailed(OTHER_MAJOR.format(cluster=self.places.cluster, found=found, major=major))
        else:
            self._make_cluster(major)

    def program(self) -> processes.Program:
        """The command line; settings stand there and not in the cluster, so that they follow the code."""
        settings = self._settings | {"unix_socket_directories": str(self.places.sockets)}
        words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        return processes.Program(
            self.name,
            [self._binaries / "postgres", "-D", self.places.cluster, *words],
            self.places.sockets / "postgres.lock",
            self.places.log("postgres"),
            stop=SIGINT,
            identity=self._identity,
        )

    def answers(self) -> bool:
        return self._run("pg_isready", "-t", "1", "-U", SUPERUSER, "-d", "postgres").returncode == 0

    def settle(self) -> None:
        """Make the database and the roles where they are not there yet.

        By psql: a keeper that imported a driver would weigh three times as much for one script per start.
        """
        script = MAKE_DATABASE + ROLES.read_text(encoding="utf-8")
        done = self._run("psql", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-U", SUPERUSER, "-d", "postgres", script=script)
        if "No space left" in done.stderr:
            raise ServersFailed(FULL.format(path=self.places.data))
        if done.returncode != 0:
            raise ServersFailed(f"PostgreSQL did not take the roles: {done.stderr.strip().splitlines()[0]}")

    def _run(self, program: str, *words: str, script: str = "") -> subprocess.CompletedProcess[str]:
        argv = [str(self._binaries / program), "-h", str(self.places.sockets), "-p", PORT, *words]
        return subprocess.run(argv, env=server_environment(), input=script, capture_output=True, text=True, check=False)

    def _make_cluster(self, major: int) -> None:
        """Under another name first: a half-made cluster is never taken for a whole one."""
        draft = self.places.data / "pg.tmp"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._identity.uid is not None:
            os.chown(draft, self._identity.uid, self._identity.uid)
        words = ["-D", str(draft), "-U", SUPERUSER, "--auth=trust", "-E", "UTF8", "--no-instructions"]
        if "fsync" in self._settings:
            words.append("--no-sync")
        program = processes.Program(
            "initdb",
            [self._binaries / "initdb", *words, *_locale(major)],
            self.places.sockets / "initdb.lock",
            self.places.log("initdb"),
            identity=self._identity,
        )
        self.places.log("initdb").unlink(missing_ok=True)
        if processes.spawn(program, server_environment(), self.places.data).wait() != 0:
            raise from_log("initdb", program.log, 0, self.places.data)
        draft.rename(self.places.cluster)


def _locale(major: int) -> list[str]:
    # The built-in provider sorts alike on every system.
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8" if sys.platform == "linux" else "--locale=en_US.UTF-8"]
