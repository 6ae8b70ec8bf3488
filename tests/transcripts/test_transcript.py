"""Transcripts: what is text in each format, what is not, and that nothing else ever changes."""

from __future__ import annotations

import json
import pickle
import string

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from fixer.errors import FormatError, StaleError
from fixer.text import Edit, Span
from fixer.transcripts.distribute import spread
from fixer.transcripts.formats import FORMATS, detect
from fixer.transcripts.transcript import Transcript

SRT = "1\n00:00:01,000 --> 00:00:02,000\n{}\n\n2\n00:00:02,000 --> 00:00:03,500\n{}\n"
VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n{}\n\n00:02.000 --> 00:03.500\n{}\n"
ASS = "[Events]\nFormat: Start, End, Name, Text\nDialogue: 0:00:01.00,0:00:02.00,,{}\n"


def change(raw: str, name: str, heard: str, new: str) -> str:
    """Correct the first ``heard`` in ``raw``."""
    talk = Transcript.parse(raw, name)
    start = talk.text.index(heard)
    return talk.apply(talk.edits(Span(start, start + len(heard)), new))


def guarded(raw: str, name: str = "a.txt") -> list[str]:
    """What is protected, as text."""
    talk = Transcript.parse(raw, name)
    return [talk.text[s.start : s.end] for s in talk.protected]


TEXTS = [
    ("txt", "大家好\r\n\r\nOK", "大家好\r\n\r\nOK", "plain text is its own text"),
    ("md", "# A `b`\n", "# A `b`\n", "so is Markdown: it only protects more"),
    ("srt", SRT.format("a", "b"), "a\nb", "one line break between cues"),
    ("srt", SRT.format("<i>Hu</i>man", r"{\an8}b"), "Human\nb", "tags are outside"),
    ("srt", SRT.format("a <b and c> d", "x < y"), "a <b and c> d\nx < y", "not everything in <> is a tag"),
    ("srt", SRT.format("a", "b").replace("\n\n", "\n"), "a\nb", "the blank line is missing"),
    ("srt", SRT.format("a\n\nb", "c"), "a\nb\nc", "a blank line inside a cue"),
    ("srt", SRT.format("in\n2024", "b"), "in\n2024\nb", "a spoken number is text"),
    ("srt", SRT.format("a", "b").replace("1\n00", "00").replace("2\n00", "00"), "a\nb", "no numbers"),
    ("srt", "00:01.0 --> 00:02.0\nsince\n2024\n00:03.0 --> 00:04.0\nb", "since\n2024\nb", "number or text?"),
    ("srt", SRT.format("a", "b").replace(",000", ".000").replace("\n", "\r\n"), "a\nb", "dots and CRLF"),
    ("srt", SRT.format("a", "b").replace("\n", "\r"), "a\nb", "CR only"),
    ("srt", SRT.format(" ", "b"), "b", "an empty cue says nothing"),
    ("srt", "", "", "an empty file is an empty transcript"),
    ("vtt", "\ufeffWEBVTT - t\nKind: x\n\nNOTE\na b\n\nSTYLE\n::cue {}\n\nREGION\nid:f\n", "", "no cues"),
    ("vtt", "WEBVTT\n\nid 7\n00:01.000 --> 00:02.000 line:0\n<v Ann>hi</v>\n\nstray\n", "hi", "id, settings"),
    (
        "vtt",
        VTT.format("a<00:00:01.500><c> b</c>", "&lt;c&gt; &amp; &x;"),
        "a b\n<c> & &x;",
        "words, entities",
    ),
    ("vtt", VTT.format("<c>a </c> <c> b</c>", "x < 3"), "a b\nx < 3", "spaces at tags count once"),
    (
        "vtt",
        VTT.format("[Music]\n \nthe model", "the model\nis out"),
        "[Music]\nthe model\nthe model\nis out",
        "roll",
    ),
    ("ass", ASS.format(r"{\i1}a{\i0}\Nb\hc, d"), "a\nb c, d", "commas belong to the text field"),
    ("ass", ASS.format(r"a {\p1}m 0 0 l 9 9{\p0}b\Nc"), "a b\nc", "drawings are no text"),
    ("ass", "[Script Info]\nTitle: a\n[Events]\nComment: 0,0,0,a,b,0,0,0,,x\n", "", "comments are no text"),
    (
        "lrc",
        "[ti:Song]\n[00:01.00][00:09.00]a b\n\nc\n[00:02]d",
        "a b\nc\nd",
        "tags outside, untimed line inside",
    ),
    ("lrc", "[00:01.00]<00:01.00> a <00:02.00> b", "a b", "word times"),
    ("tsv", "start\tend\ttext\n0\t1500\ta b\n1500\t2000\tc", "a b\nc", "Whisper's table"),
    ("tsv", "0.0\t1.5\ta", "a", "no heading"),
    ("json", '{"text": " a b"}', "a b", "no segments"),
    (
        "json",
        '{"segments": [{"text": " a"}, {"text": ""}, {"text": "\\n\\u4f60\\ud83d\\ude00\\"\\/"}]}',
        'a\n你😀"/',
        "escapes",
    ),
    ("json", '[{"text": "a", "start": 1}, {"text": "b"}]', "a\nb", "a bare list"),
    (
        "json",
        '{"version": "1.0.0", "segments": [{"speaker": "A", "startTime": 1, "body": "a"}]}',
        "a",
        "Podcasting 2.0",
    ),
    ("json", '{"transcription": [{"offsets": {"from": 0, "to": 9}, "text": " a"}]}', "a", "whisper.cpp"),
    ("json", '{"text": "a b", "chunks": [{"timestamp": [0, 1], "text": "a b"}]}', "a b", "Transformers"),
    (
        "json",
        '{"te\\u0078t": "a", "text": "b", "x": [{"text": "c"}, [[]], {}]}',
        "b",
        "of equal keys the last counts",
    ),
    ("json", '{"text": "\\ud800\\u0000x"}', "\ud800\0x", "a lone surrogate and NUL are text"),
]


