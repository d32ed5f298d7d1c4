"""Made-up words, as unevenly spread as those of real letters, and a few whose share is known."""

import itertools
import random

COMMON = "veltaro"  # in every 50th message
MIDDLE = "ombrasil"  # in every 1,000th
UNKNOWN = "qwoxzatu"  # nowhere
RARE = "zanthu"  # followed by the number of its ticket: in one message of a workspace

WORDS = 40_000
DRAWN = 1 << 20
_SYLLABLES = [
    a + b for a, b in itertools.product(["b", "d", "f", "gr", "k", "l", "m", "n", "p", "r", "st", "t"], "aeiou")
]
_FIRST = ["Alma", "Bruno", "Clara", "Dario", "Elena", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Lars"]


class Vocabulary:
    """The same words in the same order for the same seed."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        words: dict[str, None] = {}
        while len(words) < WORDS:
            words["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4)))] = None
        self._chance = chance
        # The n-th word comes up 1/n as often as the first (Zipf).
        weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(WORDS)))
        self._drawn = chance.choices(list(words), cum_weights=weights, k=DRAWN)
        self._first = [*_FIRST, *(word.title() for word in list(words)[500:2500] if len(word) > 3)]
        self._last = [word.title() for word in list(words)[3000:11000] if len(word) > 4]

    def text(self, least: int, most: int) -> str:
        """So many words, one blank between them."""
        begin = self._chance.randrange(DRAWN - most)
        return " ".join(self._drawn[begin : begin + self._chance.randint(least, most)])

    def name(self) -> tuple[str, str]:
        """First and last name."""
        return self._chance.choice(self._first), self._chance.choice(self._last)


BUSIEST = "Busiest"  # the first name of the customer of whom there is a lot
