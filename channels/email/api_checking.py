"""See whether a mail provider takes our key, without sending anything."""

from __future__ import annotations

from typing import Any

import requests
from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailError
from anymail.message import AnymailMessage

from channels.base import GiveUp, OutOfOrder, SignInRefused
from channels.email.api_answers import judge, said, status_of
from channels.email.api_sending import opened, provider_of
from channels.types import ProviderLogin


def check(login: ProviderLogin, *, sender: str) -> str:
    """Returns what was seen, in a sentence that also says what was not. Raises TryAgain, GiveUp."""
    label = provider_of(login).facts.label
    with opened(login) as backend:
        if isinstance(backend, AnymailRequestsBackend):
            _knock(backend, label, sender)
            seen = f"{label} accepts the key."
        else:
            seen = _ask_amazon(backend, label, sender)
    return f"{seen} Whether it lets {sender} send is seen with the first mail."


def _knock(backend: Any, label: str, sender: str) -> None:
    """Ask for an empty mail to be sent: every provider looks at the key first, and then refuses the mail."""
    mail = AnymailMessage(subject="-", body="-", from_email=sender, to=[sender])
    try:
        asked = backend.build_message_payload(mail, {}).get_request_params(backend.api_url)
        empty = "{}" if isinstance(asked["data"], str) else {}
        response = backend.session.request(**{**asked, "data": empty, "files": None})
    except requests.RequestException as error:
        raise OutOfOrder(f"{label} cannot be reached: {error}") from error
    except AnymailError as error:
        raise GiveUp(f"{label} cannot carry mail of {sender}.") from error
    status = status_of(response)
    if status == 404:
        raise GiveUp(f"{label} does not know this domain or server: {said(response)}")
    trouble = judge(status, said(response), label=label, sender=sender)
    if isinstance(trouble, OutOfOrder):
        raise trouble


def _ask_amazon(backend: Any, label: str, sender: str) -> str:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account = backend.client.get_account()
    except ClientError as error:
        trouble = judge(status_of(error.response), said(error.response), label=label, sender=sender)
        if "AccessDenied" in str(error):
            return f"{label} knows the key, which may not ask for more."
        if isinstance(trouble, SignInRefused | OutOfOrder):
            raise trouble from error
        raise GiveUp(str(trouble)) from error
    except BotoCoreError as error:
        raise OutOfOrder(f"{label} cannot be reached ({type(error).__name__}).") from error
    if not account.get("SendingEnabled", True):
        raise GiveUp(f"{label} has switched sending off for this account.")
    sandboxed = not account.get("ProductionAccessEnabled", True)
    return f"{label} accepts the key{'; the account is in the sandbox, only verified addresses get mail' * sandboxed}."