@pytest.mark.parametrize(("kind", "raw", "text", "why"), TEXTS)
def test_text(kind: str, raw: str, text: str, why: str) -> None:
    talk = Transcript.parse(raw, f"a.{kind}")
    assert talk.text == text, why
    assert talk.apply(()) == raw
    for cue in talk.cues:
        assert talk.raw_offset(cue.span.start) == cue.raw.start
        assert talk.cue_at(cue.span.start) == talk.cue_at(cue.span.end) == talk.cues.index(cue)


def test_times_and_speakers() -> None:
    cues = Transcript.parse(SRT.format("JOHN: hi", "- yes"), "a.srt").cues
    assert [(c.start_ms, c.end_ms, c.speaker) for c in cues] == [(1000, 2000, "JOHN"), (2000, 3500, "")]
    cue = Transcript.parse("WEBVTT\n\n1:00:01.000 --> 1:00:02.000\n<v.loud Ann Lee>hi\n", "a.vtt").cues[0]
    assert (cue.start_ms, cue.speaker) == (3_601_000, "Ann Lee")
    assert Transcript.parse("[00:01.5]a\n[00:03.00]b", "a.lrc").cues[0].end_ms == 3000
    assert Transcript.parse("0\t1500\ta", "a.tsv").cues[0].end_ms == 1500
    assert Transcript.parse("0.5\t1.5\ta", "a.tsv").cues[0].start_ms == 500
    cue = Transcript.parse('{"segments":[{"start":1.25,"end":NaN,"speaker":"S1","text":"a"}]}', "a.json").cues[0]
    assert (cue.start_ms, cue.end_ms, cue.speaker) == (1250, None, "S1")
    assert [c.speaker for c in Transcript.parse("主持人：好\n[Music] x\n[Ann] y", "a.txt").cues] == [
        "主持人",
        "",
        "Ann",
    ]


