"""A real SMTP server as mail providers run them: with TLS, users and limits, and a certificate of its own."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "support", "right"


@dataclass
class Post:
    """What the server saw. `no_sender` is said to every sender, `no_data` to every mail, while they are set."""

    port: int = 0
    no_sender: str = ""
    no_data: str = ""
    sign_ins: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)
    resets: int = 0

    async def handle_MAIL(  # noqa: N802  the server looks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.senders.append(address)
        if self.no_sender:
            return self.no_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RSET(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  the same
        self.resets += 1
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802  the same
        if self.no_data:
            return self.no_data
        self.mails.append(envelope.content)
        return "250 OK"

    def judge(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        name = data.login.decode() if isinstance(data, LoginPassword) else str(data)
        self.sign_ins.append(name)
        good = isinstance(data, LoginPassword) and data.password == PASSWORD.encode() and name == USER
        return AuthResult(success=good, handled=False)


class _Server(SMTP):
    async def auth_XOAUTH2(self, server: Any, args: list[str]) -> AuthResult:  # noqa: N802  the same
        return self._authenticate("XOAUTH2", b64decode(args[1]).decode())


class _Controller(Controller):
    def factory(self) -> SMTP:
        return _Server(self.handler, **self.SMTP_kwargs)


@contextmanager
def submission(
    *, context: ssl.SSLContext | None = None, implicit: bool = False, users: bool = True, most: int = 33_554_432
) -> Iterator[Post]:
    """A server on a free port; with `context` it offers STARTTLS, or speaks TLS from the start when `implicit`."""
    post = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        post.port = int(probe.getsockname()[1])
    options: dict[str, Any] = {"data_size_limit": most}
    if users:
        options |= {"authenticator": post.judge, "auth_required": True, "auth_require_tls": False}
    if implicit:
        options["ssl_context"] = context
    elif context:
        options["tls_context"] = context
    controller = _Controller(post, hostname="127.0.0.1", port=post.port, **options)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def make_certificate(place: Path, *, name: str = "127.0.0.1") -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for `name`: the file that trusts it, and what a server serves it with."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    is_address = name.replace(".", "").isdigit()
    alternative = x509.IPAddress(ipaddress.ip_address(name)) if is_address else x509.DNSName(name)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, secret = place / f"{name}.pem", place / f"{name}.key"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, secret)
    return trusted, context
