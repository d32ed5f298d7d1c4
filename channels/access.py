"""The only way a view gets a mail: 404 for absent, foreign and forbidden alike."""

from django.http import Http404

from accounts.http import AgentRequest
from channels.models import RawMail
from channels.models.raw_mail import RawMailQuerySet
from tickets.models import Inbox

MOST = 2**63 - 1


def visible_quarantine(request: AgentRequest) -> RawMailQuerySet:
    """Quarantined mails of the inboxes the agent sees."""
    inboxes = Inbox.objects.visible_to(request.agent)
    mails: RawMailQuerySet = RawMail.objects.quarantined().filter(inbox__in=inboxes).select_related("inbox", "file")
    return mails


def get_quarantined(request: AgentRequest, number: int) -> RawMail:
    """Raises Http404."""
    mail = visible_quarantine(request).filter(number=min(number, MOST)).first()
    if mail is None:
        raise Http404
    return mail
