"""The SMTP side: takes every mail, except for recipients whose name asks for trouble."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo.mailbox.storage import Storage

LARGEST_MAIL = 50 * 1024 * 1024
GREETING_SECONDS = 3.0
TROUBLE = {
    "refused": "550 5.1.1 The demo mailbox refuses addresses that begin with 'refused'",
    "later": "451 4.3.0 The demo mailbox puts off addresses that begin with 'later'",
}


class Handler:
    """aiosmtpd calls these by name."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Let a sender meet a lasting and a passing failure when it asks for one."""
        for word, answer in TROUBLE.items():
            if address.lower().startswith(word):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - likewise
        """Keep the mail before saying so."""
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        letter_id = self._storage.add(envelope.mail_from or "", envelope.rcpt_tos, content)
        return f"250 2.0.0 Kept as {letter_id}"


class Server(SMTP):
    """One SMTP conversation, hung up on if the other side does not speak soon after our greeting.

    Browsers open connections in reserve. One that lies idle has been greeted as a mail program, so it must be gone
    before the browser wants to use it.
    """

    def __init__(self, storage: Storage, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(
            Handler(storage),
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
            hostname="mailbox.example",
            ident="Demo mailbox",
            loop=loop,
        )
        self._silence: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._silence = self.loop.call_later(GREETING_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        if self._silence is not None:
            self._silence.cancel()
        super().data_received(data)
