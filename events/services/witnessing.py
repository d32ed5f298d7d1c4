"""Record what happens in the app below, which knows nothing of events."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from accounts.happenings import Happening
from accounts.kinds import Actor
from events.kinds import EventType, InvitationEvent, MemberEvent, SigningEvent, TeamEvent, WorkspaceEvent
from events.models import Event
from events.services.recording import record

TYPES: Mapping[Happening, EventType] = {
    Happening.MEMBER_JOINED: MemberEvent.JOINED,
    Happening.ROLE_CHANGED: MemberEvent.ROLE_CHANGED,
    Happening.MEMBER_DEACTIVATED: MemberEvent.DEACTIVATED,
    Happening.MEMBER_REACTIVATED: MemberEvent.REACTIVATED,
    Happening.SIGNED_IN: SigningEvent.SIGNED_IN,
    Happening.SIGN_IN_REFUSED: SigningEvent.REFUSED,
    Happening.PASSWORD_CHANGED: SigningEvent.PASSWORD_CHANGED,
    Happening.PASSWORD_RESET: SigningEvent.PASSWORD_RESET,
    Happening.PASSWORD_LINK_MAILED: SigningEvent.LINK_MAILED,
    Happening.SIGNED_OUT_EVERYWHERE: SigningEvent.SIGNED_OUT,
    Happening.INVITATION_SENT: InvitationEvent.SENT,
    Happening.INVITATION_SENT_AGAIN: InvitationEvent.SENT_AGAIN,
    Happening.INVITATION_REVOKED: InvitationEvent.REVOKED,
    Happening.TEAM_CREATED: TeamEvent.CREATED,
    Happening.TEAM_RENAMED: TeamEvent.RENAMED,
    Happening.TEAM_FILLED: TeamEvent.FILLED,
    Happening.TEAM_DELETED: TeamEvent.DELETED,
    Happening.WORKSPACE_RENAMED: WorkspaceEvent.RENAMED,
    Happening.KEYS_ROTATED: WorkspaceEvent.KEYS_ROTATED,
    Happening.SETTING_CHANGED: WorkspaceEvent.SETTING_CHANGED,
}


def witness(happening: Happening, subject: models.Model, actor: Actor, data: Mapping[str, Any]) -> Event:
    """Raises ValueError for data of another shape than its event's."""
    return record(TYPES[happening], subject=subject, actor=actor, data=data)
