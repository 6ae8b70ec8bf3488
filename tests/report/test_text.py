"""Reports: what a person reads, what a program reads, and that neither hurts a terminal."""

from __future__ import annotations

import dataclasses
import difflib
import json
import random
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixer.errors import FormatError
from fixer.judge.proposal import Proposal, Reason, Rival, Safety
from fixer.report.explain import sound_lines, sound_record
from fixer.report.json import json_lines, json_report
from fixer.report.outcome import Outcome, Pair, Run, Summary, outcome
from fixer.report.terminal import Style
from fixer.report.text import brief_line, file_lines, summary_lines
from fixer.text import Span, dumps, pad, visible, width
from fixer.transcripts.diff import unified
from fixer.transcripts.transcript import Transcript

TALK = "大家好\n推出Cloud3,\n又说Cloud3和小浣熊,Clip\n"


def propose(transcript: Transcript, heard: str, right: str, safety: Safety, nth: int = 0) -> Proposal:
    """A proposal for the nth place of ``heard``."""
    start = -1
    for _ in range(nth + 1):
        start = transcript.text.index(heard, start + 1)
    span = Span(start, start + len(heard))
    return Proposal(
        id=f"{start:016x}",
        span=span,
        edits=transcript.edits(span, right),
        heard=heard,
        replacement=right,
        term=right,
        kind="model",
        route="alias" if safety is Safety.SAFE else "sound",
        confidence=0.98765 if safety is Safety.SAFE else 0.5,
        safety=safety,
        reasons=(Reason("sound", "0.93 /klAd/"), Reason("near", "Anthropic")),
        rivals=(Rival("Cloud", "Cloud", 0.01),),
    )


def talk(*applied: Safety) -> Outcome:
    """Two safe places, one to review, one only shown."""
    transcript = Transcript.parse(TALK, "talk.txt")
    found = [
        propose(transcript, "Cloud3", "Claude 3", Safety.SAFE),
        propose(transcript, "Cloud3", "Claude 3", Safety.SAFE, 1),
        propose(transcript, "小浣熊", "吉他", Safety.UNSAFE),
        propose(transcript, "Clip", "CLIP", Safety.DISPLAY),
    ]
    return outcome(transcript, found, frozenset(p.id for p in found if p.safety in applied))


def total(*results: Outcome) -> Summary:
    """The totals of results."""
    summary = Summary()
    for result in results:
        summary.add(result)
    return summary


