"""URLs of channels."""

from django.urls import path

from channels.views import quarantine

app_name = "channels"
urlpatterns = [
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:number>/accept/", quarantine.accept, name="accept"),
]
