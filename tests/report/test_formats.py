"""Formats for other programs, each against the schema its specification gives, or a consumer of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from junitparser import JUnitXml

from fixer.errors import FixerError, FormatError
from fixer.judge.proposal import Safety
from fixer.report.ci import github, gitlab, junit, rdjson, sarif
from fixer.report.html import html
from fixer.report.json import json_lines, json_report
from fixer.report.markdown import markdown
from fixer.report.outcome import Outcome, Run, Summary, outcome
from fixer.text import Edit, Span
from fixer.transcripts.transcript import Transcript
from tests.report.test_text import propose, talk

NAME = "a b/讲 座%,:.srt"
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\n😀通义,推出Clo\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nud3吧\r\n"


def run_of(*results: Outcome, errors: tuple[FixerError, ...] = ()) -> Run:
    total = Summary(failed=len(errors))
    for result in results:
        total.add(result)
    return Run(results, errors, total, "1.0")


def two_cues() -> Outcome:
    """A name over two cues, in a file whose name and text hold what formats escape."""
    transcript = Transcript.parse(SRT, NAME)
    at = transcript.text.index("Clo")
    found = propose(transcript, transcript.text[at : transcript.text.index("吧")], "Claude 3", Safety.SAFE)
    return outcome(transcript, [found])


RUN = run_of(
    talk(Safety.UNSAFE), two_cues(), errors=(FormatError("broken | <b>\n::set", "c,d:e.srt", 3), FixerError("x"))
)


def schema(properties: dict[str, Any], *, required: str = "", more: bool = False) -> dict[str, Any]:
    """An object with these members; all of them unless ``required`` says which."""
    need = required.split() if required else list(properties)
    return {"type": "object", "properties": properties, "required": need, "additionalProperties": more}


def many(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
COUNT: dict[str, Any] = {"type": "integer", "minimum": 1}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "pattern": r"^[A-Za-z0-9\-._~!$&'()*+,;=@/%]+$"}

# SARIF 2.1.0 (OASIS, 27 March 2020): what sections 3.13 to 3.58 say of the objects used here; nothing else may be
MESSAGE = schema({"text": TEXT})
REGION = schema(
    {"startLine": COUNT, "startColumn": COUNT, "endLine": COUNT, "endColumn": COUNT, "snippet": schema({"text": TEXT})},
    required="startLine",
)
LOCATION = schema(
    {
        "physicalLocation": schema(
            {"artifactLocation": schema({"uri": URI}), "region": REGION}, required="artifactLocation"
        )
    }
)
REPLACEMENT = schema(
    {"deletedRegion": REGION, "insertedContent": schema({"text": {"type": "string"}})}, required="deletedRegion"
)
FIX = schema(
    {
        "description": MESSAGE,
        "artifactChanges": many(schema({"artifactLocation": schema({"uri": URI}), "replacements": many(REPLACEMENT)})),
    }
)
RESULT = schema(
    {
        "ruleId": TEXT, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": MESSAGE,
        "locations": many(LOCATION), "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
        "properties": {"type": "object"}, "fixes": many(FIX),
    }
)  # fmt: skip
NOTES = many(schema({"level": LEVEL, "message": MESSAGE, "locations": many(LOCATION)}, required="message"))
RULE = schema({"id": TEXT, "shortDescription": MESSAGE, "defaultConfiguration": schema({"level": LEVEL})})
SARIF = schema(
    {
        "$schema": TEXT, "version": {"const": "2.1.0"},
        "runs": many(
            schema(
                {
                    "tool": schema({"driver": schema({"name": TEXT, "version": TEXT, "rules": many(RULE)})}),
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "invocations": many(
                        schema({"executionSuccessful": {"type": "boolean"}, "toolExecutionNotifications": NOTES})
                    ),
                    "results": many(RESULT),
                }
            )
        ),
    }
)  # fmt: skip

# GitLab: the subset of Code Climate's specification that its documentation of Code Quality reports asks for
GITLAB = many(
    schema(
        {
            "description": TEXT, "check_name": TEXT, "fingerprint": TEXT,
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": schema({"path": TEXT, "lines": schema({"begin": COUNT, "end": COUNT}, required="begin")}),
        }
    )
)  # fmt: skip

# reviewdog's proto/rdf/reviewdog.proto as JSON: DiagnosticResult
POSITION = schema({"line": COUNT, "column": COUNT}, required="line")
RANGE = schema({"start": POSITION, "end": POSITION}, required="start")
RDJSON = schema(
    {
        "source": schema({"name": TEXT}),
        "diagnostics": many(
            schema(
                {
                    "message": TEXT, "location": schema({"path": TEXT, "range": RANGE}, required="path"),
                    "severity": {"enum": ["ERROR", "WARNING", "INFO"]}, "code": schema({"value": TEXT}),
                    "suggestions": many(schema({"range": RANGE, "text": {"type": "string"}})),
                },
                required="message location severity",
            )
        ),
    }
)  # fmt: skip


def shipped(name: str) -> dict[str, Any]:
    """A schema of ours."""
    path = Path(__file__).parents[2] / f"fixer/data/schemas/{name}.json"
    return json.loads(path.read_text("utf-8"))  # type: ignore[no-any-return]


def valid(text: str, by: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever JSON holds
    found = json.loads(text)
    Draft202012Validator.check_schema(by)
    Draft202012Validator(by).validate(found)
    return found


def test_sarif() -> None:
    found = valid(sarif(RUN), SARIF)

    assert len(found["runs"][0]["results"]) == 4
    assert found["runs"][0]["invocations"][0]["executionSuccessful"] is False
    first = found["runs"][0]["results"][0]
    assert first["locations"][0]["physicalLocation"]["region"]["startColumn"] == 3
    assert first["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"] == "Claude 3"


def test_sarif_for_a_program_that_reads_it(tmp_path: Path) -> None:
    """Microsoft's sarif-tools, where they are installed: they bring pandas and matplotlib, too much to ask for."""
    loader = pytest.importorskip("sarif.loader", reason="no sarif-tools here")
    (tmp_path / "a.sarif").write_text(sarif(RUN), "utf-8")

    assert loader.load_sarif_file(str(tmp_path / "a.sarif")).get_result_count() == 4


