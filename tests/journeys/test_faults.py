"""What must not be lost when parts of the product die."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from typing import Any

import redis
from playwright.sync_api import expect

from tests.journeys.test_main_job import SHOP, open_ana, remote_ana, remote_note, write_note
from tests.stack import Stack, eventually

OpenAs = Callable[[str], Any]


def writes(stack: Stack, text: str) -> int:
    """How often the pretend store was asked to write this note."""
    journal = stack.control(SHOP)
    return sum(one["text"] == text for note_writes in journal["note_writes"].values() for one in note_writes)


def test_note_arrives_once_though_the_worker_is_killed(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    open_ana(stack, page, "Killed worker", "<killed@shopper.example>")
    remote = remote_ana(stack)
    page.wait_for_timeout(1500)
    stack.control(SHOP, hang={"seconds": 3, "count": 1, "when": "before"})

    write_note(page, "Saved before the worker died.")
    page.wait_for_timeout(700)
    os.kill(stack.pid("worker"), signal.SIGKILL)

    eventually(lambda: remote_note(stack, remote) == "Saved before the worker died.", within=45)
    time.sleep(1)
    assert writes(stack, "Saved before the worker died.") == 1


def test_note_arrives_though_redis_is_wiped(stack: Stack, open_as: OpenAs) -> None:
    page = open_as("bela@acme.example")
    open_ana(stack, page, "Wiped Redis", "<wiped@shopper.example>")
    remote = remote_ana(stack)
    page.wait_for_timeout(1500)
    os.kill(stack.pid("worker"), signal.SIGSTOP)
    try:
        write_note(page, "Saved before Redis was wiped.")
        expect(page.locator("[data-note-state]")).to_contain_text("Saved")
        wipe_redis(stack)
    finally:
        os.kill(stack.pid("worker"), signal.SIGCONT)

    eventually(lambda: remote_note(stack, remote) == "Saved before Redis was wiped.", within=30)


def wipe_redis(stack: Stack) -> None:
    shown = subprocess.run(
        ["cat", f"/proc/{stack.pid('web')}/environ"], capture_output=True, check=True
    ).stdout.decode()
    url = next(item.partition("=")[2] for item in shown.split("\0") if item.startswith("REDIS_URL="))
    redis.Redis.from_url(url).flushall()
