"""Words that tell a city, a district or a region from the other parts of an address."""

import re
from typing import Final

_CIS_CITY: Final = (
    "город|гор|г|місто|м|пгт|смт|посёлок|поселок|пос|п|рп|р\\.п|деревня|дер|д|село|с|станица|ст-ца|хутор|х|аул|"
    "аг|снт|слобода|сл|"
    "қаласы|қ|град|гр|селище|с-ще|рабочий посёлок|дп|тер|днп"
)
_BEFORE_CITY: Final = re.compile(
    rf"^(?P<label>{_CIS_CITY})(?:\.\s*|\s+)(?P<name>[А-ЯЁІЇЄҐЎӘҒҚҢӨҰҮҺ][^\d]*)$", re.IGNORECASE
)
_AFTER_CITY: Final = re.compile(
    r"^(?P<name>[^\d]+?)\s+(?P<label>г|город|пгт|п|с|д|дер|пос|рп|қ|қаласы)\.?$", re.IGNORECASE
)
_CITY: Final = re.compile(
    r"^(?:city of|ville de|commune de|kota|kab\.?|kabupaten|tp\.?|thành phố|tx\.?|thị xã|town of|orașul|"
    r"municipiul|mun\.?|oraș|"
    r"com\.|comuna|sat\.?|kommune|gmina|gm\.?|obec|город|obč\.|מושב|קיבוץ|مدينة|شهر)\s+(?P<name>.+)$",
    re.IGNORECASE,
)
_CITY_ENDS: Final = re.compile(
    r"(?:-shi|-ku|-machi|-cho|-mura|-gun|-si|-gun|\bcity|\btown|\bшахары|\bshahri|\bqalasy)$", re.IGNORECASE
)
_REGION: Final = re.compile(
    r"(?:^(?:респ(?:ублика)?\.?|обл(?:асть)?\.?|р-ка|woj\.?|województwo|jud(?:ețul|\.)?|județ|provincia(?: de| "
    r"di)?|prov\.?|state of|"
    r"province of|provinsi|tỉnh|kraj|county of|co\.?|edo\.?|estado(?: de)?|dept?o?\.? de|محافظة|"
    r"منطقة|استان|إمارة|canton(?: de)?|kanton|"
    r"okres|region|région|obl\.?|oblast)\s+\S.+$)|(?:^(?:จังหวัด|จ\.)\s?\S+$)|"
    r"(?:.+\s(?:обл(?:асть|\.)?|область|край|республика|респ\.?|ао|автономный округ|облысы|обл|oblast|obl\.?|"
    r"krai|kray|region|province|"
    r"county|prefecture|governorate|voivodeship|viloyati|megye|županija|kraj|emirate|state|вобласць|вобл\.?)$)",
    re.IGNORECASE,
)
_DISTRICT: Final = re.compile(
    r"(?:^(?:р-н|район|мкр\.?|мкрн\.?|микрорайон|округ|кв-л|квартал|bairro|barrio|bo\.|urb\.?|urbanización|"
    r"col\.?|colonia|fracc\.?|fraccionamiento|"
    r"res\.|sector|kec\.?|kecamatan|kel\.?|kelurahan|rt|rw|desa|quận|q\.?|phường|p\.|huyện|xã|barangay|brgy\.?|"
    r"แขวง|เขต|ต\.|ตำบล|อ\.|อำเภอ|taman|"
    r"ot|ortsteil|stadtteil|sector(?:ul)?|cartier(?:ul)?|mah\.?|mahallesi|townland|жк|ж\.к\.?|ж/к|"
    r"кв\.?(?=\s+[А-Я])|район|r-n|msheireb|حي|منطقة|שכונת|delegación|alcaldía|del\.|parish|freguesia)"
    r"(?:\s+|(?<=\.)\s*)\S.*$)|(?:.+\s(?:р-н|район|округ|мкр|микрорайон|ауданы|ауд\.?|mah\.?|mahallesi|mahalle|"
    r"mh\.?|district|dist\.?|tumani|rayonu?|rajons|novads|valsč|r\.|"
    r"subdistrict|township|ward|nagar|colony|улус|село|quarter|suburb|seniūnija|vald|kvart\.?)$)",
    re.IGNORECASE,
)
_BUILDING: Final = re.compile(
    r"(?:\b(?:towers?|building|bldg\.?|plaza|cent(?:er|re)|complex|mansion|residences?|heights|mall|apartments)$)|"
    r"^(?:torre|edificio|edif\.?|edifício|immeuble|résidence|tòa nhà|gedung|menara|wisma|burj|برج|بناية)\b",
    re.IGNORECASE,
)
_COMPANY: Final = re.compile(
    r"(?:^|\W)(?:gmbh|ag|kg|ohg|e\.?k|ug|ltd|limited|llc|l\.l\.c|llp|inc|corp|corporation|co\.|company|plc|pty|"
    r"s\.?a\.?s|sarl|s\.a|sas|s\.?r\.?l|s\.?p\.?a|"
    r"b\.?v|n\.?v|oy|oyj|ab|as|a/s|aps|sp\. z o\.?o|s\.c|kft|zrt|nyrt|d\.o\.o|doo|s\.r\.o|a\.s|ltda|eireli|s\.l|"
    r"s\.l\.u|sl|s\.a\. de c\.v|s\.?l\.?u|pvt|sdn bhd|bhd|"
    r"pte|a\.ş|ltd\. ?şti|şti|ооо|оао|зао|пао|ао|ип|тоо|тов|пп|чп|фоп|ооо|еоод|оод|בע\"מ|"
    r"株式会社|有限会社|合同会社|有限公司|"
    r"주식회사|유한회사)(?:\W|$)",
    re.IGNORECASE,
)
_COUNTIES: Final = frozenset(
    "surrey kent essex sussex norfolk suffolk cornwall devon dorset somerset cumbria durham merseyside rutland fife "
    "tyrone antrim armagh fermanagh gwent gwynedd powys dyfed clwyd avon cleveland humberside middlesex".split()
) | {
    "east sussex", "west sussex", "greater london", "greater manchester", "west midlands", "tyne and wear",
        "isle of wight",
    "county durham", "co durham", "west yorkshire", "south yorkshire", "north yorkshire", "east yorkshire",
        "mid glamorgan",
    "south glamorgan", "west glamorgan", "county antrim", "county down", "co down", "co antrim", "midlothian",
        "highland",
}  # fmt: skip


