"""The built-in servers: shared by everybody who joins, gone with the last one, back after any kill -9."""

import errno
import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
import redis

from helpdesk import embedded
from helpdesk.embedded import binaries, failing, lending, locks
from helpdesk.embedded.places import Places

ROOT = Path(__file__).resolve().parents[2]
JOIN_AND_SLEEP = (
    "import sys, time, pathlib; from helpdesk import embedded\n"
    "print(embedded.join(pathlib.Path(sys.argv[1]), ephemeral=True).database_url, flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """A data directory of the test's own; its servers end with the test."""
    yield tmp_path / "data"
    embedded.leave(tmp_path / "data")


@pytest.fixture(scope="module")
def shared_data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """For tests after which the servers run as before."""
    directory = tmp_path_factory.mktemp("shared") / "data"
    embedded.join(directory, ephemeral=True)
    yield directory
    embedded.leave(directory)


def start_user(data_dir: Path) -> subprocess.Popen[str]:
    """Another process that joins the servers, prints their address, and stays."""
    words = [sys.executable, "-c", JOIN_AND_SLEEP, str(data_dir)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def end_user(user: subprocess.Popen[str]) -> None:
    user.kill()
    user.communicate()


def wait_until(condition: Callable[[], bool], seconds: float = 6.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def is_down(data_dir: Path) -> bool:
    return not locks.is_held(Places.of(data_dir).keeper_lock)


def keeper_pid(data_dir: Path) -> int:
    return int(Places.of(data_dir).keeper_lock.read_text())


def server_pid(data_dir: Path, name: str) -> int:
    # Whoever signs the file empties it first: in that moment there is no server.
    return int((Places.of(data_dir).sockets / f"{name}.lock").read_text() or 0)


def write_row(servers: embedded.Servers, word: str) -> None:
    with closing(psycopg.connect(servers.owner_url, autocommit=True)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def read_rows(servers: embedded.Servers) -> list[str]:
    with closing(psycopg.connect(servers.owner_url)) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept")]


def test_join_twice_gives_the_same_servers(shared_data_dir: Path) -> None:
    keeper = keeper_pid(shared_data_dir)

    again = embedded.join(shared_data_dir)

    assert keeper_pid(shared_data_dir) == keeper
    assert redis.Redis.from_url(again.redis_url).ping()
    with closing(psycopg.connect(again.database_url)) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == ("helpdesk_app", "helpdesk")


def test_join_makes_sockets_that_nobody_else_may_use(shared_data_dir: Path) -> None:
    sockets = Places.of(shared_data_dir).sockets

    with closing(psycopg.connect(embedded.join(shared_data_dir).database_url)) as connection:
        listening = connection.execute("SHOW listen_addresses").fetchone()

    assert stat.S_IMODE(sockets.lstat().st_mode) == 0o700
    assert listening == ("",)


def test_app_role_creates_nothing(shared_data_dir: Path) -> None:
    servers = embedded.join(shared_data_dir)

    with closing(psycopg.connect(servers.database_url, autocommit=True)) as connection:
        for statement in (
            "CREATE TABLE mine ()",
            "CREATE TEMP TABLE mine ()",
            "CREATE SCHEMA mine",
            "CREATE DATABASE x",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)


def test_roles_do_not_pass_row_level_security(shared_data_dir: Path) -> None:
    servers = embedded.join(shared_data_dir)

    with closing(psycopg.connect(servers.owner_url)) as connection:
        query = "SELECT rolname, rolsuper OR rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname ^@ 'helpdesk_'"
        roles = connection.execute(query).fetchall()

    assert sorted(roles) == [("helpdesk_app", False, False), ("helpdesk_owner", False, True)]


def test_database_sorts_alike_on_every_system(shared_data_dir: Path) -> None:
    with closing(psycopg.connect(embedded.join(shared_data_dir).database_url)) as connection:
        query = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'helpdesk'"
        locale = connection.execute(query).fetchone()

    assert locale == ("b", "C.UTF-8")


def test_commands_started_together_get_one_keeper(data_dir: Path) -> None:
    users = [start_user(data_dir) for _ in range(3)]
    addresses = {user.stdout.readline() for user in users if user.stdout}
    births = Places.of(data_dir).log("keeper").read_text().count("ready")
    for user in users:
        end_user(user)

    assert births == 1
    assert len(addresses) == 1
    assert addresses.pop().startswith("postgresql://helpdesk_app@/helpdesk?host=/tmp/helpdesk-")


def test_servers_stop_when_their_last_user_was_killed(data_dir: Path) -> None:
    first, second = start_user(data_dir), start_user(data_dir)
    for user in (first, second):
        assert user.stdout and user.stdout.readline()

    end_user(first)
    stayed = not wait_until(lambda: is_down(data_dir), seconds=0.8)
    end_user(second)

    assert stayed
    assert wait_until(lambda: is_down(data_dir))
    assert not Places.of(data_dir).sockets.exists()
    assert not (Places.of(data_dir).cluster / "postmaster.pid").exists()


def test_leave_returns_after_the_servers_stopped(data_dir: Path) -> None:
    embedded.join(data_dir, ephemeral=True)

    embedded.leave(data_dir)

    assert not locks.is_held(Places.of(data_dir).keeper_lock)


def test_join_after_the_keeper_was_killed_keeps_the_rows(shared_data_dir: Path) -> None:
    servers = embedded.join(shared_data_dir, ephemeral=True)
    write_row(servers, "before the keeper")
    before = keeper_pid(shared_data_dir)
    os.kill(before, signal.SIGKILL)
    assert wait_until(lambda: not embedded.is_up(shared_data_dir))

    again = embedded.join(shared_data_dir, ephemeral=True)

    assert "before the keeper" in read_rows(again)
    assert redis.Redis.from_url(again.redis_url).ping()
    assert keeper_pid(shared_data_dir) != before


def test_killed_postmaster_comes_back_with_the_rows(shared_data_dir: Path) -> None:
    servers = embedded.join(shared_data_dir, ephemeral=True)
    write_row(servers, "before the postmaster")
    # A backend in the middle of a long query outlives its postmaster, and would keep the cluster from starting.
    busy = psycopg.connect(servers.owner_url)
    busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 10000000000)")
    os.kill(server_pid(shared_data_dir, "postgres"), signal.SIGKILL)

    assert wait_until(lambda: not embedded.is_up(shared_data_dir))
    again = embedded.join(shared_data_dir, ephemeral=True)

    assert "before the postmaster" in read_rows(again)
    busy.close()


def test_killed_redis_comes_back(shared_data_dir: Path) -> None:
    servers = embedded.join(shared_data_dir, ephemeral=True)
    before = server_pid(shared_data_dir, "redis")
    os.kill(before, signal.SIGKILL)

    assert wait_until(lambda: server_pid(shared_data_dir, "redis") not in (0, before))
    embedded.join(shared_data_dir, ephemeral=True)

    assert redis.Redis.from_url(servers.redis_url).ping()
    assert server_pid(shared_data_dir, "redis") != before


def test_cluster_of_another_major_is_refused(data_dir: Path) -> None:
    (data_dir / "pg").mkdir(parents=True)
    (data_dir / "pg" / "PG_VERSION").write_text("9\n")

    with pytest.raises(
        embedded.ServersFailed, match=r"pg was made by PostgreSQL 9, the programs here are \d+: set PG_BIN"
    ):
        embedded.join(data_dir)


def test_damaged_cluster_is_explained_by_the_servers_last_word(data_dir: Path) -> None:
    embedded.join(data_dir, ephemeral=True)
    embedded.leave(data_dir)
    (data_dir / "pg" / "global" / "pg_control").unlink()

    with pytest.raises(embedded.ServersFailed, match=r"PostgreSQL did not start: .*pg_control.*postgres\.log"):
        embedded.join(data_dir)


def test_data_dir_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")

    with pytest.raises(embedded.ServersFailed, match="is not a directory: set DATA_DIR"):
        embedded.join(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_data_dir_of_somebody_else_is_refused() -> None:
    with pytest.raises(embedded.ServersFailed, match="may not be written by this user"):
        embedded.join(Path("/helpdesk-of-somebody-else"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "disk with /data is full: free some space"),
        (errno.EROFS, "/data is on a read-only disk: set DATA_DIR"),
        (errno.EACCES, "/data may not be written by this user: change its owner"),
    ],
)
def test_refusal_of_a_disk_says_what_to_do(code: int, words: str) -> None:
    error = failing.from_os_error(OSError(code, os.strerror(code)), Path("/data"))

    assert words in str(error)


def test_sockets_directory_of_somebody_else_is_refused(data_dir: Path) -> None:
    sockets = Places.of(data_dir).sockets
    sockets.symlink_to(data_dir)

    try:
        with pytest.raises(embedded.ServersFailed, match="is not a private directory of this user: remove it"):
            embedded.join(data_dir, ephemeral=True)
    finally:
        sockets.unlink()


def test_no_redis_for_this_python_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("REDIS_BIN", raising=False)

    with pytest.raises(embedded.ServersFailed, match=r"No Redis for Python 3\.\d+ on this machine: install"):
        binaries.find_redis()


def test_join_of_one_server_leaves_the_other_alone(data_dir: Path) -> None:
    servers = embedded.join(data_dir, ephemeral=True, only="redis")

    assert redis.Redis.from_url(servers.redis_url).ping()
    assert not (data_dir / "pg").exists()
    with pytest.raises(embedded.ServersFailed, match="were started without PostgreSQL"):
        embedded.join(data_dir)


def test_lend_fills_in_what_is_missing(shared_data_dir: Path) -> None:
    environ = {"SECRET_KEY": "given", "PGPORT": "6543"}

    lent = embedded.lend(environ, shared_data_dir)

    assert lent
    assert environ["SECRET_KEY"] == "given"
    assert environ["ENCRYPTION_KEYS"] == lending.read_secrets(shared_data_dir)["ENCRYPTION_KEYS"]
    assert environ["DATABASE_OWNER_URL"].startswith("postgresql://helpdesk_owner@")
    assert environ["DATA_DIR"] == str(shared_data_dir)
    assert "PGPORT" not in environ
    assert stat.S_IMODE((shared_data_dir / "secrets.env").stat().st_mode) == 0o600


def test_lend_starts_nothing_when_both_urls_are_given(tmp_path: Path) -> None:
    environ = {"DATABASE_URL": "postgresql://db/x", "REDIS_URL_FILE": "/run/secrets/redis"}

    lent = embedded.lend(environ, tmp_path / "data")

    assert not lent
    assert not (tmp_path / "data").exists()
    assert len(environ) == 2


def test_servers_stop_when_their_data_was_removed(data_dir: Path) -> None:
    user = start_user(data_dir)
    assert user.stdout and user.stdout.readline()
    keeper_lock, sockets = os.open(Places.of(data_dir).keeper_lock, os.O_RDWR), Places.of(data_dir).sockets

    shutil.rmtree(data_dir)
    stopped = wait_until(lambda: locks.take_again(keeper_lock))
    os.close(keeper_lock)
    end_user(user)

    assert stopped
    assert not sockets.exists()
