"""Bytes become text whether their charset is right, wrong, unknown or missing."""

import pytest

from channels.email.charsets import codec_name, decode


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("cp1251", "Где мой заказ №7?"),
        ("cp1251", "ВОПРОС О ДОСТАВКЕ"),
        ("koi8-r", "Здравствуйте, где мой заказ?"),
        ("cp1252", "It’s “broken” – désolé"),
        ("cp1252", "Schöne Grüße aus Köln"),
        ("cp1250", "Příliš žluťoučký kůň"),
        ("cp1253", "Πού είναι η παραγγελία μου;"),
        ("cp1255", "שלום, איפה ההזמנה שלי?"),
        ("cp1256", "مرحبا أين طلبي"),
        ("gb18030", "请问我的货物什么时候到"),
        ("big5", "請問我的貨物什麼時候到"),
        ("cp932", "こんにちは、注文した商品はまだ届きません。"),
        ("euc_jp", "ありがとうございます"),
        ("euc_kr", "안녕하세요, 주문한 상품이 아직 안 왔어요"),
        ("utf-8", "Ünïcödé 🚚"),
        ("cp1251", "Добрый день"),
        ("koi8-r", "Привет"),
        ("cp1250", "Zażółć gęślą jaźń"),
        ("cp1254", "Merhaba siparişim nerede, teşekkürler"),
        ("cp874", "สวัสดีครับ"),
        ("gb18030", "新建 文本文档.txt"),
        ("gb18030", "绩效管理,究竟谁错了"),
        ("euc_jp", "件名なし"),
    ],
)
def test_unnamed_charset_is_guessed(charset: str, text: str) -> None:
    assert decode(text.encode(charset)) == text
    assert decode(text.encode(charset), "x-nobody-knows") == text


@pytest.mark.parametrize(
    ("raw", "charset", "text"),
    [
        (b"caf\xe9 \x96 x", "iso-8859-1", "café – x"),
        ("Où".encode(), "us-ascii", "Où"),
        ("Où".encode(), "windows-1252", "Où"),
        (b"caf\xe9", "utf-8", "café"),
        (b"Hello, wide only by its label", "utf-16", "Hello, wide only by its label"),
        ("注文".encode("iso-2022-jp"), "us-ascii", "注文"),
        ("주문".encode("iso-2022-kr"), "", "주문"),
        ("メール".encode(), "iso-2022-jp", "メール"),
        ("Где мой заказ".encode(), "koi8-r", "Где мой заказ"),
        ("您的订单已经发货".encode(), "gb2312", "您的订单已经发货"),
        ("Картинка с очень длинным именем".encode()[:-1], "iso-8859-1", "Картинка с очень длинным имене\ufffd"),
        ("日本 ".encode() + b"\xff", "utf-8", "日本 \ufffd"),
        ("镕".encode("gbk"), "gb2312", "镕"),
        ("①".encode("cp932"), "shift_jis", "①"),
        ("힣".encode("cp949"), "ks_c_5601-1987", "힣"),
        ("ö".encode("utf-16"), "", "ö"),
        (b"\xef\xbb\xbfx\xc3\xb6", "iso-8859-1", "xö"),
        (b"+AOk-", "utf-7", "é"),
        (b"\xed\xa0\xbd\xed\xba\x9a", "utf-8", "🚚"),
        (b"\x81\x8d", "windows-1252", "\ufffd\ufffd"),
        (b"\x1b$B", "iso-2022-jp", ""),
    ],
)
def test_named_charset_is_taken_with_care(raw: bytes, charset: str, text: str) -> None:
    assert decode(raw, charset) == text


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("UTF8", "utf-8"),
        (' "utf-8"; ', "utf-8"),
        ("utf-8http-equiv", "utf-8"),
        ("latin1", "cp1252"),
        ("Windows-31J", "cp932"),
        ("koi8_u", "koi8-u"),
        ("base64", ""),
        ("rot13", ""),
        ("unicode_escape", ""),
        ("idna", ""),
        ("unknown-8bit", ""),
        ("x" * 10_000, ""),
        ("", ""),
    ],
)
def test_charset_name_is_known_or_empty(name: str, codec: str) -> None:
    assert codec_name(name) == codec
