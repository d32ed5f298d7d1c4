from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_mail_ways"),
        ("customers", "0002_search"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(
                condition=models.Q(("is_vip", True), ("is_bad", True), _connector="OR"),
                fields=["tenant", "id"],
                name="customer_marked",
            ),
        ),
    ]
