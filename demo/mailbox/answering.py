"""Write mails as a customer would, and hand them to the helpdesk with the command it offers for that."""

import re
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid

from demo.mailbox.letters import Letter

PATIENCE_SECONDS = 60
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\-][^\s@<>\"(),:;\\]*@[^\s@<>\"(),:;\\]+\.[^\s@<>\"(),:;\\.]+")


class NotWritten(Exception):
    """The form lacks something; the text says what, for the person who filled it in."""


@dataclass(frozen=True)
class Outcome:
    """What came of a mail: the command's exit code (None when it could not run) and all it printed."""

    subject: str
    inbox: str
    exit_code: int | None
    printed: str


@dataclass(frozen=True)
class Draft:
    """A mail ready to go, and the inbox of the helpdesk it is meant for."""

    mail: EmailMessage
    inbox: str


def write_answer(letter: Letter, text: str) -> Draft:
    """A true reply from the person the letter went to, threaded by its headers and quoting it."""
    _check_text(text)
    subject = letter.subject if letter.subject.lower().startswith("re:") else f"Re: {letter.subject}"
    to = letter.reply_to or letter.sender
    mail = _mail(_address(*letter.reader), _address("", to), subject, f"{text}\n\n{_quote(letter)}")
    if letter.message_id:
        mail["In-Reply-To"] = letter.message_id
        mail["References"] = " ".join([*letter.references, letter.message_id])
    # The inbox is the address that wrote; Reply-To may be one made for this ticket alone.
    return Draft(mail, _address("", letter.sender).addr_spec)


def write_new(name: str, sender: str, to: str, subject: str, text: str) -> Draft:
    """A first mail from somebody."""
    _check_text(text)
    inbox = _address("", to)
    return Draft(_mail(_address(name, sender), inbox, subject, text), inbox.addr_spec)


def deliver(command: Sequence[str], draft: Draft) -> Outcome:
    """Run the command with the mail on its standard input; wait for it, a minute at most."""
    # The address is one argument of its own, whatever it contains: no shell reads it.
    words = [word.replace("{inbox}", draft.inbox) for word in command]
    subject, inbox = str(draft.mail["Subject"]), draft.inbox
    try:
        done = subprocess.run(
            words,
            input=_as_bytes(draft.mail),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        return Outcome(subject, inbox, None, str(error))
    return Outcome(subject, inbox, done.returncode, done.stdout.decode("utf-8", "replace").strip())


def split_command(line: str) -> tuple[str, ...]:
    """The words of a command line such as "python manage.py receive_email --inbox {inbox}"; none for an empty one."""
    return tuple(shlex.split(line))


def _mail(sender: Address, to: Address, subject: str, text: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = _line(subject)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=sender.domain if sender.domain.isascii() else "customer.example")
    mail.set_content(text.replace("\r\n", "\n"))
    return mail


def _as_bytes(mail: EmailMessage) -> bytes:
    addresses = (mail[name].addresses[0].addr_spec for name in ("From", "To"))
    return mail.as_bytes(policy=SMTP if all(address.isascii() for address in addresses) else SMTPUTF8)


def _check_text(text: str) -> None:
    if not text.strip():
        raise NotWritten("Write something first.")


def _address(name: str, address: str) -> Address:
    address = address.strip()
    if len(address) > 254 or not ADDRESS.fullmatch(address):
        raise NotWritten(f"{address or 'Nothing'} is not a plain address such as mira@vale.example.")
    local, _, domain = address.rpartition("@")
    return Address(_line(name), local, domain)


def _line(text: str) -> str:
    return " ".join(text.split())[:500]


def _quote(letter: Letter) -> str:
    who = letter.sender_name or letter.sender
    when = f"{letter.envelope.received_at:%a, %d %b %Y at %H:%M}"
    return f"On {when} {who} wrote:\n" + "\n".join(f"> {line}".rstrip() for line in letter.text.strip().splitlines())
