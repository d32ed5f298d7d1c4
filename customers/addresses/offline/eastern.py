"""Divides addresses of China, Japan, Korea and Taiwan in their own letters: from the large to the small, no commas."""

import re
from typing import Final

from customers.addresses.kinds import Address
from customers.addresses.offline.codes import find_code
from customers.addresses.offline.units import take_units
from customers.addresses.regions import cities_of, districts_of, regions_of

EASTERN: Final = frozenset({"CN", "JP", "KR", "TW", "HK", "MO", "KP"})
_COUNTRY: Final = re.compile(
    r"^(?:日本国?|中国|中國|中华人民共和国|中華民國|대한민국|한국|台灣(?!省)|香港特別行政區)[\s,]*"
)
_NUMERALS: Final = str.maketrans("〇一二三四五六七八九", "0123456789")
_SHORT: Final = {
    "JP": {"東京": "東京都", "大阪": "大阪府", "京都": "京都府"},
    "CN": {"北京": "北京市", "上海": "上海市", "天津": "天津市", "重庆": "重庆市"},
    "KR": {"서울시": "서울특별시", "서울": "서울특별시", "부산시": "부산광역시",
           "대구시": "대구광역시", "인천시": "인천광역시",
           "광주시": "광주광역시", "대전시": "대전광역시", "울산시": "울산광역시",
           "세종시": "세종특별자치시", "제주도": "제주특별자치도",
           "강원특별자치도": "강원도", "전북특별자치도": "전라북도"},
}  # fmt: skip
_JAPANESE_CITY: Final = re.compile(
    r"^((?:余市郡|高市郡)[^町村]{1,6}?[町村]|(?:四日市|廿日市|野々市|八日市|市川|市原|大町|十日町|余市|高市)市|[^市区郡町村\d]{1,7}?郡[^町村\d]{1,7}?[町村]|"
    r"[^市区郡\d]{1,7}?市(?:[^市区\d町]{1,4}?区)?|[^区\d]{1,5}?区|[^町村\d]{1,6}?[町村])"
)
_CHINESE_CITY: Final = re.compile(r"^(?!.{0,6}(?:路|街))([^市区县\d]{2,8}?(?:自治州|地区|盟|市))")
_CHINESE_DISTRICT: Final = re.compile(r"^([^市区县路街\d]{1,8}?(?:新区|开发区|区|县|旗|市))")
_TAIWAN_DISTRICT: Final = re.compile(r"^([^路街道巷\d]{1,4}?[區鄉鎮市])")
_KOREAN_CITY: Final = re.compile(r"^(\S{1,7}(?:시|군|구))(?:\s+|$)")
_KOREAN_PART: Final = re.compile(r"^(\S{1,6}구|\S{1,7}(?:읍|면))(?:\s+|$)")
# The postal data has these in Latin letters only.
_QUARTERS: Final = (
    "尖沙咀東 尖沙咀 旺角 中環 銅鑼灣 灣仔 觀塘 沙田 荃灣 金鐘 上環 油麻地 佐敦 紅磡 深水埗 元朗 屯門 "
    "大埔 將軍澳 北角 鰂魚涌 太古 柴灣 "
    "西環 黃竹坑 葵涌 九龍灣 九龍塘 九龍城 長沙灣 荔枝角 青衣 天水圍 粉嶺 上水 西貢 馬鞍山 香港仔 赤柱 "
    "何文田 土瓜灣 新蒲崗 黃大仙 大角咀 牛頭角 筲箕灣 "
    "西營盤 跑馬地 東涌 太子"
).split()
# From the number of the block on, everything behind a blank or a Japanese letter is a building.
_BLOCK: Final = re.compile(
    r"^(?P<street>.*?\d+(?:条[東西南北]?\s?\d*)?(?:(?:丁目|番地?の?|号|-|の)\s?\d*)*(?:番地|番|号)?)(?P<sep>\s+|,|"
    r"(?=[^\d\s\-丁番号の,])|$)(?P<rest>.*)$"
)
_ROOM: Final = re.compile(r"(?P<flat>[A-Z]?\d{1,5}(?:-\d+)?)\s?(?:号室|號室|室|호|房)?$")
_FLOOR: Final = re.compile(
    r"(?:(?P<a>\d{1,3}|[BＢ]\d)\s?(?:階|层|楼|樓|층|F\b)(?:之(?P<room>\d+))?|第(?P<b>\d+)(?:层|楼))"
)
_COMPANY: Final = re.compile(r"\S*(?:株式会社|有限会社|合同会社|有限公司|주식회사|㈜)\S*")


