"""URLs of integrations."""

from django.urls import path

from integrations.views import checking, purchasing, setting_fields, showing, switching

app_name = "integrations"
urlpatterns = [
    path("customers/<int:number>/orders/", purchasing.orders, name="customer_orders"),
    path("orders/<int:order_id>/fields/", setting_fields.fields, name="order_fields"),
    path("orders/<int:order_id>/fields/edit/", setting_fields.set_fields, name="set_order_fields"),
    path("stores/", showing.list_stores, name="list"),
    path("stores/<int:number>/", showing.show, name="show"),
    path("stores/<int:number>/check/", checking.check, name="check"),
    path("stores/<int:number>/note-sync/", switching.note_sync, name="note_sync"),
    path("stores/<int:number>/notes/<int:customer_number>/", switching.choose, name="choose"),
]
