"""URLs of jobs."""

from django.urls import path

from jobs.views import progress

app_name = "jobs"
urlpatterns = [path("jobs/<int:job_id>/", progress.progress, name="progress")]