def read_city(part: str, *, is_cis: bool) -> str:
    """The name in a piece that says it is a city or village: "г. Москва", "Москва г", "Kota Bandung"; else ""."""
    if is_cis:
        found = _BEFORE_CITY.match(part) or _AFTER_CITY.match(part)
        if found:
            label = found["label"].casefold()
            # A city's label says nothing, a village's is part of what people write.
            return (
                found["name"].strip()
                if label in {"г", "гор", "город", "місто", "м", "гр", "град", "қ", "қаласы"}
                else part
            )
    if re.match(r"(?:อำเภอ|อ\.)\s?\S", part):
        return part  # the town of a Thai province; Bangkok has none
    found = _CITY.match(part)
    return found["name"].strip() if found else ""


def ends_like_a_city(part: str) -> bool:
    """Whether the last word or syllable says city, as in Chiyoda-ku or Quezon City."""
    return bool(_CITY_ENDS.search(part))


def is_region_word(part: str) -> bool:
    """Whether a word for region stands in the piece: "Тверская обл.", "Co. Kerry", "Jiangsu Province"."""
    return bool(_REGION.match(part)) and not re.search(r"\d", part)


def is_district_word(part: str) -> bool:
    """Whether a word for a part of a city or of a region stands in the piece."""
    return bool(_DISTRICT.match(part))


def is_building(part: str) -> bool:
    """Whether the last or first word says that the piece names one large building."""
    return bool(_BUILDING.search(part)) and not re.match(r"\d", part)


def without_region_word(region: str) -> str:
    """The name of a county or voivodeship without the abbreviation people put before it: "jud. Cluj" is Cluj.

    Words that belong to the name are written out: "Минская обл." is Минская область.
    """
    region = re.sub(r"(?i)\bобл\.?$", "область", re.sub(r"(?i)^обл\.?\s+(.+)", r"\1 область", region))
    region = re.sub(r"(?i)^респ\.?\s+", "Республика ", region)
    return re.sub(
        r"(?i)^(?:จังหวัด|จ\.)", "", re.sub(r"(?i)^(?:jud\.|jude[țt]ul?|woj\.|województwo|prov\.)\s*(?=\w)", "", region)
    )


def is_company(part: str) -> bool:
    """Whether the piece has the legal form of a company in it."""
    return bool(_COMPANY.search(part))


def is_british_county(part: str) -> bool:
    """Whether the piece is a county, which British mail does not need and people write all the same."""
    name = part.casefold().strip(" .")
    return name in _COUNTIES or (name.endswith("shire") and " " not in name)
