"""Send webhooks: at once, signed, again when they fail, and as badly as the shop's mischief asks."""

import asyncio
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlsplit

import httpcore

from demo.store import clock, signing
from demo.store.journal import Delivery
from demo.store.mischief import Delay, Duplicate, HookFault, Loss, Reorder, WrongSignature
from demo.store.payloads import Payload
from demo.store.records import Subscription
from demo.store.shop import Announcement, Shop

API_VERSION = "2026-10"
TIMEOUTS = {"connect": 1.0, "read": 5.0, "write": 5.0, "pool": 5.0}  # Seconds, as Shopify waits.
Sort = TypeVar("Sort", bound=HookFault)

HOLD_GAP = 0.1  # Seconds between two released deliveries, so that they arrive in the new order.
LONGEST_HOLD = 3.0  # Seconds a reordered delivery waits for the ones it is to be mixed with.
NEWER_TOPICS = {
    "CUSTOMER_TAGS_ADDED": "customer.tags_added",
    "CUSTOMER_TAGS_REMOVED": "customer.tags_removed",
    "CUSTOMER_JOINED_SEGMENT": "customer.joined_segment",
    "CUSTOMER_LEFT_SEGMENT": "customer.left_segment",
}
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def topic_name(enum: str) -> str:
    """CUSTOMERS_UPDATE as the header writes it: customers/update, but customer.tags_added for the newer ones."""
    return NEWER_TOPICS.get(enum) or enum.replace("_", "/", 1).lower()


def is_reachable(uri: str) -> bool:
    """The pretend store calls this machine only, so that fiction never leaves it."""
    parts = urlsplit(uri)
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK


