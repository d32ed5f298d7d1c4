"""Addresses of our pages in letters: on BASE_URL, never on the Host header, which a stranger may have written."""

from collections.abc import Mapping

from django.conf import settings
from django.urls import get_script_prefix, reverse, set_script_prefix


def public_link(route: str, parts: Mapping[str, str]) -> str:
    """The absolute address of a page that stands outside every workspace."""
    prefix = get_script_prefix()
    set_script_prefix("/")
    try:
        return settings.BASE_URL + reverse(route, kwargs=dict(parts))
    finally:
        set_script_prefix(prefix)
