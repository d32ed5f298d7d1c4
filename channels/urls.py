"""URLs of channels."""

from django.urls import path

from channels.views import blocking, mailboxes, providing, quarantine

app_name = "channels"
urlpatterns = [
    path("quarantine/", quarantine.quarantine, name="quarantine"),
    path("quarantine/<int:number>/accept/", quarantine.accept, name="accept"),
    path("blocked/", blocking.blocked, name="blocked"),
    path("blocked/add/", blocking.block, name="block"),
    path("blocked/<int:block_number>/remove/", blocking.unblock, name="unblock"),
    path("settings/inboxes/<int:inbox_number>/mailbox/", mailboxes.mailbox, name="mailbox"),
    path("settings/inboxes/<int:inbox_number>/mailbox/disconnect/", mailboxes.disconnect, name="disconnect_mailbox"),
]

# Below no workspace: who is meant stands in the mail.
provider_patterns = [path("public/mail/<slug:provider>/inbound/", providing.take, name="mail_provider")]
