"""What the shared contract suite needs to know of Shopify: see tests/integrations/test_contract.py."""

import json
from pathlib import Path

from core.http import Response
from integrations.types import Credentials
from tests.integrations.fake_http import answered
from tests.integrations.shopify.signed import sign

PAYLOADS = Path(__file__).with_name("payloads")

CREDENTIALS = Credentials("acme-demo.myshopify.com", "shpat_0123456789abcdef", ("new-secret", "old-secret"))
REMOTE_ID = "706405506930370084"
UNAUTHORIZED = answered({"errors": "[API] Invalid API key or access token"}, status=401)
SLOW_DOWN = answered({"errors": "Throttled"}, status=429, headers={"retry-after": "2"})
GONE = answered({"data": {"customer": None}})


def recorded(name: str) -> Response:
    """The answer recorded for an adapter's method."""
    files = {
        "check": "shop",
        "find_customers": "customers_found",
        "fetch_customer": "customer",
        "fetch_note": "note",
        "write_note": "note_written",
        "fetch_orders": "orders",
    }
    return answered((PAYLOADS / f"{files[name]}.json").read_bytes())


def webhook(secret: str) -> tuple[dict[str, str], bytes]:
    """A signed webhook about a changed customer."""
    body = json.dumps(json.loads((PAYLOADS / "webhooks" / "customers_update.json").read_text())).encode()
    return {
        "X-Shopify-Topic": "customers/update",
        "X-Shopify-Shop-Domain": CREDENTIALS.shop,
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "X-Shopify-Hmac-Sha256": sign(body, secret),
    }, body
