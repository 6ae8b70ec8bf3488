"""Every format: told by its content, read and written back losslessly, and never left contradicting itself.

The judges are the libraries that people read such files with.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import praatio.textgrid
import pympi
import pysubs2
import pytest
import ttconv.imsc.reader
import webvtt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fixer.engine import Fixer
from fixer.errors import FormatError
from fixer.glossary.terms import Alias, Glossary, Term
from fixer.judge.proposal import Safety
from fixer.project import decode, encode, walk
from fixer.text import Edit, Span, splice
from fixer.transcripts.formats import FORMATS, REFUSED, with_described
from fixer.transcripts.formats.described import described, shipped
from fixer.transcripts.formats.tracked import tracked
from fixer.transcripts.transcript import Transcript
from tests.transcripts.samples import HEARD, RIGHT, SAMPLES, Sample

EACH = pytest.mark.parametrize("sample", SAMPLES, ids=lambda s: s.name)


def corrected(raw: str, name: str, heard: str = HEARD, new: str = RIGHT) -> str:
    """Correct every place of a name, however its words are parted."""
    pattern = re.compile(r"\s+".join(map(re.escape, heard.split())))
    talk = Transcript.parse(raw, name)
    edits = [edit for place in pattern.finditer(talk.text) for edit in talk.edits(Span(*place.span()), new)]
    return talk.apply(edits)


@EACH
def test_is_told_by_its_content(sample: Sample) -> None:
    talk = Transcript.parse(sample.raw, sample.name)
    assert sample.kind in (talk.kind, talk.format)
    assert re.search(r"Himo\s+Jam", talk.text)


@EACH
def test_no_edit_no_change(sample: Sample) -> None:
    assert Transcript.parse(sample.raw, sample.name).apply(()) == sample.raw


@EACH
def test_every_copy_follows(sample: Sample) -> None:
    done = corrected(sample.raw, sample.name)
    assert len(re.findall(RIGHT, done, re.IGNORECASE)) == sample.copies
    assert not re.search(r"\b(?:Himo|Jam)\b", done, re.IGNORECASE), "half of the name stands somewhere"
    assert RIGHT in Transcript.parse(done, sample.name).text


@EACH
def test_nothing_else_changes(sample: Sample) -> None:
    """Without the two words, the file, its times and its lists are the same."""
    talk = Transcript.parse(sample.raw, sample.name)
    [place] = [Span(*m.span()) for m in re.finditer(r"Himo\s+Jam", talk.text)][:1]
    edits = talk.complete(talk.edits(place, RIGHT))
    at = 0
    kept = []
    for edit in edits:
        kept.append(sample.raw[at : edit.span.start])
        at = edit.span.end
    kept.append(sample.raw[at:])
    left = talk.apply(talk.edits(place, RIGHT))
    for part in kept:
        assert part in left
        left = left[left.index(part) + len(part) :]


@EACH
def test_json_stays_json_without_empty_words(sample: Sample) -> None:
    if not sample.raw.lstrip().startswith(("{", "[")) or ("\n{" in sample.raw.strip() and sample.name.endswith("l")):
        return
    try:
        before, after = json.loads(sample.raw), json.loads(corrected(sample.raw, sample.name))
    except json.JSONDecodeError:
        assert not sample.name.endswith((".json", ".json3"))
        return
    assert list(strings(after)).count("") <= list(strings(before)).count("")


def strings(data: object) -> Iterator[str]:
    """Every string in values."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for item in data.values() if isinstance(data, dict) else data:
            yield from strings(item)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("deepgram", ("start", 0.6), ("end", 1.2)),
        ("assemblyai", ("start", 600), ("end", 1200)),
        ("volcengine", ("start_time", 600), ("end_time", 1200)),
        ("azure-batch", ("offset", "PT0.6S"), ("duration", "PT0.6S")),
        ("premiere", ("start", 0.5), ("duration", 0.5)),
        ("aws", ("start_time", "0.6"), ("end_time", "1.2")),
    ],
)
def test_a_merged_name_keeps_the_first_start_and_the_last_end(
    kind: str, first: tuple[str, object], last: tuple[str, object]
) -> None:
    [sample] = [s for s in SAMPLES if s.kind == kind]
    found = [
        entry for entry in objects(json.loads(corrected(sample.raw, sample.name))) if first[0] in entry and names(entry)
    ]
    assert found
    assert all((entry[first[0]], entry[last[0]]) == (first[1], last[1]) for entry in found)


