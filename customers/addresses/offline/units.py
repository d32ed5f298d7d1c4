"""Takes out of a text what leads from the street to the door: flat, floor, entrance, building, and notes "
"beside them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from customers.addresses.layouts import HOUSE_APART

_ARABIC = "ال(?:[أا]ول|ثاني|ثالث|رابع|خامس|سادس|سابع|ثامن|تاسع|عاشر|[أا]رضي)"  # first to tenth, ground
_NUMBER = (
    r"[№#]?\s*(?P<value>\d+[^\W\d_]?(?:[-/]\d*[^\W\d_]?\b)?|[A-Z]{1,2}[-/]?\d+[A-Z]?(?:-\d+)?|[A-ZА-Яא-ת]|"
    rf"{_ARABIC})(?![\w])"
)
_CIS: Final = frozenset("RU BY KZ KG UZ TJ TM UA MD AM AZ GE MN BG".split())
_ENGLISH: Final = frozenset(
    "US CA AU NZ GB IE IN SG HK MY PH ZA NG KE GH PK LK AE BD IL JM TT SA EG QA KW BH OM TH CN KR JP TW MT VN "
    "ID".split()
)
_SPANISH: Final = frozenset("ES MX AR CO CL PE EC UY PY BO VE CR PA GT HN SV NI DO CU PR AD".split())


@dataclass(frozen=True)
class _Word:
    """`countries` None is everywhere; `after` says that the number stands before the word: "3rd floor", "2 этаж"."""

    column: str
    words: str
    countries: frozenset[str] | None = None
    after: bool = False


def _in(*codes: str) -> frozenset[str]:
    return frozenset(code for group in codes for code in group.split())


# The order decides: longer and surer words first. `words` are alternatives of a regular expression, without case.
_WORDS: Final = (
    _Word("entrance", "подъезд|под-д|под|парадная|пар|під'їзд|під'ізд|п-д|пiдʼїзд", _CIS),
    _Word("floor", "этаж|эт|поверх|пов", _CIS),
    _Word("floor", "-?й? ?этаж|-?й? ?эт|-?й? ?поверх", _CIS, after=True),
    _Word("flat", "квартира|кварт|кв|офис|оф|помещение|помещ|пом|комната|комн|апартаменты|апарт|ап|прим|"
        "приміщення", _CIS),
    _Word("housing", "корпус|корп|кор|блок|бл", _CIS),
    _Word("housing", "к", _CIS),
    _Word("building", "строение|строен|стр|сооружение|литера|лит|литер", _CIS),
    _Word("house", "владение|влд|вл|домовладение|дом|буд|будинок|д|№ ?дома|үй", _CIS),
    _Word("flat", "kv|apt|kvartira|ofis|office", _CIS), _Word("house", "d|dom|bld|bud", _CIS),
    _Word("housing", "korp|korpus|k", _CIS), _Word("building", "str|stroenie", _CIS),
    _Word("flat", " ?(?:пәтер|п)", _in("KZ"), after=True), _Word("house", " ?үй", _in("KZ"), after=True),
    _Word("flat", "пәтер", _in("KZ")), _Word("flat", "ап|апартамент", _in("BG")),
    _Word("entrance", "вх|вход", _in("BG")),
    _Word("floor", "ет|етаж", _in("BG")), _Word("building", "блок|бл", _in("BG")),
    _Word("flat", "apartment|appartment|apt|flat|unit|suite|ste|room|rm|office|shop|penthouse", _ENGLISH),
    _Word("floor", "floor|flr|fl|level|lvl", _ENGLISH),
    _Word("floor", r"(?:st|nd|rd|th) floor|(?:st|nd|rd|th) fl|/f|(?<=\d)f", _ENGLISH, after=True),
    _Word("entrance", "entrance|stairwell|staircase", _ENGLISH),
    _Word("building", "building|bldg|block|blk|tower|wing", _ENGLISH),
    _Word("entrance", "aufgang|eingang|stiege|stg", _in("DE AT CH")),
    _Word("flat", "wohnung|whg|w|top|tür|apartment|app|apt", _in("DE AT CH LI LU")),
    _Word("floor", "etage|stock|og", _in("DE AT CH LI")),
    _Word("floor", r"\. ?(?:og|etage|stock|obergeschoss)", _in("DE AT CH LI"), after=True),
    _Word("building", "haus|gebäude", _in("DE AT CH")),
    _Word("flat", "appartement|appt|apt|app|porte|bureau|bte|boîte|boite|bus|logement|lgt", _in("FR BE LU CH CA "
        "MC MA TN DZ")),
    _Word("floor", r" ?(?:er|e|ème|eme|è) ?étage", _in("FR BE LU CH CA MC"), after=True),
    _Word("floor", "étage|etage", _in("FR BE LU CH CA MC")),
    _Word("entrance", "escalier|esc|entrée", _in("FR BE LU CH MC")),
    _Word("building", "bâtiment|batiment|bât|bat|immeuble|imm|tour", _in("FR BE LU CH CA MC MA")),
    _Word("flat", "bus|boîte|bte|bt", _in("BE NL")), _Word("flat", "appartement|app|apt|unit", _in("NL")),
    _Word("flat", "departamento|depto|dpto|dep|apartamento|apto|apt|interior|int|oficina|ofic|of|local|puerta|"
        "pta|pta|casa", _SPANISH),
    _Word("floor", "piso|planta|pl|pta", _SPANISH), _Word("entrance", "escalera|esc|portal|acceso", _SPANISH),
    _Word("floor", r"\.? ?[ºo°]? ?(?:piso|planta)", _SPANISH, after=True),
    _Word("building", "edificio|edif|bloque|blq|bl|torre|manzana|mz", _SPANISH),
    _Word("flat", "apartamento|apto|apt|ap|sala|sl|conjunto|cj|conj|loja|casa|unidade", _in("BR PT AO MZ")),
    _Word("floor", r"\.? ?[ºo°]? ?andar", _in("BR PT AO MZ"), after=True),
    _Word("floor", "andar|piso", _in("BR PT AO MZ")),
    _Word("building", "bloco|bl|torre|edifício|edificio|ed|lote|lt", _in("BR PT AO MZ")),
    _Word("entrance", "entrada", _in("BR PT")),
    _Word("flat", "interno|int|appartamento|app|apt", _in("IT SM CH")), _Word("floor", "piano|p", _in("IT SM")),
    _Word("entrance", "scala|sc", _in("IT SM")), _Word("building", "edificio|palazzina|pal|torre|edif", _in("IT SM")),
    _Word("flat", "mieszkania|mieszkanie|mieszk|m|lokal|lok", _in("PL")),
    _Word("floor", "piętro|p", _in("PL")), _Word("entrance", "klatka|kl", _in("PL")),
    _Word("building", "budynek|bud|blok|bl", _in("PL CZ SK")), _Word("flat", "byt|č bytu", _in("CZ SK")),
    _Word("floor", "patro|poschodí|poschodie", _in("CZ SK")),
    _Word("flat", "ajtó", _in("HU")), _Word("flat", r"\. ?ajtó|\. ?a", _in("HU"), after=True),
    _Word("floor", r"\. ?(?:emelet|em)", _in("HU"), after=True),
    _Word("flat", "apartament|apartamentul|ap|camera", _in("RO MD")),
    _Word("floor", "etaj|et", _in("RO MD")), _Word("entrance", "scara|sc", _in("RO MD")),
    _Word("building", "bloc|bl|corp", _in("RO MD")),
    _Word("flat", "daire|d|iç kapı no|ofis", _in("TR CY")), _Word("floor", "kat|k", _in("TR CY")),
    _Word("floor", r"\. ?kat", _in("TR CY"), after=True),
    _Word("building", "blok|bina|apt|apartmanı|apartman", _in("TR CY")),
    _Word("building", " ?blok", _in("TR CY"), after=True),
    _Word("flat", "lägenhet|lgh|lght", _in("SE")), _Word("flat", "as|asunto|lgh", _in("FI")),
    _Word("floor", "tr|vån", _in("SE FI")),
    _Word("floor", r" ?tr\b|\. ?vån", _in("SE"), after=True), _Word("flat", "leilighet|leil", _in("NO")),
    _Word("floor", r"\. ?(?:etg|etasje)", _in("NO"), after=True),
    _Word("flat", "διαμ|διαμέρισμα", _in("GR CY")), _Word("floor", "όροφος|ορ", _in("GR CY")),
    _Word("floor", r"(?:ος|η)? ?όροφος", _in("GR CY"), after=True),
    _Word("flat", "mənzil", _in("AZ")), _Word("flat", "xonadon", _in("UZ")), _Word("house", "uy", _in("UZ")),
    _Word("flat", "dz|dzīv|dzīvoklis", _in("LV")), _Word("flat", "butas|bt", _in("LT")),
    _Word("flat", "korter|krt|krtr", _in("EE")),
    _Word("flat", "stan|apartman|stn", _in("HR RS BA ME SI MK")),
    _Word("floor", "kat|sprat", _in("HR RS BA ME SI MK")), _Word("entrance", "ulaz", _in("HR RS BA ME")),
    _Word("flat", "דירה|ד'|דירת", _in("IL")), _Word("floor", "קומה|ק'", _in("IL")),
    _Word("entrance", "כניסה|כנ'", _in("IL")), _Word("building", "בניין|בנין", _in("IL")),
    _Word("flat", "شقة|شقه|مكتب رقم|مكتب|وحدة"), _Word("floor", "الطابق|طابق|الدور|دور|طبقه"),
    _Word("building", "مبنى|بناية|عمارة|برج|فيلا|ساختمان"),
    _Word("flat", "واحد", _in("IR")), _Word("house", "پلاک", _in("IR")),
    _Word("flat", "unit|apt|kamar|no kamar", _in("ID")), _Word("floor", "lantai|lt", _in("ID")),
    _Word("building", "blok|gedung|menara", _in("ID MY")),
    _Word("house", "số nhà|số", _in("VN")), _Word("floor", "tầng|lầu", _in("VN")),
    _Word("flat", "căn hộ|phòng", _in("VN")), _Word("building", "tòa nhà|toà|tòa", _in("VN")),
    _Word("flat", "ห้อง", _in("TH")), _Word("floor", "ชั้น", _in("TH")), _Word("building", "อาคาร", _in("TH")),
    _Word("flat", "apt|apartment|office"), _Word("flat", "#", _ENGLISH), _Word("house", "#", _SPANISH | _in("BR")),
    _Word("house", r"nr|no|num|núm|número|numero|nro|hnr|č\. ?p|čp|αρ|αριθ|מס'|מספר|رقم|n[ºo°]|№",
        frozenset(HOUSE_APART)),
)  # fmt: skip
_METRO: Final = re.compile(
    r"^(?:ст(?:анция)?\.? ?м(?:етро)?\.?|метро|м\.(?= ?[А-ЯЁ])|метро станция|станція метро|metro(?: "
    r"station)?)\s*[:.]?\s*"
    r"[«\"]?([^\d«»\"]{3,40})[»\"]?$",
    re.IGNORECASE,
)
_NOTES: Final = re.compile(
    r"^(?:домофон|код|вход|звонить|охрана|intercom|door ?code|gate ?code|entry ?code|code|buzzer|ring|digicode|"
    r"interphone|klingel|"
    r"klingeln|c/o|attn|care of|near|opp\.?|opposite|behind|next to|landmark)\b.*$",
    re.IGNORECASE,
)
_IBERIAN: Final = re.compile(
    r"^(?P<floor>(?:\d{1,2}|[A-Z]?bajo|entlo|pral|r/c|rés-do-chão|ático|atico|bj|bxo|ent)\.?\s?(?:[ºª°o]|to|ta|"
    r"er|ro|do|da|mo|no|vo)?)(?:\.?[\s,-]+|(?<=[ºª°o.])|(?=$))"
    r"(?P<flat>[A-Z]\b|\d{1,2}\.?[ºª°]?|iz(?:q(?:uierda|da)?|da)\.?|dcha?\.?|der(?:echa)?\.?|esq(?:uerdo)?\.?|dto\.?|"
    r"dt[ºo]\.?|direito|"
    r"frente|fte\.?|ctro\.?|centro|int\.?|ext\.?)?$",
    re.IGNORECASE,
)


@dataclass
class Taken:
    """What was found by column, and what is left of each piece of the text; empty pieces are dropped."""

    values: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)

    def put(self, column: str, value: str) -> None:
        """Keep the first value of a column; notes are joined."""
        value = value.strip(" ,.;")
        if column == "courier_notes" and self.values.get(column):
            value = f"{self.values[column]}; {value}"
        elif column in self.values:
            return
        if value:
            self.values[column] = value


def take_units(parts: Iterable[str], country: str) -> Taken:
    """Take every labelled part out; values keep their case and lose their label ("кв. 12" is 12)."""
    taken = Taken()
    for index, part in enumerate(parts):
        rest = _without_notes(part, country, taken)
        if not (rest and index and _is_floor_and_door(rest, country, taken)):
            rest = _without_units(rest, country, taken)
            taken.parts += [piece.strip() for piece in rest.split(";") if re.search(r"\w", piece)]
    return taken


def _without_notes(part: str, country: str, taken: Taken) -> str:
    if (found := _METRO.match(part)) and not (country == "UA" and part.startswith("м.")) and country != "PH":
        taken.put("metro", found[1])
        return ""
    if _NOTES.match(part):
        taken.put("courier_notes", part)
        return ""
    return part


def _without_units(part: str, country: str, taken: Taken) -> str:
    for word, pattern in _patterns(country):
        found = pattern.search(part)
        if found and word.column not in taken.values and not _is_a_street(part, found, word):
            value = found["value"]
            if word.after:
                value = re.sub(r"\D+$", "", value) or value
            if word.column == "building" and country not in _CIS:
                value = found[0].strip()  # "Block C" and "Tower 2" are names, not numbers
            rest = part[found.end() :]
            if word.column == "flat" and country in {"AU", "NZ"} and value.count("/") == 1:
                value, _, number = value.partition("/")  # "Unit 5/12 Ocean Street"
                rest = f"{number} {rest}"
            taken.put(word.column, value)
            # "Barbaros Bulvarı No:145 D:9 Beşiktaş": behind the doors another piece begins.
            part = f"{part[: found.start()]}{' ; ' if country == 'TR' else ' '}{rest}"
    # A point ends an abbreviation, not a number.
    return re.sub(r"(?<=\d)\.$", "", " ".join(part.split()).strip(" ,;-")).lstrip(".")


def _is_a_street(part: str, found: re.Match[str], word: _Word) -> bool:
    """A word of one letter needs a digit behind it: "д. Ивановка" is a village, "Via M. Polo" a street."""
    value = found["value"]
    if found[0].strip(" ,.") == part.strip(" ,.") and value.isupper() and word.column != "house":
        return False  # nothing else stands there: "bl. A"
    is_short = len(re.split(r"\W", found[0].strip())[0]) < 3 and not word.after
    if value.isalpha() and is_short:
        return True
    # A name follows: "Block C Road", "Tower A Street" are streets, and "Flat 2 10 High Street" is not.
    after = part[found.end() :].strip()
    return value.isalpha() and bool(re.match(r"[^\W\d_]{3}", after)) and word.column != "flat"


_cache: dict[str, list[tuple[_Word, re.Pattern[str]]]] = {}


def _patterns(country: str) -> list[tuple[_Word, re.Pattern[str]]]:
    if country not in _cache:
        _cache[country] = [
            (word, _compile(word)) for word in _WORDS if word.countries is None or country in word.countries
        ]
    return _cache[country]


def _compile(word: _Word) -> re.Pattern[str]:
    if word.after:
        return re.compile(
            rf"(?<![\w-])(?P<value>\d{{1,3}}(?:/\d+)?|[A-Z](?= ?blok)) ?(?:{word.words})\b\.?(?!\w)", re.IGNORECASE
        )
    start = "" if word.words == "#" else r"(?<![\w'])"
    # The label has any case, the letter that is a value only its own: "flat A", but not "flat a".
    return re.compile(rf"{start}(?i:{word.words})\s?(?i:№|no|nr|n[ºo°])?[.:\s]*{_NUMBER}")


def _is_floor_and_door(part: str, country: str, taken: Taken) -> bool:
    """ "2.º Esq", "3º B", "1-2" of Iberian houses, in a piece of its own."""
    if country not in _SPANISH | {"PT", "BR"} or "floor" in taken.values:
        return False
    found = _IBERIAN.match(part)
    if not found or not (found["flat"] or re.search(r"[ºª°]|[a-z]", found["floor"])):
        return False
    taken.put("floor", found["floor"])
    taken.put("flat", found["flat"] or "")
    return True
