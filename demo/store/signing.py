"""Shopify's webhook signature."""

import base64
import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    """The X-Shopify-Hmac-Sha256 header of a raw body: base64 of HMAC-SHA256."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
