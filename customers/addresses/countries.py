"""Countries by their names: in English, in their own languages, in the languages their neighbors write to us in."""

import gettext
import re
from functools import cache

import pycountry

from customers.addresses.regions import is_country
from customers.addresses.spelling import plain

# Languages whose names of countries are known everywhere; a country's own are in the next table.
_WORLD = ("de", "fr", "es", "it", "pt", "ru", "uk", "ja", "zh_CN", "zh_TW", "ko", "ar", "tr", "pl", "nl", "he", "kk")
_OWN = ("el", "cs", "sk", "hu", "ro", "bg", "sr", "hr", "sl", "mk", "sq", "da", "nb", "sv", "fi", "is", "et", "lv",
        "lt", "be", "ka", "hy", "az", "uz", "fa", "hi", "bn", "th", "vi", "id", "ms", "ca", "eu", "gl", "mn", "km",
        "mt", "ga", "cy", "sw", "am", "ta", "ur", "ne", "si", "my", "lo", "tg", "tk", "ky", "bs")  # fmt: skip
_BY_OWN = (
    "GR CZ SK HU RO BG RS HR SI MK AL DK NO SE FI IS EE LV LT BY GE AM AZ UZ IR IN BD TH VN ID MY AD ES ES MN KH "
    "MT IE GB KE ET LK PK NP LK MM LA TJ TM KG BA"
).split()
_ALSO = {
    "US": "usa|u.s.a.|us|u.s.|america|united states of america|сша|eeuu|ee.uu.|estados unidos de américa|etats-unis",
    "GB": "uk|u.k.|great britain|britain|england|scotland|wales|northern ireland|великобритания|англия|gb|g.b.",
    "RU": "russia|rossiya|россия|рф|р.ф.|russland|russie|rusia|rosja|росія|rus",
    "AE": "uae|u.a.e.|emirates|оаэ|эмираты|الإمارات|الامارات|دولة الإمارات العربية المتحدة|الإمارات العربية المتحدة",
    "KR": "korea|south korea|republic of korea|korea (south)|한국|대한민국|rok|южная корея",
    "KP": "north korea|dprk",
    "CN": "china|p.r. china|pr china|prc|p.r.c.|mainland china|中国|中國|中华人民共和国|кнр",
    "TW": "taiwan|taiwan r.o.c.|taiwan (r.o.c.)|taiwan, roc|r.o.c.|台灣|臺灣|台湾|中華民國",
    "HK": "hong kong|hong kong sar|hongkong|香港|h.k.|hk",
    "MO": "macau|macao|macao sar|澳門|澳门",
    "JP": "japan|日本|日本国|nippon",
    "DE": "germany|deutschland|brd|германия|d",
    "AT": "österreich|oesterreich|austria",
    "CH": "schweiz|suisse|svizzera|svizra|switzerland|confoederatio helvetica",
    "BE": "belgië|belgique|belgien|belgium",
    "NL": "nederland|holland|the netherlands|netherlands",
    "ES": "españa|espana|spain|espanya",
    "FR": "france métropolitaine|france",
    "PT": "portugal continental|portugal",
    "BR": "brasil|brazil",
    "MX": "méxico|mexico|estados unidos mexicanos",
    "TR": "türkiye|turkiye|turkey|турция|t.c.",
    "IL": "israel|ישראל|израиль",
    "UA": "україна|ukraina|украина|ukraine",
    "KZ": "қазақстан|казахстан|qazaqstan|kazakhstan|kazakstan|рк",
    "BY": "беларусь|белоруссия|республика беларусь|рб",
    "KG": "кыргызстан|киргизия|kyrgyzstan",
    "UZ": "узбекистан|o'zbekiston|uzbekistan",
    "TJ": "таджикистан|тоҷикистон",
    "TM": "туркменистан|туркмения",
    "AM": "армения|հայաստան",
    "AZ": "азербайджан|azərbaycan",
    "GE": "грузия|საქართველო",
    "MD": "молдова|молдавия|moldova|republica moldova",
    "LV": "латвия|latvija", "LT": "литва|lietuva", "EE": "эстония|eesti",
    "CZ": "czech republic|czechia|česko|česká republika|čr",
    "SK": "slovensko|slovenská republika|slovak republic",
    "MK": "north macedonia|macedonia|северна македонија",
    "BA": "bosna i hercegovina|bosnia|bosnia and herzegovina|бих|bih",
    "RS": "srbija|србија|serbia", "ME": "crna gora|црна гора|montenegro", "XK": "kosovo|kosova|косово",
    "IE": "éire|eire|ireland|republic of ireland",
    "SA": "saudi arabia|ksa|k.s.a.|السعودية|المملكة العربية السعودية",
    "EG": "egypt|مصر|جمهورية مصر العربية", "JO": "الأردن|jordan", "LB": "لبنان|lebanon", "MA": "المغرب|maroc|morocco",
    "KW": "الكويت|kuwait", "QA": "قطر|qatar", "BH": "البحرين|bahrain", "OM": "عمان|oman|سلطنة عمان",
        "IQ": "العراق|iraq",
    "IR": "iran|ایران|islamic republic of iran", "SY": "syria|سوريا", "PS": "palestine|فلسطين", "TN": "تونس|tunisie",
    "DZ": "الجزائر|algérie", "LY": "ليبيا|libya", "YE": "اليمن", "SD": "السودان",
    "IN": "india|bharat|भारत", "TH": "thailand|ประเทศไทย|ไทย", "VN": "vietnam|viet nam|việt nam|вьетнам",
    "ID": "indonesia|republik indonesia", "MY": "malaysia", "PH": "philippines|pilipinas|the philippines",
    "SG": "singapore|singapura|新加坡|republic of singapore",
    "LA": "laos|lao pdr", "BN": "brunei", "MM": "burma|myanmar",
    "CI": "côte d'ivoire|cote d'ivoire|ivory coast", "CD": "dr congo|drc|congo-kinshasa", "CG": "congo-brazzaville",
    "CV": "cape verde|cabo verde", "SZ": "swaziland|eswatini", "TZ": "tanzania", "BO": "bolivia", "VE": "venezuela",
    "VA": "vatican|vatican city|città del vaticano|holy see", "FM": "micronesia", "ZA": "south africa|rsa|suid-afrika",
    "NZ": "new zealand|aotearoa|n.z.", "AU": "australia|aus", "CA": "canada", "AC": "ascension island",
    "TA": "tristan da cunha", "GL": "greenland|grønland|kalaallit nunaat", "FO": "faroe islands|føroyar|færøerne",
    "PR": "puerto rico", "DO": "república dominicana|dominican republic", "PA": "panamá", "PE": "perú",
        "LU": "luxembourg|"
    "luxemburg|lëtzebuerg", "FI": "suomi|finland", "SE": "sverige", "NO": "norge|noreg", "DK": "danmark",
        "IS": "ísland",
    "HU": "magyarország", "RO": "românia", "BG": "българия", "GR": "ελλάδα|ελλάς|hellas|greece", "CY": "κύπρος|kıbrıs",
    "HR": "hrvatska", "SI": "slovenija", "AL": "shqipëria|shqipëri", "PL": "polska|польша", "IT": "italia|italien",
    "MN": "монгол улс|mongolia", "NP": "नेपाल", "BD": "বাংলাদেশ", "LK": "ශ්‍රී ලංකාව", "PK": "پاکستان",
        "KH": "cambodia",
}  # fmt: skip
# One name that is the country and its only city.
CITY_STATES = {
    "SG": "Singapore", "MC": "Monaco", "HK": "Hong Kong", "MO": "Macao", "VA": "Vatican City", "GI": "Gibraltar",
    "SM": "San Marino", "LU": "Luxembourg", "KW": "Kuwait City", "DJ": "Djibouti", "GT": "Guatemala", "PA": "Panamá",
    "MX": "México",
}  # fmt: skip
_ENGLISH = {
    "AC": "Ascension Island", "TA": "Tristan da Cunha", "XK": "Kosovo", "TR": "Turkey", "CD": "DR Congo",
    "RU": "Russia", "VA": "Vatican City", "SY": "Syria", "LA": "Laos", "BN": "Brunei", "FM": "Micronesia",
    "FK": "Falkland Islands", "KP": "North Korea", "KR": "South Korea", "PS": "Palestine",
        "VG": "British Virgin Islands",
    "VI": "U.S. Virgin Islands", "CZ": "Czech Republic", "BO": "Bolivia", "IR": "Iran", "MD": "Moldova",
        "VN": "Vietnam",
    "MO": "Macao", "HK": "Hong Kong", "TZ": "Tanzania", "VE": "Venezuela", "TW": "Taiwan",
}  # fmt: skip
_ARTICLE = re.compile(r"^(?:the|la|le|les|republic of|república de|république de|republik|республика|republica)\s+")


