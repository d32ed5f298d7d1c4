"""Makers of accounts' rows."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Invitation, Membership, Team, TeamMember
from accounts.services.numbering import next_number


def make_team(name: str, *members: Membership) -> Team:
    team = Team.objects.create(number=next_number("team"), name=name)
    for member in members:
        TeamMember.objects.create(team=team, member=member)
    return team


def make_invitation(invited_by: Membership, email: str, **fields: Any) -> tuple[Invitation, str]:
    """The row and the token that its link would carry."""
    token = secrets.token_urlsafe(32)
    fields = {"expires_at": timezone.now() + timedelta(hours=72), **fields}
    digest = hashlib.sha256(token.encode()).hexdigest()
    tenant = invited_by.tenant
    row = Invitation.objects.create(tenant=tenant, email=email, invited_by=invited_by, token_digest=digest, **fields)
    return row, token
