"""Reports of delivery, as each provider words them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from channels.base import Call, Unparseable
from channels.registry import channel
from channels.types import Report, Reported

EMAIL = channel("email")
ANA = "ana@shopper.example"
STAMP = 1_790_000_000
MOMENT = datetime.fromtimestamp(STAMP, UTC)


def sns(message: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "Notification", "MessageId": "n-1", "Timestamp": MOMENT.isoformat(), "Message": json.dumps(message)}


def ses(kind: str, **facts: Any) -> dict[str, Any]:
    mail = {"messageId": "id-1", "destination": [ANA, "rui@shopper.example"]}
    return sns({"eventType": kind, "mail": mail, kind.lower(): facts})


def brevo(event: str) -> dict[str, Any]:
    return {"event": event, "email": ANA, "message-id": "<id-1@acme.example>", "ts_epoch": STAMP * 1000, "reason": "no"}


def mailersend(kind: str) -> dict[str, Any]:
    email = {"message": {"id": "id-1"}, "recipient": {"email": ANA}}
    morph = {"object": "recipient_bounce", "readable_reason": "no such user"}
    data = {"type": kind, "email": email, "created_at": MOMENT.isoformat(), "morph": morph}
    return {"type": f"activity.{kind}", "data": data}


def mailgun(event: str, **facts: Any) -> dict[str, Any]:
    message = {"headers": {"message-id": "id-1@acme.example"}}
    return {"event-data": {"event": event, "recipient": ANA, "message": message, "timestamp": STAMP, **facts}}


def postal(status: str) -> dict[str, Any]:
    message = {"id": 71, "to": ANA, "direction": "outgoing", "tag": None}
    return {"timestamp": STAMP, "uuid": "u", "payload": {"status": status, "message": message, "details": "no"}}


def postmark(record: str, **facts: Any) -> dict[str, Any]:
    return {"RecordType": record, "MessageID": "id-1", "Recipient": ANA, "Details": "no such user", **facts}


def resend(kind: str, **bounce: str) -> dict[str, Any]:
    data = {"email_id": "id-1", "to": [ANA], "bounce": {"message": "no such user", **bounce}}
    return {"type": kind, "created_at": MOMENT.isoformat(), "data": data}


def sendgrid(event: str, **facts: Any) -> list[dict[str, Any]]:
    return [{"event": event, "email": ANA, "timestamp": STAMP, "smtp-id": "<id-1@acme.example>", **facts}]


def sparkpost(kind: str, **facts: Any) -> list[dict[str, Any]]:
    event = {"type": kind, "timestamp": str(STAMP), "transmission_id": "id-1", "raw_rcpt_to": ANA, **facts}
    return [{"msys": {"message_event": event}}]


def mailjet(event: str, **facts: Any) -> dict[str, Any]:
    return {"event": event, "time": STAMP, "MessageID": 71, "email": ANA, "Payload": '{"mail_id": "<own@x>"}', **facts}


def mailtrap(event: str, **facts: Any) -> dict[str, Any]:
    return {"events": [{"event": event, "timestamp": STAMP, "message_id": "id-1", "email": ANA, **facts}]}


def read(provider: str, body: Any) -> list[Report]:
    headers = {"content-type": "application/json"}
    return list(EMAIL.read_reports(Call(provider, headers, json.dumps(body).encode())))


DELIVERED = [
    ("amazon_ses", ses("Delivery", recipients=[ANA], smtpResponse="250 ok"), "id-1"),
    ("brevo", brevo("delivered"), "<id-1@acme.example>"),
    ("mailersend", mailersend("delivered"), "id-1"),
    ("mailgun", mailgun("delivered"), "<id-1@acme.example>"),
    ("mailjet", mailjet("sent"), "71"),
    ("mailtrap", mailtrap("delivery"), "id-1"),
    ("postal", postal("Sent"), "71"),
    ("postmark", postmark("Delivery"), "id-1"),
    ("resend", resend("email.delivered"), "id-1"),
    ("sendgrid", sendgrid("delivered"), "<id-1@acme.example>"),
    ("sparkpost", sparkpost("delivery"), "id-1"),
]


@pytest.mark.parametrize(("provider", "body", "name"), DELIVERED, ids=[one[0] for one in DELIVERED])
def test_every_provider_says_who_got_which_mail(provider: str, body: Any, name: str) -> None:
    (report,) = read(provider, body)

    assert (report.what, report.recipient, report.mail_ids[0], report.detail) == (Reported.DELIVERED, ANA, name, "")
    assert report.at in (MOMENT, None)


PERMANENT = ses("Bounce", bounceType="Permanent", bounceSubType="General", bouncedRecipients=[{"emailAddress": ANA}])
TRANSIENT = ses("Bounce", bounceType="Transient", bounceSubType="Full", bouncedRecipients=[{"emailAddress": ANA}])
FULL = {"code": 552, "message": "4.2.2 mailbox full"}
GONE = {"code": 550, "message": "5.1.1 no such user"}


@pytest.mark.parametrize(
    ("provider", "body", "is_permanent"),
    [
        ("amazon_ses", PERMANENT, True),
        ("amazon_ses", TRANSIENT, False),
        ("brevo", brevo("hard_bounce"), True),
        ("brevo", brevo("soft_bounce"), False),
        ("mailersend", mailersend("hard_bounced"), True),
        ("mailersend", mailersend("soft_bounced"), False),
        ("mailgun", mailgun("failed", severity="permanent", **{"delivery-status": GONE}), True),
        ("mailgun", mailgun("failed", severity="permanent", **{"delivery-status": FULL}), False),
        ("mailjet", mailjet("bounce", hard_bounce=True, error="user unknown"), True),
        ("mailjet", mailjet("bounce", hard_bounce=False, error="quota exceeded"), False),
        ("mailtrap", mailtrap("bounce", response="550 5.1.1 no such user"), True),
        ("postal", postal("HardFail"), False),
        ("postmark", postmark("Bounce", Type="HardBounce", Email=ANA), True),
        ("postmark", postmark("Bounce", Type="SoftBounce", Email=ANA), False),
        ("postmark", postmark("Bounce", Type="ManuallyDeactivated", Email=ANA), False),
        ("resend", resend("email.bounced", type="Permanent"), True),
        ("resend", resend("email.bounced", type="Transient"), False),
        ("sendgrid", sendgrid("bounce", type="bounce", reason="550 no such user"), True),
        ("sendgrid", sendgrid("bounce", type="blocked", reason="550 blocked"), False),
        ("sendgrid", sendgrid("dropped", reason="Bounced Address"), True),
        ("sendgrid", sendgrid("dropped", reason="Unsubscribed Address"), False),
        ("sparkpost", sparkpost("bounce", bounce_class="10", raw_reason="550 no such user"), True),
        ("sparkpost", sparkpost("bounce", bounce_class="22", raw_reason="552 full"), False),
    ],
)
def test_bounce_says_whether_the_address_is_of_any_use(provider: str, body: Any, is_permanent: bool) -> None:
    (report,) = read(provider, body)

    assert (report.what, report.recipient, report.permanent) == (Reported.BOUNCED, ANA, is_permanent)
    assert report.detail


@pytest.mark.parametrize(
    ("provider", "body", "what"),
    [
        ("mailgun", mailgun("failed", severity="temporary"), Reported.DELAYED),
        ("mailtrap", mailtrap("soft bounce"), Reported.DELAYED),
        ("sendgrid", sendgrid("deferred", response="421 later"), Reported.DELAYED),
        ("postmark", postmark("SpamComplaint", Type="SpamComplaint", Email=ANA), Reported.COMPLAINED),
        ("sparkpost", sparkpost("spam_complaint"), Reported.COMPLAINED),
        ("brevo", brevo("unique_opened"), Reported.OPENED),
        ("mailersend", mailersend("clicked"), Reported.OPENED),
    ],
)
def test_other_reports_are_known(provider: str, body: Any, what: Reported) -> None:
    (report,) = read(provider, body)

    assert (report.what, report.recipient, report.permanent) == (what, ANA, False)


def test_amazon_does_not_know_who_opened_it() -> None:
    reports = read("amazon_ses", ses("Open", userAgent="x"))

    assert {(one.what, one.recipient) for one in reports} == {(Reported.OPENED, "")}


def test_reports_name_the_mail_as_we_do_where_it_was_sent_along() -> None:
    (report,) = read("mailjet", mailjet("sent"))

    assert report.mail_ids == ("71", "<own@x>")


@pytest.mark.parametrize("body", [sendgrid("processed"), sendgrid("group_unsubscribe"), []])
def test_what_tells_nothing_new_is_left_out(body: Any) -> None:
    assert read("sendgrid", body) == []


@pytest.mark.parametrize(
    ("provider", "body"),
    [
        ("sendgrid", b"[1"),
        ("sendgrid", b"[{}]"),
        ("mailgun", b'{"event-data": []}'),
        ("mailgun", b"[" * 200_000),
        ("mailtrap", b'{"events": [{"event": "delivery", "timestamp": 1e300}]}'),
        ("mailtrap", b'{"events": [{"event": "delivery", "timestamp": 1e17}]}'),
        ("postmark", b"\xff\xfe"),
        ("sparkpost", b"null"),
        ("resend", b'{"type": "email.bounced", "data": 7}'),
    ],
)
def test_nonsense_is_said_to_be_that(provider: str, body: bytes) -> None:
    with pytest.raises(Unparseable):
        EMAIL.read_reports(Call(provider, {"content-type": "application/json"}, body))


def test_call_for_the_other_address_is_told_apart() -> None:
    with pytest.raises(Unparseable, match="belongs to another address"):
        read("postmark", {"FromFull": {}, "RecordType": "Inbound"})
