"""URLs of files."""

from django.urls import path

from files.views import downloading

app_name = "files"
urlpatterns = [path("files/<slug:key>/", downloading.download, name="download")]
