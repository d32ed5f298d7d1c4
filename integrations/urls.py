"""URLs of integrations."""

from django.urls import path

from integrations.views import checking, showing, switching

app_name = "integrations"
urlpatterns = [
    path("stores/", showing.list_stores, name="list"),
    path("stores/<int:number>/", showing.show, name="show"),
    path("stores/<int:number>/check/", checking.check, name="check"),
    path("stores/<int:number>/note-sync/", switching.note_sync, name="note_sync"),
    path("stores/<int:number>/notes/<int:customer_number>/", switching.choose, name="choose"),
]
