"""Which texts name a Shopify store."""

import re

from integrations.base import GiveUp

# Shopify's own pattern for shop domains, anchored at both ends; the length is DNS's for one label.
SHOP = re.compile(r"[a-z0-9][a-z0-9-]{0,62}\.myshopify\.com", re.ASCII)


def is_shop(text: str) -> bool:
    """Whether the text is a shop domain in its one spelling: "acme-demo.myshopify.com"."""
    return SHOP.fullmatch(text) is not None


def clean_shop(text: str) -> str:
    """Lower the case and take the blanks off what a person typed; raise GiveUp when it names no shop."""
    shop = text.strip().lower()
    if not is_shop(shop):
        raise GiveUp("The store must be given as NAME.myshopify.com")
    return shop
