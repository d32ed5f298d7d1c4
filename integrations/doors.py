"""The hot door for stores' webhooks."""

from typing import Any


async def webhook_door(scope: Any, receive: Any, send: Any) -> None:
    raise NotImplementedError
