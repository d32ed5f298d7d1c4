"""URLs of events."""

from django.urls import path

from events.views import stream

app_name = "events"
urlpatterns = [path("stream/", stream.stream, name="stream")]
