"""Letters in their frame, and their pictures: off until asked for, then through us."""

import base64
import re
import socket
import threading
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from files.services.storing import store
from tests.core.test_pictures import png
from tests.factories.tickets import make_message, make_ticket
from tickets.models import Attachment, Message
from tickets.services import picturing

SignIn = Callable[[Membership], Client]
LETTER = "/acme/tickets/1/messages/1/letter/"


class PictureHost:
    """Answers every request on loopback with `answer`."""

    def __init__(self) -> None:
        self.answer = b""
        self.requests: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def serves(self, content: bytes, content_type: str = "image/png", status: str = "200 OK") -> None:
        head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(content)}\r\n"
        self.answer = f"{head}Set-Cookie: who=ana\r\nConnection: close\r\n\r\n".encode() + content

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(65536))
                connection.sendall(self.answer)

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


@pytest.fixture
def host(settings: Any) -> Iterator[PictureHost]:
    running = PictureHost()
    settings.PICTURE_HOSTS = (running.address,)
    picturing._client.cache_clear()
    yield running
    running.close()
    picturing._client.cache_clear()


@pytest.fixture
def write(acme: Tenant) -> Callable[[str], Message]:
    def make(html: str) -> Message:
        with tenant_scope(acme):
            return make_message(make_ticket(), html=html)

    return make


def pictures_of(page: str) -> list[str]:
    return [unescape(found) for found in re.findall(r'<img[^>]* src="([^"]*)"', page)]


def test_remote_pictures_are_off_until_asked_for(write: Any, bela: Membership, sign_in: SignIn) -> None:
    write(
        '<p>Hi</p><img src="https://a.example/1.png"><img src="//b.example/2.png"><img width=1 src="https://t.example">'
    )
    client = sign_in(bela)

    closed = client.get(LETTER).content.decode()
    opened = client.get(f"{LETTER}?pictures=1").content.decode()

    assert "2 pictures from elsewhere are not shown" in closed
    assert "1 invisible tracking picture left out" in closed
    assert pictures_of(closed) == []
    assert "a.example" not in closed + opened and "t.example" not in closed + opened
    assert len(pictures_of(opened)) == 2
    assert all(one.startswith("/acme/tickets/1/messages/1/picture/?of=") for one in pictures_of(opened))
    assert "Hide pictures" in opened
    assert client.get(f"{LETTER}?pictures=1").content.decode() == opened  # so that browsers know the pictures again


def test_letter_without_remote_pictures_offers_nothing(write: Any, bela: Membership, sign_in: SignIn) -> None:
    write("<p>Hi <b>there</b></p>")

    assert "pictures" not in re.sub("(?s)<style>.*</style>", "", sign_in(bela).get(LETTER).content.decode())


def test_picture_is_fetched_for_the_agent_without_a_trace_of_them(
    write: Any, host: PictureHost, bela: Membership, cleo: Membership, sign_in: SignIn
) -> None:
    write(f'<img src="http://{host.address}/a.png?who=ana">')
    host.serves(png(4, 4), content_type="text/html; charset=utf-8")
    client = sign_in(bela)
    (place,) = pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())
    assert host.requests == []

    answer = client.get(place, headers={"referer": "https://helpdesk.example/acme/"})

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, png(4, 4), "image/png")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, max-age=86400"
    assert "who" not in answer.cookies
    assert host.requests[0].startswith(b"GET /a.png?who=ana HTTP/1.1\r\n")
    assert not re.search(rb"(?i)cookie|referer|acme|helpdesk|forwarded|bela", host.requests[0])
    assert sign_in(cleo).get(place).status_code == 404
    assert sign_in(cleo).get(place.replace("/acme/", "/globex/")).status_code == 404
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "200 OK"),
        (b"<html>", "200 OK"),
        (b"", "200 OK"),
        (png(50_000, 50_000), "200 OK"),
        (png(4, 4), "404 Not Found"),
        (png(4, 4), "500 Oops"),
        (png(4, 4) + bytes(picturing.MOST_BYTES), "200 OK"),
    ],
)
def test_what_is_no_harmless_picture_is_not_passed_on(
    write: Any, host: PictureHost, bela: Membership, sign_in: SignIn, content: bytes, status: str
) -> None:
    write(f'<img src="http://{host.address}/a.png">')
    host.serves(content, "image/png", status)
    client = sign_in(bela)

    answer = client.get(pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())[0])

    assert (answer.status_code, answer.content) == (404, b"")
    assert len(host.requests) == 1


