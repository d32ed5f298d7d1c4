"""Job: long work that shows how far it is, survives a reload and goes on after a crash."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models

from accounts.tenancy import TenantManager, TenantModel, TenantQuerySet


class JobState(models.TextChoices):
    QUEUED = "queued", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class JobQuerySet(TenantQuerySet["Job"]):
    def unfinished(self) -> JobQuerySet:
        return self.filter(state__in=(JobState.QUEUED, JobState.RUNNING))


class Job(TenantModel):
    """`cursor` is where to go on from; whoever runs the work writes it together with the work's own rows."""

    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    cursor = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True)
    report = models.JSONField(default=dict)
    started_by = models.ForeignKey("accounts.Membership", null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = TenantManager.from_queryset(JobQuerySet)()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "kind", "id"], name="job_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def live_name(self) -> str:
        return f"job-{self.pk}"

    @property
    def is_finished(self) -> bool:
        return self.state in (JobState.DONE, JobState.FAILED)

    def mark_progress(self, *, cursor: dict[str, Any], done: int) -> None:
        self.state, self.cursor, self.done = JobState.RUNNING, cursor, done
        self.save(update_fields=["state", "cursor", "done"])

    def mark_finished(self, *, state: JobState, report: dict[str, Any], at: datetime) -> None:
        self.state, self.report, self.finished_at = state, report, at
        self.save(update_fields=["state", "report", "finished_at"])