def objects(data: object) -> Iterator[dict[str, object]]:
    """Every object in values."""
    if isinstance(data, dict):
        yield data
    if isinstance(data, list | dict):
        for item in data.values() if isinstance(data, dict) else data:
            yield from objects(item)


def names(entry: dict[str, object]) -> bool:
    """Whether an object is the word of the name."""
    said = [*entry.values(), *(v for item in objects(entry.get("alternatives", [])) for v in item.values())]
    return RIGHT in said


def test_what_goes_by_the_text_goes_with_it() -> None:
    """Positions in CapCut's text, Tencent's number of words, the lists that name AWS's words."""
    done = {s.kind: json.loads(corrected(s.raw, s.name)) for s in SAMPLES if s.kind in ("capcut", "tencent", "aws")}
    [text] = done["capcut"]["materials"]["texts"]
    content = json.loads(text["content"])
    assert content["styles"][0]["range"] == [0, len(content["text"])]
    assert [len(text["words"][name]) for name in ("text", "start_time", "end_time")] == [4, 4, 4]
    [detail] = done["tencent"]["Data"]["ResultDetail"]
    assert detail["WordsNum"] == len(detail["Words"]) == 4
    assert done["aws"]["results"]["audio_segments"][0]["items"] == [i["id"] for i in done["aws"]["results"]["items"]]


@pytest.mark.parametrize(
    ("heard", "new", "stamps", "why"),
    [
        ("Himo Jam", "Himojam", [[0, 10], [10, 20], [20, 40], [40, 50], [50, 60]], "two words became one"),
        ("Himo", "Zorblex", [[0, 10], [10, 20], [20, 30], [30, 40], [40, 50], [50, 60]], "one stays one"),
        ("Jam", "Jam Two", [[0, 10], [10, 20], [20, 30], [30, 35], [35, 40], [40, 50], [50, 60]], "one became two"),
    ],
)
def test_times_of_words_without_the_words(heard: str, new: str, stamps: list[list[int]], why: str) -> None:
    """FunASR gives a pair of times for each word and character, beside the text and beside each sentence."""
    times = [[k * 10, k * 10 + 10] for k in range(6)]
    sentence = {"text": "我试Himo Jam好了。", "start": 0, "end": 60, "timestamp": times}
    raw = json.dumps([{"key": "a", "text": "我试Himo Jam好了。", "timestamp": times, "sentence_info": [sentence]}])
    [done] = json.loads(corrected(raw, "a.json", heard, new))
    assert done["timestamp"] == done["sentence_info"][0]["timestamp"] == stamps, why


def test_a_copy_that_cannot_follow_is_named_and_nothing_is_changed() -> None:
    raw = json.dumps({"segments": [{"text": "we ran Imo"}], "text": "Imo or Imo?"})
    talk = Transcript.parse(raw, "a.json")
    with pytest.raises(FormatError, match=r"'Imo' also stands in '\$\.text', which differs from the text there"):
        talk.edits(Span(7, 10), "Himo")


def test_a_folder_with_one_of_each_skips_nothing_in_silence(tmp_path: Path) -> None:
    for sample in SAMPLES:
        (tmp_path / sample.name).write_text(sample.raw, "utf-8", newline="")
    found = walk([str(tmp_path)])
    assert not found.errors
    assert {s.path.name for s in found.sources} == {s.name for s in SAMPLES} - {"talk.md", "podcast.html"}
    assert sorted(one.why for one in found.left_out) == [
        "HTML, read where it is named",
        "Markdown, read where it is named",
    ]


# ------------------------------------------------------------ the judges


def _webvtt(raw: str) -> str:
    return "\n".join(caption.text for caption in webvtt.from_string(raw).captions)


def _pysubs2(raw: str) -> str:
    return "\n".join(event.plaintext for event in pysubs2.SSAFile.from_string(raw, fps=25.0))


def _ttconv(raw: str) -> str:
    import xml.etree.ElementTree as ET

    model = ttconv.imsc.reader.to_model(ET.ElementTree(ET.fromstring(raw)))
    body = model.get_body() if model else None
    assert body is not None
    return "".join(e.get_text() for e in body.dfs_iterator() if type(e).__name__ == "Text")


def _praatio(raw: str, folder: Path) -> str:
    (folder / "a.TextGrid").write_text(raw, "utf-8")
    grid = praatio.textgrid.openTextgrid(str(folder / "a.TextGrid"), includeEmptyIntervals=True)
    return "\n".join(" ".join(e.label for e in tier.entries) for tier in grid.tiers)


