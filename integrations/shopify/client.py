"""Send one GraphQL operation to one shop.

ShopifyAPI is used for its Session and ApiVersion as plain values only. Its session is never activated (it would send
one shop's call with another shop's token), and its own client is never used (no time limit, prints what it receives).
"""

import functools
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import shopify

from core.http import HttpClient, Refused, Response, TimedOut, TooLarge, Unreachable
from integrations.base import GiveUp, TryAgain
from integrations.shopify.answers import read_answer
from integrations.shopify.domain import clean_shop
from integrations.shopify.reading import Json
from integrations.types import Credentials

API_VERSION = "2026-10"
QUERIES = Path(__file__).with_name("queries")

logger = logging.getLogger(__name__)


class ShopifyClient:
    """Calls one shop; `admin_root` is where the merchant's own pages begin."""

    def __init__(self, credentials: Credentials, http: HttpClient) -> None:
        """Raise GiveUp when the shop's name or the token is malformed."""
        self.shop = clean_shop(credentials.shop)
        if not re.fullmatch(r"[\x21-\x7e]{1,500}", credentials.token):
            raise GiveUp("The access token is empty or contains characters no token has")
        self._session = shopify.Session(self.shop, API_VERSION, credentials.token)
        root = (credentials.base_url or "https://{shop}").replace("{shop}", self.shop).rstrip("/")
        self._endpoint = self._session.version.api_path(root) + "/graphql.json"
        self._http = http
        self.admin_root = f"{root}/admin"

    def execute(self, operation: str, variables: Mapping[str, Any] | None = None) -> Json:
        """Run the operation of that file name and answer its data; raise TryAgain or GiveUp."""
        response = self._post({"query": document(operation), "variables": dict(variables or {})})
        served = response.headers.get("x-shopify-api-version", API_VERSION)
        if served != API_VERSION:
            # Shopify falls forward: an expired version is answered by the oldest one still alive.
            logger.warning("shopify.version_differs", extra={"asked": API_VERSION, "served": served[:20]})
        return read_answer(response)

    def _post(self, json: Mapping[str, Any]) -> Response:
        headers = {"X-Shopify-Access-Token": self._session.token, "Accept": "application/json"}
        try:
            return self._http.post_json(self._endpoint, json=json, headers=headers)
        except (TimedOut, Unreachable) as error:
            raise TryAgain(f"The store could not be reached: {error}") from error
        except (TooLarge, Refused) as error:
            raise GiveUp(f"The store cannot be called: {error}") from error


@functools.cache
def document(operation: str) -> str:
    """The text of one of our operations."""
    return (QUERIES / f"{operation}.graphql").read_text(encoding="utf-8")
