"""Ask a shop for the webhooks we follow, and only for the fields of them that we read.

`updated_at` is always among them: with identical payloads Shopify would leave deliveries out.
"""

from integrations.base import GiveUp
from integrations.shopify.client import ShopifyClient
from integrations.shopify.reading import read_nodes, read_object, read_text

CUSTOMER_FIELDS = ["id", "admin_graphql_api_id", "updated_at", "note"]
ORDER_FIELDS = ["id", "admin_graphql_api_id", "updated_at", "customer"]

# The enum's names cannot be derived from the headers' spelling, so both stand where they are used (`webhooks.READERS`).
TOPICS: dict[str, list[str] | None] = {
    "CUSTOMERS_CREATE": CUSTOMER_FIELDS,
    "CUSTOMERS_UPDATE": CUSTOMER_FIELDS,
    "CUSTOMERS_DELETE": None,
    "CUSTOMERS_MERGE": None,
    "ORDERS_CREATE": ORDER_FIELDS,
    "ORDERS_UPDATED": ORDER_FIELDS,
    "APP_UNINSTALLED": None,
}
# An app has at most some hundreds of subscriptions; more pages than this mean that the shop sends us in circles.
MOST_PAGES = 10


def subscribe_all(client: ShopifyClient, callback_url: str) -> None:
    """Subscribe to what is missing; raise GiveUp naming the refused topics after all were tried."""
    present = _subscribed(client, callback_url)
    refused: dict[str, str] = {}
    for topic in TOPICS.keys() - present:
        try:
            refused |= _subscribe(client, topic, callback_url)
        except GiveUp as error:
            if error.disables:
                raise
            refused[topic] = error.reason
    # A refusal may only say that somebody else subscribed at the same moment.
    if refused and (missing := refused.keys() - _subscribed(client, callback_url)):
        reasons = "; ".join(sorted({refused[topic] for topic in missing}))
        raise GiveUp(f"No webhooks for {', '.join(sorted(missing))}: {reasons}")


def _subscribe(client: ShopifyClient, topic: str, callback_url: str) -> dict[str, str]:
    wanted = {"uri": callback_url, "format": "JSON", "includeFields": TOPICS[topic]}
    subscription = {name: value for name, value in wanted.items() if value is not None}
    data = client.execute("subscribe", {"topic": topic, "subscription": subscription})
    payload = read_object(data.get("webhookSubscriptionCreate"), "webhookSubscriptionCreate")
    errors = read_nodes(payload.get("userErrors") or [], "userErrors")
    return {topic: read_text(errors[0], "message", 200)} if errors else {}


def _subscribed(client: ShopifyClient, callback_url: str) -> set[str]:
    topics: set[str] = set()
    after: str | None = None
    for _ in range(MOST_PAGES):
        found = read_object(
            client.execute("subscriptions", {"after": after}).get("webhookSubscriptions"), "subscriptions"
        )
        nodes = read_nodes(found, "subscriptions")
        topics |= {read_text(node, "topic", 100) for node in nodes if node.get("uri") == callback_url}
        page = read_object(found.get("pageInfo"), "pageInfo")
        if not page.get("hasNextPage"):
            break
        after = read_text(page, "endCursor", None)
    return topics
