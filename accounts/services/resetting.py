"""Let people set a password by a link that works once."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import get_script_prefix, reverse, set_script_prefix

from accounts.models import User


def password_link(*, user: User) -> str:
    """A link that works once and for PASSWORD_RESET_TIMEOUT seconds.

    Built on BASE_URL and not on the request's Host header, which a stranger may have written.
    """
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    prefix = get_script_prefix()
    set_script_prefix("/")  # the page stands outside every workspace
    try:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    finally:
        set_script_prefix(prefix)
    return settings.BASE_URL + path.replace("UID-KEY", key)


def first_password_link(*, user: User) -> str | None:
    """The link for somebody who cannot sign in yet, None for who has a password."""
    return None if user.has_usable_password() else password_link(user=user)


def mail_password_link(*, user: User) -> None:
    """Send the link to the address we know, never to the one that was typed: the two may only look alike."""
    days = settings.PASSWORD_RESET_TIMEOUT // 86_400
    text = render_to_string("emails/password_link.txt", {"user": user, "link": password_link(user=user), "days": days})
    send_mail("Choose a new password", text, None, [user.email])
