"""What no request may do: fill the disk, break the error page, or keep a connection."""

import asyncio
from typing import Any

import pytest
from django.core import signals

from helpdesk import handling
from helpdesk.handling import Handler
from tests.asgi import opened

FORM = "application/x-www-form-urlencoded"


def answer(path: str = "/healthz", **asked: Any) -> int:
    async def ask() -> int:
        async with opened(Handler(), path, **asked) as exchange:
            await asyncio.wait_for(exchange.ended.wait(), 10)
            return exchange.status

    return asyncio.run(ask())


def test_body_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handling, "MOST_BYTES", 1000)

    assert answer(method="POST", body=b"x" * 1001) == 413
    assert answer(method="GET", body=b"x" * 1000) == 200


@pytest.mark.parametrize(
    "headers",
    [{"Content-Length": "-1"}, {"Content-Length": "١"}, {"Content-Type": f"{FORM}; charset=utf-7"}],
)
def test_form_that_cannot_be_read_is_refused(headers: dict[str, str]) -> None:
    assert answer("/accounts/login/", method="POST", headers=headers, body=b"login=x") == 400


def test_request_that_fails_midway_is_over_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("midway")

    monkeypatch.setattr(Handler, "get_response_async", fail)
    over: list[object] = []
    signals.request_finished.connect(lambda **_: over.append(True), weak=False, dispatch_uid="test")
    try:
        with pytest.raises(RuntimeError, match="midway"):
            answer()
    finally:
        signals.request_finished.disconnect(dispatch_uid="test")

    assert over == [True]
