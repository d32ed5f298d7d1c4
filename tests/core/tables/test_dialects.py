"""How a table is written: delimiter and header."""

import pytest

from core.tables.problems import NoHeader, NotText, TooManyColumns, UnknownEncoding, UnreadableTable
from tests.core.tables.files import cells_of, dialect_of


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_the_one_rows_share_with_the_header(delimiter: str) -> None:
    text = delimiter.join(["name", "price, EUR; net", "city"]) + "\n" + delimiter.join(["Ana", "1,5", "a|b"]) + "\n"
    text = text if delimiter not in ",;" else text.replace("price, EUR; net", '"price, EUR; net"')
    text = text.replace("1,5", '"1,5"').replace("a|b", '"a|b"')

    assert dialect_of(text).delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name;price,EUR;qty\na;1,5;2\nb;2,5;3\n", ";"),
        ("name;note\nAna;well, well\nBob;so, so, so\n", ";"),
        ("a,b,c,d,e\n1;2,3,4,5,6\nbroken\n1,2,3,4,5\n", ","),
        ("name\nAna;x\n", ","),
        ("last, first, middle;n\nAna;1\nBob;2\n", ";"),
        ('"a;b;c","d"\n1,2\n', ","),
        ("a;b", ";"),
        ('a;b\n"x\n,,,,\n,,,,";2\n', ";"),
    ],
)
def test_delimiter_among_others(text: str, delimiter: str) -> None:
    assert dialect_of(text).delimiter == delimiter


def test_row_cut_by_the_end_of_the_sample_does_not_mislead() -> None:
    text = "a;b\n" + '"' + "y,z\n" * 50_000 + '";2\n'

    assert dialect_of(text).delimiter == ";"


@pytest.mark.parametrize("line", ["sep=;\r\n", "SEP=;\n", '"sep=;"\r', "sep=;;;;\r\n"])
def test_line_for_excel_names_the_delimiter(line: str) -> None:
    dialect = dialect_of(line + "a,b;c,d\n1,2;3,4\n")

    assert (dialect.delimiter, dialect.columns, dialect.body.line) == (";", ("a,b", "c,d"), 3)


def test_line_for_excel_may_name_a_tab_and_follow_a_mark() -> None:
    assert cells_of("\ufeffsep=\t\r\na\tb\r\n1\t2\r\n") == [("1", "2")]
    assert cells_of("\ufeffsep=^\na^b\n1^2\n") == [("1", "2")]


@pytest.mark.parametrize("first", ["sep=x\n", "sep=ab\n", "sep=\n", "separator\n"])
def test_other_first_lines_are_headers(first: str) -> None:
    assert dialect_of(first + "1\n").columns == (first.strip(),)


def test_chosen_delimiter_is_taken() -> None:
    assert dialect_of("a;b,c\n", delimiter=",").columns == ("a;b", "c")
    assert dialect_of("sep=;\na;b,c\n", delimiter=",").columns == ("a;b", "c")
    for wrong in ["ab", '"', "x", "\n", "€", " "]:
        with pytest.raises(UnknownEncoding):
            dialect_of("a;b,c\n", delimiter=wrong)


def test_names_are_cleaned() -> None:
    dialect = dialect_of('\ufeff\n\n \ufeffName\u200b ,"E-mail\n address",\u00a0city\t,\'=x,\n1,2,3,4\n')

    assert dialect.columns == ("Name", "E-mail address", "city", "=x")
    assert dialect.body.line == 5


def test_doubled_and_missing_names_are_told() -> None:
    dialect = dialect_of("Email,name,,email,NAME,phone,,\n")

    assert dialect.doubled == ("Email", "name")
    assert dialect.unnamed == (3,)
    assert len(dialect.columns) == 6


def test_two_hundred_columns_are_read_and_one_more_refused() -> None:
    assert len(dialect_of(",".join(f"c{n}" for n in range(200)) + ",,,\n").columns) == 200
    with pytest.raises(TooManyColumns, match="201 columns; at most 200"):
        dialect_of(",".join(f"c{n}" for n in range(201)))


@pytest.mark.parametrize("data", ["", "\n\r\n", "\ufeff", "sep=;\n", ",,,\n", ' ,"\u200b"\n', "\0\n"])
def test_nothing_in_the_first_row_is_told(data: str) -> None:
    with pytest.raises((NoHeader, NotText)):
        dialect_of(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ('a,"b\n1,2\n', "Lines 1 to 2: A quotation mark is opened and never closed"),
        ('"a"b,c\n1,2\n', "Line 1: A quotation mark stands inside"),
        ("a" * 200_000 + ",b\n1,2\n", "Line 1: A cell is longer than 131,072 characters"),
        (b"a,\xc3\n" + "ü".encode() * 20, "Line 1: There are characters"),
    ],
)
def test_broken_header_is_told_with_its_line(data: str | bytes, said: str) -> None:
    with pytest.raises(UnreadableTable, match=said):
        dialect_of(data, delimiter=",")


def test_blanks_before_quotation_marks_belong_to_no_cell() -> None:
    assert cells_of('"a", "b"\n"1, 2",  "3"\n') == [("1, 2", "3")]
    assert cells_of('"a","b"\n"1",x "y"\n') == [("1", 'x "y"')]
