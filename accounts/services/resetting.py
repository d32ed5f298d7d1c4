"""Let people set a password by a link that works once."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from accounts.models import User
from accounts.services import entering
from accounts.services.linking import public_link


def password_link(*, user: User) -> str:
    """A link that works once and for PASSWORD_RESET_TIMEOUT seconds."""
    key = default_token_generator.make_token(user)
    return public_link("account_reset_password_from_key", {"uidb36": user_pk_to_url_str(user), "key": key})


def first_password_link(*, user: User) -> str | None:
    """The link for somebody who cannot sign in yet, None for who has a password."""
    return None if user.has_usable_password() else password_link(user=user)


def mail_password_link(*, user: User) -> None:
    """Send the link to the address we know, never to the one that was typed: the two may only look alike."""
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    text = render_to_string("emails/password_link.txt", {"user": user, "link": password_link(user=user), "days": days})
    send_mail("Choose a new password", text, None, [user.email])
    entering.tell_link_mailed(user=user)