CHANGES = [
    (
        "srt",
        SRT.format("the Human", "Eval is"),
        "Human\nEval",
        "HumanEval",
        SRT.format("the HumanEval", "is"),
        "two cues",
    ),
    (
        "srt",
        SRT.format("同意", "0码"),
        "同意\n0码",
        "通义灵码",
        SRT.format("通义", "灵码"),
        "Han by characters",
    ),
    (
        "srt",
        SRT.format("by Rich", "Dreamer"),
        "Rich\nDreamer",
        "RichDreamer",
        SRT.format("by", "RichDreamer"),
        "larger part",
    ),
    (
        "srt",
        SRT.format("Cloud", "three opus"),
        "Cloud\nthree opus",
        "Claude 3 Opus",
        SRT.format("Claude", "3 Opus"),
        "words",
    ),
    (
        "srt",
        SRT.format("Human", "Evalxx\nis"),
        "Human\nEvalxx",
        "HumanEval",
        SRT.format("", "HumanEval\nis"),
        "empty cue",
    ),
    (
        "srt",
        SRT.format("a\nHuman", "Evalxx\nb"),
        "Human\nEvalxx",
        "HumanEval",
        SRT.format("a", "HumanEval\nb"),
        "no blank line",
    ),
    (
        "srt",
        SRT.format("Humanx", "Eval\nis"),
        "Humanx\nEval",
        "HumanEval",
        SRT.format("HumanEval", "is"),
        "a line goes whole",
    ),
    (
        "srt",
        SRT.format("<i>OK</i> <b>Robots</b> a", "b"),
        "OK Robots",
        "OK-Robot",
        SRT.format("<i></i><b>OK-Robot</b> a", "b"),
        "tags stay",
    ),
    ("txt", "the OK\r\nRobots,", "OK\r\nRobots", "OK-Robot", "the\r\nOK-Robot,", "the line break stays"),
    ("txt", "well um yes", "um", "", "well yes", "no double space"),
    (
        "vtt",
        VTT.format("AT&amp;T", "b"),
        "AT&T",
        "R&D <x>",
        VTT.format("R&amp;D &lt;x&gt;", "b"),
        "entities both ways",
    ),
    (
        "vtt",
        VTT.format("the<00:00:01.500><c> open</c><c> sora</c>", "b"),
        "open sora",
        "Open Sora",
        VTT.format("the<00:00:01.500><c> Open</c><c> Sora</c>", "b"),
        "space before stays in its tag",
    ),
    (
        "ass",
        ASS.format(r"{\i1}rich{\i0}\NDreamer"),
        "rich\nDreamer",
        "RichDreamer",
        ASS.format(r"{\i1}{\i0}RichDreamer"),
        "\\N",
    ),
    ("tsv", "0\t1\tCloud3", "Cloud3", "Claude 3", "0\t1\tClaude 3", "a field"),
    ("lrc", "[00:01.00]Cloud3 a", "Cloud3", "Claude 3", "[00:01.00]Claude 3 a", "after the tag"),
    (
        "json",
        '{"text": "\\u597d X"}',
        "X",
        '你 "\\',
        '{"text": "\\u597d \\u4f60 \\"\\\\"}',
        "an ASCII file stays ASCII",
    ),
    ("json", '{"text": "好 X\\n"}', "X", "你", '{"text": "好 你\\n"}', "another keeps its letters"),
    (
        "json",
        '{"text": "😀X\\ud83d\\ude00y"}',
        "X😀",
        "z",
        '{"text": "😀zy"}',
        "a surrogate pair is one character",
    ),
]


@pytest.mark.parametrize(("kind", "raw", "heard", "new", "expected", "why"), CHANGES)
def test_change(kind: str, raw: str, heard: str, new: str, expected: str, why: str) -> None:
    assert change(raw, f"a.{kind}", heard, new) == expected, why


def whisper(*segments: tuple[str, str], **extra: object) -> str:
    """A Whisper file: text and words, the words parted by bars."""
    found = [
        {"start": 1, "text": text, "words": [{"word": w, "start": 2} for w in words.split("|")]}
        for text, words in segments
    ]
    return json.dumps({"text": "".join(text for text, _ in segments), "segments": found, **extra}, ensure_ascii=False)


MIRRORS = [
    (
        [(" the rich dreamer.", " the| rich| dreamer.")],
        "rich dreamer",
        "RichDreamer",
        [(" the RichDreamer.", " the| RichDreamer.")],
        "one word, its full stop with it",
    ),
    (
        [("the rich dreamer", "the|rich|dreamer")],
        "rich dreamer",
        "RichDreamer",
        [("the RichDreamer", "the|RichDreamer")],
        "WhisperX has no spaces",
    ),
    (
        [(" open sora", " open| sora")],
        "open sora",
        "Open Sora",
        [(" Open Sora", " Open| Sora")],
        "one to one",
    ),
    (
        [("用同意0码", "用|同|意|0|码")],
        "同意0码",
        "通义灵码",
        [("用通义灵码", "用|通|义|灵|码")],
        "Han one to one",
    ),
    ([("用同意0码", "用同|意0码")], "同意0码", "通义灵码", [("用通义灵码", "用通义灵码")], "inside a word"),
    ([("羊驼二", "羊|驼|二")], "羊驼二", "Llama 2", [("Llama 2", "Llama 2")], "counts differ"),
    ([(" well um yes", " well| um| yes")], "um", "", [(" well yes", " well| yes")], "deleted"),
    (
        [(" a Human", " a| Human"), (" Eval is", " Eval| is")],
        "Human\nEval",
        "HumanEval",
        [(" a HumanEval", " a| HumanEval"), (" is", " is")],
        "two segments",
    ),
    (
        [("通意", "通|意"), ("零码", "零|码")],
        "通意\n零码",
        "通义灵码",
        [("通义", "通|义"), ("灵码", "灵|码")],
        "two Han segments",
    ),
]


