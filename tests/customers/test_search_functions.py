"""The functions behind the indexes of customers give what they gave when the indexes were made (customers 0002)."""

import random
from importlib import import_module

import pytest
from django.db import connection

BEFORE = import_module("customers.migrations.0002_search")
UNSPACED = BEFORE.UNSPACED
pytestmark = pytest.mark.django_db
POOLS = (
    *("abcDEF -.@+'\t\n", "éßÅñİıſKÆøé", "日本語ーｶﾅ한국กขကា", "0123456789+() -٠١２"),
    "\u00a0\u2003\u202e\u200b\ufeff😀🇵🇹ﬁ",
)

# What each function was, as one statement about a text `t`.
FOLD = r"""regexp_replace(
    lower(unaccent('public.unaccent'::regdictionary, normalize(t, NFKC))), '[!-/:-@[-`{-~]+', ' ', 'g')"""
WORDS = f"""CASE WHEN {FOLD} !~ '{UNSPACED}' THEN to_tsvector('simple', {FOLD})
    ELSE to_tsvector('simple', regexp_replace({FOLD}, '{UNSPACED}', ' ', 'g'))
        || array_to_tsvector(search_grams({FOLD})) END"""
PARTS = rf"""(SELECT array_to_tsvector(coalesce(array_agg(DISTINCT part), '{{}}'))
    FROM regexp_split_to_table({FOLD}, '\s+') AS word,
        LATERAL (SELECT '=' || word AS part WHERE word <> ''
            UNION ALL SELECT substr(word, place, 3) FROM generate_series(1, length(word)) AS place) AS parts)"""
DIGITS = r"regexp_replace(t, '\D', '', 'g')"
PHONE = f"""(SELECT array_to_tsvector(coalesce(array_agg(DISTINCT right({DIGITS}, many)), '{{}}'))
    FROM generate_series(least(4, length({DIGITS})), length({DIGITS})) AS many WHERE many > 0)"""
NOW = {
    "search_fold(t)": FOLD,
    "search_words(t)": WORDS,
    "search_parts(t)": PARTS,
    "search_contact('phone', t)": PHONE,
    "search_contact('email', t)": WORDS,
}


def differing(call: str, before: str, texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT t FROM unnest(%s::text[]) AS t WHERE {call} IS DISTINCT FROM {before}", [texts])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize("call", NOW)
def test_random_texts_of_all_scripts_give_the_same(call: str) -> None:
    chance = random.Random(7)
    signs = [chance.choice(chance.choice(POOLS)) if chance.random() < 0.9 else chr(chance.randrange(1, 0xD800))
             for _ in range(40_000)]  # fmt: skip
    texts = ["", *("".join(signs[place : place + chance.randrange(1, 40)]) for place in range(0, 40_000, 20))]

    assert differing(call, NOW[call], texts) == []


@pytest.mark.parametrize("call", NOW)
def test_every_character_of_the_alphabets_gives_the_same(call: str) -> None:
    texts = [f"a{chr(code)}b {chr(code)}1" for code in (*range(1, 0x2000), *range(0xF900, 0x10000, 3))]

    assert differing(call, NOW[call], texts) == []
