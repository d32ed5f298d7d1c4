"""Makes ordinary mails as shops get them: new questions, answers with their history, pictures, machines' mail."""

from __future__ import annotations

import random
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.utils import timezone

from bench.vocabulary import Vocabulary

INBOX = "support@bench.example"
PICTURE = 40_000  # bytes
KNOWN = 50  # people who write again and again

GMAIL = '<div dir="ltr">{new}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{line}<br></div>'
GMAIL += '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{old}</blockquote></div>'
OUTLOOK = (
    '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {{margin:0cm}} '
    '--></style></head><body lang="EN-GB"><div class="WordSection1">{new}<div style="border:none;border-top:solid '
    '#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Support &lt;' + INBOX + "&gt;<br>"
    "<b>Sent:</b> Monday, 16 November 2026 09:12<br><b>Subject:</b> My order</p></div>{old}</div></body></html>"
)
HEADERS = (
    ("Received", "from mx.shopper.example (mx.shopper.example [192.0.2.7]) by mail.bench.example with ESMTPS id 4Zx1"),
    ("Authentication-Results", "mail.bench.example; dkim=pass header.d=shopper.example; spf=pass"),
    ("DKIM-Signature", "v=1; a=rsa-sha256; d=shopper.example; s=s1; h=from:to:subject:date; bh=" + "x" * 44),
    ("X-Mailer", "Mail of the bench 1.0"),
)


class Letters:
    """Mails one after another, each unlike the ones before; the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._words = Vocabulary(seed)
        self._count = 0
        self._sent: list[tuple[str, str]] = []  # (id, sender) of what can be answered

    def make(self) -> bytes:
        """Of twenty: eleven new letters, two of them with a picture; seven answers; an automatic one; a list's."""
        self._count += 1
        turn = self._count % 20
        mail = self._answer() if turn in (2, 5, 8, 11, 14, 17, 19) and self._sent else self._letter()
        if turn in (3, 13):
            picture = self._random.randbytes(PICTURE)
            mail.add_attachment(picture, maintype="image", subtype="jpeg", filename=f"IMG_{self._count}.jpg")
        if turn == 6:
            mail["Auto-Submitted"] = "auto-replied"
        if turn == 16:
            mail["List-Id"] = "<offers.shopper.example>"
        return mail.as_bytes(policy=SMTP)

    def make_large(self, size: int) -> bytes:
        """A letter with one file of so many bytes, before it is written as base64."""
        self._count += 1
        mail = self._letter()
        mail.add_attachment(self._random.randbytes(size), maintype="video", subtype="mp4", filename="clip.mp4")
        return mail.as_bytes(policy=SMTP)

    def _letter(self) -> EmailMessage:
        stranger = self._random.random() < 0.4
        who = f"customer{self._count}" if stranger else f"known{self._random.randrange(KNOWN)}"
        mail = self._begin(f"{who}@shopper.example", f"Question {self._count} about my order")
        self._write(mail, self._text(), "")
        self._sent.append((str(mail["Message-ID"]), str(mail["From"])))
        return mail

    def _answer(self) -> EmailMessage:
        mail_id, sender = self._random.choice(self._sent[-200:])
        mail = self._begin(sender, "Re: My order")
        mail["In-Reply-To"] = mail_id
        mail["References"] = mail_id
        self._write(mail, self._text(), self._text())
        return mail

    def _begin(self, sender: str, subject: str) -> EmailMessage:
        mail = EmailMessage()
        for name, value in HEADERS:
            mail[name] = value
        name = sender.partition("@")[0].rpartition("<")[2].title()
        mail["From"] = sender if "<" in sender else f"{name} Lopes <{sender}>"
        mail["To"] = f"Support <{INBOX}>"
        mail["Subject"] = subject
        mail["Date"] = format_datetime(timezone.now())
        mail["Message-ID"] = f"<{self._count}.{self._random.getrandbits(64)}@shopper.example>"
        return mail

    def _text(self) -> list[str]:
        """Paragraphs."""
        return [self._sentence() for _ in range(self._random.randint(2, 6))]

    def _sentence(self) -> str:
        return self._words.text(8, 30).capitalize() + "."

    def _write(self, mail: EmailMessage, new: list[str], old: list[str] | str) -> None:
        line = f"On Mon, 16 Nov 2026 at 09:12, Support <{INBOX}> wrote:"
        quoted = f"\n\n{line}\n\n" + "\n".join(f"> {one}" for one in old) if old else ""
        mail.set_content("\n\n".join(new) + quoted)
        template = self._random.choice((GMAIL, OUTLOOK)) if old else "<html><body>{new}</body></html>"
        paragraphs = "".join(f'<p class="MsoNormal">{one}</p>' for one in new)
        earlier = "".join(f"<p>{one}</p>" for one in old)
        mail.add_alternative(template.format(new=paragraphs, old=earlier, line=line), subtype="html")
