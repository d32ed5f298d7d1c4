"""The log: one line an event, with tenant and request, without secrets."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.test import Client

from accounts.models import Membership, Tenant
from accounts.tenancy import tenant_scope
from core.log import MASK, configure_logging


@pytest.fixture
def logged() -> Iterator[Any]:
    """Logs as in production; the lines written since, parsed."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging(level="INFO", style="json")
    written = io.StringIO()
    handler: Any = root.handlers[0]
    handler.setStream(written)

    def lines() -> list[dict[str, Any]]:
        text = written.getvalue()
        written.seek(0)
        written.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield lines
    root.handlers = handlers
    root.setLevel(level)


@pytest.mark.parametrize("key", ["password", "token", "client_secret", "Authorization", "api_key", "cookie", "hmac"])
def test_values_of_secret_keys_are_masked(logged: Any, key: str) -> None:
    structlog.get_logger("tests").info("something", **{key: "hush"})

    [line] = logged()
    assert line[key] == MASK


@pytest.mark.parametrize(
    "text",
    [
        "failed with shpat_0123456789abcdef",
        "failed with SHPSS_0123456789ABCDEF",
        "Authorization: Bearer abc.def",
        "redis://:hush@127.0.0.1/0",
        "postgresql://app:hush@db/helpdesk",
    ],
)
def test_secrets_inside_text_are_masked(logged: Any, text: str) -> None:
    structlog.get_logger("tests").info(text, said=text)

    [line] = logged()
    for word in ("0123456789", "abc.def", "hush"):
        assert word not in json.dumps(line).lower()


def test_secrets_in_a_traceback_are_masked(logged: Any) -> None:
    try:
        raise ValueError("shpat_0123456789abcdef")
    except ValueError:
        structlog.get_logger("tests").exception("failed")

    [line] = logged()
    assert "shpat_0123456789abcdef" not in json.dumps(line)
    assert "ValueError" in line["exception"]


def test_lines_of_other_libraries_go_the_same_way(logged: Any) -> None:
    logging.getLogger("somebody.else").warning("token %s", "shpat_0123456789abcdef")

    [line] = logged()
    assert line["logger"] == "somebody.else"
    assert "shpat" not in line["event"]


def test_line_names_the_tenant(logged: Any, acme: Tenant) -> None:
    with tenant_scope(acme):
        structlog.get_logger("tests").info("inside")
    structlog.get_logger("tests").info("outside")

    inside, outside = logged()
    assert inside["tenant"] == str(acme.pk)
    assert outside["tenant"] == ""


def test_each_request_has_an_id_and_one_line(logged: Any, client: Client, ada: Membership) -> None:
    client.force_login(ada.user)
    logged()

    response = client.get("/acme/profile/?token=hush")

    [line] = [line for line in logged() if line["event"] == "request"]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/acme/profile/", 200)
    assert line["request_id"] == response["X-Request-Id"]
    assert "hush" not in json.dumps(line)


def test_request_id_is_ours_and_never_the_visitors(client: Client, db: None) -> None:
    response = client.get("/healthz", headers={"X-Request-Id": "forged"})

    assert response["X-Request-Id"] != "forged"
