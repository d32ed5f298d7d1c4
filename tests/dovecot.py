"""A real IMAP server (Debian's dovecot), where it is installed and we are root: it changes to another user."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "secret"
CONFIG = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:{place}/mail/%u
first_valid_uid = 1
first_valid_gid = 1
default_internal_user = nobody
default_login_user = nobody
default_internal_group = nogroup
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={place}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service anvil {{
  chroot =
}}
"""


@dataclass(frozen=True)
class ImapServer:
    """Takes any user with PASSWORD."""

    place: Path
    port: int

    def put(self, raw: bytes, *, user: str = "support", folder: str = "INBOX") -> None:
        """Lay a mail into a folder, as a delivery would."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login(user, PASSWORD)
        client.create(folder)
        answer, _ = client.append(folder, "", None, raw)
        assert answer == "OK"
        client.logout()

    def make_anew(self, *, user: str = "support") -> None:
        """Empty the mailbox as a restored backup would: UIDs begin again, under another UIDVALIDITY."""
        shutil.rmtree(self.place / "mail" / user)
        time.sleep(1.1)  # dovecot takes the seconds of the clock for the new value


def is_here() -> bool:
    return shutil.which("dovecot") is not None and os.geteuid() == 0


@contextmanager
def running_imap() -> Iterator[ImapServer]:
    """A server on a port of its own, stopped at the end."""
    place = Path(tempfile.mkdtemp(prefix="helpdesk-imap-"))
    place.chmod(0o755)
    (place / "mail").mkdir()
    (place / "mail").chmod(0o777)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = place / "dovecot.conf"
    config.write_text(CONFIG.format(place=place, port=port, password=PASSWORD))
    process = subprocess.Popen(["dovecot", "-F", "-c", str(config)])
    try:
        _wait(port)
        yield ImapServer(place, port)
    finally:
        process.terminate()
        process.wait(15)
        shutil.rmtree(place, ignore_errors=True)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 15
    while True:
        try:
            imaplib.IMAP4("127.0.0.1", port).logout()
        except OSError:
            assert time.monotonic() < deadline, "dovecot did not answer"
            time.sleep(0.1)
        else:
            return
