"""Rows that were given to a profile while it was merged follow to the survivor."""

from django.db import migrations

from customers.belongings import watching

TABLES = (
    watching("customers_customercontact", "customer_id", "origin_customer_id", ["contact_id"]),
    watching("customers_customeraddress", "customer_id", "origin_customer_id"),
    watching("customers_customertag", "customer_id", "origin_customer_id", ["name_folded"]),
    watching("customers_timelinenote", "customer_id", "origin_customer_id"),
)


class Migration(migrations.Migration):
    dependencies = [("customers", "0008_merging")]

    operations = [migrations.RunSQL(made, undone) for made, undone in TABLES]
