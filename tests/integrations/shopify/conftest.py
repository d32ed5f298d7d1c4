"""Recorded answers and a connected store on a scripted wire."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.http import HttpError, Response
from integrations.shopify.adapter import ShopifyAdapter
from integrations.types import Credentials
from tests.integrations.fake_http import FakeHttp, answered

PAYLOADS = Path(__file__).with_name("payloads")
CREDENTIALS = Credentials("acme-demo.myshopify.com", "shpat_0123456789abcdef", ("new-secret", "old-secret"))


@pytest.fixture
def payload() -> Callable[[str], Any]:
    """Read a recorded payload by name."""
    return lambda name: json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def store(payload: Callable[[str], Any]) -> Callable[..., tuple[ShopifyAdapter, FakeHttp]]:
    """Connect a store that answers with the given payload names, responses or errors, in order."""

    def connect(*answers: str | Response | HttpError) -> tuple[ShopifyAdapter, FakeHttp]:
        http = FakeHttp(*(answered(payload(one)) if isinstance(one, str) else one for one in answers))
        return ShopifyAdapter(CREDENTIALS, http), http

    return connect
