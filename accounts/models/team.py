"""Team: members who share tickets; TeamMember: who belongs to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from django.db import models

from accounts.models.membership import Membership
from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class TeamMemberQuerySet(TenantQuerySet["TeamMember"]):
    def of_members(self, members: Iterable[Membership]) -> TeamMemberQuerySet:
        return self.filter(member__in=[member.pk for member in members])


class Team(TenantModel):
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="team_number"),
            models.UniqueConstraint(fields=["tenant", "name"], name="team_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def live_name(self) -> str:
        return f"team-{self.number}"

    def mark_name(self, *, name: str) -> None:
        self.name = name
        self.save(update_fields=["name"])


class TeamMember(TenantModel):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")

    objects = TenantManager.from_queryset(TeamMemberQuerySet)()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "team"], name="team_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.team_id}"