class TestText:
    def test_a_line_for_each_distinct_correction(self) -> None:
        """Sign, what, how often, where first, why."""
        assert list(file_lines(talk(), Style())) == [
            "talk.txt: 2 safe to fix, 1 to review, 1 only shown",
            "  ✓ Cloud3 → Claude 3  ×2  2:3",
            "  ? 小浣熊 → 吉他      ×1  3:10  50% likely",
            "  · Clip → CLIP        ×1  3:14  50% likely",
        ]

    def test_words_around_a_place_in_a_long_line(self) -> None:
        """A column of a thousand is found by nobody."""
        text = "很长的一行," * 40 + "他们推出Imogen来生成图片," + "还有很多话" * 40
        transcript = Transcript.parse(text, "talk.txt")
        lines = list(file_lines(outcome(transcript, [propose(transcript, "Imogen", "Imagen", Safety.UNSAFE)]), Style()))

        assert "…他们推出Imogen来生成图…" in lines[1]

    def test_a_cue_is_named_by_number_and_time(self) -> None:
        """As the review and every player have it."""
        transcript = Transcript.parse("1\n00:01:01,500 --> 00:01:02,000\nCloud3\n", "t.srt")
        result = outcome(transcript, [propose(transcript, "Cloud3", "Claude 3", Safety.SAFE)])

        assert list(file_lines(result, Style()))[1] == "  ✓ Cloud3 → Claude 3  ×1  #1 1:01"

    @given(
        st.lists(st.text("a语 é👩[", min_size=1, max_size=90), min_size=1, max_size=4, unique=True),
        st.sampled_from([40, 80, 200]),
    )
    def test_no_line_is_wider_than_the_stream(self, heard: list[str], columns: int) -> None:
        """Whatever was heard, and however long; the name of the file is the caller's."""
        transcript = Transcript.parse("x" * 99 + "。".join(heard), "t.txt", "txt")
        found = [propose(transcript, text, text[::-1] + "b", Safety.UNSAFE) for text in heard]
        lines = file_lines(outcome(transcript, found), Style(width=columns))

        assert all(width(line) <= columns for line in list(lines)[1:])

    def test_among_several_files_only_what_is_to_be_decided_is_listed(self) -> None:
        """The first command of the README prints a page; what was fixed is counted, and -v lists it."""
        text = "。".join(f"Cloud{n}" for n in range(9)) + "。小浣熊"
        transcript = Transcript.parse(text, "talk.txt")
        safe = [propose(transcript, f"Cloud{n}", f"Claude {n}", Safety.SAFE) for n in range(9)]
        asked = propose(transcript, "小浣熊", "吉他", Safety.UNSAFE)
        result = outcome(transcript, [*safe, asked], frozenset(p.id for p in safe))

        assert list(file_lines(result, Style(), whole=False))[1:] == [
            "  ? 小浣熊 → 吉他  ×1  1:64  小浣熊  50% likely",
            "  … 9 other pairs fixed (-v lists them)",
        ]
        assert len(list(file_lines(result, Style()))) == 11

    @pytest.mark.parametrize(("columns", "said"), [(80, "short words are often alike by chance"), (60, "short word")])
    def test_why_it_waits_is_said_as_far_as_there_is_room(self, columns: int, said: str) -> None:
        transcript = Transcript.parse("推出HUX", "t.txt")
        asked = propose(transcript, "HUX", "HUGS", Safety.UNSAFE)
        asked = dataclasses.replace(asked, reasons=(Reason("short", asks=True),))

        assert list(file_lines(outcome(transcript, [asked]), Style(width=columns)))[1].endswith(said)

    def test_a_few_are_always_listed(self) -> None:
        assert list(file_lines(talk(), Style(), whole=False)) == list(file_lines(talk(), Style()))

    def test_what_was_applied_is_told_apart(self) -> None:
        assert next(iter(file_lines(talk(Safety.SAFE), Style()))) == ("talk.txt: 2 fixed, 1 to review, 1 only shown")

    def test_ascii(self) -> None:
        """Signs of our own fall back; state stays readable by sign alone."""
        lines = list(file_lines(talk(), Style(ascii=True)))

        assert [line[2] for line in lines[1:]] == ["+", "?", "."]
        assert "Cloud3 -> Claude 3  x2" in lines[1]

    def test_color_only_when_asked(self) -> None:
        assert "\x1b" not in "".join(file_lines(talk(), Style()))
        assert "\x1b[32m✓\x1b[0m" in "".join(file_lines(talk(), Style(color=True)))

    def test_details(self) -> None:
        lines = list(file_lines(talk(), Style(), verbosity=1))

        assert "      Claude 3: 99%, model, a known mishearing" in lines
        assert "      said nearby: Anthropic" in lines
        assert "      or → Cloud: 1%" in lines

    def test_a_clean_file_is_not_mentioned(self) -> None:
        assert list(file_lines(Outcome("a.txt"), Style())) == []
        assert list(file_lines(Outcome("a.txt"), Style(), verbosity=1)) == ["a.txt: nothing to correct"]

    def test_summary_after_fix(self) -> None:
        assert list(summary_lines(total(talk(Safety.SAFE)), Style(), wrote=True, listed=False)) == [
            "Fixed 2 places in 1 of 1 file",
            "  ✓ Cloud3 → Claude 3  ×2",
            "2 to review in 1 file",
            "Found by: 2 known mishearing, 2 sound",
            "Next: fixer review PATH asks about those marked ?",
        ]

    def test_the_counts_on_one_line(self) -> None:
        assert brief_line(total(talk(Safety.SAFE)), Style(), wrote=True) == (
            "Fixed 2 places in 1 of 1 file; 2 to review in 1 file"
        )

    def test_summary_after_check(self) -> None:
        lines = list(summary_lines(total(talk(), Outcome("b")), Style(), wrote=False, listed=True))

        assert lines[0] == "2 safe to fix, 2 to review in 2 files (3 different)"

    def test_summary_of_nothing(self) -> None:
        assert list(summary_lines(total(Outcome("a")), Style(), wrote=True, listed=True)) == [
            "1 file: nothing to correct"
        ]

    def test_long_lists_are_cut(self) -> None:
        summary = Summary(files=1, applied=20, touched=1)
        summary.changed.update({Pair(f"a{k}", "b", Safety.SAFE): 1 for k in range(20)})

        assert list(summary_lines(summary, Style(), wrote=True, listed=False))[9] == "    … and 12 more"


class TestExitCode:
    @pytest.mark.parametrize(
        ("applied", "options", "code"),
        [
            ((), {}, 1),
            ((Safety.SAFE,), {}, 1),
            ((Safety.SAFE, Safety.UNSAFE, Safety.DISPLAY), {}, 0),
            ((Safety.SAFE, Safety.UNSAFE, Safety.DISPLAY), {"diff": True}, 1),
            ((), {"exit_zero": True}, 0),
        ],
    )
    def test_follows_from_the_counts(self, applied: tuple[Safety, ...], options: dict[str, bool], code: int) -> None:
        assert total(talk(*applied)).exit_code(**options) == code

    def test_a_failure_is_never_hidden(self) -> None:
        assert Summary(failed=1).exit_code(exit_zero=True) == 2


