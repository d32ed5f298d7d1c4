"""Which mail was written by a person: the order of the steps, and headers that prove nothing."""

import pytest

from channels.email.parsing import parse_mail
from tests.channels.email.building import mail, multipart


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"X-Helpdesk-Loop": "1"}, "normal"),  # of another installation, or forged
        ({"Auto-Submitted": "auto-replied", "List-Id": "<x>"}, "auto_reply"),
        ({"Auto-Submitted": "No"}, "normal"),
        ({"X-Autoreply": "yes"}, "auto_reply"),
        ({"X-Autoreply": "no"}, "normal"),
        ({"X-Autorespond": "x"}, "auto_reply"),
        ({"Precedence": "auto_reply"}, "auto_reply"),
        ({"Precedence": "bulk"}, "list"),
        ({"Precedence": "first-class"}, "normal"),
        ({"List-Unsubscribe": "<https://x.example>"}, "list"),
        ({"List-Id": ""}, "normal"),
        ({"X-Auto-Response-Suppress": "All"}, "normal"),
        ({"X-Auto-Response-Suppress": "All", "Subject": "We have received your order question"}, "auto_reply"),
        ({"Return-Path": "<ana@shopper.example>"}, "normal"),
        ({"Return-Path": "<>"}, "auto_reply"),
        ({"X-Spam-Flag": "YES"}, "normal"),
        ({"From": "MAILER-DAEMON", "Subject": "failure notice"}, "bounce"),
        ({"From": "Mail Delivery Subsystem <noreply@mx.example>", "Subject": "Undelivered: x"}, "bounce"),
        ({"From": "mailer-daemon@mx.example", "Subject": "something new"}, "bounce"),
        ({"From": "postmaster@mx.example", "Subject": "Mail delivery failed"}, "bounce"),
        ({"From": "postmaster@mx.example", "Subject": "Our order"}, "normal"),
        ({"From": "Postmaster <no-reply@mx.example>", "Return-Path": "<>", "Subject": "News"}, "auto_reply"),
        ({"Subject": "Undeliverable parcel"}, "normal"),
        ({"From": "staff@provider.example", "Subject": "complaint about message from 192.0.2.1"}, "normal"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(f"{k}={v}" for k, v in value.items()),
)
def test_headers_decide_the_kind(headers: dict[str, str], kind: str) -> None:
    assert parse_mail(mail(**headers)).kind == kind


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your order",
        "Out of Office",
        "Out of Office: back on Monday",
        "Out of Office AutoReply: Re: x",
        "Auto: x",
        "Re: Automatische Antwort: x",
        "Abwesenheitsnotiz: x",
        "Réponse automatique : x",
        "Respuesta automática: x",
        "Risposta automatica: x",
        "Resposta automática: x",
        "Automatisch antwoord: x",
        "Autosvar: x",
        "Automaattinen vastaus: x",
        "Odpowiedź automatyczna: x",
        "Automatická odpověď: x",
        "Автоматический ответ: x",
        "Otomatik Yanıt: x",
        "自动回复: x",
        "自動応答: x",
        "자동 회신: x",
        "תשובה אוטומטית: x",
    ],
)
def test_subject_of_an_automatic_answer_is_enough(subject: str) -> None:
    assert parse_mail(mail(Subject=subject)).kind == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply button is broken",
        "Out of office chairs?",
        "Vacation rental deposit",
        "Absence of the invoice in my parcel",
        "On leave tomorrow, please send it to my work",
        "Autosave",
    ],
)
def test_subject_about_such_things_is_not(subject: str) -> None:
    assert parse_mail(mail(Subject=subject)).kind == "normal"


def test_report_about_two_recipients_names_the_one_that_failed() -> None:
    raw = multipart(
        "\nSorry.",
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "Final-Recipient: rfc822; good@x.example\nAction: relayed\nStatus: 2.0.0\n\n"
        "Final-Recipient: rfc822; bad@x.example\nAction: failed\nStatus: 5.1.1\n",
        kind="report",
    )

    failed = parse_mail(raw).failed

    assert failed is not None
    assert (failed.recipient, failed.permanent) == ("bad@x.example", True)


def test_bounce_in_its_own_words_that_may_pass_is_not_for_good() -> None:
    body = "Hi. The message to <ana@shopper.example> has been delayed and will be retried: 450 4.2.0 greylisted\n"
    message = parse_mail(mail(body, From="mailer-daemon@x.example", Subject="Warning: message delayed"))

    assert message.failed is not None
    assert (message.failed.recipient, message.failed.permanent) == ("ana@shopper.example", False)
