"""In which encoding a table is written."""

import codecs
import io

import pytest

from core.tables.encodings import ENCODINGS, find_encoding
from core.tables.problems import NotText, UnknownEncoding
from tests.core.tables.files import cells_of, dialect_of

TEXT = "name;город\nЗоя;Köln\n李;日本\n"
MARKS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


@pytest.mark.parametrize("name", MARKS)
def test_byte_order_mark_is_believed(name: str) -> None:
    found = dialect_of(MARKS[name] + TEXT.encode(name)).encoding

    assert (found.name, found.is_guess, found.mark) == (name, False, len(MARKS[name]))
    assert cells_of(MARKS[name] + TEXT.encode(name)) == [("Зоя", "Köln"), ("李", "日本")]


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [TEXT, "a,b\nc,d\n", "名,市\n李,京\n", "имя\nЗоя\nАнна", "a\r\n\U0001f600\r\n"])
def test_utf_16_without_a_mark_is_seen_by_its_separators(name: str, text: str) -> None:
    found = dialect_of(text.encode(name)).encoding

    assert (found.name, found.is_guess, found.mark) == (name, True, 0)


@pytest.mark.parametrize("data", [b"a,b\n\0,c\n", b"a,b\n1\0,2\n3,4\n", b"a\nb\0\n", b"a,b\n\0\0,\0\0\nc,d\nee,ff\n"])
def test_stray_nul_makes_no_utf_16(data: bytes) -> None:
    assert dialect_of(data).encoding.name == "utf-8"


def test_utf_8_to_the_last_byte_is_known() -> None:
    found = dialect_of(TEXT).encoding

    assert (found.name, found.is_guess, found.label) == ("utf-8", False, "UTF-8")


def test_utf_8_is_read_to_its_end() -> None:
    text = "a,b\n" + "plain,row\n" * 60_000

    assert find_encoding(io.BytesIO(text.encode() + b"Jos\xe9,Garc\xeda\n")).name == "cp1252"
    assert not find_encoding(io.BytesIO(text.encode())).is_guess


def test_one_broken_row_leaves_utf_8() -> None:
    found = dialect_of("имя,город\nЗоя,Москва\n".encode() + b"Jos\xe9,x\n").encoding

    assert (found.name, found.is_guess) == ("utf-8", True)


def test_file_cut_inside_a_character_stays_utf_8() -> None:
    assert dialect_of("имя,город\nЗоя,Москва".encode()[:-1]).encoding.name == "utf-8"


SENTENCES = {
    "cp1251": [
        "Имя;Город\nЗоя;Санкт-Петербург\n",
        "имя\nанна",
        "ИМЯ;ТЕЛЕФОН\nИВАНОВ ИВАН;+7 900\n",
        "№;Улица\n1;ул. Тверская, д. 7 «Ёлка» – вход",
        "Ім'я\nЄвген Ґалаґан",
    ],
    "cp1252": [
        "Nom;Prénom\nLefèvre;François\n",
        "Name;Straße\nMüller;Größerstraße 3 – links\n",
        "nombre\nJosé Muñoz – ¿qué? 5€",
        "Navn\nBjørn Kjær\nÅse Ødegård",
        "x\n“quoted” it’s",
        "Nome\nJoão Conceição",
        "preis\n10 €",
    ],
    "cp1250": ["Imię;Miasto\nŁukasz;Łódź\nGrażyna;Kraków\n", "ulica\nMarszałkowska, Książęca\n"],
    "koi8-r": ["Имя;Город\nЗоя Иванова;Москва\nИван Петров;Тверь\n"],
    "cp866": ["Имя;Город\nЗоя Иванова;Москва\nИван Петров;Тверь\n"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in SENTENCES.items() for text in texts])
def test_one_byte_letters_are_guessed_by_their_words(name: str, text: str) -> None:
    found = dialect_of(text.encode(name)).encoding

    assert found.is_guess
    assert text.encode(name).decode(found.name) == text


def test_bytes_windows_does_not_know_are_latin_1() -> None:
    assert dialect_of(b"a\ncaf\xe9 d\xe9j\xe0 na\xefve \x81\n").encoding.name == "latin-1"


def test_chosen_encoding_is_not_looked_for() -> None:
    data = "имя\nЗоя\n".encode("cp1251")

    assert dialect_of(data, encoding="koi8-r").encoding.name == "koi8-r"
    assert not dialect_of(data, encoding="koi8-r").encoding.is_guess
    with pytest.raises(UnknownEncoding):
        dialect_of(data, encoding="utf-7")


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_on_offer_reads_a_table(name: str) -> None:
    data = 'name;a\nAna;"x ""y""\nz"\n'.encode(name)

    assert cells_of(data, encoding=name) == [("Ana", 'x "y"\nz')]


def test_mark_of_the_chosen_encoding_is_no_text() -> None:
    assert dialect_of(codecs.BOM_UTF8 + b"a,b\n", encoding="utf-8").columns == ("a", "b")


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01\x02\x03\x04\x05\x06",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
        b"\x1f\x8b\x08\x00\x01\x02\x03\x04",
        bytes(range(256)) * 4,
        b"\0" * 5000,
        b"<!DOCTYPE html><html><body><table>",
        b"\xef\xbb\xbf\n <html><table>"[3:],
    ],
)
def test_what_is_no_text_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(NotText, match="save as CSV"):
        dialect_of(data)
