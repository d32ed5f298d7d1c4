"""Prove that a webhook comes from Shopify: base64 of HMAC-SHA256 over the raw body, with the app's client secret.

https://shopify.dev/docs/apps/build/webhooks/verify-deliveries
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence


def find_header(headers: Mapping[str, str], name: str) -> str:
    """A header of either family, `X-Shopify-Topic` (webhooks) or `Shopify-Topic` (events), in any case, or ""."""
    wanted = (f"x-shopify-{name}", f"shopify-{name}")
    return next((value.strip() for key, value in headers.items() if key.lower() in wanted), "")


def verify_webhook(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> bool:
    """Compare the one right spelling of each signature; every secret is tried, so the time tells nothing."""
    claimed = find_header(headers, "hmac-sha256").encode("utf-8", "replace")
    # An empty secret would let anybody sign.
    matches = [hmac.compare_digest(_signature(secret, body), claimed) for secret in secrets if secret]
    return any(matches)


def _signature(secret: str, body: bytes) -> bytes:
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256))
