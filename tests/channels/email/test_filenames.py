"""Names of files keep their meaning and lose their teeth."""

import pytest

from channels.email.filenames import LONGEST_NAME, name_for, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bill.pdf", "bill.pdf"),
        ("Счёт №7 «май».pdf", "Счёт №7 «май».pdf"),
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("/etc/passwd", "passwd"),
        (r"C:\Users\ana\bill.pdf", "bill.pdf"),
        ("Bill 3/2026.pdf", "Bill 3_2026.pdf"),
        ("a\r\nb\0c\x1b.pdf", "a bc.pdf"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        (".htaccess", "htaccess"),
        ("con.txt", "_con.txt"),
        ("CON", "_CON"),
        ("contract.txt", "contract.txt"),
        ("  spaces .pdf. ", "spaces .pdf"),
        ("..", "file"),
        ("///", "file"),
        ("", "file"),
        ("a\ud800.pdf", "a\ufffd.pdf"),
    ],
)
def test_name_is_made_safe(name: str, safe: str) -> None:
    assert safe_name(name, fallback="file") == safe


def test_long_name_is_cut_in_front_of_its_suffix() -> None:
    name = safe_name("x" * 500 + ".pdf", fallback="file")

    assert (len(name), name[-5:]) == (LONGEST_NAME, "x.pdf")
    assert len(safe_name("x" * 500, fallback="file")) == LONGEST_NAME


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("image/png", "image-2.png"),
        ("application/pdf", "file-2.pdf"),
        ("application/ms-tnef", "winmail.dat"),
        ("text/calendar", "invite.ics"),
        ("application/x-nobody-knows", "file-2.bin"),
    ],
)
def test_nameless_part_gets_a_name_by_its_type(content_type: str, name: str) -> None:
    assert name_for(content_type, 2) == name
