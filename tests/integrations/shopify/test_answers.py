"""What an answer of the API means for the next try."""

from collections.abc import Callable
from typing import Any

import pytest

from core.http import Refused, Response, TimedOut, TooLarge, Unreachable
from integrations.base import AdapterError, GiveUp, TryAgain
from integrations.shopify.answers import read_answer
from tests.integrations.fake_http import answered


def failure(response: Response) -> AdapterError:
    with pytest.raises(AdapterError) as caught:
        read_answer(response)
    return caught.value


@pytest.mark.parametrize("status", [200, 429])
def test_throttling_waits_until_the_bucket_holds_the_cost(status: int, payload: Callable[[str], Any]) -> None:
    error = failure(answered(payload("throttled"), status=status))

    assert isinstance(error, TryAgain)
    assert error.after is not None and 5.0 <= error.after <= 6.25


def test_throttling_believes_the_header_first(payload: Callable[[str], Any]) -> None:
    error = failure(answered(payload("throttled"), status=429, headers={"retry-after": "20"}))

    assert isinstance(error, TryAgain)
    assert error.after is not None and 20.0 <= error.after <= 25.0


@pytest.mark.parametrize("extensions", [None, {}, {"cost": {"throttleStatus": {"restoreRate": 0}}}, {"cost": "x"}])
def test_throttling_without_numbers_waits_a_second(extensions: object) -> None:
    answer = {"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}], "extensions": extensions}

    error = failure(answered(answer))

    assert isinstance(error, TryAgain)
    assert error.after is not None and 1.0 <= error.after <= 1.25


@pytest.mark.parametrize(
    ("status", "kind", "after"),
    [
        (402, TryAgain, 3600.0),
        (423, TryAgain, 3600.0),
        (430, TryAgain, 300.0),
        (408, TryAgain, None),
        (500, TryAgain, None),
        (503, TryAgain, None),
        (301, GiveUp, None),
        (400, GiveUp, None),
        (403, GiveUp, None),
        (404, GiveUp, None),
    ],
)
def test_statuses_say_whether_to_try_again(status: int, kind: type[AdapterError], after: float | None) -> None:
    error = failure(answered(b"<html>", status=status))

    assert type(error) is kind
    assert not (isinstance(error, GiveUp) and error.disables)
    assert getattr(error, "after", None) == after


def test_only_a_revoked_token_disables() -> None:
    error = failure(answered({"errors": "[API] Invalid API key or access token"}, status=401))

    assert isinstance(error, GiveUp) and error.disables


def test_errors_may_be_one_text() -> None:
    error = failure(answered({"errors": "[API] Non-expiring access tokens are no longer accepted"}, status=403))

    assert "Non-expiring" in error.reason


def test_a_question_too_costly_is_not_repeated(payload: Callable[[str], Any]) -> None:
    assert isinstance(failure(answered(payload("too_costly"))), GiveUp)


@pytest.mark.parametrize("body", [b"", b"<html>Be right back</html>", b"[]", b"[" * 100_000, b"{}", b'{"data": null}'])
def test_an_answer_that_is_not_the_api_is_tried_again(body: bytes) -> None:
    assert isinstance(failure(answered(body)), TryAgain)


@pytest.mark.parametrize(
    "errors", [5, "text", {"base": ["a"]}, [None], ["text"], [{"message": None}], [{"extensions": 5}]]
)
def test_errors_of_any_shape_are_read(errors: object) -> None:
    assert isinstance(failure(answered({"errors": errors, "data": {"customer": None}})), AdapterError)


def test_reasons_are_short_and_printable() -> None:
    error = failure(answered({"errors": [{"message": "a\x00b\n" + "x" * 5000}]}))

    assert "ab" in error.reason
    assert len(error.reason) < 400


@pytest.mark.parametrize(
    ("error", "kind"),
    [(TimedOut("t"), TryAgain), (Unreachable("u"), TryAgain), (TooLarge("l"), GiveUp), (Refused("r"), GiveUp)],
)
def test_failures_of_the_wire_are_adapter_errors(store: Callable[..., Any], error: Exception, kind: type) -> None:
    adapter, _ = store(error)

    with pytest.raises(kind):
        adapter.check()


def test_a_version_other_than_asked_is_logged(
    store: Callable[..., Any], payload: Callable[[str], Any], caplog: Any
) -> None:
    adapter, _ = store(answered(payload("shop"), headers={"x-shopify-api-version": "2027-01"}))

    with caplog.at_level("WARNING", logger="integrations.shopify.client"):
        adapter.check()

    assert "version_differs" in caplog.text