def country_name(code: str) -> str:
    """The short English name; an unknown code stays as it is."""
    if code in _ENGLISH:
        return _ENGLISH[code]
    entry = pycountry.countries.get(alpha_2=code) if len(code) == 2 else None
    return str(getattr(entry, "common_name", entry.name)) if entry else code


def find_country(name: str) -> str:
    """The code of a country called so; "" when none is. Codes of two letters count for a few that people write so."""
    wanted = plain(name).strip(" .,")
    return _by_name().get(wanted) or _by_name().get(_ARTICLE.sub("", wanted), "")


@cache
def country_names() -> tuple[tuple[str, str], ...]:
    """(code, English name) of every country with addresses, in the order of the names."""
    codes = {one.alpha_2 for one in pycountry.countries} | {"XK", "AC", "TA"}
    named = ((code, country_name(code)) for code in codes if is_country(code))
    return tuple(sorted(named, key=lambda one: plain(one[1])))


@cache
def _by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in _ALSO.items():
        for name in names.split("|"):
            found.setdefault(plain(name).strip(" ."), code)
    english = {code: _names_of(code) for code, _ in country_names()}
    for code, names_of in english.items():
        for name in names_of:
            found.setdefault(plain(name), code)
    for language in _WORLD:
        _add_language(found, language, english)
    for language, code in zip(_OWN, _BY_OWN, strict=True):
        _add_language(found, language, {code: english[code]})
    return {name: code for name, code in found.items() if len(name) > 1 or name == "d"}


def _names_of(code: str) -> set[str]:
    entry = pycountry.countries.get(alpha_2=code)
    if entry is None:
        return {country_name(code)}
    known = (getattr(entry, name, "") for name in ("name", "common_name", "official_name", "alpha_3"))
    return {country_name(code), *filter(None, known)}


def _add_language(found: dict[str, str], language: str, english: dict[str, set[str]]) -> None:
    translated = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language], fallback=True)
    for code, names in english.items():
        for name in names:
            found.setdefault(plain(translated.gettext(name)), code)
