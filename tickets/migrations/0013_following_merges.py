"""Rows that were given to a profile while it was merged follow to the survivor."""

from django.db import migrations

from customers.belongings import watching

TABLES = (
    watching("tickets_ticket", "customer_id", "origin_customer_id"),
    watching("tickets_participant", "customer_id", "origin_customer_id"),
)


class Migration(migrations.Migration):
    dependencies = [("tickets", "0012_merging"), ("customers", "0009_following_merges")]

    operations = [migrations.RunSQL(made, undone) for made, undone in TABLES]
