"""A letter with more files than anybody looks at is kept whole, and taken apart only so far."""

from collections.abc import Callable

from channels.services import limiting
from channels.services.receiving import Received
from channels.types import InboundAttachment
from files.services import storing
from tests.channels.email.building import mail
from tickets.models import Attachment

Receive = Callable[[bytes], Received]


def file(number: int, *, inline: bool = False) -> InboundAttachment:
    return InboundAttachment(f"{number}.txt", "text/plain", 1, "", b"x", inline, f"c{number}" if inline else "")


def test_usual_letter_keeps_all_its_files() -> None:
    files = [file(number) for number in range(limiting.MOST_FILES)]

    assert limiting.limit_files(files) == files


def test_first_files_are_kept_and_the_others_named() -> None:
    files = [file(number) for number in range(limiting.MOST_FILES + 5)]

    *kept, others = limiting.limit_files(files)

    assert kept == files[: limiting.MOST_FILES - 1]
    assert others.name == "6 more files.txt"
    text = others.content.decode()
    assert "99.txt (1 bytes)" in text and "104.txt" in text and "98.txt" not in text


def test_pictures_that_the_letter_shows_come_before_its_other_files() -> None:
    files = [*(file(number) for number in range(limiting.MOST_FILES + 5)), file(999, inline=True)]

    kept = limiting.limit_files(files)

    assert files[-1] in kept
    assert len(kept) == limiting.MOST_FILES


def test_names_are_not_listed_without_end() -> None:
    *_, others = limiting.limit_files([file(number) for number in range(limiting.MOST_NAMES + 200)])

    assert others.content.decode().count("\n") < limiting.MOST_NAMES + 5
    assert others.content.decode().endswith("and 101 more")


def test_letter_with_thousands_of_files_becomes_a_message(receive: Receive) -> None:
    part = '--b\r\nContent-Type: text/plain; name="{0}.txt"\r\nContent-Disposition: attachment\r\n\r\n{0}\r\n'
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nMany files\r\n" + "".join(map(part.format, range(2000))) + "--b--\r\n"
    )

    received = receive(mail(body, Content_Type='multipart/mixed; boundary="b"'))

    assert received.message is not None
    assert received.message.text == "Many files"
    files = Attachment.objects.filter(message=received.message).select_related("file").order_by("position")
    assert len(files) == limiting.MOST_FILES
    assert files[len(files) - 1].file.name.endswith(" more files.txt")
    assert "150.txt" in storing.read(files[len(files) - 1].file).decode()
