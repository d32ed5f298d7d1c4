"""Nouns of channels."""

from channels.models.delivery import Delivery
from channels.models.mail_reference import MailReference
from channels.models.raw_mail import MailKey, RawMail

__all__ = ["Delivery", "MailKey", "MailReference", "RawMail"]
