"""Hand a mail to an SMTP server (RFC 5321): a 4xx or a silence means later, a 5xx means never."""

from collections.abc import Sequence

from channels.base import GiveUp
from channels.email.submission import Server, connected, words
from channels.types import DeliveryReceipt, Refusal, Wire

CHECK_SECONDS, SEND_SECONDS = 25.0, 80.0


def send(raw: bytes, *, sender: str, recipients: Sequence[str], wire: Wire) -> DeliveryReceipt:
    """Send to all recipients in one transaction; the receipt names those who were refused while others were taken.

    Sending again to the few of them that are only put off would give all others a second copy. Raises TryAgain and
    GiveUp, with a reason that may be shown to an agent.
    """
    if not recipients or not all(recipients):
        raise GiveUp("There is no address to send to.")
    with connected(wire, seconds=SEND_SECONDS) as server:
        _check_size(server, raw)
        refused = server.hand_over(raw, sender, recipients)
    left_out = tuple(Refusal(address, words(*answer)) for address, answer in refused.items())
    return DeliveryReceipt(detail=f"taken by {wire.host}", refused=left_out)


def check(wire: Wire, *, sender: str) -> str:
    """Connect, sign in and name the sender, then take it back (RSET): nothing is sent. Returns what was seen.

    Raises TryAgain and GiveUp.
    """
    with connected(wire, seconds=CHECK_SECONDS) as server:
        server.name_sender(sender)
    how = "with TLS" if wire.tls or wire.starttls else "without TLS"
    who = "signed us in and takes" if wire.user else "takes"
    return f"{wire.host} answered {how}, {who} mail from {sender}."


def _check_size(server: Server, raw: bytes) -> None:
    # Said before the mail is on its way, not after 30 MB of it (RFC 1870).
    most = server.esmtp_features.get("size", "")
    if most.isdigit() and 0 < int(most) < len(raw):
        has, takes = len(raw) / 1_000_000, int(most) / 1_000_000
        raise GiveUp(f"With its files the mail has {has:.1f} MB, the mail server takes at most {takes:.1f} MB.")
