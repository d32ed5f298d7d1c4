"""Nouns of channels."""

from channels.models.blocked_sender import BlockedSender
from channels.models.delivery import Delivery
from channels.models.mail_account import MailAccount
from channels.models.mail_reference import MailReference
from channels.models.mail_transport import MailTransport
from channels.models.provider_hook import ProviderCall, ProviderHook
from channels.models.raw_mail import MailKey, RawMail
from channels.models.unsubscribed import Unsubscribed

__all__ = [
    "BlockedSender",
    "Delivery",
    "MailAccount",
    "MailKey",
    "MailReference",
    "MailTransport",
    "ProviderCall",
    "ProviderHook",
    "RawMail",
    "Unsubscribed",
]
