"""Brakes against loops: two machines that answer each other must not fill a ticket overnight."""

from core.ratelimit import Limit, take

# A person writes a handful of mails an hour; a loop writes one a second. Wide enough for a shop's own scripts.
BY_SENDER = Limit("mail.sender", burst=120, per_second=120 / 600)
# Everybody on a ticket together: machines that change their address with each mail stay on their ticket.
BY_TICKET = Limit("mail.ticket", burst=120, per_second=120 / 3600)


def brake_sender(*, inbox_id: int, address: str) -> str:
    """Why the mail must wait, or "" when it need not. Counts the mail."""
    if take(BY_SENDER, f"{inbox_id}:{address}"):
        return f"More than {BY_SENDER.burst} mails within ten minutes from this address: taken for a loop."
    return ""


def brake_ticket(*, ticket_id: int) -> str:
    """Likewise for all mail that comes onto one ticket."""
    if take(BY_TICKET, str(ticket_id)):
        return f"More than {BY_TICKET.burst} mails within an hour for this ticket: taken for a loop."
    return ""
