"""Brakes against loops: two machines that answer each other must not fill a ticket overnight."""

from core.ratelimit import Limit, take

# A person writes a handful of mails an hour; a loop writes one a second. Wide enough for a shop's own scripts.
BY_SENDER = Limit("mail.sender", burst=120, per_second=120 / 600)


def brake_sender(*, inbox_id: int, address: str) -> str:
    """Why the mail must wait, or "" when it need not. Counts the mail."""
    if take(BY_SENDER, f"{inbox_id}:{address}"):
        return f"More than {BY_SENDER.burst} mails within ten minutes from this address: taken for a loop."
    return ""
