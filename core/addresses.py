"""Which addresses of the internet we may call, and which of them are really somebody's inside."""

import ipaddress
import socket

# What Python's `is_global` lets pass in one version or another: IANA's special registries, 6to4 and its relay, and the
# public address on which Azure answers its machines' metadata.
REFUSED = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "168.63.129.16/32",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
    )
)
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address


def is_public(address: str) -> bool:
    """Whether an IP address, also one wrapped in IPv6, is on the open internet and not a machine's own metadata."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public(_unwrapped(ip))


def resolve_host(host: str, port: int) -> list[str]:
    """All addresses of a host in the order to try them; empty when there is none."""
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in answers))


def _is_public(ip: IPAddress) -> bool:
    if isinstance(ip, ipaddress.IPv6Address) and ip not in GLOBAL_UNICAST:
        return False
    if any(ip in network for network in REFUSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _unwrapped(ip: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address really leads to, if it does."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip.ipv4_mapped or ip
