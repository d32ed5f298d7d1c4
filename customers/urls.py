"""URLs of customers."""

from django.urls import path

from customers.views import (
    contacting,
    creating,
    defining,
    describing,
    listing,
    noting,
    recalling,
    restoring,
    settling,
    showing,
)

app_name = "customers"

page_urls = [
    path("customers/", listing.index, name="list"),
    path("customers/new/", creating.create, name="new"),
    path("customers/new/lookalikes/", creating.lookalikes, name="lookalikes"),
    path("customers/<int:number>/", showing.show, name="show"),
    path("customers/<int:number>/edit/", describing.edit, name="edit"),
    path("customers/<int:number>/history/", recalling.history, name="history"),
]

note_urls = [
    path("customers/<int:number>/note/", noting.note, name="note"),
    path("customers/<int:number>/note/editing/", noting.note_editing, name="note_editing"),
    path("customers/<int:number>/note/drafts/<int:draft_id>/settle/", settling.note_settle, name="note_settle"),
    path("customers/<int:number>/note/versions/", restoring.note_versions, name="note_versions"),
    path("customers/<int:number>/note/versions/<int:version>/restore/", restoring.note_restore, name="note_restore"),
]

_contact = "customers/<int:number>/contacts/<int:contact_id>"
contact_urls = [
    path("customers/<int:number>/contacts/add/", contacting.contact_add, name="contact_add"),
    path(f"{_contact}/remove/", contacting.contact_remove, name="contact_remove"),
    path(f"{_contact}/primary/", contacting.contact_primary, name="contact_primary"),
    path(f"{_contact}/tag/", contacting.contact_tag, name="contact_tag"),
    path(f"{_contact}/share/", contacting.contact_share, name="contact_share"),
    path(f"{_contact}/unshare/", contacting.contact_unshare, name="contact_unshare"),
]

field_urls = [
    path("settings/fields/", defining.fields, name="fields"),
    path("settings/fields/new/", defining.new_field, name="new_field"),
    path("settings/fields/<int:field_number>/", defining.field, name="field"),
    path("settings/fields/<int:field_number>/switch/", defining.switch_field, name="switch_field"),
    path("settings/fields/<int:field_number>/move/", defining.move_field, name="move_field"),
]

urlpatterns = [*page_urls, *note_urls, *contact_urls, *field_urls]
