"""Inputs nobody would write, for all that fixer reads: ``python benchmarks/fuzz.py COUNT [seed]`` or ``--atheris COUNT``.

Every input is a mutation of a small right one: bytes flipped, cut, doubled, spliced with another, filled with what
parsers trip over. What must hold: no error but ours, nothing takes over a second of processor time, and a transcript
that nobody corrects comes out byte for byte as it went in. Prints how many inputs there were of each kind, and exits 1
when something did not hold, with the input.
"""

from __future__ import annotations

import contextlib
import io
import json
import random
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from fixer.errors import FixerError
from fixer.glossary import exchange
from fixer.glossary.yaml.read import load, parse_list, read_learned
from fixer.project import baseline, ledger
from fixer.project.answer_file import parse_answers
from fixer.project.config import parse_config
from fixer.project.disk import decode, encode
from fixer.project.ignore_rules import IgnoreRules
from fixer.review.decision import Decision, read_events
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from tests.transcripts.samples import SAMPLES

SLOW = 1.0
"""Seconds of processor time for one input."""
SRT = (
    "1\n00:00:01,000 --> 00:00:02,500\n<i>推出Humanivow</i>测试\n- 说 hello\n\n2\n00:00:03,000 --> 00:00:04,000\n又说\n"
)
DOCUMENT = "<w:document><w:p><w:r><w:t>推出 Human</w:t></w:r><w:r><w:t>ivow</w:t></w:r></w:p></w:document>"


def _packed(how: int) -> str:
    """A document of Word, a character for every byte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        made.writestr(zipfile.ZipInfo("[Content_Types].xml"), "<Types/>")
        made.writestr(zipfile.ZipInfo("word/document.xml"), DOCUMENT, how)
    return out.getvalue().decode("latin-1")


READ = [name for name, each in exchange.FORMATS.items() if each.reader]
LISTS = {
    "weighted": ("Imagen 20\n通义灵码 50\n", "Imagen :2.5\n通义灵码|11\n"),
    "together": ("Imagen, Claude Code、通义灵码\n",),
    "json": (
        '["Imagen", {"name": "通义灵码", "weight": 5, "aliases": ["同意零码"]}]',
        '{"words": [{"word": "Imagen"}]}',
    ),
}
"""Other programs' lists that are only read."""


def _exported(name: str) -> str:
    """A glossary as another program has it."""
    terms = "{term: HumanEval, aliases: [Humanivow]}, {term: 通义灵码, aliases: [{form: 同意0码, near: [阿里]}]}"
    return exchange.write(load(f"version: 1\nterms: [{terms}]\n", "x.yaml"), name).text


