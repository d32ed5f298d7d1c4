"""Sending to real SMTP servers: TLS, sign-in, limits, and what each refusal means."""

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from channels.base import GiveUp, OutOfOrder, SenderRefused, SignInRefused, TryAgain
from channels.email.sending import check, send
from channels.email.submission import connected
from channels.types import Wire
from tests.submission import PASSWORD, USER, Post, make_certificate, submission

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
RAW = b"Subject: Hello\r\n\r\nHello\r\n"
SENDER = "support@acme.example"


@pytest.fixture
def tls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    trusted, context = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return context


@pytest.fixture
def post() -> Iterator[Post]:
    with submission() as running:
        yield running


def wire(post: Post, **facts: Any) -> Wire:
    return replace(Wire("127.0.0.1", post.port, user=USER, password=PASSWORD, timeout=2.0), **facts)


def give(post: Post, raw: bytes = RAW, **facts: Any) -> Any:
    return send(raw, sender=SENDER, recipients=["ana@shopper.example"], wire=wire(post, **facts))


@pytest.mark.parametrize("implicit", [False, True])
def test_mail_goes_over_tls(tls: ssl.SSLContext, implicit: bool) -> None:
    with submission(context=tls, implicit=implicit) as post:
        receipt = give(post, tls=implicit, starttls=not implicit)

    assert (len(post.mails), post.sign_ins) == (1, [USER])
    assert receipt.detail == "taken by 127.0.0.1"


def test_server_without_a_certificate_we_trust_gets_no_password(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with submission(context=tls) as post, pytest.raises(OutOfOrder, match="cannot be trusted"):
        give(post, starttls=True)

    assert post.sign_ins == []


def test_certificate_must_have_the_name_we_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trusted, context = make_certificate(tmp_path, name="mail.other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    with submission(context=context, implicit=True) as post, pytest.raises(OutOfOrder, match="not valid for"):
        give(post, tls=True)

    assert post.sign_ins == []


def test_server_that_offers_no_tls_gets_no_password(post: Post) -> None:
    with pytest.raises(OutOfOrder, match="does not offer STARTTLS"):
        give(post, starttls=True)

    assert post.sign_ins == []


def test_wrong_password_is_told_apart_and_rests(post: Post) -> None:
    with pytest.raises(SignInRefused, match="refuses our password: 535") as refusal:
        give(post, password="wrong")

    assert refusal.value.after and refusal.value.after >= 600
    assert "wrong" not in str(refusal.value)


def test_server_without_sign_in_says_so() -> None:
    with submission(users=False) as post, pytest.raises(OutOfOrder, match="no way to sign in"):
        give(post)


def test_token_is_given_as_oauth(post: Post) -> None:
    with pytest.raises(SignInRefused, match="refuses our token"):
        give(post, password="t0k3n", by_token=True)

    assert post.sign_ins == [f"user={USER}\x01auth=Bearer t0k3n\x01\x01"]


def test_sender_who_may_not_send_is_told_apart(post: Post) -> None:
    post.no_sender = "553 5.7.1 not owned by user"

    with pytest.raises(SenderRefused, match=r"does not let us send from support@acme\.example: 553"):
        give(post)


def test_sender_who_is_put_off_is_tried_again(post: Post) -> None:
    post.no_sender = "451 later"

    with pytest.raises(TryAgain, match="451 later"):
        give(post)


def test_mail_larger_than_the_server_takes_is_not_even_begun() -> None:
    with submission(most=20_000) as post, pytest.raises(GiveUp, match=r"takes at most 0\.0 MB"):
        give(post, RAW + b"x" * 30_000)

    assert post.senders == []


def test_refused_mail_is_no_fault_of_the_server(post: Post) -> None:
    post.no_data = "554 looks like spam"

    with pytest.raises(GiveUp, match="554 looks like spam") as refusal:
        give(post)

    assert not isinstance(refusal.value, SenderRefused)


def test_check_goes_as_far_as_the_sender_and_sends_nothing(post: Post) -> None:
    seen = check(wire(post), sender=SENDER)

    assert seen == "127.0.0.1 answered without TLS, signed us in and takes mail from support@acme.example."
    assert (post.senders, post.resets, post.mails) == ([SENDER], 1, [])


def test_check_says_that_the_sender_is_refused(post: Post) -> None:
    post.no_sender = "550 who are you"

    with pytest.raises(SenderRefused, match="550 who are you"):
        check(wire(post), sender=SENDER)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "0.0.0.0", "::1", "::ffff:127.0.0.1"])
def test_private_address_is_refused_before_connecting(post: Post, host: str) -> None:
    with pytest.raises(OutOfOrder, match="is not on the public internet"):
        give(post, host=host, public_only=True)

    assert post.sign_ins == []


def test_host_that_does_not_exist_is_said(post: Post) -> None:
    with pytest.raises(OutOfOrder, match="there is no such host"):
        give(post, host="nowhere.invalid")


@pytest.mark.parametrize("greeting", [b"554 go away\r\n", b"421 too many\r\n"])
def test_server_that_sends_us_away_is_out_of_order(greeting: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: listener.accept()[0].sendall(greeting), daemon=True).start()

        with pytest.raises(OutOfOrder, match=r"sends us away: (554|421)"):
            give(Post(port=listener.getsockname()[1]))


def test_server_that_drips_is_cut_off() -> None:
    stopped = threading.Event()

    def drip(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            while not stopped.wait(0.05):
                connection.sendall(b"2")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(TryAgain), connected(wire(Post(port=listener.getsockname()[1])), seconds=0.3):
            pass
        stopped.set()

    assert time.monotonic() - began < 5
