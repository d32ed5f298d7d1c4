"""Sending by providers' APIs: what each is asked, what its answers mean, and what it never gets."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from channels.base import GiveUp, OutOfOrder, SenderRefused, SignInRefused, TryAgain
from channels.email.adapter import EmailChannel
from channels.email.providers import PROVIDERS
from channels.email.threading import make_message_id
from channels.types import Address, DeliveryReceipt, OutboundAttachment, ProviderLogin
from tests.channels.email.test_composing import MESSAGE
from tests.provider import Pretend, pretend_provider

pytestmark = pytest.mark.filterwarnings("ignore:django-anymail has dropped")
CHANNEL = EmailChannel()
ANA, RUI = "ana@shopper.example", "rui@shopper.example"
OWN_ID = make_message_id(tenant_id=1, ticket_id=2, message_id=3, domain="acme.example", key=b"k" * 32)
PICTURE = OutboundAttachment("box.png", "image/png", b"\x89PNG", content_id="box")
LETTER = OutboundAttachment("Rechnung №7.txt", "text/plain", b"one\r\ntwo\xff")
MAIL = replace(
    MESSAGE,
    to=(Address(ANA, 'Ana "A" Lopes,\r\nBcc: eve@evil.example'),),
    cc=(Address(RUI),),
    bcc=(Address("boss@acme.example"),),
    subject="Re: My order\r\nX-Evil: 1",
    html='<p>It is on its way. <img src="cid:box"></p>',
    message_id=OWN_ID,
    in_reply_to="<one@shopper.example>",
    references=("<one@shopper.example>",),
    attachments=(PICTURE, LETTER),
    loop_mark="mark",
    auto_submitted=True,
)
OPTIONS: dict[str, dict[str, str]] = {
    "amazon_ses": {"access_key": "AKIAIOSFODNN7EXAMPLE", "region": "eu-west-1"},
    "mailgun": {"domain": "acme.example", "region": "eu"},
    "mailjet": {"api_key": "public"},
}
# What each provider answers to a mail it takes, and the id it means.
TAKEN: dict[str, tuple[int, Any, dict[str, str], str]] = {
    "amazon_ses": (200, {"MessageId": "0102"}, {}, "0102"),
    "brevo": (201, {"messageId": "<1@smtp-relay.mailin.fr>"}, {}, "<1@smtp-relay.mailin.fr>"),
    "mailersend": (202, {}, {"X_Message_Id": "ms-1"}, "ms-1"),
    "mailgun": (200, {"id": OWN_ID, "message": "Queued. Thank you."}, {}, OWN_ID),
    "mailjet": (
        200,
        {
            "Messages": [
                {
                    "Status": "success",
                    "To": [{"Email": ANA, "MessageID": 7}],
                    "Cc": [{"Email": RUI, "MessageID": 8}],
                    "Bcc": [{"Email": "boss@acme.example", "MessageID": 9}],
                }
            ]
        },
        {},
        "7",
    ),
    "mailtrap": (200, {"success": True, "message_ids": ["a", "b", "c"]}, {}, "a"),
    "postal": (200, {"status": "success", "data": {"messages": {ANA: {"id": 5}, RUI: {"id": 6}}}}, {}, "5"),
    "postmark": (200, {"To": ANA, "MessageID": "pm-1", "ErrorCode": 0, "Message": "OK"}, {}, "pm-1"),
    "resend": (200, {"id": "re-1"}, {}, "re-1"),
    "sendgrid": (202, {}, {}, ""),
    "sparkpost": (
        200,
        {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 3, "id": "sp-1"}},
        {},
        "sp-1",
    ),
}


@pytest.fixture
def pretend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pretend]:
    """Every provider is reached on this machine instead."""
    with pretend_provider() as running:
        for name, provider in PROVIDERS.items():
            monkeypatch.setitem(PROVIDERS, name, _moved(provider, running.url))
        yield running


def _moved(provider: Any, url: str) -> Any:
    def settings(login: ProviderLogin) -> dict[str, Any]:
        given = dict(provider.settings(login))
        if "client_params" in given:
            return {**given, "client_params": {**given["client_params"], "endpoint_url": url}}
        return {**given, "api_url": url}

    return replace(provider, settings=settings)


def login(name: str, **facts: Any) -> ProviderLogin:
    return ProviderLogin(name, "s3cret", OPTIONS.get(name, {}), **{"public_only": False, **facts})


def take(pretend: Pretend, name: str, mail: Any = MAIL) -> DeliveryReceipt:
    status, content, headers, _ = TAKEN[name]
    pretend.says(status, content, **headers)
    return CHANNEL.deliver(mail, login(name))


def flat(asked: Any) -> str:
    """All that was asked, readable: the raw mail of Amazon is packed once more."""
    text = str(asked.body.decode("utf-8", "replace"))
    if "Raw" in text and "Content" in text:
        raw = base64.b64decode(asked.json["Content"]["Raw"]["Data"])
        mail = message_from_bytes(raw, policy=default)
        return (
            str(asked.json["Destination"])
            + raw.decode()
            + str(mail["Subject"])
            + "".join(str(mail.get_body((one,))) for one in ("plain", "html"))
        )
    return text


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_provider_takes_a_mail(pretend: Pretend, name: str) -> None:
    receipt = take(pretend, name)

    assert receipt.refused == ()
    assert receipt.provider_id == TAKEN[name][3] or (name == "sendgrid" and receipt.provider_id)
    (asked,) = pretend.asked
    text = flat(asked)
    for part in (ANA, RUI, "boss@acme.example", "It is on its way."):
        assert part in text
    assert "one@shopper.example" in text
    assert "eve@evil.example>" not in text
    assert "\nX-Evil" not in text and "\\nX-Evil" not in text


@pytest.mark.parametrize("name", sorted(PROVIDERS))
def test_own_id_comes_back_with_an_answer(pretend: Pretend, name: str) -> None:
    receipt = take(pretend, name)

    assert OWN_ID.strip("<>") in flat(pretend.asked[0]) or receipt.other_ids or name == "mailersend"


@pytest.mark.parametrize("name", ["brevo", "mailjet"])
def test_text_that_is_no_utf_8_is_not_written_anew(pretend: Pretend, name: str) -> None:
    take(pretend, name)

    assert base64.b64encode(LETTER.content).decode() in pretend.asked[0].body.decode()


def test_bytes_of_files_stay_as_they_are(pretend: Pretend) -> None:
    take(pretend, "postmark")

    files = {one["Name"]: one for one in pretend.asked[0].json["Attachments"]}
    assert base64.b64decode(files["Rechnung №7.txt"]["Content"]) == LETTER.content
    assert base64.b64decode(files["box.png"]["Content"]) == PICTURE.content
    assert files["box.png"]["ContentID"] == "cid:box"


def test_provider_that_shows_no_pictures_gets_them_as_files(pretend: Pretend) -> None:
    take(pretend, "brevo")

    assert [one["name"] for one in pretend.asked[0].json["attachment"]] == ["box.png", "Rechnung №7.txt"]


def test_ids_that_the_provider_wrote_are_known(pretend: Pretend) -> None:
    assert take(pretend, "amazon_ses").other_ids == ("<0102@eu-west-1.amazonses.com>",)
    assert take(pretend, "brevo").other_ids == ("<1@smtp-relay.mailin.fr>",)
    assert take(pretend, "mailgun").other_ids == ()


def test_headers_of_ours_go_along(pretend: Pretend) -> None:
    take(pretend, "postmark")

    headers = {one["Name"]: one["Value"] for one in pretend.asked[0].json["Headers"]}
    assert headers["Message-ID"] == OWN_ID
    assert headers["X-PM-KeepID"] == "true"
    assert headers["References"] == "<one@shopper.example>"
    assert headers["Auto-Submitted"] == "auto-replied"
    assert headers["X-Helpdesk-Loop"] == "mark"


def test_reports_of_each_recipient_name_the_mail(pretend: Pretend) -> None:
    take(pretend, "mailjet")

    assert OWN_ID.strip("<>") in pretend.asked[0].json["Globals"]["EventPayload"]


def test_recipient_on_the_provider_s_list_is_named(pretend: Pretend) -> None:
    said = "Message OK, but will not deliver to these inactive addresses: rui@shopper.example. Inactive recipients are"
    pretend.says(200, {"To": ANA, "MessageID": "pm-1", "ErrorCode": 0, "Message": f"{said} ones that bounced."})

    receipt = CHANNEL.deliver(MAIL, login("postmark"))

    assert [one.address for one in receipt.refused] == [RUI]


@pytest.mark.parametrize(
    ("name", "status", "content", "expected", "words"),
    [
        ("postmark", 401, {"ErrorCode": 10, "Message": "Bad or missing API token."}, SignInRefused, "Bad or missing"),
        ("postmark", 422, {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{ANA}'."}, GiveUp, "nobody"),
        ("resend", 403, {"message": "The acme.example domain is not verified."}, SenderRefused, "is not verified"),
        ("resend", 429, {"message": "Too many requests"}, OutOfOrder, "busy"),
        ("sendgrid", 500, {"errors": [{"message": "oops"}]}, OutOfOrder, "oops"),
        ("sendgrid", 413, {"errors": [{"message": "too large"}]}, GiveUp, "more than SendGrid takes"),
        ("mailgun", 401, "Forbidden", SignInRefused, "answered 401"),
        ("postmark", 422, {"ErrorCode": 405, "Message": "Not allowed to send"}, GiveUp, "Not allowed"),
        ("postal", 200, {"status": "error", "data": {"code": "InvalidServerAPIKey"}}, SignInRefused, "InvalidServer"),
        ("amazon_ses", 403, {"message": "The security token included is invalid"}, SignInRefused, "security token"),
        ("amazon_ses", 400, {"message": "Email address is not verified."}, SenderRefused, "not verified"),
        ("mailjet", 200, {"Messages": [{"Status": "error"}]}, GiveUp, "for nobody"),
        ("brevo", 302, {}, TryAgain, "cannot be reached"),
        ("sparkpost", 200, {"what": "ever"}, GiveUp, "answered 200"),
    ],
)
def test_answer_means_later_or_never(
    pretend: Pretend, name: str, status: int, content: Any, expected: type[Exception], words: str
) -> None:
    headers = {"Location": "/elsewhere"} if status == 302 else {}
    pretend.says(status, content, **headers)

    with pytest.raises(expected, match=words) as trouble:
        CHANNEL.deliver(MAIL, login(name))

    assert type(trouble.value) is expected or expected is TryAgain
    assert "s3cret" not in str(trouble.value)
    assert len(pretend.asked) == 1


def test_file_with_a_name_that_a_provider_refuses_still_goes(pretend: Pretend) -> None:
    odd = OutboundAttachment("scan.pdf", "application/octet-stream", b"%PDF")

    take(pretend, "resend", replace(MAIL, attachments=(odd,)))

    assert pretend.asked[0].json["attachments"][0]["content_type"] == "application/pdf"


@pytest.mark.parametrize(
    ("server", "why"),
    [
        ("https://127.0.0.1", "an address that is not public"),
        ("https://169.254.169.254", "an address that is not public"),
        ("http://127.0.0.1:6379", "must be called with https"),
    ],
)
def test_server_of_ones_own_is_never_a_private_address(server: str, why: str) -> None:
    inside = ProviderLogin("postal", "s3cret", {"server": server})

    with pytest.raises(OutOfOrder, match=why):
        CHANNEL.deliver(MAIL, inside)
    with pytest.raises(OutOfOrder, match=why):
        CHANNEL.check_transport(inside, sender="support@acme.example")


@pytest.mark.parametrize(
    ("name", "status", "content"),
    [
        ("postmark", 422, {"ErrorCode": 300, "Message": "Zero recipients"}),
        ("mailgun", 400, {"message": "from parameter is missing"}),
        ("sendgrid", 400, {"errors": [{"message": "The from object must be provided"}]}),
        ("postal", 200, {"status": "parameter-error", "data": {"message": "`to` is required"}}),
        ("amazon_ses", 200, {"SendingEnabled": True, "ProductionAccessEnabled": True}),
    ],
)
def test_key_is_tried_with_an_empty_mail(pretend: Pretend, name: str, status: int, content: Any) -> None:
    pretend.says(status, content)

    seen = CHANNEL.check_transport(login(name), sender="support@acme.example")

    assert "the key" in seen
    assert "seen with the first mail" in seen
    (asked,) = pretend.asked
    assert asked.body in (b"", b"{}")


@pytest.mark.parametrize(
    ("name", "status", "content", "expected"),
    [
        ("postmark", 401, {"Message": "Bad token"}, SignInRefused),
        ("brevo", 401, {"message": "Key not found"}, SignInRefused),
        ("postal", 200, {"status": "error", "data": {"code": "InvalidServerAPIKey"}}, SignInRefused),
        ("amazon_ses", 403, {"message": "The security token included is invalid"}, SignInRefused),
        ("amazon_ses", 200, {"SendingEnabled": False}, GiveUp),
        ("mailgun", 404, {"message": "Domain not found"}, GiveUp),
        ("resend", 503, {"message": "down"}, OutOfOrder),
    ],
)
def test_key_that_does_not_fit_is_said(
    pretend: Pretend, name: str, status: int, content: Any, expected: type[Exception]
) -> None:
    pretend.says(status, content)

    with pytest.raises(expected):
        CHANNEL.check_transport(login(name), sender="support@acme.example")


def test_nothing_is_taken_from_the_settings_of_django(pretend: Pretend, settings: Any) -> None:
    settings.ANYMAIL = {
        "POSTMARK_SERVER_TOKEN": "of-the-operator",
        "SEND_DEFAULTS": {"metadata": {"of": "the operator"}},
        "IGNORE_UNSUPPORTED_FEATURES": True,
    }

    take(pretend, "postmark")

    assert pretend.asked[0].headers["x-postmark-server-token"] == "s3cret"
    assert "Metadata" not in pretend.asked[0].json
