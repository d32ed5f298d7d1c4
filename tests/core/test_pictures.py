"""What pictures say of themselves by their bytes, whole, cut and pretended."""

import struct
import zlib

import pytest

from core.pictures import Picture, read_picture


def png(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + struct.pack(">I", zlib.crc32(chunk))


def jpeg(width: int, height: int, before: bytes = b"") -> bytes:
    frame = struct.pack(">BHHB", 8, height, width, 3) + b"\x01\x11\0" * 3
    return b"\xff\xd8" + before + b"\xff\xc2" + struct.pack(">H", len(frame) + 2) + frame + b"\xff\xd9"


EXIF = b"\xff\xe1" + struct.pack(">H", 10) + b"Exif\0\0\xff\xc0"


@pytest.mark.parametrize(
    ("content", "kind", "size"),
    [
        (png(640, 480), "image/png", (640, 480)),
        (b"GIF89a" + struct.pack("<HH", 31, 17) + b"\0\0\0", "image/gif", (31, 17)),
        (b"GIF87a" + struct.pack("<HH", 1, 1) + b"\0\0\0", "image/gif", (1, 1)),
        (jpeg(320, 200), "image/jpeg", (320, 200)),
        (jpeg(320, 200, EXIF + b"\xff\xff\xff"), "image/jpeg", (320, 200)),
        (b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0abc\x9d\x01\x2a" + struct.pack("<HH", 64, 48), "image/webp", (64, 48)),
        (b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", 63 | 47 << 14), "image/webp", (64, 48)),
        (b"RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0" + b"\x3f\0\0\x2f\0\0", "image/webp", (64, 48)),
    ],
)
def test_picture_says_its_kind_and_size(content: bytes, kind: str, size: tuple[int, int]) -> None:
    assert read_picture(content) == Picture(kind, *size)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html>",
        b" " + png(1, 1),
        b"%PDF-1.7",
        b"BM" + bytes(60),
        b"\0\0\0\x1cftypavif",
        png(0, 480),
        b"RIFF\0\0\0\0WAVEfmt ",
        b"\xff\xd8\xff" + b"\xff" * 100_000,
        b"\xff\xd8" + b"\xff\xe0\0\x02" * 100_000,
        b"\xff\xd8\xff\xd9",
        b"\xff\xd8hello",
    ],
)
def test_what_is_no_picture_of_these_is_none(content: bytes) -> None:
    assert read_picture(content) is None


@pytest.mark.parametrize("whole", [png(640, 480), jpeg(320, 200, EXIF), b"GIF89a\x05\0\x05\0"])
def test_cut_pictures_raise_nothing(whole: bytes) -> None:
    for end in range(len(whole)):
        found = read_picture(whole[:end])
        assert found is None or found == read_picture(whole)
