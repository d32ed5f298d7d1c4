"""A long answer that is sent while it is made."""

from collections.abc import AsyncIterator, Iterator

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse


class PiecewiseResponse(StreamingHttpResponse):
    """As Django's, of a sync iterator; under an async server Django puts all pieces of one into memory before it sends
    the first. Each piece is made on the request's own thread, with its database connection."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: Iterator[bytes] = iter(self)
        while (piece := await sync_to_async(_next)(pieces)) is not None:
            yield piece


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)
