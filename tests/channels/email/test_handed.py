"""Mail that providers hand over by webhook: the same bytes where they give the whole mail."""

import json
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import pytest

from channels.base import Call, HandedMail, TryAgain, Unparseable
from channels.email.form_data import NoForm, read_form
from channels.registry import channel
from channels.types import ProviderLogin

EMAIL = channel("email")
# Not UTF-8: whoever decodes it loses it.
RAW = "From: Ana <ana@shopper.example>\r\nTo: support@acme.example\r\nSubject: Größe\r\n\r\nWo ist es?\r\n".encode(
    "latin-1"
)
TO = "support@acme.example"
JSON = {"content-type": "application/json"}
FORM = {"content-type": "multipart/form-data; boundary=seam"}


def multipart(*fields: tuple[str, bytes, str]) -> bytes:
    parts = b""
    for name, content, file_name in fields:
        named = f'; filename="{file_name}"\r\nContent-Type: image/png' if file_name else ""
        parts += f'--seam\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode() + content + b"\r\n"
    return parts + b"--seam--\r\n"


def sns(message: Any, kind: str = "Notification", **more: str) -> bytes:
    return json.dumps({"Type": kind, "MessageId": "1", "Message": json.dumps(message), **more}).encode()


def ses(action: dict[str, str], content: str = "") -> bytes:
    receipt = {"action": action, "recipients": [TO]}
    return sns({"notificationType": "Received", "receipt": receipt, "mail": {}, "content": content})


def read(provider: str, body: bytes, headers: dict[str, str], login: ProviderLogin | None = None) -> list[HandedMail]:
    return list(EMAIL.read_handed(Call(provider, headers, body, login)))


ENCODED = b64encode(RAW).decode()
SPARKPOST = {
    "content": {"email_rfc822": ENCODED, "email_rfc822_is_base64": True},
    "rcpt_to": TO,
    "msg_from": "a@b.example",
}
WHOLE = [
    ("amazon_ses", ses({"type": "SNS", "encoding": "BASE64"}, ENCODED), JSON),
    ("mailgun", multipart(("recipient", TO.encode(), ""), ("body-mime", RAW, "")), FORM),
    ("postal", json.dumps({"message": ENCODED, "base64": True, "rcpt_to": TO}).encode(), JSON),
    ("sendgrid", multipart(("envelope", json.dumps({"to": [TO]}).encode(), ""), ("email", RAW, "")), FORM),
    ("sparkpost", json.dumps([{"msys": {"relay_message": SPARKPOST}}]).encode(), JSON),
]


@pytest.mark.parametrize(("provider", "body", "headers"), WHOLE, ids=[one[0] for one in WHOLE])
def test_whole_mail_is_kept_byte_for_byte(provider: str, body: bytes, headers: dict[str, str]) -> None:
    assert read(provider, body, headers) == [HandedMail(RAW, (TO,))]


TEXT = "From: ana@shopper.example\r\nSubject: Größe\r\n\r\nПривет\r\n"
AS_TEXT = [
    ("mailersend", {"type": "inbound.message", "data": {"raw": TEXT, "recipients": {"rcptTo": [{"email": TO}]}}}),
    ("postmark", {"RawEmail": TEXT, "OriginalRecipient": TO, "FromFull": {}}),
]


@pytest.mark.parametrize(("provider", "body"), AS_TEXT, ids=[one[0] for one in AS_TEXT])
def test_mail_within_json_is_kept(provider: str, body: Any) -> None:
    assert read(provider, json.dumps(body).encode(), JSON) == [HandedMail(TEXT.encode(), (TO,))]


def test_mail_in_pieces_is_put_together() -> None:
    headers = [["From", "Ana <ana@shopper.example>"], ["To", f"Support <{TO}>"], ["Subject", "Größe"]]
    body = multipart(
        ("recipient", TO.encode(), ""),
        ("timestamp", b"1790000000", ""),
        ("message-headers", json.dumps(headers).encode(), ""),
        ("body-plain", "Привет".encode(), ""),
        ("attachment-count", b"1", ""),
        ("attachment-1", b"\x89PNG\r\n\x00", "Größe.png"),
    )

    (mail,) = read("mailgun", body, FORM)

    parsed = EMAIL.parse(mail.raw)
    assert (parsed.subject, parsed.text.strip()) == ("Größe", "Привет")
    assert [(one.name, one.content) for one in parsed.attachments] == [("Größe.png", b"\x89PNG\r\n\x00")]
    assert mail.recipients == (TO,)


def test_short_form_is_read_too() -> None:
    body = urlencode({"recipient": TO, "body-mime": RAW}).encode()

    assert read("mailgun", body, {"content-type": "application/x-www-form-urlencoded"}) == [HandedMail(RAW, (TO,))]


def test_recipients_are_read_from_the_head_where_the_provider_does_not_say() -> None:
    fields = {"Headers": {"To": [f"Support <{TO}>"], "Subject": ["Hi"]}, "Sender": "ana@shopper.example", "Parts": []}

    (mail,) = read("mailjet", json.dumps(fields).encode(), JSON)

    assert mail.recipients == (TO,)


@pytest.mark.parametrize("provider", ["brevo", "mailtrap", "resend"])
def test_provider_that_must_be_asked_needs_its_key(provider: str) -> None:
    with pytest.raises(Unparseable, match="under Sending"):
        read(provider, b"{}", JSON)


def test_provider_that_cannot_be_asked_now_is_asked_again() -> None:
    with pytest.raises(TryAgain):  # tests have no network
        read("resend", b'{"type": "email.received", "data": {"email_id": "1"}}', JSON, ProviderLogin("resend", "key"))


def test_amazons_bucket_is_never_read_with_our_own_rights() -> None:
    with pytest.raises(Unparseable, match="bucket"):
        read("amazon_ses", ses({"type": "S3", "bucketName": "ours", "objectKey": "x"}), JSON)


def test_amazon_is_confirmed_at_amazon_only() -> None:
    def asked(url: str) -> str:
        call = Call("amazon_ses", JSON, sns("", kind="SubscriptionConfirmation", SubscribeURL=url))
        return EMAIL.confirmation_of(call)

    right = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=x"
    assert asked(right) == right
    for wrong in (
        "https://sns.eu-west-1.amazonaws.com.evil.example/?x=1",
        "http://169.254.169.254/",
        "https://evil@sns.x/",
    ):
        assert asked(wrong) == ""
    assert EMAIL.confirmation_of(Call("postmark", JSON, b'{"Type": "SubscriptionConfirmation"}')) == ""


@pytest.mark.parametrize(
    "body", [b"", b"--seam", b"--other--", b"--seam\r\nname\r\n--seam--", multipart(("a", b"1", ""))[:-10]]
)
def test_form_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(NoForm):
        read_form(FORM["content-type"], body)
    with pytest.raises(Unparseable):
        read("mailgun", body, FORM)


def test_form_keeps_bytes_and_names() -> None:
    body = multipart(("a b", b"\xff\x00\r\n\r\nz", ""), ("empty", b"", ""), ("file", b"%PDF\r\n", "Größe.pdf"))

    fields = read_form(FORM["content-type"], body)

    assert [(one.name, one.content, one.file_name) for one in fields] == [
        ("a b", b"\xff\x00\r\n\r\nz", ""),
        ("empty", b"", ""),
        ("file", b"%PDF\r\n", "Größe.pdf"),
    ]
    assert fields[2].content_type == "image/png"
    assert read_form("text/plain", b"x") == []
