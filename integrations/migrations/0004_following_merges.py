"""Links that were given to a profile while it was merged follow to the survivor."""

from django.db import migrations

from customers.belongings import watching

MADE, UNDONE = watching("integrations_storecustomer", "customer_id", "origin_customer_id")


class Migration(migrations.Migration):
    dependencies = [("integrations", "0003_merging"), ("customers", "0009_following_merges")]

    operations = [migrations.RunSQL(MADE, UNDONE)]
