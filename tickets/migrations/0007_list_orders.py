from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_mail_ways"),
        ("customers", "0003_marked"),
        ("tickets", "0006_message_sent"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["tenant", "-priority", "-last_message_at", "-id"],
                name="ticket_open_by_priority",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status", "open")),
                fields=["tenant", "-topic", "-last_message_at", "-id"],
                name="ticket_open_by_topic",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("awaits_reply", True), ("status", "open")),
                fields=["tenant", "last_message_at", "id"],
                name="ticket_waiting",
            ),
        ),
    ]
