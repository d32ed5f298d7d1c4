"""Hand a mail to an SMTP server (RFC 5321): a 4xx or a silence means later, a 5xx means never."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence

from channels.base import GiveUp, TryAgain
from channels.types import DeliveryReceipt, Wire


def send(raw: bytes, *, sender: str, recipients: Sequence[str], wire: Wire) -> DeliveryReceipt:
    """Send to all recipients. Raises TryAgain and GiveUp, with a reason that may be shown to an agent."""
    if not recipients or not all(recipients):
        raise GiveUp("There is no address to send to.")
    try:
        with _connected(wire) as server:
            refused = server.sendmail(sender, list(recipients), raw, mail_options=_options(server, sender, recipients))
    except smtplib.SMTPRecipientsRefused as error:
        raise _verdict(*_worst(error.recipients)) from error
    except smtplib.SMTPAuthenticationError as error:
        # An admin can put a password right, and then the mail should still go.
        raise TryAgain(f"The mail server {wire.host} refuses our password ({error.smtp_code}).") from error
    except smtplib.SMTPResponseException as error:
        raise _verdict(error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise GiveUp(f"The mail server cannot do this: {error}") from error
    except (OSError, smtplib.SMTPException) as error:
        raise TryAgain(f"The mail server {wire.host} cannot be reached ({type(error).__name__}).") from error
    if refused:
        raise _verdict(*_worst(refused))
    return DeliveryReceipt(detail=f"taken by {wire.host}")


@contextlib.contextmanager
def _connected(wire: Wire) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    if wire.tls:
        server: smtplib.SMTP = smtplib.SMTP_SSL(wire.host, wire.port, timeout=wire.timeout, context=context)
    else:
        server = smtplib.SMTP(wire.host, wire.port, timeout=wire.timeout)
    with server:
        server.ehlo_or_helo_if_needed()
        if wire.starttls:
            server.starttls(context=context)
        if wire.user:
            server.login(wire.user, wire.password)
        yield server


def _options(server: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> list[str]:
    options = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
    if not all(address.isascii() for address in (sender, *recipients)):
        options.append("SMTPUTF8")
    return options


def _worst(refused: dict[str, tuple[int, bytes]]) -> tuple[int, bytes | str]:
    return max(refused.values(), key=lambda answer: answer[0])


def _verdict(code: int, text: bytes | str) -> TryAgain | GiveUp:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    answer = f"The mail server answered {code} {words}"[:400]
    return TryAgain(answer) if 400 <= code < 500 else GiveUp(answer)
