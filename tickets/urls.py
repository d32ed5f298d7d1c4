"""URLs of tickets."""

from django.urls import path

from tickets.views import assigning, closing, lettering, listing, noting, replying, showing

app_name = "tickets"
urlpatterns = [
    path("tickets/", listing.list_tickets, name="list"),
    path("tickets/<int:number>/", showing.show, name="show"),
    path("tickets/<int:number>/row/", listing.row, name="row"),
    path("tickets/<int:number>/header/", showing.header, name="header"),
    path("tickets/<int:number>/timeline/", showing.timeline, name="timeline"),
    path("tickets/<int:number>/composer/", showing.composer, name="composer"),
    path("tickets/<int:number>/customer/", showing.card, name="card"),
    path("tickets/<int:number>/reply/", replying.reply, name="reply"),
    path("tickets/<int:number>/note/", noting.note, name="note"),
    path("tickets/<int:number>/close/", closing.close, name="close"),
    path("tickets/<int:number>/reopen/", closing.reopen, name="reopen"),
    path("tickets/<int:number>/assign/", assigning.assign, name="assign"),
    path("tickets/<int:number>/messages/<int:position>/letter/", lettering.letter, name="letter"),
    path("tickets/<int:number>/messages/<int:position>/files/<int:place>/", lettering.attachment, name="attachment"),
    path("customers/<int:number>/blocks/", showing.customer_blocks, name="customer_blocks"),
]
