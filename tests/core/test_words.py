"""What is typed into a search box is taken apart, and its words are marked in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.words import MOST_WORDS, mark, plain, take_apart


def marked(text: str, words: str) -> str:
    return "".join(f"[{piece.text}]" if piece.is_hit else piece.text for piece in mark(text, take_apart(words)))


def test_take_apart_knows_words_phrases_and_negations() -> None:
    typed = take_apart('red "watering can" -broken spo')

    assert typed.words == ("red", "spo")
    assert typed.phrases == ("watering can",)
    assert typed.without == ("broken",)
    assert typed.beginning == "spo"


@pytest.mark.parametrize("words", ["spout ", "sp", 'spout "bent"', "spout -bent"])
def test_take_apart_leaves_a_finished_word_whole(words: str) -> None:
    assert take_apart(words).beginning == ""


@pytest.mark.parametrize("words", ["", "  ", "-" * 1000, '"', "\x00", "-spout", "&|!():*<->"])
def test_take_apart_asks_for_nothing_without_a_word(words: str) -> None:
    assert take_apart(words).is_empty


def test_take_apart_makes_pairs_of_unspaced_writing() -> None:
    assert take_apart("配送が").grams == ("配送", "送が")
    assert take_apart("品").grams == ("品",)


@given(st.text(max_size=3000))
def test_take_apart_stands_whatever_is_typed(words: str) -> None:
    typed = take_apart(words)

    assert len(typed.words) + len(typed.phrases) + len(typed.without) <= MOST_WORDS
    mark(words, typed)


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        ("The spout is bent", "SPOUT", "The [spout] is bent"),
        ("Un café crème", "cafe", "Un [café] crème"),
        ("Где моя подушка", "ПОДУШКА", "Где моя [подушка]"),
        ("Spouts and spoons", "spo", "[Spouts] and [spoons]"),
        ("one two three", '"two three"', "one [two] [three]"),
        ("nothing of it", "spout", ""),
        ("配送が遅い", "配送", "[配送]が遅い"),
    ],
)
def test_mark_shows_where_a_word_stands(text: str, words: str, shown: str) -> None:
    assert marked(text, words) == shown


def test_mark_cuts_a_long_text_around_the_first_hit() -> None:
    text = "lorem " * 100 + "spout" + " ipsum" * 100

    shown = marked(text, "spout")

    assert shown.startswith("…lorem") and shown.endswith("…") and "[spout]" in shown
    assert len(shown) < 160


def test_plain_loses_case_and_accents() -> None:
    assert plain("Łódź STRASSE Ñandú") == "lodz strasse nandu"