@pytest.mark.parametrize(
    "inside", ["http://127.0.0.1/", "https://localhost/", "http://169.254.169.254/latest/meta-data/", "http://[::1]/a"]
)
def test_letters_do_not_reach_our_insides(
    write: Any, host: PictureHost, bela: Membership, sign_in: SignIn, inside: str
) -> None:
    client = sign_in(bela)
    write(f'<img src="{inside}">')
    assert client.get(pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())[0]).status_code == 404

    with tenant_scope(bela.tenant):
        Message.objects.update(html=f'<img src="http://{host.address}/on">')
    redirect = f"HTTP/1.1 302 Found\r\nLocation: {inside}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    host.answer = redirect.encode()
    assert client.get(pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())[0]).status_code == 404
    assert len(host.requests) == 1


def test_address_that_we_did_not_sign_for_this_message_is_refused(
    write: Any, host: PictureHost, bela: Membership, sign_in: SignIn
) -> None:
    write(f'<img src="http://{host.address}/a.png">')
    second = write("<p>no pictures</p>")
    client = sign_in(bela)
    (place,) = pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())
    path, _, signed = place.partition("?of=")

    with tenant_scope(bela.tenant):
        other = f"/acme/tickets/{second.ticket.number}/messages/1/picture/?of={signed}"
    unsigned = (path, f"{path}?of=", f"{path}?of=http://{host.address}/")
    for forged in (*unsigned, f"{place}x", f"{path}?of=a{signed}", other):
        assert client.get(forged).status_code == 400, forged
    assert host.requests == []


def test_host_that_does_not_answer_is_left_alone_for_a_while(
    write: Any, host: PictureHost, bela: Membership, sign_in: SignIn
) -> None:
    write("".join(f'<img src="http://{host.address}/{number}.png">' for number in range(3)))
    client = sign_in(bela)
    places = pictures_of(client.get(f"{LETTER}?pictures=1").content.decode())

    assert [client.get(place).status_code for place in places] == [404, 404, 404]
    assert len(host.requests) == 1


def test_picture_inside_the_letter_is_shown_at_once(write: Any, bela: Membership, sign_in: SignIn) -> None:
    kept = base64.b64encode(png(5, 5)).decode()
    write(f'<img src="data:image/jpeg;base64,{kept}"><img src="data:image/png;base64,PHN2Zz4=">')
    client = sign_in(bela)

    first, second = pictures_of(client.get(LETTER).content.decode())

    answer = client.get(first)
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", png(5, 5))
    assert client.get(second).status_code == 404


def test_attached_picture_stands_in_its_place_and_is_listed_once(
    write: Any, acme: Tenant, bela: Membership, sign_in: SignIn
) -> None:
    message = write('<img src="cid:logo@mail"><img src="CID:logo%40mail"><img src="cid:nobody">')
    with tenant_scope(acme):
        file = store(name="logo.png", content_type="image/png", content=png(3, 3))
        Attachment.objects.create(message=message, file=file, position=1, is_inline=True, content_id="logo@mail")
    client = sign_in(bela)

    assert pictures_of(client.get(LETTER).content.decode()) == ["/acme/tickets/1/messages/1/files/1/"] * 2
    assert client.get("/acme/tickets/1/").content.decode().count('title="logo.png"') == 1


def test_frame_runs_nothing_and_opens_links_as_ordinary_windows(write: Any, bela: Membership, sign_in: SignIn) -> None:
    write('<a href="https://a.example/">a</a>')

    answer = sign_in(bela).get(LETTER)
    page = sign_in(bela).get("/acme/tickets/1/").content.decode()

    policy = dict(one.strip().split(" ", 1) for one in answer["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["img-src"] == "'self'"
    assert policy["frame-ancestors"] == "'self'" and policy["form-action"] == "'none'"
    sandbox = re.search(r'<iframe[^>]* sandbox="([^"]*)"', page)
    assert sandbox is not None and sandbox[1] == policy["sandbox"]
    assert set(sandbox[1].split()) == {"allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"}
    assert answer["Referrer-Policy"] == "no-referrer"
    assert 'rel="noopener noreferrer nofollow"' in answer.content.decode()
