"""Mail providers that send for us by their API, each in the words of django-anymail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from channels.base import ProviderFacts, ProviderOption
from channels.types import ProviderLogin

Settings = Callable[[ProviderLogin], dict[str, Any]]

_REGION = r"[a-z]{2}(-[a-z]{2,10}){1,3}-[0-9]{1,2}"
_HOST = r"https://[A-Za-z0-9.-]{3,200}/?"
_DOMAIN = r"[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,8}"
_WHERE = ProviderOption("region", "Region", choices=(("us", "United States"), ("eu", "European Union")))


@dataclass(frozen=True)
class Provider:
    """`settings` are what anymail's backend wants, all of it, so that it never looks into the settings of Django.

    `keeps_id`: our Message-ID stays. `takes_headers`: any header may be sent along. `shows_inline`: pictures stand
    where the HTML has them. `names_each`: one id for each recipient, so reports carry our own besides. `types_by_name`:
    a file whose type says something else than its name is dropped without a word.
    """

    facts: ProviderFacts
    settings: Settings
    keeps_id: bool = False
    takes_headers: bool = True
    shows_inline: bool = True
    names_each: bool = False
    types_by_name: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    # Where the id in its answers makes the Message-ID that the mail really carries.
    id_domain: Callable[[ProviderLogin], str] | None = None

    def wire_id(self, login: ProviderLogin, provider_id: str) -> str:
        """The Message-ID which a mail of this id of the provider carries; "" when nobody can tell."""
        if "@" in provider_id:
            return f"<{provider_id.strip('<>')}>"
        return f"<{provider_id}@{self.id_domain(login)}>" if self.id_domain else ""


def _keyed(name: str, url: str) -> Settings:
    return lambda login: {name: login.secret, "api_url": url}


def _regional(us: str, eu: str) -> Callable[[ProviderLogin], str]:
    return lambda login: eu if login.options.get("region") == "eu" else us


def _amazon_ses(login: ProviderLogin) -> dict[str, Any]:
    # Told all of it, boto3 asks neither its configuration files nor the metadata of the machine we run on.
    keys = {"aws_access_key_id": login.options.get("access_key", ""), "aws_secret_access_key": login.secret}
    region = login.options.get("region", "")
    config = {"connect_timeout": 10, "read_timeout": 60, "retries": {"total_max_attempts": 1}, "proxies": {}}
    endpoint = f"https://email.{region}.amazonaws.com"
    client = {**keys, "region_name": region, "endpoint_url": endpoint, "config": config}
    return {"session_params": {}, "client_params": client, "configuration_set_name": None, "message_tag_name": None}


def _amazon_domain(login: ProviderLogin) -> str:
    region = login.options.get("region", "")
    return "email.amazonses.com" if region == "us-east-1" else f"{region}.amazonses.com"


def _mailgun(login: ProviderLogin) -> dict[str, Any]:
    url = _regional("https://api.mailgun.net/v3/", "https://api.eu.mailgun.net/v3/")(login)
    return {"api_key": login.secret, "sender_domain": login.options.get("domain", ""), "api_url": url}


def _mailjet(login: ProviderLogin) -> dict[str, Any]:
    key = login.options.get("api_key", "")
    return {"api_key": key, "secret_key": login.secret, "api_url": "https://api.mailjet.com/v3.1/"}


def _mailtrap(login: ProviderLogin) -> dict[str, Any]:
    return {"api_token": login.secret, "sandbox_id": None, "api_url": "https://send.api.mailtrap.io/api/"}


def _postal(login: ProviderLogin) -> dict[str, Any]:
    return {"api_key": login.secret, "api_url": login.options.get("server", "")}


def _postmark(login: ProviderLogin) -> dict[str, Any]:
    stream = login.options.get("stream") or None
    return {"server_token": login.secret, "message_stream": stream, "api_url": "https://api.postmarkapp.com/"}


def _sendgrid(login: ProviderLogin) -> dict[str, Any]:
    url = _regional("https://api.sendgrid.com/v3/", "https://api.eu.sendgrid.com/v3/")(login)
    return {"api_key": login.secret, "generate_message_id": True, "merge_field_format": None, "api_url": url}


def _sparkpost(login: ProviderLogin) -> dict[str, Any]:
    url = _regional("https://api.sparkpost.com/api/v1/", "https://api.eu.sparkpost.com/api/v1/")(login)
    return {"api_key": login.secret, "subaccount": None, "api_url": url}


def _facts(name: str, label: str, secret_label: str = "API key", *options: ProviderOption) -> ProviderFacts:  # noqa: S107  a label
    return ProviderFacts(name, label, secret_label, options)


_ALL = (
    Provider(
        _facts(
            "amazon_ses",
            "Amazon SES",
            "Secret access key",
            ProviderOption("access_key", "Access key ID", pattern=r"[A-Z0-9]{16,40}"),
            ProviderOption("region", "Region", "For example eu-west-1", pattern=_REGION),
        ),
        _amazon_ses,
        id_domain=_amazon_domain,
    ),
    Provider(_facts("brevo", "Brevo"), _keyed("api_key", "https://api.brevo.com/v3/"), shows_inline=False),
    Provider(
        _facts("mailersend", "MailerSend", "API token"),
        lambda login: {
            "api_token": login.secret,
            "batch_send_mode": None,
            "api_url": "https://api.mailersend.com/v1/",
        },
        takes_headers=False,
    ),
    Provider(
        _facts(
            "mailgun",
            "Mailgun",
            "Sending key",
            ProviderOption("domain", "Sending domain", "As it stands in Mailgun", pattern=_DOMAIN),
            _WHERE,
        ),
        _mailgun,
        keeps_id=True,
    ),
    Provider(
        _facts("mailjet", "Mailjet", "Secret key", ProviderOption("api_key", "API key")), _mailjet, names_each=True
    ),
    Provider(_facts("mailtrap", "Mailtrap", "API token"), _mailtrap, names_each=True),
    Provider(
        _facts(
            "postal", "Postal", "API key", ProviderOption("server", "Server", "https:// and its host", pattern=_HOST)
        ),
        _postal,
        shows_inline=False,
    ),
    Provider(_facts("postmark", "Postmark", "Server token"), _postmark, keeps_id=True, headers={"X-PM-KeepID": "true"}),
    Provider(_facts("resend", "Resend"), _keyed("api_key", "https://api.resend.com/"), types_by_name=True),
    Provider(_facts("sendgrid", "SendGrid", "API key", _WHERE), _sendgrid, keeps_id=True),
    Provider(_facts("sparkpost", "SparkPost", "API key", _WHERE), _sparkpost),
)
PROVIDERS: Mapping[str, Provider] = {one.facts.name: one for one in _ALL}