def divide_eastern(text: str, country: str) -> Address:
    """Divide by the names of regions and cities in the postal data and by the words that end each part."""
    values: dict[str, str] = {}
    text = _COUNTRY.sub("", " ".join(re.split(r"[\s\n]+", text)))
    if country != "HK" and (found := find_code(text, country)):
        values["postal_code"] = found.code
        text = re.sub(r"\(\s*\)", " ", f"{found.before} {found.after}")
    if company := _COMPANY.search(text):
        values["company"] = company[0].strip(" ,")
        text = text.replace(company[0], " ")
    text = re.sub(r"^[\s,〒]+|[\s,〒]+$", "", _COUNTRY.sub("", text.strip(" ,")))
    _RULES[country](text, values)
    return Address(
        country=country, **{column: value.strip(" ,") for column, value in values.items() if value.strip(" ,")}
    )


def _take_region(text: str, country: str) -> tuple[str, str]:
    """(region as the mail spells it, rest); ("", text) where the text does not begin with one."""
    spelled = text.replace("臺", "台") if country == "TW" else text
    names = {one.value: one.value for one in regions_of(country)}
    names |= {
        spelling: one.value for one in regions_of(country) for spelling in one.spellings if not spelling.isascii()
    }
    names |= _SHORT.get(country, {})
    for name in sorted(names, key=len, reverse=True):
        if spelled.startswith(name):
            # A city may be called like the region it lies in: 長野市 is not 長野県, 강원대로 no province.
            rest = text[len(name) :]
            if country == "KR" and rest and rest[0] not in " ,":
                continue
            if country == "JP" and name in {"京都", "大阪", "東京"} and rest.startswith("市"):
                return names[name], text
            return names[name], rest.lstrip(" ,")
    return "", text


def _divide_japanese(text: str, values: dict[str, str]) -> None:
    region, rest = _take_region(text, "JP")
    values["region"] = region
    rest = rest.replace(" ", "", 1) if re.match(r"^\S{1,6}[市区郡町村] ", rest) else rest
    if found := _JAPANESE_CITY.match(rest):
        values["city"], rest = found[1], rest[len(found[1]) :].lstrip(" ,")
    rest = re.sub(r"[一二三四五六七八九〇](?=丁目)", lambda one: one[0].translate(_NUMERALS), rest)
    rest = re.sub(r"^十丁目", "10丁目", rest)
    if block := _BLOCK.match(rest):
        values["street"] = block["street"]
        _put_inside(block["rest"].strip(" ,"), values)
    else:
        values["street"] = rest


def _put_inside(rest: str, values: dict[str, str]) -> None:
    """Building, floor and room behind the block."""
    if found := _FLOOR.search(rest):
        values["floor"] = found["a"] or found["b"]
        rest = f"{rest[: found.start()]} {rest[found.end() :]}".strip()
    if (found := _ROOM.search(rest)) and (found[0] != rest or re.search("[室호房]", found[0]) or rest.isdigit()):
        values["flat"] = found["flat"]
        rest = rest[: found.start()]
    values["building"] = rest.strip(" ,-")


def _divide_chinese(text: str, values: dict[str, str]) -> None:
    region, rest = _take_region(text.replace(" ", ""), "CN")
    values["region"] = region
    city = next((one for one in sorted(cities_of("CN", region), key=len, reverse=True) if rest.startswith(one)), "")
    if region in {"北京市", "上海市", "天津市", "重庆市"}:
        values["city"] = region
        rest = rest.removeprefix(region)
        city = ""
    elif city or (found := _CHINESE_CITY.match(rest)):
        city = city or (found[1] if found else "")
        values["city"], rest = city, rest[len(city) :]
        _put_province(values, city)
    known = districts_of("CN", values.get("region", ""), values.get("city", "")) or cities_of("CN", region)
    district = next((one for one in sorted(known, key=len, reverse=True) if rest.startswith(one)), "")
    if district or (part := _CHINESE_DISTRICT.match(rest)):
        district = district or (part[1] if part else "")
        values["district"], rest = district, rest[len(district) :]
    _put_chinese_doors(rest.strip(" ,"), values)


def _put_province(values: dict[str, str], city: str) -> None:
    """The province of a city that stands in one province only."""
    if not values.get("region"):
        holders = [one.value for one in regions_of("CN") if city in cities_of("CN", one.value)]
        values["region"] = holders[0] if len(holders) == 1 else ""