@pytest.mark.parametrize(("before", "heard", "new", "after", "why"), MIRRORS)
def test_mirrors(before: list[tuple[str, str]], heard: str, new: str, after: list[tuple[str, str]], why: str) -> None:
    done = change(whisper(*before), "a.json", heard, new)
    assert json.loads(done)["segments"] == json.loads(whisper(*after))["segments"], why
    assert "".join(json.loads(done)["text"].split()) == "".join("".join(t for t, _ in after).split())
    assert len(Transcript.parse(done, "a.json")._copies) == 2, "a second correction finds them in step"


def test_words_that_became_one_stay_in_step() -> None:
    once = change(whisper((" the rich dreamer is", " the| rich| dreamer| is")), "a.json", "rich dreamer", "RichDreamer")
    assert change(once, "a.json", "RichDreamer is", "Rich Dreamer was") == whisper(
        (" the Rich Dreamer was", " the| Rich Dreamer was")
    )
    first = whisper(("a b", "|a| b"))
    assert change(first, "a.json", "a", "xy") == whisper(("xy b", "|xy| b")), "a word that was empty before stays"


def test_a_merged_name_keeps_the_first_start_and_the_last_end() -> None:
    words = [{"word": f" {w}", "start": k, "end": k + 0.5, "p": 1} for k, w in enumerate("the rich dreamer is".split())]
    raw = json.dumps({"segments": [{"start": 0, "end": 4, "text": " the rich dreamer is", "words": words}]})
    done = json.loads(change(raw, "a.json", "rich dreamer", "RichDreamer"))["segments"][0]
    assert done["text"] == " the RichDreamer is"
    assert [(w["word"], w["start"], w["end"]) for w in done["words"]] == [
        (" the", 0, 0.5),
        (" RichDreamer", 1, 2.5),
        (" is", 3, 3.5),
    ]


def test_every_mirror_at_once() -> None:
    words = [{"word": w} for w in ["用", "同", "意", "好"]]
    raw = json.dumps(
        {
            "segments": [{"text": "用同意。好", "words": words, "chars": [{"char": "用"}]}],
            "word_segments": words,
        }
    )
    data = json.loads(change(raw, "a.json", "同意", "通义"))
    assert (
        [w["word"] for w in data["word_segments"]]
        == [w["word"] for w in data["segments"][0]["words"]]
        == list("用通义好")
    )
    assert data["segments"][0]["chars"] == [{"char": "用"}], "an incomplete list says nothing of the rest"


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ({"text": "something else"}, "a text that was edited by hand"),
        ({"word_segments": [{"word": "another"}, {"word": "different"}]}, "words that disagree"),
        ({"words": [{"start": 1}, 7, None]}, "words that are none"),
        ({"words": "x", "word_segments": {}}, "not even lists"),
        ({"other": [{"text": "Cloud3"}]}, "an unknown field"),
    ],
)
def test_what_disagrees_is_left_alone(extra: dict[str, object], why: str) -> None:
    raw = json.dumps({"segments": [{"text": "Cloud3 is"}], **extra})
    data = json.loads(change(raw, "a.json", "Cloud3", "Claude 3"))
    assert data == {"segments": [{"text": "Claude 3 is"}], **extra}, why