@dataclass
class Deliverer:
    """All deliveries under way; one for the whole program."""

    _pool: httpcore.AsyncConnectionPool | None = None
    _tasks: dict[asyncio.Task[None], Shop] = field(default_factory=dict)
    _held: dict[str, list[Delivery]] = field(default_factory=dict)
    _last_bodies: dict[tuple[str, int, str], bytes] = field(default_factory=dict)

    def announce(self, announcement: Announcement) -> None:
        """Start one delivery for each subscription to the announcement's topic."""
        shop = announcement.shop
        for subscription in list(shop.state.subscriptions):
            if topic_name(subscription.topic) == announcement.topic:
                self._deliver_to(shop, subscription, announcement)

    def _deliver_to(self, shop: Shop, subscription: Subscription, announcement: Announcement) -> None:
        body = encoded(announcement.body, subscription.include_fields)
        if subscription.include_fields:
            # Shopify holds back a webhook whose chosen fields are what they were the last time.
            key = (shop.state.domain, subscription.id, str(announcement.body.get("id")))
            if self._last_bodies.get(key) == body:
                return
            self._last_bodies[key] = body
        uri, name = subscription.uri, subscription.name
        self.send(shop, uri=uri, topic=announcement.topic, body=body, event_id=announcement.event_id, name=name)

    def send(
        self, shop: Shop, *, uri: str, topic: str, body: bytes, event_id: str, name: str | None = None
    ) -> Delivery:
        """One delivery, with the faults that are planned for it."""
        faults = shop.mischief.faults_of_delivery(topic)
        secret = shop.state.secrets[0]
        if _fault(faults, WrongSignature):
            secret = f"not {secret}"
        triggered_at = clock.exact_now()
        webhook_id = str(uuid.uuid4())
        headers = _headers(shop, topic, webhook_id, event_id, triggered_at, signing.sign(body, secret))
        if name:
            headers["X-Shopify-Name"] = name
        delivery = Delivery(webhook_id, event_id, topic, uri, body.decode(), headers, triggered_at)
        shop.journal.deliveries.append(delivery)
        self._depart(shop, delivery, faults)
        return delivery

    def send_again(self, shop: Shop, delivery: Delivery) -> Delivery:
        """The same delivery once more, byte for byte, as a retry that comes late."""
        again = replace(delivery, state="waiting", attempts=[])
        shop.journal.deliveries.append(again)
        self._start(shop, again, 0)
        return again

    def _depart(self, shop: Shop, delivery: Delivery, faults: list[HookFault]) -> None:
        if _fault(faults, Loss):
            delivery.state = "lost"
            return
        if reorder := _fault(faults, Reorder):
            self._hold(shop, delivery, is_last=reorder.count <= 0)
            return
        delay, duplicate = _fault(faults, Delay), _fault(faults, Duplicate)
        self._start(shop, delivery, delay.seconds if delay else 0)
        for _ in range((duplicate.copies if duplicate else 1) - 1):
            twin = replace(delivery, attempts=[])
            shop.journal.deliveries.append(twin)
            self._start(shop, twin, delay.seconds if delay else 0)

    def _hold(self, shop: Shop, delivery: Delivery, *, is_last: bool) -> None:
        held = self._held.setdefault(shop.state.domain, [])
        held.append(delivery)
        if is_last:
            self._release(shop)
        elif len(held) == 1:
            asyncio.get_running_loop().call_later(LONGEST_HOLD, self._release, shop)

    def _release(self, shop: Shop) -> None:
        held = self._held.pop(shop.state.domain, [])
        for place, delivery in enumerate(reversed(held)):
            self._start(shop, delivery, place * HOLD_GAP)

    def _start(self, shop: Shop, delivery: Delivery, delay: float) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(shop, delivery, delay))
        self._tasks[task] = shop
        task.add_done_callback(self._tasks.pop)

    async def _deliver(self, shop: Shop, delivery: Delivery, delay: float) -> None:
        for wait in (delay, *shop.mischief.retry_waits):
            await asyncio.sleep(wait)
            outcome = await self._attempt(delivery)
            delivery.attempts.append(outcome)
            if isinstance(outcome, int) and 200 <= outcome < 300:
                delivery.state = "delivered"
                return
        delivery.state = "failed"

    async def _attempt(self, delivery: Delivery) -> int | str:
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(max_connections=20, keepalive_expiry=5.0)
        content, extensions = delivery.body.encode(), {"timeout": TIMEOUTS}
        headers = delivery.headers | {"Content-Length": str(len(content)), "Host": urlsplit(delivery.uri).netloc}
        request = self._pool.request(
            "POST", delivery.uri, headers=list(headers.items()), content=content, extensions=extensions
        )
        try:
            # No step may take longer than TIMEOUTS, and all of them together no longer than the answer may.
            response = await asyncio.wait_for(request, TIMEOUTS["read"])
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, TimeoutError) as error:
            return type(error).__name__
        return response.status

    def pending(self, shop: Shop) -> int:
        """Deliveries of this shop that are neither through nor given up."""
        return sum(each is shop for each in self._tasks.values()) + len(self._held.get(shop.state.domain, ()))

    def cancel(self, shop: Shop) -> None:
        """Stop everything under way for this shop, and forget what was sent."""
        self._held.pop(shop.state.domain, None)
        self._last_bodies = {key: body for key, body in self._last_bodies.items() if key[0] != shop.state.domain}
        for task, owner in list(self._tasks.items()):
            if owner is shop:
                task.cancel()
        for delivery in shop.journal.deliveries:
            if delivery.state == "waiting":
                delivery.state = "cancelled"

    async def close(self) -> None:
        """Stop everything; for the end of the program."""
        for task in list(self._tasks):
            task.cancel()
        if self._pool is not None:
            await self._pool.aclose()


def _fault(faults: list[HookFault], sort: type[Sort]) -> Sort | None:
    return next((each for each in faults if isinstance(each, sort)), None)


def encoded(body: Payload, include_fields: Sequence[str] = ()) -> bytes:
    """The raw body: UTF-8, with <, > and & escaped as Rails does, so that parsing and printing it gives other bytes."""
    if include_fields:
        body = {key: value for key, value in body.items() if key in include_fields}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&"}).encode()


def _headers(
    shop: Shop, topic: str, webhook_id: str, event_id: str, triggered_at: datetime, signature: str
) -> dict[str, str]:
    return {
        "Content-Type": "application/json",
        "User-Agent": "Shopify-Captain-Hook",
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature,
        "X-Shopify-Shop-Domain": shop.state.domain,
        "X-Shopify-API-Version": API_VERSION,
        "X-Shopify-Webhook-Id": webhook_id,
        "X-Shopify-Event-Id": event_id,
        "X-Shopify-Triggered-At": triggered_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
