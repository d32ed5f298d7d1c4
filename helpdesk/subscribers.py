"""Who reacts to what, on one screen: event type -> names of tasks."""

# What makes another comparison of somebody with others.
COMPARED = (
    *("customer.created", "customer.edited", "customer.deleted", "customer.restored", "customer.erased"),
    *("customer.contact_added", "customer.contact_removed", "customer.contact_changed"),
    *("customer.merged", "customer.merged_away", "customer.unmerged"),
    *("suggestion.dismissed", "suggestion.taken_up"),
    *("order.contacts_changed", "store.customer_unlinked"),
)

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "message.sent": ("channels.tasks.deliver_message",),
    "mail.stored": ("channels.tasks.work_mail",),
    "mail.call_stored": ("channels.tasks.work_call",),
    "message.received": ("integrations.tasks.refresh_customer",),
    **dict.fromkeys(COMPARED, ("customers.tasks.compare_customer",)),
    **dict.fromkeys(
        ("customer.merged", "customer.unmerged"), ("customers.tasks.compare_customer", "integrations.tasks.push_note")
    ),
    "customer_import.ended": ("customers.tasks.compare_imported",),
    "customer_import.undone": ("customers.tasks.compare_imported",),
    "customer_comparison.planned": ("customers.tasks.work_comparison",),
    "customer.note_saved": ("integrations.tasks.push_note",),
    "customer.batch_planned": ("customers.tasks.work_bulk",),
    "customer_import.planned": ("customers.tasks.work_import",),
    "customer.erasure_planned": ("customers.tasks.erase_customer",),
    "customer.export_planned": ("customers.tasks.write_export",),
    "customer.file_planned": ("customers.tasks.write_person",),
    "store.connected": ("integrations.tasks.prepare_connection",),
    "store.note_sync_switched": ("integrations.tasks.align_notes",),
    "store.note_chosen": ("integrations.tasks.push_note",),
    "store.batch_planned": ("integrations.tasks.work_batch",),
    "ticket.snoozed": ("tickets.tasks.wake_ticket",),
    "ticket.batch_planned": ("tickets.tasks.work_bulk",),
    "notice.mail_planned": ("events.tasks.mail_notices",),
    "webhook.received": ("integrations.tasks.work_webhook",),
}
