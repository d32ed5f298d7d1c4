"""Mail that a provider hands over by webhook, for the providers that django-anymail knows."""

from __future__ import annotations

from collections.abc import Sequence
from email.utils import getaddresses
from typing import Any

import structlog
from anymail.exceptions import AnymailError
from anymail.inbound import AnymailInboundMessage
from django.conf import settings
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from channels.kinds import Way
from channels.services.addressing import Place, find_place
from channels.services.receiving import store_at
from core import clock

log = structlog.get_logger(__name__)

PROVIDERS = {
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
# Beside the provider's own word for where the mail really went.
RECIPIENT_FIELDS = ("Delivered-To", "X-Original-To", "To", "Cc")
MOST_RECIPIENTS = 100


@csrf_exempt
@transaction.non_atomic_requests
@require_http_methods(["POST", "HEAD"])
def take(request: HttpRequest, provider: str) -> HttpResponse:
    """Answers 200 once every mail is stored, 400 to a wrong secret or nonsense, 404 when no inbox answers at any of
    its addresses: providers keep what was not taken, show it, and come again.
    """
    if not settings.ANYMAIL["WEBHOOK_SECRET"] or provider not in PROVIDERS:
        raise Http404
    if request.method == "HEAD":  # some providers look first whether somebody is there
        return HttpResponse()
    for message in _messages(request, provider):
        places = _places(message)
        if not places:
            log.warning("provider.nobody_answers", provider=provider)
            raise Http404
        raw = message.as_bytes()
        for place in places:
            store_at(place=place, raw=raw, way=Way.PROVIDER, at=clock.now())
    return HttpResponse()


def _messages(request: HttpRequest, provider: str) -> Sequence[AnymailInboundMessage]:
    view: Any = import_string(f"anymail.webhooks.{provider}.{PROVIDERS[provider]}InboundWebhookView")()
    view.setup(request)
    view.run_validators(request)  # raises SuspiciousOperation, which is answered with 400
    try:
        return [event.message for event in view.parse_events(request) if getattr(event, "message", None)]
    except (AnymailError, ValueError, KeyError, TypeError) as error:
        log.warning("provider.not_understood", provider=provider, error=type(error).__name__)
        raise Http404 from error


def _places(message: AnymailInboundMessage) -> list[Place]:
    named = [message.envelope_recipient] if message.envelope_recipient else []
    if not named:
        fields = [str(value) for name in RECIPIENT_FIELDS for value in message.get_all(name, [])]
        named = [address for _, address in getaddresses(fields)]
    found = (find_place(address) for address in named[:MOST_RECIPIENTS])
    return list(dict.fromkeys(place for place in found if place))
