"""URLs of customers."""

from django.urls import path

from customers.views import (
    addressing,
    batching,
    choosing_fields,
    contacting,
    creating,
    defining,
    deleting,
    describing,
    dismissing,
    duplicates,
    earlier,
    erasing,
    exporting,
    gathering,
    importing,
    listing,
    merging,
    noting,
    recalling,
    restoring,
    settling,
    showing,
    tagging_customer,
    timeline_noting,
    unfolding,
    unmerging,
    visiting,
)

app_name = "customers"

page_urls = [
    path("customers/", listing.index, name="list"),
    path("customers/filter/", listing.filter_panel, name="filter"),
    path("customers/columns/", listing.columns, name="columns"),
    path("customers/new/", creating.create, name="new"),
    path("customers/new/lookalikes/", creating.lookalikes, name="lookalikes"),
    path("customers/card/more/", unfolding.card_more, name="card_more"),
    path("customers/<int:number>/", showing.show, name="show"),
    path("customers/<int:number>/edit/", describing.edit, name="edit"),
    path("customers/<int:number>/edit/meanwhile/", describing.meanwhile, name="meanwhile"),
    path("customers/<int:number>/edit/address/", addressing.edit_address, name="edit_address"),
    path("customers/<int:number>/edit/legal/", addressing.edit_legal, name="edit_legal"),
    path("customers/tags/", tagging_customer.tags, name="tags"),
    path("customers/<int:number>/history/", recalling.history, name="history"),
    path("customers/<int:number>/history/restore/", recalling.history_restore, name="history_restore"),
    path("customers/<int:number>/delete/", deleting.delete, name="delete"),
    path("customers/<int:number>/restore/", deleting.restore, name="restore"),
    path("customers/<int:number>/fields/", choosing_fields.choose, name="choose_fields"),
    path("customers/<int:number>/visit/", visiting.visit, name="visit"),
    path("customers/<int:number>/all/", earlier.everything, name="everything"),
    path("customers/<int:number>/earlier/<slug:tab>/", earlier.earlier_tab, name="earlier_tab"),
]

_pair = "customers/<int:number>/duplicates/<int:other_number>"
duplicate_urls = [
    path("customers/duplicates/", duplicates.duplicates, name="duplicates"),
    path("customers/duplicates/compare/", duplicates.compare, name="compare"),
    path("customers/duplicates/dismissed/", duplicates.dismissed, name="dismissed"),
    path(f"{_pair}/dismiss/", dismissing.dismiss, name="dismiss"),
    path(f"{_pair}/suggest/", dismissing.suggest_again, name="suggest_again"),
]

merge_urls = [
    path("customers/<int:number>/merge/", merging.merge, name="merge"),
    path("customers/<int:number>/merged/<int:other_number>/", unmerging.unmerge, name="unmerge"),
]

bulk_urls = [
    path("customers/bulk/", batching.bulk, name="bulk"),
    path("customers/bulk/choices/", batching.bulk_choices, name="bulk_choices"),
    path("customers/bulk/fields/", batching.bulk_fields, name="bulk_fields"),
    path("customers/bulk/delete/", batching.bulk_delete, name="bulk_delete"),
    path("customers/bulk/jobs/<int:job_id>/", batching.bulk_job, name="bulk_job"),
    path("customers/bulk/jobs/<int:job_id>/undo/", batching.bulk_undo, name="bulk_undo"),
    path("customers/bulk/jobs/<int:job_id>/dismiss/", batching.bulk_dismiss, name="bulk_dismiss"),
]

export_urls = [
    path("customers/export/", exporting.export, name="export"),
    path("customers/<int:number>/export/", gathering.gather, name="gather"),
    path("customers/<int:number>/erase/", erasing.erase, name="erase"),
    path("customers/exports/", exporting.exports, name="exports"),
    path("customers/exports/<int:export_number>/", exporting.export_line, name="export_line"),
    path("customers/exports/<int:export_number>/file/", exporting.export_file, name="export_file"),
    path("customers/exports/<int:export_number>/drop/", exporting.export_drop, name="export_drop"),
]

import_urls = [
    path("customers/import/", importing.imports, name="imports"),
    path("customers/import/<int:import_number>/", importing.import_page, name="import"),
    path("customers/import/<int:import_number>/body/", importing.import_body, name="import_body"),
    path("customers/import/<int:import_number>/begin/", importing.import_work, name="import_work"),
    path("customers/import/<int:import_number>/go-on/", importing.import_go_on, name="import_go_on"),
    path("customers/import/<int:import_number>/writing/", importing.import_writing, name="import_writing"),
    path("customers/import/<int:import_number>/forget/", importing.import_forget, name="import_forget"),
    path("customers/import/<int:import_number>/undo/", importing.import_undo, name="import_undo"),
    path("customers/import/<int:import_number>/refused.csv", importing.import_refused, name="import_refused"),
]

note_urls = [
    path("customers/<int:number>/note/", noting.note, name="note"),
    path("customers/<int:number>/note/editing/", noting.note_editing, name="note_editing"),
    path("customers/<int:number>/note/drafts/<int:draft_id>/settle/", settling.note_settle, name="note_settle"),
    path("customers/<int:number>/note/versions/", restoring.note_versions, name="note_versions"),
    path("customers/<int:number>/note/versions/<int:version>/restore/", restoring.note_restore, name="note_restore"),
]

_timeline_note = "customers/<int:number>/notes/<int:note_number>"
timeline_note_urls = [
    path("customers/<int:number>/notes/", timeline_noting.timeline_notes, name="timeline_notes"),
    path(f"{_timeline_note}/delete/", timeline_noting.timeline_note_delete, name="timeline_note_delete"),
    path(f"{_timeline_note}/restore/", timeline_noting.timeline_note_restore, name="timeline_note_restore"),
]

_contact = "customers/<int:number>/contacts/<int:contact_id>"
contact_urls = [
    path(f"{_contact}/", contacting.contact_holders, name="contact_holders"),
    path(f"{_contact}/remove/", contacting.contact_remove, name="contact_remove"),
    path(f"{_contact}/share/", contacting.contact_share, name="contact_share"),
    path(f"{_contact}/unshare/", contacting.contact_unshare, name="contact_unshare"),
    path(f"{_contact}/verify/", contacting.contact_verify, name="contact_verify"),
    path(f"{_contact}/works/", contacting.contact_works, name="contact_works"),
]

field_urls = [
    path("settings/fields/", defining.fields, name="fields"),
    path("settings/fields/new/", defining.new_field, name="new_field"),
    path("settings/fields/<int:field_number>/", defining.field, name="field"),
    path("settings/fields/<int:field_number>/options/", defining.field_options, name="field_options"),
    path("settings/fields/<int:field_number>/switch/", defining.switch_field, name="switch_field"),
    path("settings/fields/<int:field_number>/move/", defining.move_field, name="move_field"),
]

urlpatterns = [
    *page_urls,
    *duplicate_urls,
    *merge_urls,
    *bulk_urls,
    *export_urls,
    *import_urls,
    *note_urls,
    *timeline_note_urls,
    *contact_urls,
    *field_urls,
]
