"""Starting the store: what it keeps, and what stands in its way."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from demo.store.serving import ROOT, StoreHandle, free_port, start
from demo.store.world import open_world
from tests.demo.conftest import ACME, ACME_KEY, ANA
from tests.demo.receiver import Receiver


def run_store(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end, as `make demo` starts it."""
    command = [sys.executable, "-m", "demo.store", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=20, check=False
    )


def test_second_start_keeps_the_data(tmp_path: Path, running_receiver: Receiver) -> None:
    first = start(data_dir=tmp_path, hooks_url=running_receiver.url)
    first.control(ACME, {"edit_customer": {"customer": ANA, "note": "Kept 🌻"}, "place_order": {"customer": ANA}})
    before = first.report(ACME, settle=2)
    end_as_if_its_starter_had_ended(first)
    with start(data_dir=tmp_path) as second:
        after = second.report(ACME)
        second.control(ACME, {"edit_customer": {"customer": ANA, "note": "Kept 🌻"}})
        writes = second.report(ACME, settle=2)

    assert after["orders"] == 17
    assert after["subscriptions"] == before["subscriptions"] and len(after["subscriptions"]) == 7
    assert writes["webhooks"] == [], "the note was there already"
    assert [path.name for path in tmp_path.iterdir()] == ["store.json"]


def end_as_if_its_starter_had_ended(handle: StoreHandle) -> None:
    """Close the store's standard input, as happens when the program that started it is gone."""
    assert handle.process.stdin is not None
    handle.process.stdin.close()
    assert handle.process.wait(5) == 0
    handle.process.stdin = None
    handle.stop()


def test_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ended = run_store(PORT=str(port - 1), DATA_DIR=str(tmp_path))

    assert ended.returncode == 1
    assert ended.stderr.startswith(f"demo store: port {port} on 127.0.0.1 is taken")
    assert ended.stderr.count("\n") == 1


@pytest.mark.parametrize("content", ["{", '[{"id": 1}]', '[{"moon": 1}]', "7"])
def test_damaged_file_is_refused_with_its_name(tmp_path: Path, content: str) -> None:
    (tmp_path / "store.json").write_text(content)

    with pytest.raises(ValueError, match=r"store\.json cannot be read"):
        open_world(public_url="http://127.0.0.1:1", data_dir=tmp_path)


def test_damaged_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "store.json").write_text("{")

    ended = run_store("--port", str(free_port()), "--data-dir", str(tmp_path))

    assert ended.returncode == 1
    assert "store.json cannot be read" in ended.stderr and ended.stderr.count("\n") == 1


def test_store_ends_at_once_while_a_call_hangs() -> None:
    handle = start()
    handle.control(ACME, {"hang": {"seconds": 20}})
    url = f"{handle.url}/shops/{ACME}/admin/api/2026-10/graphql.json"
    headers = {"X-Shopify-Access-Token": ACME_KEY}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(url, json={"query": "{ shop { name } }"}, headers=headers, timeout=0.1)

    begun_at = time.monotonic()
    handle.stop()

    assert handle.process.returncode == 0
    assert time.monotonic() - begun_at < 2