def test_fixes_of_sarif_lead_to_the_corrected_text() -> None:
    """As a consumer would apply them: by line and column, in code points."""
    [result] = json.loads(sarif(run_of(two_cues())))["runs"][0]["results"]
    starts = [0, *(at + 1 for at, char in enumerate(SRT) if char == "\n")]
    text = SRT
    for change in reversed(result["fixes"][0]["artifactChanges"][0]["replacements"]):
        region = change["deletedRegion"]
        start, end = (starts[region[f"{k}Line"] - 1] + region[f"{k}Column"] - 1 for k in ("start", "end"))
        text = text[:start] + change["insertedContent"]["text"] + text[end:]

    transcript = Transcript.parse(SRT, NAME)
    at = transcript.text.index("Clo")
    edits = transcript.edits(Span(at, transcript.text.index("吧")), "Claude 3")
    wanted = SRT
    for edit in sorted(edits, reverse=True, key=_begin):
        wanted = wanted[: edit.span.start] + edit.text + wanted[edit.span.end :]
    assert text == wanted != SRT


def _begin(edit: Edit) -> int:
    return edit.span.start


def test_gitlab() -> None:
    found = valid(gitlab(RUN), GITLAB)

    assert len({record["fingerprint"] for record in found}) == len(found) == 6


