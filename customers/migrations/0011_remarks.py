"""Rows of an import that are taken though something of them is left out, or went elsewhere, say so."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("customers", "0010_comparing")]

    operations = [
        migrations.AddField("customerimport", "remarked", models.PositiveIntegerField(default=0)),
        migrations.AddField("importrow", "beginning", models.CharField(blank=True, max_length=600)),
        migrations.AddIndex(
            "importrow",
            models.Index(
                fields=["tenant", "customer_import", "line"],
                name="import_row_remarked",
                condition=~models.Q(problem="") & ~models.Q(outcome="refused"),
            ),
        ),
    ]
