"""The filter that shows an address of a page elsewhere, as a store or a visitor's browser reported it."""

import re

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

_WEB = re.compile(r"https?://[^\s<>\"'\\\x00-\x1f]{1,2000}", re.IGNORECASE)
_SHOWN = 80  # characters


@register.filter
def web_address(address: str) -> SafeString:
    """A link that tells the other side nothing of us, for http and https; anything else stands there as text."""
    short = address if len(address) <= _SHOWN else f"{address[: _SHOWN - 1]}…"
    if not _WEB.fullmatch(address):
        return format_html('<bdi title="{}">{}</bdi>', address, short)
    link = '<a href="{}" title="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>'
    return format_html(link, address, address, short.split("://", 1)[1])
