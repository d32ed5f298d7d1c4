"""SavedView: a filter with a name."""

from typing import ClassVar

from django.db import models

from accounts.tenancy import TenantModel


class SavedView(TenantModel):
    """`member` owns a personal one; None is the workspace's. `query` is the canonical query string of the filter."""

    number = models.PositiveIntegerField()
    name = models.CharField(max_length=60)
    member = models.ForeignKey("accounts.Membership", null=True, on_delete=models.CASCADE, related_name="+")
    query = models.CharField(max_length=2000)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "number"], name="saved_view_number")]
        indexes: ClassVar = [models.Index(fields=["tenant", "member", "position"], name="saved_view_by_member")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_shared(self) -> bool:
        """Whether it is everybody's."""
        return self.member_id is None
