"""Which inbox answers at an address."""

from dataclasses import dataclass

from accounts.kinds import RouteKind
from accounts.models import Route
from tickets.services.addressing import spellings_of


@dataclass(frozen=True)
class Place:
    """An inbox and the workspace it is in."""

    tenant_id: int
    inbox_id: int


def find_place(address: str) -> Place | None:
    """The inbox that mail to this address goes to, of whichever workspace; None when nobody answers there.

    support+t42@acme.example is support@acme.example, unless it is an inbox itself (RFC 5233, sub-addressing).
    """
    address = address.strip().lower()
    local, _, domain = address.rpartition("@")
    if not (local and domain) or len(address) > 320 or "\0" in address:
        return None
    for key in spellings_of(address):
        if route := Route.objects.find(RouteKind.INBOX_ADDRESS, key):
            return Place(route.tenant_id, route.object_id)
    return None
