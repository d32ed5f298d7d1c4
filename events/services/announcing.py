"""Tell open pages that something changed: names only, never contents."""

from core.live import announce, channel_of, publish

__all__ = ["END_OF_MEMBER", "announce", "channel_of", "end_streams_of", "publish"]

END_OF_MEMBER = "!end"


def end_streams_of(member_number: int) -> None:
    """After commit, close the open streams of a member whose membership ended."""
    announce(f"{END_OF_MEMBER} {member_number}")
