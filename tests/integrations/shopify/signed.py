"""Sign webhooks as Shopify does."""

import base64
import hashlib
import hmac


def sign(body: bytes, secret: str) -> str:
    """The signature's text for a raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
