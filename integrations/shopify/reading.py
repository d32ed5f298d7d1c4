"""Take single values out of JSON that Shopify, or somebody posing as it, wrote: bounded, cleaned, of the right type."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from integrations.types import Money

LARGEST_NUMBER = 2**63 - 1  # what a bigint column holds
LARGEST_AMOUNT = Decimal(10) ** 15
LONGEST_URL = 2000

Json = Mapping[str, Any]


class Unreadable(ValueError):
    """A value is missing or not of the promised type; the text names the field and never quotes the value."""


def read_object(data: object, name: str) -> Json:
    """The object itself, or Unreadable."""
    if not isinstance(data, dict):
        raise Unreadable(f"{name} is not an object")
    return data


def read_nodes(data: object, name: str) -> list[Json]:
    """The nodes of a connection, or the items of a list of objects."""
    nodes = data.get("nodes") if isinstance(data, dict) else data
    if not isinstance(nodes, list):
        raise Unreadable(f"{name} is not a list")
    return [read_object(node, name) for node in nodes]


def read_text(data: Json, name: str, limit: int | None) -> str:
    """A text, "" for null or absent, cut after `limit` characters; None cuts nothing.

    NUL and half surrogate pairs go, which JSON may carry and PostgreSQL refuses.
    """
    value = data.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unreadable(f"{name} is not a text")
    whole = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\x00", "")[:limit]


def read_url(data: Json, name: str) -> str:
    """An http or https address, or "" for anything else: it may end up in a link."""
    text = read_text(data, name, None).strip()
    if len(text) > LONGEST_URL or not text.isprintable() or " " in text:
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in {"http", "https"} and parts.hostname else ""


def read_moment(data: Json, name: str) -> datetime | None:
    """An aware moment, or None for null, absent, or a time without its zone."""
    text = read_text(data, name, 40)
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"{name} is not a time") from error
    if not 1970 <= moment.year <= 9000:
        raise Unreadable(f"{name} is not a time")
    return moment if moment.tzinfo else None


def read_count(data: Json, name: str) -> int:
    """A number from 0 up, 0 for null or absent; Shopify writes large ones as text."""
    value = data.get(name)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,19}", value):
        value = int(value)
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool):
        raise Unreadable(f"{name} is not a number")
    return min(max(value, 0), LARGEST_NUMBER)


def read_money(data: object, name: str) -> Money:
    """An amount with its currency, as `MoneyV2` writes it."""
    money = read_object(data, name)
    currency = read_text(money, "currencyCode", 3)
    try:
        amount = Decimal(read_text(money, "amount", 40))
    except InvalidOperation as error:
        raise Unreadable(f"{name} is not an amount") from error
    if not amount.is_finite() or abs(amount) > LARGEST_AMOUNT or not re.fullmatch(r"[A-Z]{3}", currency):
        raise Unreadable(f"{name} is not an amount")
    return Money.from_decimal(amount, currency)


def read_remote_id(value: object, kind: str) -> str:
    """The digits of an id, given as a number, as its digits, or as "gid://shopify/<kind>/<digits>"."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    found = re.fullmatch(rf"(?:gid://shopify/{kind}/)?([0-9]{{1,20}})", text, re.ASCII)
    if not found or int(found[1]) > LARGEST_NUMBER:
        raise Unreadable(f"this is not the id of a {kind}")
    return found[1]
