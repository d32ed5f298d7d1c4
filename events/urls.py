"""URLs of events."""

from django.urls import path

from events.views import auditing, notices, stream

app_name = "events"
urlpatterns = [
    path("stream/", stream.stream, name="stream"),
    path("notices/", notices.notices, name="notices"),
    path("notices/bell/", notices.bell, name="bell"),
    path("notices/read/", notices.read, name="notices_read"),
    path("notices/<int:notice_id>/open/", notices.open_notice, name="notice_open"),
    path("settings/audit/", auditing.audit, name="audit"),
    path("settings/audit/export/", auditing.export_audit, name="export_audit"),
]
