"""Have PostgreSQL look at what comparing customers has just written."""

from django.db import migrations

# Until it has looked, it takes the rows of a workspace for few, and finds those of one key by reading all of them.
# Only the owner may look, and only this function asks.
LEARN = """
CREATE FUNCTION learn_comparing() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE (SKIP_LOCKED) customers_blockingkey (tenant_id, key, customer_id);
    ANALYZE (SKIP_LOCKED) customers_comparedfacts (tenant_id, customer_id);
    ANALYZE (SKIP_LOCKED) customers_suggestion (tenant_id, one_id, other_id);
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0009_following_merges")]

    operations = [migrations.RunSQL(LEARN, "DROP FUNCTION learn_comparing()")]