def _pympi(raw: str, folder: Path) -> str:
    (folder / "a.eaf").write_text(raw, "utf-8")
    return "\n".join(row[2] for row in pympi.Elan.Eaf(str(folder / "a.eaf")).get_annotation_data_for_tier("Ann"))


JUDGES: dict[str, Callable[[str], str]] = {
    "vtt": _webvtt, "srt": _pysubs2, "ass": _pysubs2, "microdvd": _pysubs2, "mpl2": _pysubs2, "tmplayer": _pysubs2,
    "ttml": _ttconv,
}  # fmt: skip


# ttconv reads today's namespace only, not that of the draft that DFXP files have
@pytest.mark.parametrize(
    "sample", [s for s in SAMPLES if s.kind in JUDGES and s.name != "talk.dfxp"], ids=lambda s: s.name
)
def test_its_library_reads_what_was_written(sample: Sample) -> None:
    read = JUDGES[sample.kind]
    said = read(corrected(sample.raw, sample.name))
    before = read(sample.raw)
    assert RIGHT in said
    assert len(said.split()) == len(before.split()) - 1


@pytest.mark.parametrize(("kind", "read"), [("textgrid", _praatio), ("eaf", _pympi)])
def test_its_library_reads_the_file(kind: str, read: Callable[[str, Path], str], tmp_path: Path) -> None:
    for sample in (s for s in SAMPLES if s.kind == kind):
        assert RIGHT in read(corrected(sample.raw, sample.name), tmp_path)


# ------------------------------------------------------------ generated files of every format

LETTERS = st.text("abcXYZé同意码ñ", min_size=1, max_size=7)
NEW = st.lists(LETTERS, min_size=1, max_size=3).map(" ".join)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@given(st.sampled_from(SAMPLES), LETTERS, LETTERS, NEW)
@example(next(s for s in SAMPLES if s.name == "talk.ctm"), "a", "b", "X X同")
@QUICK
def test_only_its_places_differ_in_any_file(sample: Sample, one: str, other: str, new: str) -> None:
    """Other words in every format: no edit, an edit, a second time."""
    if sample.name.startswith("talk.ctm") and len(new.split()) != 2:
        return  # a line is one word: two lines take two
    raw = sample.raw.replace("Himo", f"Q{one}").replace("himo", f"q{one}").replace('Him"', f'Q{one}"')
    raw = raw.replace("Jam", f"K{other}").replace("jam", f"k{other}")
    if sample.kind == "whisper-cpp":
        raw = raw.replace('"text": "o"', '"text": ""')
    talk = Transcript.parse(raw, sample.name)
    assert talk.apply(()) == raw
    found = re.search(rf"Q{one}\s+K{other}", talk.text)
    assert found
    edits = talk.edits(Span(*found.span()), f"W{new}")
    done = talk.apply(edits)
    assert done == splice(raw, talk.complete(edits))
    again = Transcript.parse(done, sample.name)
    assert (again.format, again.kind) == (talk.format, talk.kind)
    assert "".join(f"W{new}".split()) in "".join(again.text.split())
    assert len(again.cues) == len(talk.cues)
    assert [(c.start_ms, c.speaker) for c in again.cues] == [(c.start_ms, c.speaker) for c in talk.cues]


@pytest.mark.slow
def test_a_second_run_finds_nothing_safe() -> None:
    fixer = Fixer(Glossary((Term(RIGHT, kind="model", aliases=(Alias(HEARD),)),)))
    for sample in SAMPLES:
        talk = Transcript.parse(sample.raw, sample.name)
        safe = [p for p in fixer.propose(talk) if p.safety >= Safety.SAFE]
        assert safe, sample.name
        again = Transcript.parse(fixer.apply(talk, safe), sample.name)
        assert not [p for p in fixer.propose(again) if p.safety >= Safety.SAFE], sample.name


@pytest.mark.parametrize(
    ("new", "first", "second", "why"),
    [
        ("Ab Cd", "Ab", "Cd", "two words, two lines"),
        ("通义", "通", "义", "Han without a space parts anywhere"),
        ("通义 X", "通义", "X", "a word stays whole, Han or not"),
        ("X X同", "X", "X同", "Han beside Latin is one word where nobody put a space"),
    ],
)
def test_a_line_is_one_word(new: str, first: str, second: str, why: str) -> None:
    [sample] = [s for s in SAMPLES if s.kind == "ctm"]
    done = corrected(sample.raw, sample.name, new=new)
    assert done == sample.raw.replace(" Himo ", f" {first} ").replace(" Jam ", f" {second} "), why


