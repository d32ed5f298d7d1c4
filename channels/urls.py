"""URLs of channels."""

from django.urls import path

from channels.views import (
    blocking,
    calling,
    hooking,
    mailboxes,
    originals,
    providing,
    quarantine,
    transports,
    unsubscribing,
)

app_name = "channels"
urlpatterns = [
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:number>/", quarantine.parked, name="parked"),
    path("quarantine/<int:number>/original/", quarantine.parked_original, name="parked_original"),
    path("quarantine/<int:number>/accept/", quarantine.accept, name="accept"),
    path("quarantine/<int:number>/block/", blocking.block_sender, name="block_sender"),
    path("tickets/<int:ticket_number>/messages/<int:position>/menu/", originals.message_menu, name="message_menu"),
    path("tickets/<int:ticket_number>/messages/<int:position>/original/", originals.original, name="original"),
    path("tickets/<int:ticket_number>/messages/<int:position>/block/", blocking.block_author, name="block_author"),
    path("blocked/", blocking.blocked, name="blocked"),
    path("blocked/add/", blocking.block, name="block"),
    path("blocked/<int:block_number>/remove/", blocking.unblock, name="unblock"),
    path("settings/inboxes/<int:inbox_number>/mailbox/", mailboxes.mailbox, name="mailbox"),
    path("settings/inboxes/<int:inbox_number>/mailbox/disconnect/", mailboxes.disconnect, name="disconnect_mailbox"),
    path("settings/inboxes/<int:inbox_number>/sending/", transports.transport, name="transport"),
    path("settings/inboxes/<int:inbox_number>/sending/reset/", transports.reset, name="reset_transport"),
    path("settings/inboxes/<int:inbox_number>/provider/", hooking.hook, name="hook"),
    path("settings/inboxes/<int:inbox_number>/provider/password/", hooking.renew, name="renew_hook"),
    path("settings/inboxes/<int:inbox_number>/provider/shut/", hooking.shut, name="shut_hook"),
    path("settings/inboxes/<int:inbox_number>/provider/again/", hooking.read_again, name="read_calls_again"),
    path("settings/inboxes/<int:inbox_number>/ways/", transports.ways, name="ways"),
    path("settings/inboxes/troubles/", transports.troubles, name="troubles"),
]

# Below no workspace: who is meant stands in the key, or in the mail.
provider_patterns = [
    path("public/mail/hooks/<slug:key>/inbound/", calling.inbound, name="mail_hook_inbound"),
    path("public/mail/hooks/<slug:key>/reports/", calling.reports, name="mail_hook_reports"),
    path("public/mail/unsubscribe/<str:token>/", unsubscribing.unsubscribe, name="mail_unsubscribe"),
    path("public/mail/<slug:provider>/inbound/", providing.take, name="mail_provider"),
]