class TestData:
    def test_one_document(self) -> None:
        error = FormatError("broken, mend it", "b.srt", 3)
        summary = total(talk(Safety.SAFE))
        left = (("a.png", "pictures"),)
        document = json.loads(
            json_report(Run((talk(Safety.SAFE),), (error,), summary, "1.0", unmade=(error,), left_out=left))
        )

        assert document["schema_version"] == 1
        assert document["errors"] == [{"file": "b.srt", "line": 3, "column": 0, "message": "broken, mend it"}]
        assert document["summary"]["by_safety"] == {"safe": 2, "unsafe": 1, "display": 1}
        first = document["files"][0]["findings"][0]
        assert (first["line"], first["column"], first["applied"], first["confidence"]) == (2, 3, True, 0.9877)
        assert TALK[first["start"] : first["end"]] == first["heard"] == "Cloud3"
        assert first["edits"] == [{"start": 6, "end": 12, "text": "Claude 3"}]

    def test_a_line_for_each_proposal(self) -> None:
        records = [json.loads(line) for line in json_lines(talk())]

        assert [(r["file"], r["heard"], r["schema_version"]) for r in records] == [
            ("talk.txt", heard, 1) for heard in ("Cloud3", "Cloud3", "小浣熊", "Clip")
        ]

    @given(st.text(), st.booleans())
    def test_any_text_survives(self, text: str, ascii_only: bool) -> None:
        """Valid JSON without a control character, whatever the transcript holds."""
        written = dumps({"heard": text}, ascii_only=ascii_only)

        assert json.loads(written) == {"heard": text}
        assert visible(written) == written

    def test_a_cue_has_its_time(self) -> None:
        transcript = Transcript.parse("1\n00:00:01,500 --> 00:00:02,000\nCloud3\n", "t.srt")
        [finding] = outcome(transcript, [propose(transcript, "Cloud3", "Claude 3", Safety.SAFE)]).findings

        assert (finding.line, finding.column, finding.cue, finding.start_ms) == (3, 1, 0, 1500)


class TestShow:
    @given(st.text())
    def test_nothing_steers_the_terminal(self, text: str) -> None:
        shown = visible(text)

        assert visible(shown) == shown
        assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in shown)

    @pytest.mark.parametrize("text", ["[Music]", "[/INST]", "👩‍👩‍👧", "…“”", "é", "通义"])
    def test_what_is_harmless_is_shown_as_it_is(self, text: str) -> None:
        assert visible(text) == text

    def test_escapes(self) -> None:
        assert visible("a\x1b]0;x\x07\r\n\u202eb\x9b") == r"a\x1b]0;x\x07\r\n\u202eb\x9b"

    def test_width(self) -> None:
        texts = ("abc", "通义", "e\u0301", "，", "👨\u200d👩\u200d👧", "🇨🇳")
        assert [width(s) for s in texts] == [3, 4, 1, 2, 2, 2]
        assert pad("通", 4) == "通  "


class TestDiff:
    @staticmethod
    def _edited(rng: random.Random, lines: list[str], *, grow: bool) -> list[str]:
        out = list(lines)
        for _ in range(rng.randrange(4)):
            k = rng.randrange(len(out))
            out[k] = out[k].replace("a", "通") if not (grow and rng.random() < 0.4) else ""
        return out

    @pytest.mark.skipif(not shutil.which("patch"), reason="no patch program here")
    @pytest.mark.parametrize("seed", range(60))
    def test_patch_makes_the_new_from_the_old(self, tmp_path: Path, seed: int) -> None:
        """Whatever the line ends, with or without a last one."""
        rng = random.Random(seed)
        lines = [
            rng.choice("ab\rc ") * rng.randrange(4) + rng.choice(["\n", "\r\n"]) for _ in range(rng.randrange(1, 30))
        ]
        old, new = "".join(lines), "".join(self._edited(rng, lines, grow=seed % 2 == 0))
        if seed % 3 == 0:
            old, new = old.rstrip("\n"), new.rstrip("\n")
        path = tmp_path / "my talk.txt"
        path.write_bytes(old.encode())
        diff = "".join(unified(old, new, "my talk.txt"))

        if old != new:
            made = subprocess.run(["patch", "-p1", "--binary", "-s"], cwd=tmp_path, input=diff.encode(), check=False)
            assert made.returncode == 0
        assert path.read_bytes() == new.encode()

    @pytest.mark.parametrize("seed", range(30))
    def test_as_difflib_has_it(self, seed: int) -> None:
        rng = random.Random(seed)
        lines = [f"{k}{rng.choice('ab')}\n" for k in range(40)]
        new = self._edited(rng, lines, grow=False)
        known = list(difflib.unified_diff(lines, new, "a/t", "b/t"))

        assert [*unified("".join(lines), "".join(new), "t")] == known

    def test_odd_names_are_quoted(self) -> None:
        assert next(unified("a", "b", 'x"\n通.txt')) == '--- "a/x\\042\\012\\351\\200\\232.txt"\n'


def test_the_alignment_of_two_sounds() -> None:
    """Every phone of both readings stands in the alignment."""
    record = sound_record("Imogen", "Imagen")
    steps = record["alignment"]
    assert isinstance(steps, list)
    phones = [r["phones"] for r in record["texts"][0]["readings"]]  # type: ignore[index]

    assert "".join(s["a"] for s in steps) in phones
    assert float(str(record["similarity"])) > 0.5
    assert any("similarity" in line for line in sound_lines("Imogen", "Imagen", Style()))
    assert next(sound_lines("?!", "Imagen", Style())).endswith("nothing that can be said")
