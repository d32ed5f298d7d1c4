"""Reads a mailbox by IMAP (RFC 3501): what came after a UID, without marking anything as read."""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from imap_tools import BaseMailBox
from imap_tools.errors import ImapToolsError, MailboxFolderSelectError, MailboxLoginError

from channels.base import GiveUp, TryAgain
from channels.types import FetchedMail, MailboxLogin, Security
from core.addresses import is_public, resolve_host

SECONDS = 30.0  # for each step of the conversation
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Mailbox:
    """An open folder. Made by `open_mailbox`."""

    def __init__(self, box: BaseMailBox, folder: str) -> None:
        self._box = box
        status = box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
        self.uid_validity = int(status["UIDVALIDITY"])
        self.next_uid = int(status["UIDNEXT"])

    def uids_after(self, uid: int) -> list[int]:
        """UIDs greater than `uid`, ascending. "n:*" always names the last mail too (RFC 3501, section 6.4.8)."""
        return sorted(found for found in map(int, self._box.uids(f"UID {uid + 1}:*", charset=None)) if found > uid)

    def fetch(self, uid: int, *, most_bytes: int) -> FetchedMail | None:
        """The mail, or only its headers when it is larger than `most_bytes`; None when it is gone meanwhile."""
        found = SIZE.search(self._ask(uid, "(RFC822.SIZE)") or b"")
        if found is None:
            return None
        size = int(found[1])
        if size > most_bytes:
            return FetchedMail(uid, None, self._ask(uid, "(BODY.PEEK[HEADER])") or b"", size)
        raw = self._ask(uid, "(BODY.PEEK[])")
        return FetchedMail(uid, raw, size=size) if raw is not None else None

    def _ask(self, uid: int, parts: str) -> bytes | None:
        answer, data = self._box.client.uid("fetch", str(uid), parts)
        if answer != "OK":
            raise TryAgain("The mailbox refused to hand a mail over.")
        first = data[0] if data else None
        if isinstance(first, tuple):
            return bytes(first[1])
        return bytes(first) if isinstance(first, bytes) else None


@contextmanager
def open_mailbox(login: MailboxLogin, *, allow_private: bool = False) -> Iterator[Mailbox]:
    """Sign in and open the folder. Raises GiveUp for what an admin must mend, TryAgain for what may pass.

    A host on a private address is refused unless `allow_private`: whoever may set it is not who runs the servers.
    """
    try:
        box = _Box(login, _address_of(login, allow_private))
    except ssl.SSLError as error:
        raise GiveUp(f"{login.host} cannot be trusted: {error.reason or 'its certificate does not fit'}.") from error
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise TryAgain(f"{login.host} does not answer on port {login.port}.") from error
    try:
        _sign_in(box, login)
        yield Mailbox(box, login.folder)
    except (OSError, imaplib.IMAP4.abort) as error:
        raise TryAgain(f"{login.host} broke off.") from error
    except (imaplib.IMAP4.error, ImapToolsError) as error:
        raise TryAgain(f"{login.host} said something we do not understand.") from error
    finally:
        _hang_up(box)


def _sign_in(box: BaseMailBox, login: MailboxLogin) -> None:
    try:
        if login.by_token:
            box.xoauth2(login.user, login.secret, initial_folder=None)
        elif login.user.isascii() and login.secret.isascii():
            box.login(login.user, login.secret, initial_folder=None)
        else:
            box.login_utf8(login.user, login.secret, initial_folder=None)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        what = "the token" if login.by_token else "the password"
        raise GiveUp(f"{login.host} does not accept the user or {what}.") from error
    try:
        box.folder.set(login.folder, readonly=True)
    except MailboxFolderSelectError as error:
        raise GiveUp(f"There is no folder called {login.folder}.") from error


def _hang_up(box: BaseMailBox) -> None:
    try:
        box.logout()
    except (OSError, imaplib.IMAP4.error, ImapToolsError):
        box.client.shutdown()


def _address_of(login: MailboxLogin, allow_private: bool) -> str:
    addresses = resolve_host(login.host, login.port)
    if not addresses:
        raise GiveUp(f"There is no host called {login.host}.")
    allowed = [one for one in addresses if allow_private or is_public(one)]
    if not allowed:
        raise GiveUp(f"{login.host} is not on the public internet.")
    return allowed[0]


class _Pinned(imaplib.IMAP4):
    """Connects to the address that was checked: asking for the name again could bring another one."""

    def __init__(self, login: MailboxLogin, address: str) -> None:
        self._login, self._address = login, address
        super().__init__(login.host, login.port, SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = socket.create_connection((self._address, self._login.port), SECONDS)
        if self._login.security is not Security.TLS:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._login.host)


class _Box(BaseMailBox):
    def __init__(self, login: MailboxLogin, address: str) -> None:
        self._login, self._address = login, address
        super().__init__()

    def _get_mailbox_client(self) -> Any:
        client = _Pinned(self._login, self._address)
        if self._login.security is Security.STARTTLS:
            client.starttls(ssl.create_default_context())
        return client
