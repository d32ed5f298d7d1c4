"""Mail invitations, each once, and again when that failed."""

from datetime import datetime, timedelta

import structlog
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from accounts.models import Invitation
from accounts.services.inviting import VALID_FOR, digest_of, new_token
from accounts.services.linking import public_link

log = structlog.get_logger(__name__)

AT_ONCE = 50  # letters of one sweep


def mail_invitation(*, invitation_id: int, at: datetime) -> bool:
    """Mail the link; whether this call did. The token is made here: it stands in the letter and nowhere else.

    Claimed by a conditional update, so that two workers do not both write. Raises what the mail server's refusal
    raises, with the claim given back.
    """
    token = new_token()
    waiting = Invitation.objects.pending(at).to_mail().filter(pk=invitation_id)
    if not waiting.update(mailed_at=at, token_digest=digest_of(token)):
        return False
    invitation = Invitation.objects.select_related("tenant", "invited_by__user").get(pk=invitation_id)
    try:
        _letter(invitation, token).send()
    except Exception:
        Invitation.objects.filter(pk=invitation_id, mailed_at=at).update(mailed_at=None)
        raise
    return True


def invitations_to_mail(*, at: datetime) -> list[int]:
    """Ids of invitations whose letter has not gone out, the oldest first."""
    waiting = Invitation.objects.pending(at).to_mail().filter(expires_at__lt=at + VALID_FOR - timedelta(seconds=30))
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


def _letter(invitation: Invitation, token: str) -> EmailMultiAlternatives:
    inviter = invitation.invited_by.name if invitation.invited_by else "An admin"
    context = {
        "inviter": _one_line(inviter),
        "workspace": _one_line(invitation.tenant.name),
        "link": public_link("account_invitation", {"token": token}),
        "hours": VALID_FOR // timedelta(hours=1),
        "email": invitation.email,
    }
    subject = f"{context['inviter']} invites you to {context['workspace']}"
    letter = EmailMultiAlternatives(
        subject, render_to_string("emails/invitation.txt", context), None, [invitation.email]
    )
    letter.attach_alternative(render_to_string("emails/invitation.html", context), "text/html")
    return letter


def _one_line(text: str) -> str:
    return " ".join(text.split())[:100]
