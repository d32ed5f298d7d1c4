"""Supposes a person's sex from the full name (F12): a guess to show as one, and none where names are given to both.

Three signs, the surest first: a patronymic, which is made of the father's name and an ending for daughter or son;
a surname with such an ending; the first name, by a table of common ones and, where a language allows it, its ending.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from core.text import fold
from customers.kinds import Sex

# Patronymics and surnames that say daughter or son, in Cyrillic and as they are written in Latin letters.
_DAUGHTER = (
    *("овна", "евна", "ична", "инична", "кызы", "ovna", "evna", "ichna", "qizi", "kizi", "gizi"),
    *("dottir", "datter"),
)
_SON = ("ович", "евич", "оглы", "углы", "ovich", "evich", "ovych", "evych", "oglu", "ogly", "ugli")
_DAUGHTER_SURNAME = (
    *("ова", "ева", "ёва", "ина", "ына", "ская", "цкая", "ська", "цька", "ная"),
    *("ova", "eva", "ska", "cka", "dzka", "skaya", "skaia", "tskaya", "iene", "aite", "yte", "ute", "opoulou"),
)
_SON_SURNAME = (
    *("ов", "ев", "ёв", "ин", "ын", "ский", "цкий", "ський", "цький", "ной"),
    *("sky", "skiy", "skyi", "ski", "cki", "dzki", "opoulos", "sson"),
)
# Surnames with these endings are borne by all; too short a word ends so by chance.
_NEVER_SURNAME = frozenset("medina molina marina regina costina cristina ochoa silva nova casanova villanova".split())
_SHORTEST_SURNAME = 5

_WOMEN = frozenset(
    """
    ana anna ann anne maria mary marie mariam maryam emma olivia ava isabella sophia sofia mia charlotte amelia evelyn
    abigail harper emily elizabeth ella grace victoria chloe lily hannah zoe nora natalie leah hazel violet aurora
    lucy ellen helen margaret barbara susan jessica sarah sara karen nancy lisa betty sandra ashley kimberly donna
    michelle carol amanda melissa deborah stephanie rebecca laura cynthia amy angela shirley brenda pamela nicole
    samantha katherine kate catherine christine debra rachel carolyn janet heather diane julie joyce kelly lauren
    christina joan judith megan andreia beatriz ines leonor matilde carolina mariana margarida rita joana catarina
    filipa teresa lucia carmen dolores pilar mercedes rosario consuelo soledad isabel raquel ester esther ruth noemi
    belen rocio luz juana paula marta elena cristina silvia monica patricia alicia rosa julia irene giulia chiara
    francesca martina giorgia alice beatrice alessia ginevra camille lea manon jade louise lina juliette agathe celine
    sylvie nathalie isabelle valerie brigitte monique francoise jeanne therese helene claire heidi ingrid astrid
    birgit ursula gisela renate monika petra sabine gudrun karin kerstin silke anke antje elke heike ulrike uta ute
    katrin kathrin doris edith agnes gertrud hildegard waltraud liv siri signe solveig ragnhild sigrid maren maj inger
    kirsten mette hanne lone bente freja saga elin linnea ebba alva aino helmi tuulikki paivi sari kaisa fatima aisha
    khadija zainab zaynab layla leyla nour salma yasmin yasmine jasmin hanan iman amal rania huda samira zeynep elif
    emine hatice ayse merve busra esra gul priya ananya anjali deepika kavita lakshmi pooja sunita shanti yuki sakura
    yoko keiko hanako naoko tomoko mei ling xiu hui lan mai linh thuy hoa nguyet ji-woo seo-yeon niamh siobhan aoife
    saoirse ciara roisin orla eilidh fiona анна мария елена ольга наталья наталия ирина татьяна светлана екатерина
    юлия анастасия дарья ксения марина людмила галина валентина любовь надежда вера нина лариса тамара раиса зоя
    нинель рахиль эсфирь адель айгуль гузель лейсан жибек айнур динара мадина
    """.split()
)
_MEN = frozenset(
    """
    john james robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark
    donald steven paul andrew joshua kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary
    nicholas eric jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond
    jack dennis jerry tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy walter christian
    keith roger austin sean gerald carl dylan harold lawrence bryan gabriel bruce liam oliver lucas mason logan elijah
    oscar leo theo hugo harry alfie archie arthur freddie oskar max felix jonas finn elias ben emil anton jakob moritz
    philipp tim tom nico niklas leon lukas sven lars nils hans klaus jurgen wolfgang gunther gunter helmut dieter
    manfred horst uwe bernd stefan rainer ralf dirk jorg ulrich matthias jean pierre michel philippe alain nicolas
    olivier louis julien antoine guillaume francois jacques henri luc yves gilles thierry didier pascal laurent
    christophe remi enzo mathis luca mattia giovanni giuseppe francesco antonio marco alessandro lorenzo matteo davide
    simone gabriele tommaso riccardo rui joao luis manuel pedro miguel tiago diogo nuno vasco duarte goncalo rodrigo
    afonso andre felipe filipe henrique jorge carlos juan javier sergio raul angel ruben joaquin agustin iker unai
    xavier jordi oriol pau olav bjorn magnus anders per knut leif rolf thor tor arne einar gunnar sigurd stig soren
    jens mads rasmus mikkel matti juha jukka pekka timo antti heikki esa ville mikko kari esko sampo muhammad mohammed
    mohamed mohammad mehmet ahmed ahmad ahmet ali omar umar hassan hasan hussein huseyin ibrahim mustafa yusuf youssef
    khalid khaled tariq bilal hamza osama karim mahmoud abdullah abdul mehdi reza murat emre can cem burak kerem arjun
    rahul amit rohit sanjay vijay raj ravi anil suresh krishna aditya hiroshi takashi kenji satoshi takeshi akira
    ichiro kenta luka ilya nikita elia misha dima vanya kolya kostya илья никита кузьма фома лука савва данила гаврила
    михайла лаврентий микола миша дима коля ваня петя вова гриша паша лёша леша гоша серёжа сережа андрюша костя федя
    юра боря витя стёпа степа мустафа иса муса
    """.split()
)
# Given to both, or to women in one country and to men in another.
_BOTH = frozenset(
    """
    alex sasha саша женя валя слава шура andrea jordan taylor morgan casey robin jamie kim lee sam chris pat
    dominique claude charlie noel nicola sascha kai toni nur noor
    jan jessie leslie lindsay courtney dana shannon terry tracy vivian valentine maxime
    """.split()
)
_CYRILLIC_FEMALE = ("а", "я")
_ROMANCE_FEMALE = ("ina", "ela", "ella", "etta", "isa", "ilia", "inha", "ita", "essa", "iana", "ana", "ia")
_ROMANCE_MALE = ("inho", "ito", "ardo", "aldo", "ando", "erto", "ario", "enzo", "iano", "ico")
# Letters with strokes, which Unicode does not take apart.
_STROKES = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "ð": "d", "ß": "ss", "æ": "ae"})
_SHORTEST_ENDING = 5  # letters of a Latin first name before its ending says anything


def suppose_sex(*, first: str, middle: str = "", last: str = "") -> Sex:
    """What the full name suggests; UNKNOWN where it says nothing, or says both."""
    words = [_words(name) for name in (first, middle, last)]
    if found := _by_patronymic([word for name in words for word in name]):
        return found
    by_first, by_surname = _by_first_name(words[0]), _by_surname(words[2])
    if by_surname and by_first and by_surname != by_first:
        return Sex.UNKNOWN
    return by_first or by_surname or Sex.UNKNOWN


@lru_cache(10_000)  # an import asks for the same first names again and again
def _words(name: str) -> tuple[str, ...]:
    """Lower case, Latin letters without their accents: those of Cyrillic make other letters."""
    letters: list[str] = []
    for letter in unicodedata.normalize("NFD", fold(name)):
        if not (unicodedata.combining(letter) and letters and letters[-1].isascii()):
            letters.append(letter)
    return tuple(unicodedata.normalize("NFC", "".join(letters)).translate(_STROKES).split())


def _by_patronymic(words: Sequence[str]) -> Sex | None:
    """In any place: many write surname, first name and patronymic in this order."""
    if any(_ends_so(word, _DAUGHTER) for word in words):
        return Sex.FEMALE
    if any(_ends_so(word, _SON) for word in words):
        return Sex.MALE
    return None


def _ends_so(word: str, endings: tuple[str, ...]) -> bool:
    """Some stand apart ("Rashid qizi"); of a short word the end says nothing."""
    return word in endings or (len(word) > _SHORTEST_SURNAME and word.endswith(endings))


def _by_surname(words: Sequence[str]) -> Sex | None:
    if not words or words[-1] in _NEVER_SURNAME or len(words[-1]) < _SHORTEST_SURNAME:
        return None
    is_slavic_or_clear = not words[-1].isascii() or words[-1].endswith(_DAUGHTER_SURNAME + _SON_SURNAME)
    if not is_slavic_or_clear:
        return None
    if words[-1].endswith(_DAUGHTER_SURNAME):
        return Sex.FEMALE
    return Sex.MALE if words[-1].endswith(_SON_SURNAME) else None


def _by_first_name(words: Sequence[str]) -> Sex | None:
    if not words:
        return None
    name = words[0].partition("-")[0] if words[0] not in _BOTH else words[0]
    if words[0] in _BOTH or name in _BOTH:
        return None
    in_women, in_men = name in _WOMEN, name in _MEN
    if in_women or in_men:
        return None if in_women and in_men else (Sex.FEMALE if in_women else Sex.MALE)
    if _is_cyrillic(name):
        return Sex.FEMALE if name.endswith(_CYRILLIC_FEMALE) else _cyrillic_man(name)
    if len(name) < _SHORTEST_ENDING:
        return None
    if name.endswith(_ROMANCE_FEMALE):
        return Sex.FEMALE
    return Sex.MALE if name.endswith(_ROMANCE_MALE) else None


def _cyrillic_man(name: str) -> Sex | None:
    """A consonant or й ends men's names; ь, о and и end both."""
    return Sex.MALE if len(name) > 2 and name[-1] not in "аеёиоуыэюяь" else None


def _is_cyrillic(name: str) -> bool:
    return all("\u0400" <= letter <= "\u04ff" for letter in name if letter.isalpha())
