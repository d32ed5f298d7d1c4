"""Let members set what is their own."""

from accounts.models import Membership


def set_time_zone(*, member: Membership, time_zone: str) -> None:
    """Show all times in an IANA zone. The name was checked at the edge."""
    member.mark_time_zone(time_zone=time_zone)
