"""The functions behind the indexes of customers in a third of the time, and a function that lets an import be quick.

They give what they gave before (a test asks both), so the indexes stay as they are. What was slow: a statement inside
a function costs as much to begin as all the rest of it, and most names and addresses have nothing to unaccent.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("customers.migrations.0002_search")
REPLACED = BEFORE.FUNCTION.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")

# As many bytes as characters: ASCII, which neither normalizing nor unaccenting changes.
FOLD = r"""
BEGIN
    IF octet_length(typed) <> length(typed) THEN
        typed := public.unaccent('public.unaccent'::regdictionary, normalize(typed, NFKC));
    END IF;
    RETURN regexp_replace(lower(typed), '[!-/:-@[-`{-~]+', ' ', 'g');
END
"""
WORDS = f"""
DECLARE folded text := public.search_fold(typed);
BEGIN
    IF octet_length(folded) = length(folded) OR folded !~ '{BEFORE.UNSPACED}' THEN
        RETURN to_tsvector('simple', folded);
    END IF;
    RETURN to_tsvector('simple', regexp_replace(folded, '{BEFORE.UNSPACED}', ' ', 'g'))
        || array_to_tsvector(public.search_grams(folded));
END
"""
PARTS = r"""
DECLARE
    word text;
    parts text[] := '{}';
BEGIN
    FOREACH word IN ARRAY regexp_split_to_array(public.search_fold(name), '\s+') LOOP
        IF word <> '' THEN
            parts := array_append(parts, '=' || word);
            FOR place IN 1..length(word) LOOP
                parts := array_append(parts, substr(word, place, 3));
            END LOOP;
        END IF;
    END LOOP;
    RETURN array_to_tsvector(parts);
END
"""
CONTACT = r"""
DECLARE
    digits text;
    parts text[] := '{}';
BEGIN
    IF kind <> 'phone' THEN
        RETURN public.search_words(value);
    END IF;
    digits := regexp_replace(value, '\D', '', 'g');
    FOR many IN greatest(least(4, length(digits)), 1)..length(digits) LOOP
        parts := array_append(parts, right(digits, many));
    END LOOP;
    RETURN array_to_tsvector(parts);
END
"""
# PostgreSQL looks at a table a minute after it was filled. Until then it takes it for small, and checks each foreign key
# by the index of the workspace alone, which reads all rows of it. Only the owner may look, and only this function asks.
LEARN = """
CREATE FUNCTION learn_customers() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    unknown regclass;
BEGIN
    FOR unknown IN
        SELECT oid FROM pg_class
        WHERE oid IN ('customers_customer'::regclass, 'customers_contact'::regclass, 'customers_customernote'::regclass)
            AND reltuples < 1000
    LOOP
        EXECUTE format('ANALYZE (SKIP_LOCKED) %s (tenant_id)', unknown);
    END LOOP;
END $$
"""


def replace(signature: str, returns: str, body: str, before: str) -> migrations.RunSQL:
    head = f"{signature} RETURNS {returns}"
    return migrations.RunSQL(REPLACED.format(head, body), REPLACED.format(head, before))


class Migration(migrations.Migration):
    dependencies = [("customers", "0006_rest_of_profile")]

    operations = [
        replace("search_fold(typed text)", "text", FOLD, BEFORE.FOLD),
        replace("search_words(typed text)", "tsvector", WORDS, BEFORE.WORDS),
        replace("search_parts(name text)", "tsvector", PARTS, BEFORE.PARTS),
        replace("search_contact(kind text, value text)", "tsvector", CONTACT, BEFORE.CONTACT),
        migrations.RunSQL(LEARN, "DROP FUNCTION learn_customers()"),
    ]
