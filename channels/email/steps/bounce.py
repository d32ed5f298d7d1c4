"""Step: a mail system says that a letter was not delivered, in the standard form or in its own words."""

from __future__ import annotations

import re

from channels.email.addresses import clean_email, read_addresses
from channels.email.delivery_status import fields_of, original_headers, original_id
from channels.email.failed_addresses import failed_addresses, own_words
from channels.email.letter import Letter, Verdict
from channels.email.words import plain, words
from channels.types import FailedDelivery, Kind

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<!\d)([45]\d\d)[ ,-](?=\D)")
_LONGEST_DETAIL = 300
_MOST_FAILURES = 100
# A report that a letter did arrive, or went further.
_ARRIVED = ("delivered", "relayed", "expanded", "deliverable")


def find_bounce(letter: Letter) -> Verdict | None:
    status = letter.part(*_STATUS_TYPES)
    if status is not None and letter.parameters.get("report-type", "delivery-status").lower() == "delivery-status":
        return _standard(letter, fields_of(status.content))
    if "X-Failed-Recipients" in letter.headers:
        return _in_own_words(letter, "names failed recipients")
    if _is_from_a_mail_system(letter):
        return _of_a_mail_system(letter)
    if _is_from_nobody(letter):
        return _of_nobody(letter)
    return _of_somebody(letter)


def _of_a_mail_system(letter: Letter) -> Verdict | None:
    lists = words("bounces")
    if _is_in_subject(letter):
        return _in_own_words(letter, "the subject is that of a mail system")
    if _is_in_text(letter):
        return _in_own_words(letter, "the text is that of a mail system")
    # Whatever else a program of this name says, nobody is there to be answered.
    if _local_part(letter) in lists["senders"] and _local_part(letter) not in lists["shared_senders"]:
        return _in_own_words(letter, "comes from a mail system")
    return None


def _of_nobody(letter: Letter) -> Verdict | None:
    """The envelope has no sender: a program wrote it, and this is what most of them write about."""
    if _is_in_subject(letter) or (_is_in_text(letter) and (_gives_back(letter) or not letter.subject)):
        return _in_own_words(letter, "has no sender, and the words of a mail system")
    return None


def _of_somebody(letter: Letter) -> Verdict | None:
    """A gateway under a name of its own. People write of failed deliveries too: it must give a letter back."""
    subject = plain(letter.subject)
    if (
        subject.startswith(tuple(words("bounces")["subjects"]))
        and _is_in_text(letter)
        and _gives_back(letter)
        and "In-Reply-To" not in letter.headers
    ):
        return _in_own_words(letter, "gives a letter back, in the words of a mail system")
    return None


def _standard(letter: Letter, groups: list[dict[str, str]]) -> Verdict:
    concerned = [group for group in groups if "final-recipient" in group or "action" in group] or groups[-1:]
    failed = [group for group in concerned if not _action(group).startswith(_ARRIVED)]
    if not failed:
        return Verdict(Kind.AUTO_REPLY, f"A mail system confirms delivery ({_action(concerned[0])})")
    failed.sort(key=lambda group: _action(group).startswith("delayed"))
    message_id = original_id(letter)
    failures = [_of_group(group, message_id) for group in failed[:_MOST_FAILURES]]
    if not any(one.recipient for one in failures):
        recipient = next(iter(failed_addresses(letter)), "")
        first = failures[0]
        failures = [FailedDelivery(recipient, message_id, first.permanent, first.detail, first.is_final)]
    return _verdict(tuple(failures), "a delivery report (RFC 3464)")


def _action(group: dict[str, str]) -> str:
    return group.get("action", "failed").lower().strip()


def _of_group(group: dict[str, str], message_id: str) -> FailedDelivery:
    status = group.get("status", "")
    is_final = not _action(group).startswith("delayed")
    recipient = _address_in(group.get("original-recipient", "")) or _address_in(group.get("final-recipient", ""))
    diagnostic = group.get("diagnostic-code", "").partition(";")[2].strip() or group.get("diagnostic-code", "")
    detail = " ".join(filter(None, (status, diagnostic)))[:_LONGEST_DETAIL] or _action(group)
    return FailedDelivery(recipient, message_id, is_final and not status.startswith("4."), detail, is_final)


def _in_own_words(letter: Letter, because: str) -> Verdict:
    text = own_words(letter)
    lists = words("bounces")
    # "Failure" in the subject is the end, whatever its text says of tries before.
    said = plain(text)
    is_final = not (
        any(word in letter.folded_subject for word in lists["delays"])
        or (any(word in said for word in lists["goes_on"]) and "failure" not in letter.folded_subject)
    )
    status = _STATUS.search(text)
    code = status[1] if status else next(iter(_REPLY_CODE.findall(text)), "")
    passes = code.startswith("4") or (not code.startswith("5") and any(word in said for word in lists["passing"]))
    line = next((line.strip() for line in text.splitlines() if code and code in line), letter.subject)
    message_id = original_id(letter)
    return _verdict(
        tuple(
            FailedDelivery(email, message_id, is_final and not passes, line[:_LONGEST_DETAIL], is_final)
            for email in failed_addresses(letter)[:_MOST_FAILURES] or ("",)
        ),
        because,
    )


def _verdict(failures: tuple[FailedDelivery, ...], because: str) -> Verdict:
    first = failures[0]
    what = "was not delivered" if first.is_final else "is delayed"
    whom = f" to {first.recipient}" if first.recipient else ""
    return Verdict(Kind.BOUNCE, f"A mail{whom} {what}: {because}", failures)


def _is_in_subject(letter: Letter) -> bool:
    return letter.folded_subject.startswith(tuple(words("bounces")["subjects"]))


def _is_in_text(letter: Letter) -> bool:
    return any(text in letter.folded_text for text in words("bounces")["texts"])


def _gives_back(letter: Letter) -> bool:
    """Tell whether the headers of another letter, as mail systems write them, are enclosed."""
    headers = original_headers(letter)
    return any(name in headers for name in ("Message-ID", "Received", "MIME-Version"))


def _is_from_nobody(letter: Letter) -> bool:
    is_empty = "From" in letter.headers and letter.headers.raw("From").replace(" ", "") in ("<>", "")
    return letter.has_empty_return_path or is_empty


def _is_from_a_mail_system(letter: Letter) -> bool:
    lists = words("bounces")
    name = plain(letter.sender.name) if letter.sender else plain(letter.headers.text("From"))
    if _local_part(letter) in lists["senders"] or _local_part(letter).startswith("microsoftexchange"):
        return True
    if name.strip("\"' <>") not in lists["names"]:
        return False
    return letter.has_empty_return_path or letter.sender is None or _is_report(letter)


def _is_report(letter: Letter) -> bool:
    return letter.content_type == "multipart/report" or _is_in_subject(letter)


def _local_part(letter: Letter) -> str:
    if letter.sender:
        return letter.sender.email.rpartition("@")[0].strip('"')
    # "From: MAILER-DAEMON" without a domain is no address.
    return plain(letter.headers.text("From")).strip("\"' <>").partition(" ")[0].partition("@")[0]


def _address_in(field: str) -> str:
    """Return the address of "rfc822; ada@customer.example"; a local user without a domain is none."""
    value = field.rpartition(";")[2].strip()
    found = read_addresses(value)
    return found[0].email if found else clean_email(value)
