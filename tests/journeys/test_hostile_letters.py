"""Hostile HTML shown in a real browser, in our frame and out of it: nothing runs, nothing is asked for."""

from __future__ import annotations

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.template.loader import render_to_string

from core.html import SafeHtml, sanitize_html
from tests.hostile_html import vectors
from tickets.views.lettering import FRAME_POLICY

ALL = 7_500
SHARE = 240
AT_ONCE = 40  # letters on one page
IN_ONE = 8  # snippets in one letter, each cleaned apart: what comes out is closed in itself
SANDBOX = FRAME_POLICY.rpartition("sandbox ")[2]
# Whatever a snippet calls to be noticed says so on the console; in every frame, before anything else runs there.
TELLS = """
for (const name of ["alert", "confirm", "prompt", "print", "open", "fetch", "eval", "importScripts"]) {
  window[name] = () => console.log("RAN " + name);
}
"""


class Letters:
    """Serves letters by number: in the frame they really get, and naked, where only the sanitizer stands."""

    def __init__(self, snippets: Sequence[str]) -> None:
        self.snippets = snippets
        letters = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                letters._answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                """Nobody reads it."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def count(self) -> int:
        return -(-len(self.snippets) // IN_ONE)

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        found = re.fullmatch(r"/(page|framed|naked)/(\d+)", handler.path)
        handler.send_response(200 if found else 404)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        if found and found[1] == "framed":
            handler.send_header("Content-Security-Policy", FRAME_POLICY)
        handler.end_headers()
        if found:
            body = self._page(int(found[2])) if found[1] == "page" else self._letter(int(found[2]))
            handler.wfile.write(body.encode("utf-8", "replace"))

    def _letter(self, number: int) -> str:
        snippets = self.snippets[number * IN_ONE : (number + 1) * IN_ONE]
        safe = SafeHtml("<hr>".join(sanitize_html(one).html for one in snippets), 0)
        return render_to_string("tickets/letter.html", {"letter": safe, "key": "k", "has_pictures": False})

    def _page(self, start: int) -> str:
        numbers = range(start, min(start + AT_ONCE, self.count))
        framed = "".join(f'<iframe sandbox="{SANDBOX}" src="/framed/{number}"></iframe>' for number in numbers)
        return framed + "".join(f'<iframe src="/naked/{number}"></iframe>' for number in numbers)


@pytest.fixture
def watch(chromium: Any) -> Iterator[Callable[[Sequence[str]], list[str]]]:
    """Shows snippets and answers what happened that should not have."""
    context = chromium.new_context(viewport={"width": 1200, "height": 900})
    context.add_init_script(TELLS)
    servers: list[Letters] = []

    def show(snippets: Sequence[str]) -> list[str]:
        letters = Letters(snippets)
        servers.append(letters)
        happened: list[str] = []
        own = re.compile(re.escape(letters.url) + r"/(?:page|framed|naked)/\d+")

        def asked(request: Any) -> None:
            if not own.fullmatch(request.url):
                happened.append(f"asked {request.url} from {request.frame.url}")

        def asked_back(dialog: Any) -> None:
            happened.append(f"dialog {dialog.message}")
            dialog.dismiss()

        page = context.new_page()
        context.on("page", lambda opened: happened.append(f"opened {opened.url}"))
        page.on("dialog", asked_back)
        page.on("console", lambda said: happened.append(f"{said.text} {said.location}") if "RAN" in said.text else None)
        page.on("download", lambda download: happened.append(f"download {download.url}"))
        page.on("request", asked)
        page.route(re.compile(f"^(?!{re.escape(letters.url)}/)"), lambda route: route.abort())
        for start in range(0, letters.count, AT_ONCE):
            page.goto(f"{letters.url}/page/{start}", wait_until="load")
            moved = [frame.url for frame in page.frames if not own.fullmatch(frame.url)]
            happened.extend(f"moved to {url}" for url in moved)
        page.close()
        return happened

    yield show
    for one in servers:
        one.server.shutdown()
    context.close()


def test_walk_would_notice(watch: Callable[[Sequence[str]], list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    """First show that it sees what runs and what is asked for, when nothing is taken out."""
    hostile = [
        "<img src=/x onerror=alert(1)>",
        "<img src=https://elsewhere.example/x>",
        "<iframe src=data:,x></iframe>",
    ]
    monkeypatch.setattr(Letters, "_letter", lambda self, number: "".join(hostile))

    happened = watch(hostile)

    assert any("RAN alert" in one for one in happened)
    assert any("asked https://elsewhere.example/x" in one for one in happened)
    assert any("moved to data:" in one for one in happened)


def test_nothing_in_hostile_letters_runs_or_asks(watch: Callable[[Sequence[str]], list[str]]) -> None:
    assert watch(list(vectors(SHARE))) == []


@pytest.mark.soak
def test_nothing_in_thousands_of_hostile_letters_runs_or_asks(watch: Callable[[Sequence[str]], list[str]]) -> None:
    assert watch(list(vectors(ALL))) == []


@pytest.mark.skipif(not os.environ.get("HOSTILE_HTML"), reason="name a file of JSON lines, each a snippet")
def test_nothing_in_letters_of_a_corpus_runs_or_asks(watch: Callable[[Sequence[str]], list[str]]) -> None:
    lines = Path(os.environ["HOSTILE_HTML"]).read_text(encoding="utf-8").splitlines()

    assert watch([json.loads(line) for line in lines]) == []