PROTECTED = [
    ("见https://a.io/x?y=1。好", ["https://a.io/x?y=1"], "Han follows at once"),
    ("(see http://a.b/c_(d)).", ["http://a.b/c_(d)"], "brackets"),
    ("https://zh.wikipedia.org/wiki/模型 好", ["https://zh.wikipedia.org/wiki/模型"], "a Han path"),
    ("www.openai.com, mail a.b@c.org.", ["www.openai.com", "a.b@c.org"], "www and mail"),
    ("at arxiv.org/abs/2401.1 and github.com!", ["arxiv.org/abs/2401.1", "github.com"], "domains"),
    ("run `rm x` in ~/src or C:\\a\\b", ["`rm x`", "~/src", "C:\\a\\b"], "code and paths"),
    ("edit src/main.rs, /usr/bin/env, data.csv", ["src/main.rs", "/usr/bin/env", "data.csv"], "files"),
    ("at 00:12:34 and 1:02.5", ["00:12:34", "1:02.5"], "time codes"),
    ("主持人：好\n说话人1: 是\nSpeaker 2: x", ["主持人：", "说话人1:", "Speaker 2:"], "roles"),
    ("Ann Lee: x\nBob: y\nAnn Lee: z", ["Ann Lee:", "Ann Lee:"], "names that head two lines"),
    ("**Ann:** x\n**Ann:** y", ["**Ann:**", "**Ann:**"], "in bold"),
    ("[00:12:34] Q: why\n>> x", ["Q:", ">> "], "a mark; a time before it is no text"),
    ("好 [Music] 好 (笑声) ♪", ["[Music]", "(笑声)", "♪"], "sounds"),
    ("用\x1b[1;31mImogen\x1b[0m好", ["\x1b[1;31m", "\x1b[0m"], "colours of a terminal"),
    ("a\x9b31mb \x1b(Bc \x1b7d", ["\x9b31m", "\x1b(B", "\x1b7"], "one byte, character sets, saving the cursor"),
    ("\x1b]0;Imogen\x07a \x1b]8;;x\x1b\\b", ["\x1b]0;Imogen\x07", "\x1b]8;;x\x1b\\"], "a title, a link"),
    ("[INST]好[/INST] <<SYS>>x<</SYS>> <|zh|>", ["[INST]", "[/INST]", "<<SYS>>", "<</SYS>>", "<|zh|>"], "of models"),
    ("<b>Imogen</b> <font color='x'>a<br/>", ["<b>", "</b>", "<font color='x'>", "<br/>"], "tags players know"),
    ("<font color='x'/>Q <br />", ["<font color='x'/>", "<br />"], "closed at once"),
    ("Q&amp;A&nbsp;&#39;&#x27;{\\an8}a", ["&amp;", "&nbsp;&#39;&#x27;{\\an8}"], "entities and overrides"),
]
FREE = [
    ("GPT-4.5, Node.js, llama.cpp, Character.AI, Claude 3.5", "names with dots"),
    ("e.g. this.And U.S. v1.2", "abbreviations and a missing space"),
    ("and/or TCP/IP 24/7 100 km/h", "slashes between words"),
    ("ratio 3:2, 他说:好", "colons in a sentence"),
    ("Imogen: 谷歌的模型", "one heading is no speaker"),
    ("我想说：好", "one Han phrase is no speaker"),
    ("a @ b, 5 < 6, it's `unclosed", "signs alone"),
    ("see (music theory) and [1]", "brackets in a line"),
    ("if a <b and c> d, x <y> z, R&D; AT&T {x} [INSTALL]", "what only looks like a tag or an entity"),
    ("\x1bImogen \x1b[31 \x1b]0;unclosed\n", "an escape code that never ends"),
]


@pytest.mark.parametrize(("text", "expected", "why"), PROTECTED)
def test_protected(text: str, expected: list[str], why: str) -> None:
    assert guarded(text) == expected, why
    talk = Transcript.parse(text, "a.txt")
    with pytest.raises(StaleError, match="protected"):
        talk.edits(Span(talk.protected[0].start, talk.protected[0].start + 1), "x")
    with pytest.raises(StaleError, match="protected"):
        talk.apply([Edit(Span(*map(talk.raw_offset, talk.protected[0])), "x")])


@pytest.mark.parametrize(("text", "why"), FREE)
def test_not_protected(text: str, why: str) -> None:
    assert guarded(text) == [], why


def test_markdown_protects_more() -> None:
    raw = (
        "---\nt: x\n---\n# H\n[a](b.md 'T') ![i][r] <b id=x>c</b> ``d ` e`` <!-- f -->\n\n~~~py\ng\n~~~\n"
        "[r]: /h\n\n`open\n\nend`"
    )
    assert guarded(raw, "a.md") == [
        "---\nt: x\n---",
        "# ",
        "](b.md 'T')",
        "][r]",
        "<b id=x>",
        "</b>",
        "``d ` e``",
        "<!-- f -->",
        "~~~py\ng\n~~~",
        "[r]: /h",
    ]
    assert guarded("2 * 3 [a] (b) <3 ``` x", "a.md") == []


