"""Tell open pages that something changed: names only, never contents."""

from core.live import END_OF_MEMBER, announce, channel_of, end_streams_of, publish

__all__ = ["END_OF_MEMBER", "announce", "channel_of", "end_streams_of", "publish"]
