"""A project begun, its settings told, and what shells and editors are given."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from fixer.cli import main
from fixer.cli.parser import SCHEMAS, make_parser
from fixer.project.config import known_keys
from fixer.second_reader.settings import Asking
from tests.support.commands import Run
from tests.support.paths import ROOT

NAMES = "version: 1\nterms:\n  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}\n"
MORE = "version: 1\nterms:\n  - {term: Imagen, kind: model, aliases: [Imogen]}\n"
TALK = "推出Humanivow和Imogen测试。\n"


def shipped(name: str) -> Draft202012Validator:
    found = json.loads((ROOT / f"fixer/data/schemas/{name}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(found)
    return Draft202012Validator(found)


class TestPathSettings:
    @pytest.fixture(autouse=True)
    def _files(self, here: Path) -> None:
        (here / "names.yaml").write_text(NAMES, "utf-8")
        (here / "more.yaml").write_text(MORE, "utf-8")
        settings = "glossary = ['names.yaml']\ndefault-glossary = false\nexclude = ['/drafts/']\n"
        settings += "[[paths]]\nmatch = ['talks/**']\nglossary = ['more.yaml']\n"
        settings += "[[paths]]\nmatch = ['*.srt', 'b.*']\nfix = 'none'\n"
        (here / "fixer.toml").write_text(settings, "utf-8")
        for name in ("a.txt", "b.txt", "talks/a.txt", "talks/b.txt", "drafts/a.txt"):
            (here / name).parent.mkdir(exist_ok=True)
            (here / name).write_text(TALK, "utf-8")

    def test_each_file_goes_by_its_own(self, here: Path, run: Run) -> None:
        assert run("fix", ".").code == 1

        assert {
            name: (here / name).read_text("utf-8") for name in ("a.txt", "b.txt", "talks/a.txt", "talks/b.txt")
        } == {
            "a.txt": TALK.replace("Humanivow", "HumanEval"),
            "b.txt": TALK,
            "talks/a.txt": TALK.replace("Imogen", "Imagen"),
            "talks/b.txt": TALK,
        }
        assert (here / "drafts/a.txt").read_text("utf-8") == TALK

    def test_excluded_though_named(self, here: Path, run: Run) -> None:
        ran = run("fix", "drafts/a.txt")
        assert (ran.code, "left out by exclude" in ran.err) == (0, True)
        assert (here / "drafts/a.txt").read_text("utf-8") == TALK

        assert run("fix", "drafts/a.txt", "--no-force-exclude").code == 0
        assert (here / "drafts/a.txt").read_text("utf-8") != TALK

    def test_show(self, run: Run) -> None:
        found = json.loads(run("config", "show", "talks/b.txt", "--format", "json").out)
        shipped("settings").validate(found)

        assert found["settings"]["glossary"] == {"value": ["more.yaml"], "from": "fixer.toml:4 [[paths]]"}
        assert found["settings"]["fix"] == {"value": "none", "from": "fixer.toml:7 [[paths]]"}
        assert found["settings"]["exclude"] == {"value": ["/drafts/"], "from": "fixer.toml:3"}
        assert found["settings"]["learn"] == {"value": True, "from": "default"}
        assert "fixer.toml:1" in run("config", "show").out

    @pytest.mark.parametrize(
        ("table", "said"),
        [
            ("match = ['a']\nfixx = 'none'", "unknown key 'fixx' in [[paths]], did you mean 'fix'?"),
            ("fix = 'none'", "[[paths]] needs 'match'"),
            ("match = ['a']\nfix = 'all'", "'fix' takes safe, unsafe or none"),
            ("match = 'a'", "'match' takes a list of patterns"),
            ("match = ['*a*a*a*a*']", "too many wildcards"),
        ],
    )
    def test_what_is_wrong(self, here: Path, run: Run, table: str, said: str) -> None:
        (here / "fixer.toml").write_text(f"default-glossary = false\n[[paths]]\n{table}\n", "utf-8")

        ran = run("check", "a.txt", "--glossary", "names.yaml")

        assert (ran.code, said in ran.err) == (2, True), ran.err


class TestBaseline:
    @pytest.fixture(autouse=True)
    def _files(self, here: Path) -> None:
        (here / "names.yaml").write_text(NAMES, "utf-8")
        (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
        (here / "a.txt").write_text("先说Humanivow。再说Humanivow。\n", "utf-8")

    def test_what_is_known_is_left_alone(self, here: Path, run: Run) -> None:
        assert run("check", "a.txt", "--baseline", "known.json", "--update-baseline").code == 0
        shipped("baseline").validate(json.loads((here / "known.json").read_text("utf-8")))

        assert run("check", "a.txt", "--baseline", "known.json").code == 0
        assert run("fix", "a.txt", "--baseline", "known.json").code == 0
        assert "Humanivow" in (here / "a.txt").read_text("utf-8")

    def test_it_survives_other_lines_and_tells_two_from_three(self, here: Path, run: Run) -> None:
        (here / "a.txt").write_text("说Humanivow。说Humanivow。\n", "utf-8")
        run("check", "a.txt", "--baseline", "known.json", "--update-baseline")
        (here / "a.txt").write_text("新的一行\n\n说Humanivow。\n说Humanivow。\n", "utf-8")
        assert run("check", "a.txt", "--baseline", "known.json").code == 0

        (here / "a.txt").write_text("新\n\n说Humanivow。说Humanivow。\n以后说Humanivow。\n", "utf-8")
        assert "1 safe to fix" in run("check", "a.txt", "--baseline", "known.json").out

    def test_what_is_gone_is_said(self, here: Path, run: Run) -> None:
        run("check", "a.txt", "--baseline", "known.json", "--update-baseline")
        (here / "a.txt").write_text("先说HumanEval。再说Humanivow。\n", "utf-8")

        ran = run("check", "a.txt", "--baseline", "known.json")

        assert "baseline: no longer found" in ran.err

    @pytest.mark.parametrize(
        "text", ["{", "[]", '{"findings": [{}]}', '{"findings": [{"count": 1e999}]}', "[" * 100_000]
    )
    def test_a_broken_one(self, here: Path, run: Run, text: str) -> None:
        (here / "known.json").write_text(text, "utf-8")

        ran = run("check", "a.txt", "--baseline", "known.json")

        assert (ran.code, "not a baseline" in ran.err) == (2, True)


class TestFiles:
    @pytest.fixture(autouse=True)
    def _files(self, here: Path) -> None:
        (here / "names.yaml").write_text(NAMES, "utf-8")
        (here / "fixer.toml").write_text("glossary = ['names.yaml']\ndefault-glossary = false\n", "utf-8")
        for number in range(9):
            (here / f"{number} x.txt").write_text(f"第{number}次说Humanivow。\n" * (number + 1), "utf-8")

    @pytest.mark.parametrize("end", ["\n", "\0", "\r\n"])
    def test_a_list_of_names(self, here: Path, run: Run, end: str) -> None:
        (here / "list").write_text(end.join(["1 x.txt", "2 x.txt", ""]), "utf-8", newline="")

        out = run("check", "--files-from", "list", "--format", "jsonl").out

        assert {json.loads(line)["file"] for line in out.splitlines()} == {"1 x.txt", "2 x.txt"}

    def test_an_empty_list_is_no_error(self, here: Path, run: Run) -> None:
        (here / "list").write_text("", "utf-8")

        assert run("check", "--files-from", "list").code == 0

    def test_processes_change_nothing(self, here: Path, run: Run) -> None:
        """Not the order, not the report, not the files, not the ledger but for its times."""
        one = run("check", ".", "-j", "1", "--format", "json", "--no-cache")
        two = run("check", ".", "-j", "2", "--format", "json", "--no-cache")
        assert (one.code, one.out) == (two.code, two.out)

        texts = []
        for jobs in ("1", "2"):
            shutil.copytree(here, here.parent / f"copy{jobs}")
            assert main(["fix", str(here.parent / f"copy{jobs}"), "-j", jobs]) == 0
            texts.append([p.read_bytes() for p in sorted((here.parent / f"copy{jobs}").glob("*.txt"))])
        assert texts[0] == texts[1]
        assert b"HumanEval" in texts[0][0]

    def test_statistics_and_exit_codes(self, run: Run) -> None:
        out = run("check", ".", "--statistics").out
        assert "     45  HumanEval" in out
        assert run("fix", ".", "--exit-non-zero-on-fix").code == 1
        assert run("fix", ".", "--exit-non-zero-on-fix").code == 0

    def test_a_difference_as_format(self, here: Path, run: Run) -> None:
        ran = run("check", "0 x.txt", "--format", "diff")

        assert (ran.code, "+第0次说HumanEval。" in ran.out) == (1, True)
        assert "Humanivow" in (here / "0 x.txt").read_text("utf-8")

    def test_explain_by_id(self, run: Run) -> None:
        found = json.loads(run("check", "3 x.txt", "--format", "jsonl").out.splitlines()[1])

        told = json.loads(run("explain", found["id"], "--format", "json").out)
        shipped("explain").validate(told)
        assert told["correction"]["line"] == 2
        assert "[Humanivow]" in run("explain", found["id"], "3 x.txt").out
        assert run("explain", "0" * 16).code == 2


class TestSchemas:
    @pytest.mark.parametrize("name", SCHEMAS)
    def test_is_valid_and_printed(self, run: Run, name: str) -> None:
        assert json.loads(run("schema", name).out) == shipped(name).schema

    def test_of_the_settings_knows_every_key(self) -> None:
        found = json.loads((ROOT / "fixer/data/schemas/config.json").read_text("utf-8"))["properties"]

        assert set(found) == set(known_keys())
        assert set(found["reader"]["properties"]) == {f.name.replace("_", "-") for f in fields(Asking)}

    def test_of_other_answers(self, here: Path, run: Run) -> None:
        (here / "names.yaml").write_text(NAMES, "utf-8")
        own = ("--glossary", "names.yaml", "--no-default-glossary")

        shipped("sound").validate(json.loads(run("explain", "--sound", "Imogen", "Imagen", "--format", "json").out))
        shipped("stats").validate(json.loads(run("glossary", "stats", "--format", "json", *own).out))
        shipped("learn").validate(json.loads(run("glossary", "learn", "--format", "json", *own).out))
        add = ("glossary", "add", "Zedcore", "--in", "names.yaml", "-n", "--format", "json", *own)
        shipped("change").validate(json.loads(run(*add).out))


class TestShell:
    @pytest.mark.parametrize(
        ("words", "wanted"),
        [
            ("fixer glo", "glossary"),
            ("fixer glossary ad", "add"),
            ("fixer check --format sar", "sarif"),
            ("fixer check --stat", "--statistics"),
        ],
    )
    def test_bash(self, here: Path, run: Run, words: str, wanted: str) -> None:
        (here / "c.bash").write_text(run("completion", "bash").out, "utf-8")
        last = len(words.split()) - 1
        script = (
            f"source ./c.bash; COMP_WORDS=({words}); COMP_CWORD={last}; _fixer; printf '%s\\n' \"${{COMPREPLY[@]}}\""
        )

        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)

        assert done.stdout.split() == [wanted]

    @pytest.mark.parametrize("shell", ["zsh", "fish"])
    def test_others_know_every_command(self, run: Run, shell: str) -> None:
        out = run("completion", shell).out

        assert all(name in out for name in ("completion", "explain", "--files-from".lstrip("-"), "sarif"))
        if program := shutil.which(shell):
            subprocess.run([program, "-n", "-c", out], check=True)

    def test_the_manual(self, run: Run) -> None:
        out = run("man").out

        assert all(
            line[:3] in (".TH", ".SH", ".SS", ".TP", ".B ", ".I ") for line in out.splitlines() if line[:1] == "."
        )
        assert ".SS fixer glossary add" in out

    @pytest.mark.parametrize(
        ("words", "meant"),
        [
            ("chek a", "check"),
            ("check --formt json a", "--format"),
            ("glossary ad", "add"),
            ("fix --unsave a", "--unsafe"),
        ],
    )
    def test_did_you_mean(self, run: Run, words: str, meant: str) -> None:
        ran = run(*words.split())

        assert (ran.code, f"did you mean {meant}?" in ran.err) == (2, True)

    def test_a_command_has_the_same_parser_alone(self) -> None:
        """Only the one that is asked for is built; what it says and takes is what it does among all."""
        (among,) = [a.choices for a in make_parser("1")._actions if isinstance(a, argparse._SubParsersAction)]

        for name, parser in among.items():
            (alone,) = [a.choices for a in make_parser("1", name)._actions if isinstance(a, argparse._SubParsersAction)]
            assert alone[name].format_help() == parser.format_help()
            assert len(alone) < len(among)
        assert make_parser("1", "no-command").format_help() == make_parser("1").format_help()

    def test_version_and_help(self, run: Run) -> None:
        assert run("-V").out == run("--version").out
        text = make_parser("1").format_help()
        assert "examples:" in text
        assert "examples:" in run("check", "--help").out