SEEDS: dict[str, tuple[str, ...]] = {
    "txt": ("说话人1：推出Humanivow测试。见 https://a.io/x 和 `code`。\n\n[Music] 第二段 GPT-4.5\n", "a" * 50, "\r\r\n\u2028x"),
    "md": ("# 标题\n\n- **推出** [Humanivow](https://a.io)\n> 引\n\n```\ncode\n```\n",),
    "srt": (SRT, SRT.replace("\n", "\r\n")),
    "vtt": ("WEBVTT\n\nNOTE x\n\n00:01.000 --> 00:02.000 align:start\n<v 甲>推出<00:01.500><c> Humanivow</c></v>\n",),
    "ass": (
        "[Script Info]\nTitle: x\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\\b1}推出{\\b0}Humanivow\\N测试\n",
    ),
    "lrc": ("[ti:x]\n[00:01.00]推出<00:01.50>Humanivow\n[00:03.00][00:04.00]又说\n",),
    "tsv": ("start\tend\ttext\n0\t1000\t推出Humanivow\n1000\t2000\t测试\n",),
    "json": (
        json.dumps({"text": "推出Humanivow", "segments": [{"start": 0, "end": 1, "text": "推出Humanivow",
                    "words": [{"word": "推出", "start": 0, "end": 0.5}, {"word": "Humanivow", "start": 0.5, "end": 1}]}]}),
        json.dumps([{"start": 0, "text": "推出"}], ensure_ascii=False),
    ),
    "glossary": (
        "version: 1\nterms:\n  - {term: HumanEval, kind: benchmark, aliases: [Humanivow, {form: 'x y', near: [a]}]}\n"
        "patterns:\n  - {name: yi, match: '(?<n>\\d+)亿', replace: '{n}亿'}\nkeep: [Clip]\n",
    ),
    "list": ("HumanEval\nImagen # model\n通义灵码\n",),
    "ledger": (
        '{"v":1,"do":"write","file":"a.txt","when":"","by":"","before":"00","after":"11","encoding":"utf-8","bom":"",'
        '"edits":[[1,"a","b"]],"items":["x"]}\n{"v":1,"do":"decide","proposal":"x","verdict":"accept","file":"a.txt",'
        '"replacement":"b","scope":"here","confidence":0.5}\n{"v":1,"do":"undo","file":"a.txt","after":"00"}\n',
    ),
    "decisions": ('{"id":"0123456789abcdef","verdict":"accept","replacement":"x","confidence":0.5,"doubts":["short"]}\n',),
    "events": ('{"n":1,"do":"decide","items":{"a.txt":["x"]},"verdict":"accept","when":""}\n',),
    "config": (
        "glossary = ['a.yaml']\nmin-confidence = 0.5\nfix = 'safe'\n[[paths]]\nmatch = ['a/**']\n[keys]\naccept = 'y'\n"
        "[reader]\naddress = 'http://127.0.0.1:1/v1'\nmodel = 'm'\nrate = { in = 1 }\n",
    ),
    "answers": ('{"key":"k","model":"m","answer":"{\\"found\\": []}","sent":1,"received":2}\n',),
    "rules": ("*.txt\n!keep.txt\n/a/**/b\n[a-z]?.srt\n\\#x\n",),
    "baseline": ('{"findings":[{"file":"a","rule":"alias","heard":"x","replacement":"y","context":"0","count":1}]}',),
    "bytes": ("推出Humanivow", "\ufeffabc"),
    "docx": (DOCUMENT,),
    "zip": (_packed(zipfile.ZIP_STORED), _packed(zipfile.ZIP_DEFLATED)),
    **{sample.name: (sample.raw,) for sample in SAMPLES},
    **{f"names {name}": LISTS.get(name) or (_exported(name),) for name in READ},
}  # fmt: skip
"""Right inputs by kind; those of formats by the name of a file, one of every format that has a sample in the tests."""
ODD = (
    "\0", "\ufeff", "\ud800", "\u202e", "\u2028", "\r", "\n\n", "\t", '"', "\\", "\\u0000", "1.5e308", "/0", "[" * 60, "{" * 60, "(" * 40, "<" * 40,
    "-->", "1e999", "9" * 30, "-1", "NaN", "null", "🏳️‍🌈", "e\u0301" * 5, "\u200b", "]]>", "&#0;", "<c.", "{\\", "\\N", "00:",
    "http://", "a." * 30, "`" * 20, "|", ": ", "- ", "#", "'", "!!python/object:os.system", "&a *a", "<<<<<<< x\n",
)  # fmt: skip


def _corrected(raw: Transcript, name: str, size: int, new: str) -> None:
    """A correction is refused, or made: and then the file can still be read."""
    at = len(raw.text) // 2
    try:
        edits = raw.edits(Span(at, min(at + size, len(raw.text))), new)
        done = raw.apply(edits)
    except FixerError:
        return
    if not new:
        return  # nothing need be left of a text all of which was taken out
    assert done != raw.raw or raw.text[at : at + size] == new or not edits, "a correction that changes nothing"
    try:
        Transcript.parse(done, name)
    except FixerError as error:
        raise AssertionError(f"a corrected file cannot be read: {error}") from error


