"""Invitations are read as a few lines."""

import pytest

from channels.email.calendar import read_invitation
from channels.email.parsing import parse_mail
from tests.channels.email.building import multipart


def event(*lines: str, method: str = "REQUEST", kind: str = "VEVENT") -> str:
    inside = "\r\n".join(lines)
    return f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:{kind}\r\n{inside}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("SUMMARY:Fitting", "DTSTART:20261103T100000Z"), "Invitation: Fitting\nWhen: 2026-11-03 10:00 (UTC)"),
        (("SUMMARY:Fair", "DTSTART;VALUE=DATE:20261103"), "Invitation: Fair\nWhen: 2026-11-03"),
        (
            ("SUMMARY:Night", "DTSTART:20261103T230000", "DTEND:20261104T010000"),
            "Invitation: Night\nWhen: 2026-11-03 23:00 to 2026-11-04 01:00",
        ),
        (
            (
                "SUMMARY:A long",
                "  title\\; with\\, signs",
            ),
            "Invitation: A long title; with, signs",
        ),
        (
            ("DTSTART:never", "ORGANIZER:mailto:ana@shopper.example"),
            "Invitation: no title\nOrganizer: ana@shopper.example",
        ),
    ],
)
def test_what_when_and_who_are_told(lines: tuple[str, ...], expected: str) -> None:
    assert read_invitation(event(*lines)) == expected


@pytest.mark.parametrize(
    ("method", "answer", "heading"),
    [
        ("CANCEL", "ATTENDEE:mailto:ana@shopper.example", "Canceled"),
        ("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@shopper.example", "Accepted"),
        ("REPLY", 'ATTENDEE;CN="Lopes: Ana";PARTSTAT=DECLINED:mailto:ana@shopper.example', "Declined"),
    ],
)
def test_answers_and_cancellations_say_so(method: str, answer: str, heading: str) -> None:
    assert read_invitation(event("SUMMARY:Fitting", answer, method=method)) == f"{heading}: Fitting"


def test_no_event_is_no_invitation() -> None:
    assert read_invitation("BEGIN:VCALENDAR\nEND:VCALENDAR\n") == ""
    assert read_invitation("Hello there.") == ""


def test_letter_with_an_invitation_keeps_its_own_text() -> None:
    raw = multipart(
        "Content-Type: text/plain\n\nWill you come?", f"Content-Type: text/calendar\n\n{event('SUMMARY:Fitting')}"
    )

    message = parse_mail(raw)

    assert message.text == "Will you come?"
    assert [one.name for one in message.attachments] == ["invite.ics"]


def test_invitation_that_is_a_form_and_a_file_is_listed_once() -> None:
    calendar = event("SUMMARY:Fitting")
    forms = f"--a\nContent-Type: text/plain\n\nWill you come?\n--a\nContent-Type: text/calendar\n\n{calendar}\n--a--\n"
    raw = multipart(
        f"Content-Type: multipart/alternative; boundary=a\n\n{forms}",
        f"Content-Type: application/ics; name=visit.ics\n\n{calendar}",
    )

    assert [one.name for one in parse_mail(raw).attachments] == ["visit.ics"]
