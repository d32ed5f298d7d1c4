"""A running mailbox, a way to send it mail, and a browser without a window."""

import json
import smtplib
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from demo.mailbox import front
from demo.mailbox.serving import Handle, start

# Stands in for the helpdesk's own command: keeps the mail it is given and says for which inbox.
RECEIVER = (
    "import sys, pathlib; pathlib.Path(sys.argv[2]).write_bytes(sys.stdin.buffer.read()); print('for', sys.argv[1])"
)


@dataclass(frozen=True)
class Page:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


Browse = Callable[..., Page]


@pytest.fixture
def delivered(tmp_path: Path) -> Path:
    """Where the stand-in for the helpdesk puts the mail it was given."""
    return tmp_path / "delivered.eml"


@pytest.fixture
def mailbox(tmp_path: Path, delivered: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    # These tests' browsers are on this machine and quick; waiting longer before each mail would only cost time.
    monkeypatch.setattr(front, "PATIENCE_SECONDS", 0.03)
    handle = start(0, tmp_path / "mailbox", (sys.executable, "-c", RECEIVER, "{inbox}", str(delivered)))
    yield handle
    handle.stop()


@pytest.fixture
def send(mailbox: Handle) -> Callable[..., str]:
    """Send a mail by SMTP and answer the id under which it is kept."""

    def send_mail(mail: EmailMessage | None = None, to: str = "mira@vale.example", text: str = "Hello Mira") -> str:
        if mail is None:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = (
                "Acme <support@acme.example>",
                f"Mira Vale <{to}>",
                "Your parcel",
            )
            mail["Message-ID"], mail["References"] = "<2@acme.example>", "<1@vale.example>"
            mail["Reply-To"] = "support+t1@acme.example"
            mail.set_content(text)
        with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as smtp:
            smtp.send_message(mail)
        newest: str = mailbox.messages()[0]["id"]
        return newest

    return send_mail


@pytest.fixture
def browse(mailbox: Handle) -> Browse:
    """Ask for a page; with `form`, post it. Redirects are followed."""

    def ask(path: str, form: dict[str, str] | None = None, headers: dict[str, str] | None = None) -> Page:
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(mailbox.url.rstrip("/") + path, data, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return Page(answer.status, dict(answer.headers), answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, dict(error.headers), error.read())

    return ask
