"""The registry of channels: the only place that names one."""

from functools import cache

from django.utils.module_loading import import_string

from channels.base import Channel

KINDS = {"email": "channels.email.adapter.EmailChannel"}


@cache
def channel(kind: str) -> Channel:
    """The channel of an inbox's kind. Raises KeyError for a kind nobody carries."""
    made: Channel = import_string(KINDS[kind])()
    return made
