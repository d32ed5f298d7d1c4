"""Hand a mail to an SMTP server (RFC 5321): a 4xx or a silence means later, a 5xx means never."""

import contextlib
import smtplib
import ssl
from collections.abc import Iterator, Sequence

from channels.base import GiveUp, TryAgain
from channels.types import DeliveryReceipt, Refusal, Wire


def send(raw: bytes, *, sender: str, recipients: Sequence[str], wire: Wire) -> DeliveryReceipt:
    """Send to all recipients in one transaction; the receipt names those who were refused while others were taken.

    Sending again to the few of them that are only put off would give all others a second copy. Raises TryAgain and
    GiveUp, with a reason that may be shown to an agent.
    """
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
    left_out = tuple(Refusal(address, _words(*answer)) for address, answer in refused.items())
    return DeliveryReceipt(detail=f"taken by {wire.host}", refused=left_out)


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


def _worst(refused: dict[str, tuple[int, bytes]]) -> tuple[int, bytes]:
    # All are refused: as long as one of them may be taken later, it is worth trying again.
    return min(refused.values(), key=lambda answer: answer[0])


def _verdict(code: int, text: bytes | str) -> TryAgain | GiveUp:
    answer = f"The mail server answered {_words(code, text)}"[:400]
    return TryAgain(answer) if 400 <= code < 500 else GiveUp(answer)


def _words(code: int, text: bytes | str) -> str:
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(words.split())}"[:300]
