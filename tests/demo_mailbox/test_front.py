"""One port, two protocols."""

import http.client
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from demo.mailbox import smtp as smtp_side
from demo.mailbox.front import tell
from demo.mailbox.serving import Handle, start
from tests.demo_mailbox.conftest import Browse


@pytest.mark.parametrize(
    ("first", "protocol"),
    [
        (b"GET / HTTP/1.1\r\n", "http"),
        (b"POST /write", "http"),
        (b"", "unsure"),
        (b"GE", "unsure"),
        (b"P", "unsure"),
        (b"EHLO me\r\n", "smtp"),
        (b"GETTY", "smtp"),
        (b"\x16\x03\x01", "smtp"),
    ],
)
def test_first_bytes_tell_the_protocol(first: bytes, protocol: str) -> None:
    assert tell(first) == protocol


def test_a_silent_connection_is_greeted_as_mail(mailbox: Handle) -> None:
    began = time.monotonic()
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=5) as smtp:
        assert smtp.ehlo()[0] == 250
        assert smtp.has_extn("smtputf8") and smtp.esmtp_features["size"] == "52428800"
    assert time.monotonic() - began < 0.5


def test_a_hasty_mail_program_is_served_at_once(mailbox: Handle) -> None:
    with socket.create_connection(("127.0.0.1", mailbox.port), timeout=5) as connection:
        connection.sendall(b"EHLO me\r\nQUIT\r\n")
        heard = b""
        while chunk := connection.recv(4096):
            heard += chunk
    assert heard.startswith(b"220 ") and b"221" in heard


def test_a_request_in_small_pieces_is_still_http(mailbox: Handle) -> None:
    with socket.create_connection(("127.0.0.1", mailbox.port), timeout=5) as connection:
        for piece in (b"G", b"ET", b" /messages.json HTTP/1.1\r\n", b"Host: 127.0.0.1\r\nConnection: close\r\n\r\n"):
            connection.sendall(piece)
            time.sleep(0.01)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def test_one_connection_serves_many_requests(mailbox: Handle) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", mailbox.port, timeout=5)
    for path in ("/", "/nowhere", "/messages.json"):
        connection.request("HEAD" if path == "/" else "GET", path)
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read())) == (404 if path == "/nowhere" else 200, path != "/")
    connection.close()


def test_garbage_after_a_method_is_a_bad_request(mailbox: Handle) -> None:
    with socket.create_connection(("127.0.0.1", mailbox.port), timeout=5) as connection:
        connection.sendall(b"GET \x00\r\n\r\n")
        assert connection.recv(4096).startswith(b"HTTP/1.1 400")


def test_a_reserved_connection_is_hung_up_soon(mailbox: Handle, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp_side, "GREETING_SECONDS", 0.05)
    with socket.create_connection(("127.0.0.1", mailbox.port), timeout=5) as connection:
        assert connection.recv(4096).startswith(b"220 ")
        assert connection.recv(4096) == b""


def test_utf8_addresses_and_large_mails_arrive(send: Callable[..., str], mailbox: Handle) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "support@acme.example", "józef@poczta.example", "Zażółć 👟"
    mail.set_content("gęślą jaźń")
    mail.add_attachment(b"\x00\xff" * 1_000_000, maintype="application", subtype="pdf", filename="größe.pdf")

    send(mail)

    (kept,) = mailbox.messages("JÓZEF@poczta.example")
    assert (kept["subject"], kept["text"], kept["to"]) == ("Zażółć 👟", "gęślą jaźń\n", ("józef@poczta.example",))
    assert kept["attachments"] == ({"name": "größe.pdf", "size": 2_000_000},)


@pytest.mark.parametrize(("address", "code"), [("refused@vale.example", 550), ("later+1@vale.example", 451)])
def test_some_addresses_ask_for_trouble(address: str, code: int, send: Callable[..., str], mailbox: Handle) -> None:
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(to=address)
    assert refusal.value.recipients[address][0] == code
    assert mailbox.messages() == []


def test_mails_survive_a_restart(send: Callable[..., str], browse: Browse, mailbox: Handle, tmp_path: Path) -> None:
    first, second = send(text="one"), send(text="two")
    kept = mailbox.messages()
    mailbox.stop()

    again = start(0, tmp_path / "mailbox")

    assert [message["id"] for message in again.messages()] == [second, first]
    assert again.messages() == kept
    again.stop()


def test_a_taken_port_is_one_clear_line(mailbox: Handle, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="address already in use"):
        start(mailbox.port, tmp_path / "other")

    done = subprocess.run(
        [sys.executable, "-m", "demo.mailbox"],
        env={"PORT": str(mailbox.port - 2), "DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.startswith("The demo mailbox cannot start") and done.stderr.count("\n") == 1