def test_labels_in_subtitles_are_sure_at_once() -> None:
    assert guarded(SRT.format("John: hi", "[Ann] yes\n>> MARY-2: no"), "a.srt") == [
        "John:",
        "[Ann]",
        ">> MARY-2:",
    ]
    assert guarded(SRT.format("at 3: no", "so: yes"), "a.srt") == []


REFUSED = [
    ("{", "a.json", "a.json:1:2: broken JSON", "broken"),
    ('{"a":\n "b" "c"}', "a.json", "a.json:2:6: broken JSON", "with its place"),
    ("[" * 100_000, "a.json", "nested too deeply", "deep"),
    ('{"a": 1}', "a.json", "no transcript", "JSON of something else"),
    ("3", "a.json", "no transcript", "a number"),
    ("\n\nhello", "a.srt", "a.srt:3:1: no SRT timing", "no timing"),
    ("hello", "a.vtt", "a.vtt:1:1: no WebVTT timing", "no header"),
    ("hello", "a.ass", "no ASS timing", "no section"),
    ("hello", "a.lrc", "no LRC timing", "no tag"),
    ("a\tb\n", "a.tsv", "no text column", "another table"),
]


@pytest.mark.parametrize(("raw", "name", "message", "why"), REFUSED)
def test_refused(raw: str, name: str, message: str, why: str) -> None:
    with pytest.raises(FormatError, match=message.replace(".", r"\.")) as caught:
        Transcript.parse(raw, name)
    assert caught.value.source == name, why


def test_unknown_format() -> None:
    with pytest.raises(FormatError, match="txt, md, srt"):
        Transcript.parse("x", "a.txt", format="word")


@pytest.mark.parametrize(
    ("raw", "name", "kind"),
    [
        ("hello", "", "txt"),
        ("hello", "a.SRT.txt", "txt"),
        ("# x", "talk.MD", "md"),
        ("# x", "-", "md"),
        ("WEBVTT\n", "-", "vtt"),
        (SRT.format("a", "b"), "-", "srt"),
        ("[Script Info]\n", "-", "ass"),
        ("[00:01.00]a\n[00:02.00]b", "-", "lrc"),
        ("[00:12:34] Ann: a\n[00:12:40] Bob: b", "-", "txt"),
        ("start\tend\ttext\n", "-", "tsv"),
        ('{"text": "a"}', "-", "json"),
        ('{"text": "a"', "-", "txt"),
        ("{curly} words", "-", "txt"),
        ("a --> b", "-", "txt"),
    ],
)
def test_detect(raw: str, name: str, kind: str) -> None:
    assert detect(raw, name) == kind


@pytest.mark.parametrize(
    ("kind", "raw", "new"),
    [
        ("srt", SRT.format("X", "b"), "a\nb"),
        ("vtt", VTT.format("X", "b"), "a\rb"),
        ("tsv", "0\t1\tX", "a\tb"),
        ("ass", ASS.format("X"), r"{\b1}"),
    ],
)
def test_no_correction_breaks_the_file(kind: str, raw: str, new: str) -> None:
    with pytest.raises(FormatError, match="cannot stand"):
        change(raw, f"a.{kind}", "X", new)
    start = raw.index("X")
    with pytest.raises(StaleError, match="would break"):
        Transcript.parse(raw, f"a.{kind}").apply([Edit(Span(start, start + 1), new)])


def test_apply_is_paranoid() -> None:
    raw = '{"text": "a\\u4f60b", "x": "c"}'
    talk = Transcript.parse(raw, "a.json")
    at = raw.index("a\\u")
    for edit, why in [
        (Edit(Span(0, 1), "x"), "outside"),
        (Edit(Span(at, at + 20), "x"), "outside"),
        (Edit(Span(-1, 3), "x"), "outside"),
        (Edit(Span(raw.index("c"), raw.index("c") + 1), "x"), "outside"),
        (Edit(Span(at, at + 3), "x"), "would break"),
        (Edit(Span(at, at + 1), '"'), "would break"),
    ]:
        with pytest.raises(StaleError, match=why):
            talk.apply([edit])
    with pytest.raises(StaleError, match="overlaps"):
        talk.apply([Edit(Span(at, at + 7), "x"), Edit(Span(at, at + 1), "y")])
    with pytest.raises(StaleError, match="overlaps"):
        talk.apply([Edit(Span(at, at + 1), "x"), Edit(Span(at, at + 1), "x")])
    assert talk.apply([Edit(Span(at, at + 1), "x"), Edit(Span(at + 7, at + 8), "")]) == '{"text": "x\\u4f60", "x": "c"}'
    for span in (Span(2, 9), Span(3, 2), Span(-1, 1)):
        with pytest.raises(StaleError):
            talk.edits(span, "x")
    with pytest.raises(StaleError, match="holds no text"):
        Transcript.parse("", "a.srt").edits(Span(0, 0), "x")