def test_rdjson_counts_bytes() -> None:
    found = valid(rdjson(RUN), RDJSON)["diagnostics"]

    assert [d["location"]["range"]["start"]["column"] for d in found[:3]] == [7, 7, 26]
    [_, _, _, cues, *_] = found
    assert cues["location"]["range"] == {"start": {"line": 3, "column": 18}, "end": {"line": 7, "column": 4}}
    assert (cues["suggestions"], len(found[0]["suggestions"])) == ([], 1), "in two pieces, or in one"


def test_github() -> None:
    """One command a line, whatever names and messages hold."""
    lines = github(RUN).split("\n")

    assert len(lines) == 6
    assert lines[0] == (
        "::warning file=talk.txt,line=2,endLine=2,title=fixer,col=3,endColumn=9"
        "::Cloud3 → Claude 3 (0.99, sound 0.93 /klAd/, near Anthropic)"
    )
    assert lines[3].startswith("::warning file=a b/讲 座%25%2C%3A.srt,line=3,endLine=7,title=fixer::")
    assert lines[4] == "::error file=c%2Cd%3Ae.srt,line=3,title=fixer::broken | <b>\\n::set"


def test_junit(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(junit(run_of(talk(), Outcome("clean.txt"), errors=RUN.errors)), "utf-8")

    read = JUnitXml.fromfile(str(path))

    assert (read.tests, read.failures, read.errors) == (7, 4, 2)
    assert [(suite.name, suite.tests, suite.failures) for suite in read] == [
        ("talk.txt", 4, 4), ("clean.txt", 1, 0), ("fixer", 2, 0),
    ]  # fmt: skip


def test_markdown() -> None:
    """Nothing in a name or text is markup or calls somebody, and it fits into a comment."""
    text = markdown(RUN)
    rows = [line for line in text.split("\n") if line.startswith("| ") and "where" not in line]

    assert len(rows) == 5
    assert all(row.count("|") == 6 for row in rows)
    assert "&#60;b&#62;" in text
    many_files = run_of(*(Outcome(f"{k}.txt", talk().findings) for k in range(2000)))
    assert len(markdown(many_files)) < 65_536
    assert "more, in the full report" in markdown(many_files)


def test_markdown_of_nothing() -> None:
    assert markdown(run_of(Outcome("a.txt"))) == "### fixer\n\n1 file: nothing to correct."


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_of_markdown_shows_no_line_ends(end: str) -> None:
    transcript = Transcript.parse(f"大家好。{end}推出Cloud3{end}吧。{end}", "talk.txt")
    found = outcome(transcript, [propose(transcript, "Cloud3", "Claude 3", Safety.SAFE)])

    (row,) = [line for line in markdown(run_of(found)).split("\n") if "Cloud3" in line]

    assert "&#92;" not in row


def test_our_own_json() -> None:
    valid(json_report(RUN), shipped("report"))
    for line in json_lines(two_cues()):
        valid(line, shipped("proposal"))


@pytest.mark.parametrize("render", [sarif, gitlab, rdjson, github, junit, markdown, html, json_report])
@given(heard=st.text(min_size=1), name=st.text(min_size=1))
def test_any_text_survives(render: Callable[[Run], str], heard: str, name: str) -> None:
    """Valid for its readers whatever a transcript or its name holds; no control characters but line breaks."""
    transcript = Transcript.parse(f"推出Cloud3。{heard}", "talk.txt")
    found = outcome(transcript, [propose(transcript, "Cloud3", f"C{heard}", Safety.SAFE)])
    run = run_of(Outcome(name, found.findings), errors=(FixerError(heard, name, 1),))

    text = render(run)

    text.encode("utf-8")
    if render in (sarif, gitlab, rdjson, json_report):
        json.loads(text)
    elif render is junit:
        ElementTree.fromstring(text.encode())
    elif render is github:
        assert len(text.split("\n")) == 2
    elif render is html:
        data = text.partition('<script type="application/json" id="data">')[2].partition("</script>")[0]
        assert json.loads(data)["findings"][0]["replacement"] == f"C{heard}"
