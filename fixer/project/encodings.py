"""Which encoding a text that is not UTF-8 may be in: an offer with a sample of how it would read, never a decision."""

from __future__ import annotations

import codecs
from contextlib import suppress

__all__ = ["MARKS", "known_encoding", "offers"]

MARKS = (
    ("utf-8", codecs.BOM_UTF8),
    ("utf-32-le", codecs.BOM_UTF32_LE),  # before UTF-16, whose mark it begins with
    ("utf-32-be", codecs.BOM_UTF32_BE),
    ("utf-16-le", codecs.BOM_UTF16_LE),
    ("utf-16-be", codecs.BOM_UTF16_BE),
)
"""Encodings that name themselves by a byte order mark."""

_USUAL = {
    "gb18030": ("gb18030", "gbk", "gb2312", "hz"),
    "big5": ("big5", "big5hkscs", "cp950"),
    "cp932": ("cp932", "shift_jis", "shift_jis_2004", "shift_jisx0213"),
    "euc_jp": ("euc_jp", "euc_jis_2004", "euc_jisx0213"),
    "cp949": ("cp949", "euc_kr", "johab"),
    "cp1252": ("cp1252", "latin_1", "iso8859_1", "iso8859_15", "cp1250", "cp1254"),
    "cp1251": ("cp1251", "kz1048", "ptcp154"),
    "koi8_r": ("koi8_r", "koi8_u"),
    "cp1253": ("cp1253", "iso8859_7"),
    "cp1256": ("cp1256", "iso8859_6"),
    "cp1255": ("cp1255", "iso8859_8"),
    "cp874": ("cp874", "tis_620", "iso8859_11"),
}
"""What people's files are in, with what the detector may call it."""
_NEEDS = {"cp932": "\u3040-\u30ff", "euc_jp": "\u3040-\u30ff", "cp949": "\uac00-\ud7a3", "cp874": "\u0e00-\u0e7f"}
"""Letters without which a text in such an encoding is hardly its language."""


def known_encoding(name: str) -> str:
    """The name Python knows a text encoding by; "" for none.

    >>> known_encoding("Latin-1"), known_encoding("big-five")
    ('iso8859-1', '')
    """
    with suppress(LookupError, ValueError):
        found = codecs.lookup(name)
        if found._is_text_encoding:  # Python's own mark: base64 and rot13 are none
            return "gb18030" if found.name in ("gbk", "gb2312") else found.name
    return ""


def offers(data: bytes) -> list[tuple[str, str]]:
    """Encodings that the bytes may be in, the likeliest first, each with the first words as it reads them."""
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 40 ms, and only for what is not UTF-8

    told: dict[str, float] = {}
    for match in from_bytes(data[:200_000]):
        for name, called in _USUAL.items():
            if match.encoding in called or set(called) & set(match.could_be_from_charset):
                told[name] = min(told.get(name, 9.0), match.chaos)
    found = []
    for rank, name in enumerate(_USUAL):
        text = _read(data, name)
        if text and (doubt := told.get(name, _UNTOLD) + _odd(text, name)) < 1:
            found.append((doubt, rank, name, _sample(text)))
    found.sort()
    return [(name, sample) for doubt, _, name, sample in found[:3] if doubt <= found[0][0] + _FAR]


_FAR = 0.2
"""Doubt beyond the best offer from which another is not worth saying."""
_UNTOLD = 0.3
"""Doubt about an encoding the detector does not name: of a few words it often misses the right one."""


def _read(data: bytes, name: str) -> str:
    with suppress(UnicodeDecodeError):
        text = data.decode(name)
        return text if text.encode(name) == data else ""
    return ""


def _odd(text: str, name: str) -> float:
    """What speaks against a reading: letters that its language would have are missing, or others stand among them."""
    foreign = [char for char in text if not char.isascii()]
    if not foreign:
        return 1.0
    if name in _NEEDS:
        low, high = _NEEDS[name][0], _NEEDS[name][2]
        return 1.0 - sum(low <= char <= high for char in foreign) / len(foreign)
    if name in ("gb18030", "big5"):
        common = sum(
            "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" for c in foreign
        )
        return 1.0 - common / len(foreign) + (0.02 if name == "gb18030" and _rare(foreign) else 0.0)
    return 0.2 * (sum(not char.isalpha() for char in foreign) / len(foreign))


def _rare(letters: list[str]) -> bool:
    """Whether most Han characters are beyond the first level of GB 2312, which real text hardly leaves."""
    han = [char for char in letters if "\u4e00" <= char <= "\u9fff"]
    seldom = 0
    for char in han:
        try:
            seldom += char.encode("gb2312")[0] >= 0xD8
        except UnicodeEncodeError:
            seldom += 1
    return 3 * seldom > len(han)


def _sample(text: str) -> str:
    """The first words that show how it reads."""
    at = next((k for k, char in enumerate(text) if not char.isascii()), 0)
    line = text[max(text.rfind("\n", 0, at) + 1, at - 10) :].split("\n", 1)[0].strip()
    return line[:16]