def _put_chinese_doors(rest: str, values: dict[str, str]) -> None:
    numbered = re.match(r"^(?P<street>.*?[\dA-Z]号(?:院)?)(?P<rest>.*)$", rest)
    found = numbered or re.match(
        r"^(?P<street>.*?(?:路|街|道|巷|弄|里|村|大道|胡同|段)(?:[东西南北中]段)?[\dA-Z\-附甲乙]*(?:弄\d+)?号?(?:院)?)(?P<rest>.*)$",
        rest,
    )
    if not found:
        values["street"] = rest
        return
    values["street"], inside = found["street"], found["rest"].strip(" ,")
    more = re.match(r"^[\dA-Z\-附]+号院?", inside)
    if more:
        values["street"], inside = values["street"] + more[0], inside[more.end() :]
    if unit := re.search(r"(\w?\d*)单元", inside):
        values["entrance"] = unit[1]
        inside = inside[: unit.start()] + " " + inside[unit.end() :]
    _put_inside(inside.strip(), values)


def _divide_taiwanese(text: str, values: dict[str, str]) -> None:
    region, rest = _take_region(text.replace(" ", ""), "TW")
    values["region"] = region
    known = next(
        (one for one in sorted(cities_of("TW", region), key=len, reverse=True) if region and rest.startswith(one)), ""
    )
    found = _TAIWAN_DISTRICT.match(rest)
    city = known or (found[1] if found else "")
    values["city"], rest = city, rest[len(city) :]
    if found := re.match(r"^(?P<street>.*?號(?:之\d+)?)(?P<rest>.*)$", rest):
        values["street"] = found["street"]
        inside = found["rest"].strip(" ,-")
        if floor := _FLOOR.search(inside):
            values["floor"], values["flat"] = floor["a"] or floor["b"], floor["room"] or ""
            inside = (inside[: floor.start()] + " " + inside[floor.end() :]).strip()
        if inside:
            _put_inside(inside, values)
    else:
        values["street"] = rest


def _divide_korean(text: str, values: dict[str, str]) -> None:
    if note := re.search(r"\(([^()]*)\)", text):
        values["district"] = note[1].split(",")[0].strip()
        text = f"{text[: note.start()]} {text[note.end() :]}".strip(" ,")
    values["region"], rest = _take_region(text, "KR")
    rest = rest.replace(",", " , ")
    rest = " ".join(rest.split()).strip(" ,")
    if found := _KOREAN_CITY.match(rest):
        values["city"], rest = found[1], rest[found.end() :]
        if values["city"].endswith(("시", "군")) and (part := _KOREAN_PART.match(rest)):
            values["district"], rest = part[1], rest[part.end() :]
    elif values["region"]:
        values["city"] = values["region"]
    taken = re.match(
        r"^(?P<street>.*?(?:로|길|동|가|리)\s*(?:산\s?)?\d*(?:번길|가길|길)?\s*\d+(?:-\d+)?(?:번지)?)(?P<rest>(?:[\s,].*)?)$",
        rest,
    )
    values["street"] = taken["street"] if taken else rest
    if taken:
        inside = taken["rest"].strip(" ,")
        if found := re.search(r"(?P<a>\S+)동\s+(?=\d)", inside):
            values["building"] = inside[: found.end()].strip().replace(" ,", "")
            inside = inside[found.end() :]
        building = values.get("building", "")
        _put_inside(inside.replace(" , ", " "), values)
        values["building"] = " ".join(filter(None, [building, values.get("building", "")]))


def _divide_hong_kong(text: str, values: dict[str, str]) -> None:
    text = re.sub(r"^香港(?=九龍|新界|香港島)", "", text.replace(" ", ""))
    area = next((one for one in ("九龍", "新界", "香港島", "香港") if text.startswith(one)), "")
    values["region"], rest = ("香港島" if area == "香港" else area), text[len(area) :]
    city = next((one for one in _QUARTERS if rest.startswith(one)), "")
    values["city"], rest = city or values["region"], rest[len(city) :]
    if found := re.match(r"^(?P<street>.*?\d+[A-Z]?(?:-\d+)?號?)(?P<rest>.*)$", rest):
        values["street"] = found["street"]
        _put_inside(found["rest"], values)
    else:
        values["street"] = rest


def _divide_macau(text: str, values: dict[str, str]) -> None:
    values["city"] = "澳門"
    rest = text.replace(" ", "").removeprefix("澳門")
    taken = take_units([rest], "MO")
    values.update(taken.values)
    values["street"] = " ".join(taken.parts)


_RULES: Final = {
    "JP": _divide_japanese,
    "CN": _divide_chinese,
    "TW": _divide_taiwanese,
    "KR": _divide_korean,
    "KP": _divide_korean,
    "HK": _divide_hong_kong,
    "MO": _divide_macau,
}
