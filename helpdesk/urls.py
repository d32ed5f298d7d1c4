"""All URLs. Those under a workspace carry its name in the script prefix, so no pattern here mentions it."""

from django.urls import include, path

from accounts.urls import sign_in_patterns
from channels.urls import provider_patterns
from helpdesk import views

urlpatterns = [
    path("accounts/", include(sign_in_patterns)),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", include(provider_patterns)),
    path("", include("accounts.urls")),
    path("", include("jobs.urls")),
    path("", include("files.urls")),
    path("", include("events.urls")),
    path("", include("customers.urls")),
    path("", include("integrations.urls")),
    path("", include("channels.urls")),
    path("", include("reports.urls")),
    path("", include("tickets.urls")),
]
