"""URLs of reports."""

from django.urls import path

from reports.views import download, overview

app_name = "reports"
urlpatterns = [
    path("reports/", overview.overview, name="overview"),
    path("reports/days.csv", download.download, {"table": "days"}, name="days_csv"),
    path("reports/agents.csv", download.download, {"table": "agents"}, name="agents_csv"),
    path("reports/inboxes.csv", download.download, {"table": "inboxes"}, name="inboxes_csv"),
]