def test_neighbours_share_a_gap() -> None:
    raw = SRT.format("xxxxx", "a b") + "\n3\n00:00:04,000 --> 00:00:05,000\nyyyyy\n"
    talk = Transcript.parse(raw, "a.srt")
    both = talk.edits(Span(0, 7), "XA") + talk.edits(Span(8, 15), "BY")
    assert Transcript.parse(talk.apply(both), "a.srt").text == "XA\nBY"


def test_nothing_to_change_is_no_edit() -> None:
    assert Transcript.parse("Imagen", "a.txt").edits(Span(0, 6), "Imagen") == ()


def test_travels_to_another_process() -> None:
    talk = Transcript.parse(whisper((" a b", " a| b")), "a.json")
    assert pickle.loads(pickle.dumps(talk)) == talk


@pytest.mark.parametrize(
    ("heard", "broken", "new", "pieces"),
    [
        (["a"], [False], "x y", ("x y",)),
        (["a", "b"], [False, False], "x y", ("x", " y")),
        (["a ", "b"], [False, False], "x y", ("x ", "y")),
        (["a", " ", "b"], [False] * 3, "x y", ("x", " ", "y")),
        (["a", "b"], [False, True], "x y", ("x", "y")),
        (["a", "bb"], [False, True], "xyz", ("", "xyz")),
        (["aa", "bb"], [False, True], "", ("", "")),
        (["a b c", "d"], [False, True], "x y", ("x", "y")),
        (["通", "意零码"], [False, True], "通义灵码", ("通", "义灵码")),
        ([" ", " "], [False, True], "x", ("x", "")),
    ],
)
def test_spread(heard: list[str], broken: list[bool], new: str, pieces: tuple[str, ...]) -> None:
    assert spread(heard, broken, new) == pieces


# Generated files: signs that mean something to one format are ordinary text in another.
SAID = st.text("同意通义码测試。，abcXYZ 019é😀\ufeff\u00a0-'", min_size=1, max_size=12).map(str.strip).filter(bool)
NEW = st.text("通义灵码abC3é😀 -", max_size=10).map(lambda s: " ".join(s.split()))
EOL = st.sampled_from(["\n", "\r\n", "\r"])


def _escaped(text: str, ascii_only: bool) -> str:
    return json.dumps(text, ensure_ascii=ascii_only)


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str]:
    """A file name and its raw text."""
    kind = draw(st.sampled_from(["ass", "json", "lrc", "md", "srt", "tsv", "txt", "vtt"]))
    said = draw(st.lists(SAID, min_size=1, max_size=5))
    eol, ascii_only = draw(EOL), draw(st.booleans())
    tail = draw(st.sampled_from(["", eol, eol * 2]))
    time_ = "00:00:0{},000 --> 00:00:09,000"
    if kind == "srt":
        gap = draw(st.sampled_from(["\n", "\n\n"]))
        body = gap.join(f"{i}\n{time_.format(i)}\n<i>{s}</i>" for i, s in enumerate(said))
    elif kind == "vtt":
        cues = (
            f"id{i}\n{time_.format(i).replace(',', '.')} align:start\n<v A>{s}<00:00:01.000><c> {s}</c>"
            for i, s in enumerate(said)
        )
        body = "WEBVTT\n\nNOTE x\ny\n\n" + "\n\n".join(cues)
    elif kind == "ass":
        body = ASS.format("") + "\n".join(f"Dialogue: 0:00:01.00,0:00:02.00,,{{\\b1}}{s}\\N{s}" for s in said)
    elif kind == "lrc":
        body = "[ti:x]\n" + "\n".join(f"[00:0{i}.00]{s} <00:05.00>{s}" for i, s in enumerate(said))
    elif kind == "tsv":
        body = "start\tend\ttext\n" + "\n".join(f"{i}\t{i + 1}\t{s}" for i, s in enumerate(said))
    elif kind == "json":
        segments = [
            {
                "start": 0,
                "text": f' {s}"\n',
                "words": [{"word": f" {w}", "p": 0.5} for w in f'{s}"'.split()],
                "tokens": [1],
            }
            for s in said
        ]
        data = {"text": "".join(str(s["text"]) for s in segments), "segments": segments, "language": "zh"}
        body = json.dumps(data, ensure_ascii=ascii_only, indent=draw(st.sampled_from([None, 1])))
    else:
        body = draw(st.sampled_from(["\n", "\n\n", " "])).join(said)
    return f"a.{kind}", body.replace("\n", eol) + tail


