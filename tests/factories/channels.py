"""Makers of raw mails."""

from email.message import EmailMessage
from email.utils import format_datetime

from django.utils import timezone

ANA = "Ana Lopes <ana@shopper.example>"


def raw_mail(
    text: str = "Where is my order?",
    *,
    sender: str | None = ANA,
    to: str = "support@acme.example",
    subject: str = "My order",
    mail_id: str = "<one@shopper.example>",
    headers: dict[str, str] | None = None,
) -> bytes:
    """A mail as it would arrive. `mail_id` "" leaves the Message-ID out."""
    mail = EmailMessage()
    if sender:
        mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(timezone.now())
    if mail_id:
        mail["Message-ID"] = mail_id
    for name, value in (headers or {}).items():
        mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def raw_bounce(*, recipient: str, of: str, status: str = "5.1.1") -> bytes:
    """A delivery status notification (RFC 3464) about a mail of ours."""
    return (
        "From: Mail Delivery System <MAILER-DAEMON@mx.shopper.example>\r\n"
        "To: support@acme.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <bounce-{status}@mx.shopper.example>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.shopper.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\nSubject: Re: My order\r\n\r\n--b--\r\n"
    ).encode()