def test_a_line_cannot_take_two_words() -> None:
    [sample] = [s for s in SAMPLES if s.kind == "ctm"]
    with pytest.raises(FormatError, match="'通义 X Y' cannot stand in the text of ctm"):
        corrected(sample.raw, sample.name, new="通义 X Y")


FAR = "9" * 5000


@pytest.mark.parametrize(
    ("kind", "old", "new", "why"),
    [
        ("capcut", '"texts": [', '"texts": [], "audios": [', "a draft without subtitles is an empty transcript"),
        ("textgrid", "1.5", "1e999", "a number that is none"),
        ("textgrid", "0.3", FAR, "a number of too many digits"),
        ("tsv", "0\t1500", "1.5e308\t1.5e308", "a number whose thousandfold is none"),
        ("fcpxml", "3/2s", "3/0s", "a time over nothing"),
        ("whisper", '"start": 0.0', f'"start": "{FAR}:00"', "hours of too many digits"),
        ("azure-batch", "PT0S", f"PT{FAR}S", "seconds of too many digits"),
        ("ttml", "00:00:00", f"{FAR}:00:00", "a clock of too many digits"),
        ("tencent", '"WordsNum": 5', '"WordsNum": "5"', "a count in quotation marks"),
    ],
)
def test_odd_numbers_are_no_obstacle(kind: str, old: str, new: str, why: str) -> None:
    """Times only find a place to play: a text is read and corrected whatever stands there."""
    found = [s for s in SAMPLES if s.kind == kind and old in s.raw]
    assert found, "the table is out of date"
    for sample in found:
        raw = sample.raw.replace(old, new)
        talk = Transcript.parse(raw, sample.name)
        assert talk.apply(()) == raw, why
        if talk.text:
            assert RIGHT in corrected(raw, sample.name), why


# ------------------------------------------------------------ Word and Parquet


def zipped(how: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        made.writestr("word/document.xml", "<w:document><w:p><w:r><w:t>Himo Jam</w:t></w:r></w:p></w:document>")
        made.writestr("word/styles.xml", "<w:styles/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "why"),
    [
        (zipped()[:30] + zipped()[60:], "a.docx", "a piece is missing, so that what comes first lies before the start"),
        (zipped(zipfile.ZIP_DEFLATED).replace(b"word/document.xml", b"word/document.xml\xff", 1), "a.docx", "shifted"),
        (zipped(zipfile.ZIP_BZIP2), "a.docx", "compressed as Word compresses nothing"),
        (zipped()[:60], "a.docx", "cut off"),
        (b"PAR1" + b"x" * 40 + b"\x10\0\0\0PAR1", "a.parquet", "a footer that is none"),
        (b"PAR1", "a.parquet", "cut off"),
    ],
)
def test_a_broken_container_is_said_to_be_broken(data: bytes, name: str, why: str) -> None:
    if name.endswith("parquet"):
        pytest.importorskip("pyarrow")
    with pytest.raises(FormatError, match="broken"):
        decode(data, name)


@pytest.mark.parametrize("damage", [b"t\xffxt", b"T\xfeXT"])
def test_a_table_with_a_broken_name_is_refused(damage: bytes) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pyarrow.table({"text": ["We tried Himo Jam."]}), out, store_schema=False)

    def written(data: bytes) -> bytes:
        raw, form = decode(data, "a.parquet")
        return encode(corrected(raw, "a.parquet"), form, "a.parquet")

    for count in range(1, out.getvalue().count(b"text") + 1):
        with pytest.raises(FormatError, match="broken Parquet"):
            written(out.getvalue().replace(b"text", damage, count))


def test_a_document_with_a_broken_part_is_not_written() -> None:
    data = zipped().replace(b"<w:styles/>", b"<w:stylez/>")
    raw, form = decode(data, "a.docx")
    assert encode(raw, form) == data, "no edit, the same bytes"
    with pytest.raises(FormatError, match=r"a\.docx: a broken document \(Bad CRC-32"):
        encode(corrected(raw, "a.docx"), form, "a.docx")