def _transcript(name: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        raw = Transcript.parse(text, name)
        assert raw.apply(()) == text, "a text that nobody corrected is another"
        for size, new in ((1, "X"), (9, "X y"), (9, "")):
            _corrected(raw, name, size, new)

    return check


def _names(name: str) -> Callable[[str], None]:
    def check(text: str) -> None:
        with contextlib.suppress(FixerError):
            exchange.recognised(text, "x.txt")
        exchange.read(text, name, "x")

    return check


def _ledger(text: str) -> None:
    setattr(ledger, "read_lines", lambda _: text.split("\n"))  # noqa: B010 - no disk for a million inputs
    found = ledger.Ledger(Path("/nowhere"))
    found.read()
    found.decided()
    found.writes()


def _decisions(text: str) -> None:
    for line in text.split("\n"):
        Decision.from_line(line)


def _rules(text: str) -> None:
    rules = IgnoreRules(patterns={Path("/x"): text.split("\n")})
    rules.covers(Path("/x/a/b/keep.txt"))


def _bytes(text: str) -> None:
    data = text.encode("utf-16-le" if len(text) % 3 == 0 else "utf-8", "surrogatepass")
    for asked in ("", "gb18030", "utf-16-be"):
        try:
            raw, form = decode(data, "x", asked)
        except FixerError:
            continue
        assert encode(raw, form) == data, "bytes are not kept"


def _zip(text: str) -> None:
    data = text.encode("latin-1", "replace")
    raw, form = decode(data, "x.docx")
    assert encode(raw, form) == data, "bytes are not kept"
    assert encode(raw.replace("Human", "X"), form)
    _transcript("x.docx")(raw)


CHECKS: dict[str, Callable[[str], object]] = {
    **{kind: _transcript(f"x.{kind}") for kind in ("txt", "md", "srt", "vtt", "ass", "lrc", "tsv", "json", "docx")},
    **{sample.name: _transcript(sample.name) for sample in SAMPLES},
    **{f"names {name}": _names(name) for name in READ},
    "zip": _zip,
    "glossary": lambda text: (load(text, "x.yaml"), read_learned(text, "x.yaml")),
    "list": lambda text: parse_list(text, "x"),
    "ledger": _ledger,
    "decisions": _decisions,
    "events": lambda text: read_events(text.split("\n")),
    "config": lambda text: parse_config(text, "fixer.toml"),
    "answers": lambda text: parse_answers(text.split("\n"), "x"),
    "rules": _rules,
    "baseline": lambda text: baseline._parsed(text, "x"),
    "bytes": _bytes,
}


def mutated(text: str, others: tuple[str, ...], rng: random.Random) -> str:
    """A text with one to six accidents."""
    for _ in range(rng.randint(1, 6)):
        at, end = sorted((rng.randint(0, len(text)), rng.randint(0, len(text))))
        match rng.randrange(7):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:end] + text[at:]
            case 2:
                text = text[:at] + rng.choice(ODD) + text[at:]
            case 3:
                text = text[:at] + chr(rng.randrange(0x3000)) + text[at + 1 :]
            case 4:
                other = rng.choice(others)
                text = text[:at] + other[rng.randint(0, len(other)) :]
            case 5:
                text = text[:at] + text[at:end].swapcase() + text[end:]
            case _:
                text = text[:at] + rng.choice(ODD) + text[end:]
    return text[:5000]


def tried(kind: str, text: str) -> str:
    """What did not hold for one input; nothing when all did."""
    began = time.process_time()
    try:
        CHECKS[kind](text)
    except FixerError:
        pass
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        return f"{type(error).__name__}: {error}"
    took = time.process_time() - began
    return f"took {took:.1f} s" if took > SLOW else ""


def run(count: int, seed: int) -> int:
    """Try so many inputs, all kinds in turn."""
    rng, done, bad = random.Random(seed), Counter[str](), Counter[str]()
    every = tuple(text for some in SEEDS.values() for text in some)
    kinds = list(SEEDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        text = mutated(rng.choice(SEEDS[kind]), every, rng)
        done[kind] += 1
        if wrong := tried(kind, text):
            bad[f"{kind}: {wrong[:80]}"] += 1
            if bad[f"{kind}: {wrong[:80]}"] == 1:
                print(f"{kind}: {wrong[:300]}\n    {text[:400]!r}", flush=True)
        if number % 50_000 == 49_999:
            print(f"... {number + 1} inputs, {bad.total()} bad", flush=True)
    print(", ".join(f"{n} {kind}" for kind, n in done.items()))
    print(f"{done.total()} inputs, {bad.total()} that did not hold: {dict(bad)}")
    return 1 if bad else 0


def guided(count: int) -> int:
    """The same, led by coverage: needs atheris, which installs on Linux."""
    import atheris  # noqa: PLC0415 - optional; without types

    kinds = list(CHECKS)

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        kind = kinds[provider.ConsumeIntInRange(0, len(kinds) - 1)]
        text = (
            provider.ConsumeUnicode(4000) if provider.ConsumeBool() else SEEDS[kind][0] + provider.ConsumeUnicode(400)
        )
        if wrong := tried(kind, text):
            raise AssertionError(f"{kind}: {wrong}: {text[:300]!r}")

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-runs={count}", "-max_len=4096", "-print_final_stats=1"], one)
    atheris.Fuzz()
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "--atheris":
        sys.exit(guided(int(sys.argv[2])))
    sys.exit(run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1))
