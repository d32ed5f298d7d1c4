"""A conversation with an SMTP server: connect to an address that was judged, TLS, sign in, and what answers mean."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence

from channels.base import GiveUp, OutOfOrder, SenderRefused, SignInRefused, TryAgain
from channels.types import Wire
from core.addresses import is_public, resolve_host

# Asking again and again with the same wrong password gets an account locked.
WAIT_AFTER_REFUSAL = 900.0
_MOST_ADDRESSES = 3


class Server(smtplib.SMTP):
    """Connects to one of `addresses`; asking for the name again could bring another one."""

    def __init__(self, wire: Wire, addresses: Sequence[str]) -> None:
        super().__init__(timeout=wire.timeout)
        self._wire, self._addresses = wire, addresses
        self._host = wire.host  # the name that the certificate must have

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = _dial(self._addresses, port, timeout)
        if not self._wire.tls:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._host)

    def name_sender(self, sender: str) -> None:
        """MAIL FROM and RSET: whether the server lets us send from this address. Raises SenderRefused, TryAgain."""
        code, text = self.mail(sender)
        if code != 250:
            raise verdict(smtplib.SMTPSenderRefused(code, text, sender))
        self.rset()

    def hand_over(self, raw: bytes, sender: str, recipients: Sequence[str]) -> dict[str, tuple[int, bytes]]:
        """Send; returns the recipients who were refused while others were taken, with the answers."""
        options = ["BODY=8BITMIME"] if self.has_extn("8bitmime") else []
        if not all(address.isascii() for address in (sender, *recipients)):
            options.append("SMTPUTF8")
        return self.sendmail(sender, list(recipients), raw, mail_options=options)


@contextlib.contextmanager
def connected(wire: Wire, *, seconds: float) -> Iterator[Server]:
    """A server that has let us in; `seconds` is how long the whole conversation may last.

    Raises TryAgain and GiveUp for anything it answers, with a reason that may be shown to an agent.
    """
    server = Server(wire, _addresses_of(wire))
    # The time limit of a socket holds for each byte anew: one that sends a letter at a time could hold us for days.
    watch = threading.Timer(seconds, _cut, [server])
    watch.daemon = True
    watch.start()
    try:
        _enter(server, wire)
        yield server
        _leave(server)
    except (smtplib.SMTPException, OSError) as error:
        raise verdict(error, wire.host) from error
    finally:
        watch.cancel()
        server.close()


def words(code: int, text: bytes | str) -> str:
    """An answer of the server in one line."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {' '.join(said.split())}"[:300]


def verdict(error: Exception, host: str = "") -> TryAgain | GiveUp:
    """What an error of the conversation means for the mail."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            # As long as one of them may be taken later, it is worth trying again.
            return _later_or_never(*min(error.recipients.values(), key=lambda answer: answer[0]))
        case smtplib.SMTPSenderRefused() if error.smtp_code >= 500:
            answer = words(error.smtp_code, error.smtp_error)
            return SenderRefused(f"The mail server does not let us send from {error.sender}: {answer}"[:400])
        case smtplib.SMTPResponseException():
            return _later_or_never(error.smtp_code, error.smtp_error)
        case smtplib.SMTPNotSupportedError():
            return GiveUp(f"The mail server cannot do this: {error}")
        case ssl.SSLError():
            return OutOfOrder(f"{host} cannot be trusted: {_distrust(error)}.")
        case _:
            return OutOfOrder(f"The mail server {host} cannot be reached ({type(error).__name__}).")


def _addresses_of(wire: Wire) -> list[str]:
    addresses = resolve_host(wire.host, wire.port)
    if not addresses:
        raise OutOfOrder(f"The mail server {wire.host} cannot be reached: there is no such host.")
    allowed = [one for one in addresses if not wire.public_only or is_public(one)]
    if not allowed:
        raise OutOfOrder(f"{wire.host} is not on the public internet.")
    return allowed[:_MOST_ADDRESSES]


def _dial(addresses: Sequence[str], port: int, timeout: float) -> socket.socket:
    for address in addresses[:-1]:
        with contextlib.suppress(OSError):
            return socket.create_connection((address, port), timeout)
    return socket.create_connection((addresses[-1], port), timeout)


def _enter(server: Server, wire: Wire) -> None:
    code, text = server.connect(wire.host, wire.port)
    if code != 220:
        raise OutOfOrder(f"The mail server {wire.host} sends us away: {words(code, text)}")
    server.ehlo_or_helo_if_needed()
    if wire.starttls:
        try:
            server.starttls(context=ssl.create_default_context())
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
            raise OutOfOrder(f"{wire.host} does not offer STARTTLS on port {wire.port}.") from error
    if wire.user:
        _sign_in(server, wire)


def _sign_in(server: Server, wire: Wire) -> None:
    try:
        if wire.by_token:
            server.ehlo_or_helo_if_needed()
            server.auth("XOAUTH2", lambda challenge=None: _bearer(wire) if challenge is None else "")
        else:
            server.login(wire.user, wire.password)
    except smtplib.SMTPAuthenticationError as error:
        answer = words(error.smtp_code, error.smtp_error)
        if error.smtp_code < 500:
            raise OutOfOrder(f"{wire.host} cannot sign us in just now: {answer}") from error
        what = "token" if wire.by_token else "password"
        refusal = SignInRefused(f"The mail server {wire.host} refuses our {what}: {answer}")
        refusal.after = WAIT_AFTER_REFUSAL
        raise refusal from error
    except (smtplib.SMTPNotSupportedError, UnicodeError) as error:
        raise OutOfOrder(f"{wire.host} offers no way to sign in with this user and password.") from error


def _bearer(wire: Wire) -> str:
    return f"user={wire.user}\x01auth=Bearer {wire.password}\x01\x01"


def _leave(server: Server) -> None:
    # The mail is theirs already: a server that breaks off now must not make us send it again.
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()


def _cut(server: Server) -> None:
    if server.sock is not None:
        with contextlib.suppress(OSError):
            server.sock.shutdown(socket.SHUT_RDWR)


def _later_or_never(code: int, text: bytes | str) -> TryAgain | GiveUp:
    answer = f"The mail server answered {words(code, text)}"[:400]
    return TryAgain(answer) if 400 <= code < 500 or code < 0 else GiveUp(answer)


def _distrust(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message or "its certificate does not fit"
    return error.reason or "its TLS does not work"