def a_document() -> bytes:
    """A document in which a name runs over two runs with formatting of their own."""
    made = docx.Document()
    paragraph = made.add_paragraph("We tried ")
    paragraph.add_run("Himo").bold = True
    paragraph.add_run(" Jam today & more.")
    made.add_table(1, 1).cell(0, 0).text = "In a table: Himo Jam."
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_document_keeps_its_runs() -> None:
    data = a_document()
    raw, form = decode(data, "a.docx")
    assert encode(raw, form) == data, "no edit, the same bytes"
    done = encode(corrected(raw, "a.docx"), form)
    made = docx.Document(io.BytesIO(done))
    assert [p.text for p in made.paragraphs] == ["We tried Himojam today & more."]
    assert [(r.text, r.bold) for r in made.paragraphs[0].runs][1] == (RIGHT, True)
    assert made.tables[0].cell(0, 0).text == "In a table: Himojam."
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(io.BytesIO(done)) as new:
        assert old.namelist() == new.namelist()
        assert all(old.read(n) == new.read(n) for n in old.namelist() if n != "word/document.xml")


def test_tracked_changes_can_be_accepted_and_rejected() -> None:
    raw, form = decode(a_document(), "a.docx")
    talk = Transcript.parse(raw, "a.docx")
    edits = [e for m in re.finditer(HEARD, talk.text) for e in talk.edits(Span(*m.span()), RIGHT)]
    marked = splice(raw, tracked(raw, talk.complete(edits), "Ann", "2026-01-01T00:00:00Z"))
    assert RIGHT in Transcript.parse(marked, "a.docx").text
    rejected = re.sub(r"<w:ins .*?</w:ins>", "", marked)
    rejected = re.sub(r"</?w:del .*?>|</w:del>", "", rejected).replace("delText", "t")
    assert Transcript.parse(rejected, "a.docx").text == talk.text
    accepted = re.sub(r"<w:del .*?</w:del>", "", marked)
    accepted = re.sub(r"<w:ins .*?>|</w:ins>", "", accepted)
    assert Transcript.parse(accepted, "a.docx").text == Transcript.parse(talk.apply(edits), "a.docx").text
    docx.Document(io.BytesIO(encode(marked, form)))


def test_space_that_word_would_drop_is_kept() -> None:
    raw = "<w:document><w:p><w:r><w:t>Himo</w:t></w:r><w:r><w:t>Jam today</w:t></w:r></w:p></w:document>"
    talk = Transcript.parse(raw, "a.docx")
    done = talk.apply(talk.edits(Span(0, 7), RIGHT))
    assert done.count('xml:space="preserve"') == 1
    assert Transcript.parse(done, "a.docx").text == "Himojam today"


def test_a_column_of_text_in_parquet() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    table = pyarrow.table(
        {
            "id": [1, 2],
            "text": ["We tried Himo Jam today.", None],
            "words": [[{"word": w, "start": 0.5} for w in "We tried Himo Jam today.".split()], []],
            "audio": [b"\0\1", b""],
        }
    )
    out = io.BytesIO()
    parquet.write_table(table, out, compression="zstd")
    raw, form = decode(out.getvalue(), "a.parquet")
    assert encode(raw, form) == out.getvalue()
    done = parquet.read_table(io.BytesIO(encode(corrected(raw, "a.parquet"), form)))
    assert done.schema.equals(table.schema)
    assert done.column("text").to_pylist() == ["We tried Himojam today.", None]
    assert [w["word"] for w in done.column("words").to_pylist()[0]] == ["We", "tried", RIGHT, "today."]
    assert done.column("audio").equals(table.column("audio"))


# ------------------------------------------------------------ descriptions


def test_a_new_program_takes_few_lines() -> None:
    """Measured: the longest description has 17 lines, data and all."""
    text = (Path(__file__).parents[2] / "fixer/data/formats.toml").read_text("utf-8")
    tables = re.split(r"\n(?=\[)", text.partition("\n[")[2])
    assert max(len(table.strip().splitlines()) for table in tables) <= 20
    assert {d.name for d in shipped() if not d.export} <= {s.kind for s in SAMPLES} | {"transcript-lines"}, (
        "a sample for each"
    )


def test_formats_are_many_and_each_has_a_sample() -> None:
    known = {s.kind for s in SAMPLES} | {"docx", "json"}
    assert len({s.kind for s in SAMPLES}) >= 50
    assert {form.name for form in FORMATS.values()} - known <= {"kaldi"}
    assert all(form.about and form.protects and form.writes for form in with_described().values())


