"""An index of what went out, by time: reports count it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0005_search_folded")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["tenant", "created_at"], name="message_sent", condition=models.Q(direction="out")
            ),
        ),
    ]
