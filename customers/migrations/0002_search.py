"""How text is folded for searching, on both sides of every comparison; indexes and views of customers.

Letters lose case and accents, punctuation becomes blanks, so that "ana@shop" is two words in the index and in a
query. Writing without blanks between words (Chinese, Japanese, Korean, Thai, Khmer, Burmese) is cut into pairs of
characters. The trigram extension is not used: under the built-in locale it sees no letters beyond ASCII.
"""

from django.contrib.postgres.operations import BtreeGinExtension, UnaccentExtension
from django.db import migrations

from core.database.operations import search_view

UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]+"

# Immutable as long as nobody changes the rules of unaccent. The high cost keeps the planner from computing one of
# these for each row of a table where an index has the answer.
FUNCTION = "CREATE FUNCTION {} LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$ {} $$"


def function(signature: str, returns: str, body: str) -> migrations.RunSQL:
    return migrations.RunSQL(FUNCTION.format(f"{signature} RETURNS {returns}", body), f"DROP FUNCTION {signature}")


FOLD = r"""
BEGIN
    RETURN regexp_replace(
        lower(public.unaccent('public.unaccent'::regdictionary, normalize(typed, NFKC))), '[!-/:-@[-`{-~]+', ' ', 'g');
END
"""
# The last character of a run is a gram of its own, so that a single one is found by its beginning.
GRAMS = f"""
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT substr(run[1], place, 2)), '{{}}')
        FROM regexp_matches(folded, '{UNSPACED}', 'g') AS run, generate_series(1, length(run[1])) AS place);
END
"""
WORDS = f"""
DECLARE folded text := public.search_fold(typed);
BEGIN
    IF folded !~ '{UNSPACED}' THEN
        RETURN to_tsvector('simple', folded);
    END IF;
    RETURN to_tsvector('simple', regexp_replace(folded, '{UNSPACED}', ' ', 'g'))
        || array_to_tsvector(public.search_grams(folded));
END
"""
# Each word of a name, after "=", and three letters from each place of it: what stands in its middle is found as well.
PARTS = r"""
BEGIN
    RETURN (
        SELECT array_to_tsvector(coalesce(array_agg(DISTINCT part), '{}'))
        FROM regexp_split_to_table(public.search_fold(name), '\s+') AS word,
            LATERAL (
                SELECT '=' || word AS part WHERE word <> ''
                UNION ALL SELECT substr(word, place, 3) FROM generate_series(1, length(word)) AS place
            ) AS parts);
END
"""
# Whole words, or parts of them. Words of less than three letters ask for too much as parts; of writing without blanks
# they are asked for as beginnings.
NAME = rf"""
BEGIN
    IF is_whole THEN
        RETURN (
            SELECT string_agg(quote_literal('=' || word), ' & ')::tsquery
            FROM regexp_split_to_table(public.search_fold(typed), '\s+') AS word WHERE word <> '');
    END IF;
    RETURN (
        SELECT string_agg(
            quote_literal(substr(word, place, 3)) || CASE WHEN length(word) < 3 THEN ':*' ELSE '' END, ' & ')::tsquery
        FROM regexp_split_to_table(public.search_fold(typed), '\s+') AS word,
            generate_series(1, greatest(length(word) - 2, 1)) AS place
        WHERE length(word) > 2 OR word ~ '^{UNSPACED}$');
END
"""
# A phone number by its last digits, however many from four on.
CONTACT = r"""
DECLARE digits text := regexp_replace(value, '\D', '', 'g');
BEGIN
    IF kind <> 'phone' THEN
        RETURN public.search_words(value);
    END IF;
    RETURN (
        SELECT array_to_tsvector(coalesce(array_agg(DISTINCT right(digits, many)), '{}'))
        FROM generate_series(least(4, length(digits)), length(digits)) AS many WHERE many > 0);
END
"""


def index(name: str, table: str, words: str) -> migrations.RunSQL:
    # Beside the words the block of 32,768 ids a row lies in: the newest hits of a common word without all the others.
    plain = words.replace("t.", "")
    return migrations.RunSQL(
        f"CREATE INDEX {name} ON {table} USING gin (tenant_id, (id >> 15), ({plain}))", f"DROP INDEX {name}"
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]

    operations = [
        BtreeGinExtension(),
        UnaccentExtension(),
        function("search_fold(typed text)", "text", FOLD),
        function("search_grams(folded text)", "text[]", GRAMS),
        function("search_words(typed text)", "tsvector", WORDS),
        function("search_parts(name text)", "tsvector", PARTS),
        function("search_name(typed text, is_whole boolean)", "tsquery", NAME),
        function("search_contact(kind text, value text)", "tsvector", CONTACT),
        index("customer_parts", "customers_customer", "search_parts(t.name_folded)"),
        index("contact_words", "customers_contact", "search_contact(t.kind, t.value)"),
        search_view(
            "search_customers",
            "SELECT t.id, t.tenant_id, t.id >> 15 AS block, t.name_folded AS name, "
            "search_parts(t.name_folded) AS parts FROM customers_customer t",
        ),
        search_view(
            "search_contacts",
            "SELECT t.id, t.tenant_id, t.id >> 15 AS block, t.kind, search_contact(t.kind, t.value) AS words "
            "FROM customers_contact t",
        ),
    ]