def bare(text: str) -> str:
    """Without space, which may go with an emptied cue, seen or not."""
    return "".join(text.replace("\ufeff", "").split())


QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(files())
@QUICK
def test_no_edit_no_change(file: tuple[str, str]) -> None:
    name, raw = file
    talk = Transcript.parse(raw, name)
    assert talk.apply(()) == raw
    assert talk.text == "\n".join(talk.text[c.span.start : c.span.end] for c in talk.cues) or name[2:] in (
        "txt",
        "md",
    )
    for at in range(len(talk.text)):
        place = talk.raw_offset(at)
        char = talk.text[at]
        assert raw[place] == char or raw[place] in "\\&\r\n<" or place in {c.raw.end for c in talk.cues}


@given(files(), NEW, st.data())
@QUICK
def test_only_the_edit_changes(file: tuple[str, str], new: str, data: st.DataObject) -> None:
    name, raw = file
    talk = Transcript.parse(raw, name)
    if not talk.cues:
        return
    start = data.draw(st.integers(0, len(talk.text) - 1))
    end = data.draw(st.integers(start + 1, min(len(talk.text), start + 20)))
    try:
        edits = talk.edits(Span(start, end), new)
    except StaleError as error:
        assert "protected" in str(error) or talk.text[start:end].strip("\n") == ""  # noqa: PT017
        return
    done = talk.apply(edits)
    at, moved = 0, 0
    for edit in edits:
        assert done[at + moved : edit.span.start + moved] == raw[at : edit.span.start]
        moved += len(edit.text) - (edit.span.end - edit.span.start)
        at = edit.span.end
    assert done[at + moved :] == raw[at:]
    again = Transcript.parse(done, name)
    assert bare(again.text) == bare(talk.text[:start] + new + talk.text[end:])
    if name == "a.json":
        before, after = json.loads(raw), json.loads(done)
        assert all(
            len(now["words"]) <= len(was["words"])
            for was, now in zip(before["segments"], after["segments"], strict=True)
        )
        for segment in after["segments"]:
            assert bare("".join(w["word"] for w in segment["words"])) == bare(segment["text"])
        assert bare(after["text"]) == bare(again.text)
        assert raw.isascii() == done.isascii() or not raw.isascii()


UNSEEN = "\u00ad\u2060\ufeff" + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x2060, 0x2065))))
"""Left out inside a word: see ``unsaid``."""


@given(st.text(st.characters(exclude_characters=UNSEEN), max_size=40), st.booleans())
@example("\x1b\U00010000", True)
@QUICK
def test_json_offsets(text: str, ascii_only: bool) -> None:
    """Each character of a decoded string is found in the raw one, whatever its escape."""
    assume(json.loads(json.dumps(text)) == text)  # two halves of one character beside each other are read as that
    raw = '{"text": ' + json.dumps(f"a{text}z", ensure_ascii=ascii_only) + "}"
    talk = Transcript.parse(raw, "a.json")
    assert talk.text == f"a{text}z"
    for at in range(1, len(talk.text) - 1):
        if (
            any(s.start <= at < s.end for s in talk.protected)
            or talk.text[at - 1 : at + 2].strip() != talk.text[at - 1 : at + 2]
        ):
            continue
        if talk.text[at].isspace():
            continue
        done = talk.apply(talk.edits(Span(at, at + 1), "é"))
        assert json.loads(done)["text"] == talk.text[:at] + "é" + talk.text[at + 1 :]


@given(
    st.text(string.printable + "：【】`[](){}<>-->同意\ufeff\0\ud800", max_size=80),
    st.sampled_from(sorted(FORMATS)),
)
@QUICK
def test_any_bytes(raw: str, kind: str) -> None:
    """Whatever a file holds, it is refused or comes back as it was."""
    try:
        talk = Transcript.parse(raw, f"a.{kind}", kind)
    except FormatError as error:
        assert error.line > 0  # noqa: PT017
        return
    assert talk.apply(()) == raw
    assert all(a.end <= b.start for a, b in zip(talk.protected, talk.protected[1:], strict=False))
