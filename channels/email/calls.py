"""A provider's webhook call, as django-anymail reads it: from what was stored of the request, not from a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailError

from channels.base import Call, Unparseable
from channels.email.form_data import read_form

# How anymail's modules call their providers.
VIEWS = {
    "amazon_ses": "AmazonSES",
    "brevo": "Brevo",
    "mailersend": "MailerSend",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "mailtrap": "Mailtrap",
    "postal": "Postal",
    "postmark": "Postmark",
    "resend": "Resend",
    "sendgrid": "SendGrid",
    "sparkpost": "SparkPost",
}
# What a call raises that is not what the provider documents; a stranger's JSON can do nothing worse.
STRANGE = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
_MOST_SAID = 200


class Fields(dict[str, str]):
    """Text fields of a form: each may stand there several times, and the last one counts."""

    encoding = "utf-8"

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._all: dict[str, list[str]] = {}
        for name, value in pairs:
            self._all.setdefault(name, []).append(value)
        super().__init__({name: values[-1] for name, values in self._all.items()})

    def getlist(self, name: str, default: Any = ()) -> Any:
        return self._all.get(name, default)

    def lists(self) -> Iterable[tuple[str, list[str]]]:
        return self._all.items()


@dataclass(frozen=True)
class Upload:
    """A file of a form."""

    name: str
    content_type: str
    content: bytes = field(repr=False)

    def read(self) -> bytes:
        return self.content


class Headers(dict[str, str]):
    """Header fields, asked for by their names in any case."""

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


class StoredRequest:
    """As much of a request as anymail's parsers look at. Django's own would refuse a form of over 5 MB."""

    method = "POST"
    encoding = None

    def __init__(self, call: Call) -> None:
        self.body = call.body
        self.headers = Headers(call.headers)
        self._type = call.headers.get("content-type", "")
        self.content_type = self._type.partition(";")[0].strip().lower()
        self.META = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in call.headers.items()}
        self.META["CONTENT_TYPE"] = self._type

    @cached_property
    def POST(self) -> Fields:  # noqa: N802  as Django calls it
        texts = (one for one in self._fields if not one.file_name)
        return Fields((one.name, one.content.decode("utf-8", "replace")) for one in texts)

    @cached_property
    def FILES(self) -> dict[str, Upload]:  # noqa: N802  as Django calls it
        files = (one for one in self._fields if one.file_name)
        return {one.name: Upload(one.file_name, one.content_type, one.content) for one in files}

    @cached_property
    def contents(self) -> dict[str, bytes]:
        """The text fields as they came."""
        return {one.name: one.content for one in self._fields}

    @cached_property
    def _fields(self) -> list[Any]:
        return read_form(self._type, self.body)


def events_of(call: Call, purpose: str, attributes: Mapping[str, Any]) -> list[Any]:
    """What anymail's view for a purpose ("Inbound", "Tracking") reads in a call. Raises Unparseable.

    The views are made without their constructors, which want the secrets of one account for the whole process, out of
    Django's settings; `attributes` is what a parser needs of them. Who called was proven before.
    """
    with understood():
        module = import_module(f"anymail.webhooks.{call.provider}")
        kind = getattr(module, f"{VIEWS[call.provider]}{purpose}WebhookView")
        view = kind.__new__(kind)
        vars(view).update({**attributes, "auto_confirm_enabled": False})
        return [one for one in view.parse_events(StoredRequest(call)) if one is not None]


@contextmanager
def understood() -> Iterator[None]:
    """Whatever goes wrong in the block is the call's fault: Unparseable."""
    try:
        yield
    except AnymailConfigurationError as error:
        raise Unparseable(f"It belongs to another address: {str(error)[:_MOST_SAID]}") from error
    except (AnymailError, *STRANGE) as error:
        raise Unparseable(f"{type(error).__name__}: {' '.join(str(error).split())[:_MOST_SAID]}") from error