def test_a_project_describes_its_own() -> None:
    own = described(
        "mine", {"text": "$.results[*].said.best", "start": "t0", "end": "t1", "unit": "ms", "speaker": "who"}
    )
    raw = json.dumps({"results": [{"who": "Ann", "t0": 5, "t1": 9, "said": {"best": "we tried Himo Jam"}}]})
    with pytest.raises(FormatError, match=r"\[formats\.mine\] in fixer\.toml"):
        Transcript.parse(raw, "a.json")
    talk = Transcript.parse(raw, "a.json", formats=with_described((own,)))
    [cue] = talk.cues
    assert (talk.kind, cue.start_ms, cue.end_ms, cue.speaker) == ("mine", 5, 9, "Ann")
    assert "we tried Himojam" in talk.apply(talk.edits(Span(9, 17), RIGHT))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"txt": "$.a"}, "unknown key 'txt', did you mean 'text'"),
        ({"text": "a.b"}, "is no path like"),
        ({"text": 3}, "takes a path or a list"),
        ({"start": "a"}, "says nowhere where the text lies"),
        ({"text": "$.a", "unit": "h"}, "unknown unit"),
    ],
)
def test_a_description_that_makes_no_sense(table: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        described("mine", table)


@pytest.mark.parametrize(
    ("raw", "name", "message"),
    [
        ("{\\rtf1 x}", "a.srt", "this is RTF: save it as .docx or .txt"),
        ("{\\rtf1\n1\n00:00:01,000 --> 00:00:02,000\nx}", "a.txt", "this is RTF"),
        ("Scenarist_SCC V1.0\n", "a.scc", "convert it to SRT or TTML"),
        ("x", "a.stl", "EBU STL"),
        ("words", "a.xyz", "if it is plain text say --as txt"),
        ("words", "README", "a file without an ending"),
        ('{"TranscriptionJob": {}}', "a.json", "TranscriptFileUri"),
        ('{"a": 1}', "a.json", "no transcript in this JSON"),
        ('{"results": {"channels": [], "utterances": []}, "metadata": {}}', "a.json", "it looks like Deepgram"),
        ("<x><y>words</y></x>", "a.xml", "if it is plain text say --as txt"),
    ],
)
def test_what_is_refused_says_what_to_do(raw: str, name: str, message: str) -> None:
    with pytest.raises(FormatError, match=re.escape(message)):
        Transcript.parse(raw, name)


def test_refusals_say_what_to_do_instead() -> None:
    assert all(": " in why for why in REFUSED.values() if "who spoke" not in why)


@pytest.mark.parametrize(
    ("raw", "name", "why"),
    [
        ("we tried Himo [00:00:02] Jam today\n", "a.txt", "a stamp between"),
        ("[00:00:01] we tried Himo\n[00:00:02] Jam today\n", "a.txt", "stamps at the head of lines"),
        ("we tried Hi\u200bmo Jam today\n", "a.txt", "a space of no width"),
        ("1\n00:00:01,000 --> 00:00:02,000\nwe tried Hi\u00admo Ja\u00adm\n", "a.srt", "soft hyphens"),
        ("<p begin='1s'>Himo<br/>Jam</p>", "a.ttml", "a line break of XML"),
        ("{1}{2}Himo|{y:i}Jam\n", "a.sub", "a bar and a code"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHimo<00:00:01.500><c> Jam</c>\n", "a.vtt", "times of words"),
        ('{"text": "Hi\\u200bmo Jam"}', "a.json", "an escape in a word"),
    ],
)
def test_names_are_found_over_what_was_never_said(raw: str, name: str, why: str) -> None:
    done = corrected(raw, name)
    assert RIGHT in done, why
    assert not re.search(r"Hi\W?mo\b|\bJa\W?m\b", done), why


def test_joiners_that_mean_something_stay() -> None:
    """In Persian and in emoji; between Latin letters they mean nothing."""
    for text in ("\u0645\u06cc\u200c\u062e\u0648", "👩\u200d💻 x"):
        assert Transcript.parse(text, "a.txt").text == text


def test_edits_of_word_lists_are_checked_like_any_other() -> None:
    [sample] = [s for s in SAMPLES if s.kind == "bcut"]
    talk = Transcript.parse(sample.raw, sample.name)
    at = sample.raw.index('"end_time": 1500')
    with pytest.raises(Exception, match="outside the recognised text"):
        talk.apply([Edit(Span(at, at + 3), "x")])
