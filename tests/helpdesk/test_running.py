"""`manage.py run`: refuses in one line, restarts the dead, stops in order, leaves nothing behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from helpdesk import running, supervising
from helpdesk.embedded import locks
from helpdesk.embedded.processes import Program
from helpdesk.embedded.signals import Signals
from helpdesk.supervising import CannotRun, Part, Stopped, Supervisor

ROOT = Path(__file__).resolve().parents[2]
SLEEP = "import time; time.sleep(60)"
LOCK_AND_SLEEP = "import fcntl, time; f = open('child.lock', 'w'); fcntl.flock(f, fcntl.LOCK_EX); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {LOCK_AND_SLEEP!r}], check=False)"
# Writes its name on SIGTERM, then ends.
POLITE = (
    "import signal, sys, time, pathlib\n"
    "def end(*_): open('ends', 'a').write(sys.argv[1] + ' '); sys.exit()\n"
    "signal.signal(signal.SIGTERM, end); pathlib.Path(sys.argv[1] + '.up').touch(); time.sleep(60)"
)
STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('stubborn.up', 'w'); time.sleep(60)"
)
# A supervisor of one part, in a process of its own, as `manage.py run` is.
SUPERVISE = (
    "import sys, pathlib, signal\n"
    "from helpdesk.supervising import *; from helpdesk.embedded.signals import *\n"
    "from helpdesk.embedded.processes import Program\n"
    "here = pathlib.Path(sys.argv[1])\n"
    "part = Program('part', [sys.executable, '-c', sys.argv[2]], here / 'part.lock', here / 'part.log')\n"
    "supervisor = Supervisor(here, Signals(STOPPING)); supervisor.start(Part(part, {}, lambda: True))\n"
    "print('up', flush=True)\n"
    "try: supervisor.watch(lambda: None)\n"
    "except Stopped: supervisor.stop(['part'])\n"
)


@pytest.fixture
def signals() -> Iterator[Signals]:
    """The queue of signals, without taking Ctrl-C from pytest."""
    before = signal.getsignal(signal.SIGCHLD)
    yield Signals(())
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, before)


@pytest.fixture
def supervisor(tmp_path: Path, signals: Signals) -> Iterator[Supervisor]:
    supervisor = Supervisor(tmp_path, signals)
    yield supervisor
    supervisor.stop(["first", "second", "third", "stubborn", "part"])


def make_part(directory: Path, name: str, code: str, answers: Callable[[], bool] = lambda: True) -> Part:
    program = Program(name, [sys.executable, "-c", code, name], directory / f"{name}.lock", directory / f"{name}.log")
    return Part(program, os.environ, answers)


def pid_of(directory: Path, name: str) -> int:
    text = (directory / f"{name}.lock").read_text()
    return int(text) if text else 0


def wait_until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def watch_until(supervisor: Supervisor, condition: Callable[[], bool]) -> None:
    """Let it watch until the condition holds; fails after five seconds."""
    deadline = time.monotonic() + 5

    def look() -> None:
        if condition():
            raise Stopped
        assert time.monotonic() < deadline

    with pytest.raises(Stopped):
        supervisor.watch(look)


def manage_run(environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """`manage.py run` to its end, which a refusal is."""
    words = [sys.executable, "manage.py", "run", "--demo"]
    given = {**os.environ, "DATABASE_URL": "", "REDIS_URL": "", **environ}
    return subprocess.run(words, cwd=ROOT, env=given, capture_output=True, text=True, timeout=20, check=False)


def is_free(port: int) -> bool:
    with closing(socket.socket()) as tried:
        return tried.connect_ex(("127.0.0.1", port)) != 0


@contextmanager
def store_port_taken() -> Iterator[int]:
    """A port that is in use, below it one that is not."""
    with ExitStack() as taken:
        while True:
            server = taken.enter_context(closing(socket.create_server(("127.0.0.1", 0))))
            if is_free(port := server.getsockname()[1] - 1):
                yield port + 1
                return


def test_port_in_use_is_named_before_anything_starts(tmp_path: Path) -> None:
    with store_port_taken() as port:
        refused = manage_run({"PORT": str(port - 1), "DATA_DIR": str(tmp_path / "data")})

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {port} (store) is in use by another program: free it, "
        "or set PORT to a number whose next two are free as well.\n"
    )
    assert refused.stdout == ""
    assert not (tmp_path / "data" / "pg").exists()


def test_port_that_is_no_number_is_refused() -> None:
    with pytest.raises(CannotRun, match=r"PORT is 'eighty': set it to a number from 1024 to 65533\."):
        running.read_place({"PORT": "eighty"})


def test_second_run_of_the_same_data_is_refused(tmp_path: Path) -> None:
    place = running.Place(tmp_path / "data", 8765)
    lock = running.claim(place)

    with pytest.raises(CannotRun, match=rf"data is in use: process {os.getpid()} already serves it at .*:8765/\. Stop"):
        running.claim(place)
    os.close(lock)

    os.close(running.claim(place))


def test_data_dir_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    refused = manage_run({"DATA_DIR": str(tmp_path / "file" / "data")})

    assert refused.returncode == 1
    assert refused.stderr == f"{tmp_path}/file/data is not a directory: set DATA_DIR to one.\n"


def test_demo_sends_mail_and_store_calls_to_the_pretended_ones(tmp_path: Path) -> None:
    given = {"EMAIL_HOST": "smtp.example", "SHOPIFY_BASE_URL": "https://{shop}", "HOME": "/home/ada"}

    made = running.environment(given, running.Place(tmp_path, 9000), demo=True)

    assert (made["EMAIL_HOST"], made["EMAIL_PORT"]) == ("127.0.0.1", "9002")
    assert made["SHOPIFY_BASE_URL"] == "http://127.0.0.1:9001/shops/{shop}"
    assert made["BASE_URL"] == "http://127.0.0.1:9000"
    assert made["HOME"] == "/home/ada"


def test_killed_part_is_started_again(
    tmp_path: Path, supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.start(make_part(tmp_path, "part", SLEEP))
    before = pid_of(tmp_path, "part")
    os.kill(before, signal.SIGKILL)

    watch_until(supervisor, lambda: pid_of(tmp_path, "part") not in (0, before))

    assert locks.is_held(tmp_path / "part.lock")
    assert capsys.readouterr().err == "part ended (signal 9): starting it again in 0.5 s\n"


def test_part_that_keeps_ending_is_started_less_and_less(
    tmp_path: Path, supervisor: Supervisor, capsys: pytest.CaptureFixture[str]
) -> None:
    supervisor.start(make_part(tmp_path, "part", "raise SystemExit(3)"))
    said: list[str] = []

    def ended_twice() -> bool:
        said.extend(capsys.readouterr().err.splitlines())
        return len(said) == 2

    watch_until(supervisor, ended_twice)

    assert said == [
        "part ended (exit code 3): starting it again in 0.5 s",
        "part ended (exit code 3): starting it again in 1 s",
    ]


def test_children_of_a_killed_part_do_not_outlive_it(tmp_path: Path, supervisor: Supervisor) -> None:
    child_lock = tmp_path / "child.lock"
    supervisor.start(make_part(tmp_path, "part", PARENT))
    assert wait_until(lambda: locks.is_held(child_lock))
    os.kill(pid_of(tmp_path, "part"), signal.SIGKILL)
    seen_free: list[bool] = []

    def was_free() -> bool:
        seen_free.append(not locks.is_held(child_lock))
        return any(seen_free)

    watch_until(supervisor, was_free)


def test_stop_goes_in_the_given_order(tmp_path: Path, supervisor: Supervisor) -> None:
    names = ["third", "first", "second"]
    for name in names:
        supervisor.start(make_part(tmp_path, name, POLITE, (tmp_path / f"{name}.up").exists))
    supervisor.wait_until_ready()

    supervisor.stop(["first", "second", "third"])

    assert (tmp_path / "ends").read_text() == "first second third "


def test_stop_kills_a_stubborn_part_when_patience_ends(
    tmp_path: Path, supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervising, "STOP_PATIENCE", 0.5)
    supervisor.start(make_part(tmp_path, "stubborn", STUBBORN, (tmp_path / "stubborn.up").exists))
    supervisor.wait_until_ready()
    started = time.monotonic()

    supervisor.stop(["stubborn"])

    assert 0.4 < time.monotonic() - started < 2
    assert not locks.is_held(tmp_path / "stubborn.lock")


def test_part_that_ends_at_its_start_is_reported_with_its_last_line(tmp_path: Path, supervisor: Supervisor) -> None:
    supervisor.start(make_part(tmp_path, "part", "raise SystemExit('no such module')", lambda: False))

    with pytest.raises(CannotRun, match=r"part ended at its start: no such module \(whole log: .*part\.log\)"):
        supervisor.wait_until_ready()


def test_failed_step_shows_the_end_of_its_log(tmp_path: Path, supervisor: Supervisor) -> None:
    program = make_part(tmp_path, "part", "raise SystemExit('SECRET_KEY is not set')").program

    with pytest.raises(CannotRun, match=r"part failed \(whole log: .*\):\nSECRET_KEY is not set"):
        supervisor.run_to_end(program, os.environ)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_all_even_when_the_shell_had_it_ignored(tmp_path: Path, number: signal.Signals) -> None:
    # The shell starts background jobs with SIGINT ignored.
    words = ["sh", "-c", 'trap "" INT HUP; exec "$@"', "sh", sys.executable, "-c", SUPERVISE, str(tmp_path), SLEEP]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "up\n"

    process.send_signal(number)

    assert process.wait(5) == 0
    assert not locks.is_held(tmp_path / "part.lock")
    process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends what a killed supervisor left")
def test_killed_supervisor_leaves_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISE, str(tmp_path), SLEEP], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stdout.readline() == "up\n"

    process.kill()
    process.communicate()

    assert wait_until(lambda: not locks.is_held(tmp_path / "part.lock"))


def test_leftover_of_a_killed_supervisor_is_ended_by_the_next_start(tmp_path: Path, supervisor: Supervisor) -> None:
    # As on a system where children outlive their parent: a process nobody owns holds the mark.
    mark = locks.take_alone(tmp_path / "part.lock")
    assert mark is not None
    leftover = subprocess.Popen([sys.executable, "-c", SLEEP], pass_fds=(mark,))
    locks.write(mark, str(leftover.pid))
    os.close(mark)

    supervisor.start(make_part(tmp_path, "part", SLEEP))

    assert leftover.wait(1) == -signal.SIGTERM
    assert pid_of(tmp_path, "part") != leftover.pid
