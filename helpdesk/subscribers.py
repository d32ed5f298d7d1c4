"""Who reacts to what, on one screen: event type -> names of tasks."""

SUBSCRIBERS: dict[str, tuple[str, ...]] = {
    "message.sent": ("channels.tasks.deliver_message",),
    "mail.stored": ("channels.tasks.work_mail",),
    "mail.call_stored": ("channels.tasks.work_call",),
    "message.received": ("integrations.tasks.refresh_customer",),
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
