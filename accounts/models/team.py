"""Team: members who share tickets; TeamMember: who belongs to it."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


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


class TeamMember(TenantModel):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey("accounts.Membership", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "member", "team"], name="team_member_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} in {self.team_id}"
