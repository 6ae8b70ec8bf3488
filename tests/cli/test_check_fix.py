"""The command line: streams, exit codes, bad input.

What is found is the engine's business, so it is stubbed; the golden cases at the end run the real one.
"""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import regex

import fixer.cli.check_fix
from fixer import __version__
from fixer.cli import main
from fixer.cli.console import wants_color
from fixer.cli.parser import make_parser
from fixer.errors import FixerError
from fixer.judge.proposal import Proposal, Reason, Safety
from fixer.project.config import Config
from fixer.text import Span
from fixer.transcripts.transcript import Transcript
from tests.support.commands import Ran, Run
from tests.support.paths import GOLDEN, ROOT


class Stub:
    """An engine that knows two mishearings, one safe and one not."""

    root, below = Path(), ()
    settings_of = staticmethod(lambda _: Config())
    KNOWN = (("Cloud3", "Claude 3", Safety.SAFE), ("小浣熊", "吉他", Safety.UNSAFE))

    def propose(self, transcript: Transcript) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
        found = []
        for heard, right, safety in self.KNOWN:
            for place in regex.finditer(heard, transcript.text):
                span = Span(*place.span())
                edits = transcript.edits(span, right)
                found.append(
                    Proposal(
                        f"{span.start:016x}",
                        span,
                        edits,
                        heard,
                        right,
                        right,
                        "model",
                        "alias",
                        0.9,
                        safety,
                        (Reason("alias"),),
                    )
                )
        return tuple(sorted(found, key=lambda p: p.span)), ()

    def of(self, file: Path) -> Stub:
        """It is the engine of every file."""
        del file
        return self

    def late(self) -> tuple[FixerError, ...]:
        """Every pattern had time enough."""
        return ()


@pytest.fixture
def run(here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder with the stub engine."""
    for name in ("Engine", "Engines"):
        monkeypatch.setattr(fixer.cli.check_fix, name, lambda *_: Stub())

    def call(*args: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = main(args)
        return Ran(code, *capfd.readouterr())

    return call


TALK = "推出Cloud3。\n弹小浣熊,Cloud3\n"
FIXED = "推出Claude 3。\n弹小浣熊,Claude 3\n"


@pytest.fixture
def talk(here: Path) -> Path:
    """A transcript with two safe corrections and one to review."""
    path = here / "talk.txt"
    path.write_bytes(TALK.encode())
    return path


class TestCheck:
    def test_findings_are_exit_1_and_nothing_is_written(self, run: Run, talk: Path) -> None:
        ran = run("check", "talk.txt")

        assert (ran.code, ran.err) == (1, "")
        assert "✓ Cloud3 → Claude 3  ×2  1:3\n" in ran.out
        assert talk.read_bytes() == TALK.encode()

    def test_clean_is_0(self, run: Run, here: Path) -> None:
        (here / "a.txt").write_text("好的", "utf-8")

        assert run("check", ".") == Ran(0, "1 file: nothing to correct\n", "")

    def test_a_list_of_names_among_transcripts_is_no_transcript(self, run: Run, talk: Path, here: Path) -> None:
        """It would be corrected like one; named outright it is taken."""
        show = here / "show"
        show.mkdir()
        for name in ("a.txt", "own.txt", "more.txt"):
            (show / name).write_text("推出Cloud3", "utf-8")
        (show / "fixer.toml").write_text("glossary = ['own.txt']\n", "utf-8")

        assert run("fix", "show", "--glossary", "show/more.txt").code == 0
        assert (show / "a.txt").read_text("utf-8") == "推出Claude 3"
        assert (show / "own.txt").read_text("utf-8") == (show / "more.txt").read_text("utf-8") == "推出Cloud3"
        assert run("fix", "show/own.txt").code == 0
        assert (show / "own.txt").read_text("utf-8") == "推出Claude 3"

    def test_exit_zero(self, run: Run, talk: Path) -> None:
        assert run("check", "talk.txt", "--exit-zero").code == 0

    def test_quiet(self, run: Run, talk: Path) -> None:
        assert run("check", "talk.txt", "-q").out.startswith("2 safe to fix, 1 to review in 1 file")
        assert run("check", "talk.txt", "-qq") == Ran(1, "", "")

    def test_json(self, run: Run, talk: Path) -> None:
        document = json.loads(run("check", "talk.txt", "missing.txt", "--format", "json").out)

        assert document["summary"]["pending"] == 3
        assert document["errors"][0]["file"] == "missing.txt"

    def test_jsonl(self, run: Run, talk: Path) -> None:
        lines = run("check", "talk.txt", "--format", "jsonl").out.splitlines()

        assert [json.loads(line)["heard"] for line in lines] == ["Cloud3", "小浣熊", "Cloud3"]

    def test_stdin(self, run: Run) -> None:
        ran = run("check", "-", "--stdin-filename", "t.srt", stdin=b"1\n00:00:01,0 --> 00:00:02,0\nCloud3\n")

        assert (ran.code, ran.out.splitlines()[0]) == (1, "t.srt: 1 safe to fix")


class TestFix:
    def test_in_place(self, run: Run, talk: Path) -> None:
        """What is safe is applied; what is left to review makes exit 1."""
        ran = run("fix", "talk.txt")

        assert talk.read_bytes() == FIXED.encode()
        assert ran.code == 1
        assert "Fixed 2 places in 1 of 1 file" in ran.out
        assert sorted(os.listdir(talk.parent)) == [".fixer", "talk.txt"]

    def test_unsafe(self, run: Run, talk: Path) -> None:
        assert run("fix", "talk.txt", "--unsafe").code == 0
        assert "吉他" in talk.read_text("utf-8")

    def test_twice_is_once(self, run: Run, talk: Path) -> None:
        run("fix", "talk.txt", "--unsafe")
        before = talk.stat()

        assert run("fix", "talk.txt", "--unsafe").code == 0
        assert (talk.stat().st_ino, talk.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)

    @pytest.mark.parametrize(
        "data",
        [
            TALK.replace("\n", "\r\n").encode(),
            TALK.encode("utf-8-sig"),
            TALK.encode("utf-16"),
            TALK.rstrip("\n").encode(),
        ],
        ids=["crlf", "bom", "utf-16", "no last newline"],
    )
    def test_everything_else_stays_as_it_is(self, run: Run, talk: Path, data: bytes) -> None:
        talk.write_bytes(data)

        run("fix", "talk.txt")

        form = "utf-16-le" if data.startswith(b"\xff\xfe") else "utf-8"
        assert talk.read_bytes() == data.replace("Cloud3".encode(form), "Claude 3".encode(form))

    def test_gb18030_when_asked(self, run: Run, talk: Path) -> None:
        talk.write_bytes(TALK.encode("gb18030"))

        assert run("fix", "talk.txt").code == 2
        assert run("fix", "talk.txt", "--encoding", "gb18030").code == 1
        assert talk.read_bytes() == FIXED.encode("gb18030")

    def test_output_folder(self, run: Run, here: Path) -> None:
        """Everything is written there, also what needed nothing; the input stays; twice is once."""
        for name in ("in/一月 上/a.txt", "in/b.txt"):
            (here / name).parent.mkdir(parents=True, exist_ok=True)
            (here / name).write_bytes(TALK.encode())
        (here / "in/clean.txt").write_bytes(b"ok\r\n")

        for _ in range(2):
            run("fix", "in", "-o", "in/out")

            assert (here / "in/out/一月 上/a.txt").read_bytes() == FIXED.encode()
            assert (here / "in/out/clean.txt").read_bytes() == b"ok\r\n"
            assert (here / "in/b.txt").read_bytes() == TALK.encode()
            assert not (here / "in/out/out").exists()

    def test_two_files_for_one_place(self, run: Run, here: Path) -> None:
        for name in ("a", "b"):
            (here / name).mkdir()
            (here / name / "x.txt").write_bytes(name.encode())

        ran = run("fix", "a", "b", "-o", "out")

        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert (here / "out/x.txt").read_bytes() == b"a"

    def test_diff(self, run: Run, talk: Path) -> None:
        """The difference is data, the report goes to standard error, nothing is written."""
        ran = run("fix", "--diff", "talk.txt")

        assert ran.out == (
            "--- a/talk.txt\n+++ b/talk.txt\n@@ -1,2 +1,2 @@\n"
            "-推出Cloud3。\n-弹小浣熊,Cloud3\n+推出Claude 3。\n+弹小浣熊,Claude 3\n"
        )
        assert "Would fix 2 places" in ran.err
        assert ran.code == 1
        assert talk.read_bytes() == TALK.encode()

    def test_diff_of_a_dos_file(self, run: Run, talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Exact for a program, without line ends where a person reads it."""
        talk.write_bytes(TALK.replace("\n", "\r\n").encode())
        piped = run("fix", "--diff", "talk.txt").out
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        shown = run("fix", "--diff", "talk.txt").out

        assert "+推出Claude 3。\r\n" in piped
        assert shown == piped.replace("\r", "")

    def test_diff_of_all_that_is_proposed(self, run: Run, talk: Path) -> None:
        assert run("fix", "--diff", "--unsafe", "talk.txt").code == 1

    def test_stdin_to_stdout(self, run: Run) -> None:
        """Only the corrected text on standard output, byte for byte."""
        ran = run("fix", "-", stdin=TALK.replace("\n", "\r\n").encode("utf-8-sig"))

        assert ran.out == "\ufeff" + FIXED.replace("\n", "\r\n")
        assert "Fixed 2 places" in ran.err
        assert ran.code == 1

    @pytest.mark.parametrize("args", [("-", "a.txt"), ("-", "-o", "out")])
    def test_stdin_stands_alone(self, run: Run, args: tuple[str, ...]) -> None:
        ran = run("fix", *args)

        assert (ran.code, ran.out, len(ran.err.splitlines())) == (2, "", 1)

    def test_a_file_that_changes_meanwhile(self, run: Run, talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = Stub.propose

        def slow(self: Stub, transcript: Transcript) -> tuple[tuple[Proposal, ...], tuple[Proposal, ...]]:
            talk.write_bytes(b"edited by someone")
            return real(self, transcript)

        monkeypatch.setattr(Stub, "propose", slow)

        ran = run("fix", "talk.txt")

        assert (ran.code, ran.err) == (
            2, "error: talk.txt: it changed since it was read, nothing written: run again\n",
        )  # fmt: skip
        assert talk.read_bytes() == b"edited by someone"

    def test_control_characters_are_never_shown_raw(self, run: Run, here: Path) -> None:
        (here / "a\x1b[31m.txt").write_text("\x1b]0;x\x07 Cloud3\n", "utf-8")

        for command in ("check", "fix"):
            ran = run(command, ".")
            assert "\x1b" not in ran.out + ran.err
            assert r"a\x1b[31m.txt" in ran.out


BAD: dict[str, tuple[bytes, str]] = {
    "undecodable.txt": (
        b"ok\n\xff\xff",
        "undecodable.txt:2: byte 0xff at offset 3 is not UTF-8; say what it is, or convert it to UTF-8: --encoding ",
    ),
    "broken.json": (b'{"segments": [', "broken.json:1"),
    "broken.srt": (b"1\n00:00:01,000 --> nonsense\nhello\n", "broken.srt:"),
}


class TestBadInput:
    """One line on standard error, exit 2, nothing written, the other files still done."""

    @pytest.mark.parametrize("name", BAD)
    def test_a_bad_file(self, run: Run, talk: Path, name: str) -> None:
        data, message = BAD[name]
        (talk.parent / name).write_bytes(data)

        ran = run("fix", name, "talk.txt")

        assert ran.code == 2
        assert len(ran.err.splitlines()) == 1
        assert ran.err.startswith(f"error: {message}")
        assert (talk.parent / name).read_bytes() == data
        assert talk.read_bytes() == FIXED.encode()
        assert sorted(os.listdir(talk.parent)) == sorted([".fixer", name, "talk.txt"])

    @pytest.mark.parametrize("path", ["missing.txt", "no such folder/", "empty", "*.vtt"])
    def test_a_path_that_is_not_there(self, run: Run, talk: Path, path: str) -> None:
        (talk.parent / "empty").mkdir()

        ran = run("fix", path, "talk.txt")

        assert ran.code == 2
        assert len(ran.err.splitlines()) == 1
        assert ran.err.startswith(f"error: {path}: ")
        assert talk.read_bytes() == FIXED.encode()

    def test_a_target_that_cannot_be_written(self, run: Run, talk: Path) -> None:
        other = talk.parent / "locked.txt"
        other.write_bytes(TALK.encode())
        other.chmod(0o444)

        ran = run("fix", "locked.txt", "talk.txt")

        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert other.read_bytes() == TALK.encode()
        assert talk.read_bytes() == FIXED.encode()

    def test_an_output_folder_that_is_a_file(self, run: Run, talk: Path) -> None:
        (talk.parent / "out").write_bytes(b"x")

        ran = run("fix", "talk.txt", "-o", "out")

        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert (talk.parent / "out").read_bytes() == b"x"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("version: 1\nterms: [", "names.yaml:"),
            ("version: 1\nterms:\n  - term: A\n    alias: [B]\n", "names.yaml:4:5: unknown key 'alias'"),
            (
                "version: 1\nterms:\n  - term: Imagen\n    aliases: [Imogen]\n  - term: Imogen\n",
                "names.yaml:4: alias",
            ),
        ],
    )
    def test_a_bad_glossary(
        self, here: Path, talk: Path, capfd: pytest.CaptureFixture[str], text: str, message: str
    ) -> None:
        """Broken YAML, an unknown key, a clash: nothing is corrected at all."""
        (here / "names.yaml").write_text(text, "utf-8")

        code = main(["fix", "talk.txt", "--no-default-glossary", "--glossary", "names.yaml"])

        _, err = capfd.readouterr()
        lines = [line for line in err.splitlines() if not line.startswith("compiling")]
        assert (code, len(lines)) == (2, 1)
        assert lines[0].startswith(f"error: {message}")
        assert talk.read_bytes() == TALK.encode()

    @pytest.mark.parametrize(
        ("config", "message"),
        [
            ("glosary = []", "error: fixer.toml:1: unknown key 'glosary', did you mean 'glossary'?"),
            ('glossary = ["no.yaml"]', "error: fixer.toml:1: 'glossary' names no.yaml: cannot read"),
        ],
    )
    def test_bad_settings(
        self, here: Path, talk: Path, capfd: pytest.CaptureFixture[str], config: str, message: str
    ) -> None:
        (here / "fixer.toml").write_text(config, "utf-8")

        assert main(["check", "talk.txt"]) == 2
        assert capfd.readouterr().err.startswith(message)

    def test_no_glossary_at_all(self, talk: Path, capfd: pytest.CaptureFixture[str]) -> None:
        assert main(["check", "talk.txt", "--no-default-glossary", "--isolated"]) == 2
        assert "name one with --glossary" in capfd.readouterr().err

    @pytest.mark.parametrize("args", [("nonsense",), ("check",), ("fix", "a", "--diff", "-o", "x"), ("explain",)])
    def test_usage(self, run: Run, args: tuple[str, ...]) -> None:
        ran = run(*args)

        assert (ran.code, ran.out) == (2, "")
        assert ran.err.startswith("usage: fixer")

    def test_an_unforeseen_error_is_not_taken_for_findings(
        self, run: Run, talk: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Stub, "propose", lambda *_: 1 / 0)

        ran = run("check", "talk.txt")

        assert (ran.code, len(ran.err.splitlines())) == (2, 1)
        assert "ZeroDivisionError" in ran.err

    def test_interrupted(self, run: Run, talk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr(Stub, "propose", stop)

        assert run("check", "talk.txt").code == 130


class TestSettings:
    def test_the_projects_glossary_is_used(self, here: Path, capfd: pytest.CaptureFixture[str]) -> None:
        (here / "fixer.toml").write_text('glossary = ["g/names.yaml"]\ndefault-glossary = false\n', "utf-8")
        (here / "g").mkdir()
        (here / "g/names.yaml").write_text("version: 1\nterms: [{term: Imagen}]\n", "utf-8")
        (here / "list.txt").write_text("HumanEval\n", "utf-8")

        assert main(["glossary", "show", "--glossary", "list.txt"]) == 0

        assert capfd.readouterr().out == (
            "g/names.yaml: 1 terms, 0 patterns, 0 keep\nlist.txt: 1 terms, 0 patterns, 0 keep\n"
        )

    @pytest.mark.parametrize(
        ("choice", "environment", "colored"),
        [
            ("auto", {}, False),
            ("auto", {"FORCE_COLOR": "1"}, True),
            ("auto", {"FORCE_COLOR": "0"}, False),
            ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
            ("always", {"NO_COLOR": "1"}, True),
            ("never", {"FORCE_COLOR": "1"}, False),
        ],
    )
    def test_color(self, choice: str, environment: dict[str, str], colored: bool) -> None:
        assert wants_color(choice, io.StringIO(), environment) is colored


def program(*args: str, **options: object) -> subprocess.Popen[bytes]:
    """The real program, from this checkout."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "fixer", *args]
    return subprocess.Popen(command, env=environment, **options)  # type: ignore[call-overload,no-any-return]


class TestProcess:
    def test_version(self) -> None:
        with program("--version", stdout=subprocess.PIPE) as process:
            assert process.communicate()[0].decode() == f"fixer {__version__}\n"

    def test_a_reader_that_goes_away(self) -> None:
        """No traceback, whoever closes the pipe."""
        with program("glossary", "show", "--isolated", stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""

    def test_a_signal(self) -> None:
        """^C ends with 130 and one line."""
        options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        # a background job inherits that ^C is ignored; a terminal's does not
        options["preexec_fn"] = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # type: ignore[assignment]
        with program("explain", "--isolated", "-", **options) as process:
            with pytest.raises(subprocess.TimeoutExpired):  # it waits for its text
                process.wait(1.5)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)

        assert process.returncode == 130
        assert err.decode() == "interrupted; what was written is whole\n"

    @pytest.mark.parametrize("module", ["fixer.cli", "fixer.cli.parser", "fixer.cli.console", "fixer.text", "numpy"])
    def test_a_signal_while_it_loads(self, here: Path, module: str) -> None:
        """^C before anything runs is no traceback either."""
        (here / "names.yaml").write_text("version: 1\nterms: [{term: Imagen}]\n", "utf-8")
        (here / "a.txt").write_text("Imogen", "utf-8")
        code = (
            "import os, signal, sys\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a background job has it ignored
            "class Impatient:\n"
            "    def find_spec(self, name, *_):\n"
            f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
            "sys.meta_path.insert(0, Impatient())\n"
            "sys.argv = 'fixer check a.txt --glossary names.yaml --no-default-glossary --no-cache'.split()\n"
            "from fixer.__main__ import run\n"
            "sys.exit(run())\n"
        )
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

        assert (done.returncode, done.stdout) == (130, "")
        assert done.stderr.splitlines()[-1].startswith("interrupted; ")
        assert "Traceback" not in done.stderr

    def test_a_signal_while_a_class_is_made(self, here: Path) -> None:
        """Python 3.11 turns ^C in ``__set_name__`` into a RuntimeError; it is ^C all the same."""
        code = (
            "import os, signal, sys\n"
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "class Impatient:\n"
            "    def __set_name__(self, owner, name): os.kill(os.getpid(), signal.SIGINT)\n"
            "class Finder:\n"
            "    def find_spec(self, name, *_):\n"
            "        if name == 'fixer.text': type('Made', (), {'field': Impatient()})\n"
            "sys.meta_path.insert(0, Finder())\n"
            "sys.argv = ['fixer', 'check', 'a.txt']\n"
            "from fixer.__main__ import run\n"
            "sys.exit(run())\n"
        )
        (here / "a.txt").write_text("Imogen", "utf-8")
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", code]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)

        assert (done.returncode, done.stdout, done.stderr) == (130, "", "interrupted; nothing was written\n")

    def test_every_command_has_help(self, capfd: pytest.CaptureFixture[str]) -> None:
        for command in ([], ["check"], ["fix"], ["explain"], ["eval"], ["glossary"], ["glossary", "lint"]):
            with pytest.raises(SystemExit):
                make_parser("1").parse_args([*command, "--help"])
            assert capfd.readouterr().out.startswith("usage: fixer")


@pytest.mark.parametrize("case", sorted(p.name for p in GOLDEN.iterdir() if p.is_dir()))
def test_golden(case: str, here: Path, request: pytest.FixtureRequest) -> None:
    """Whole runs: ``args`` over ``in/`` give ``stdout``, ``stderr``, ``code`` and what lies in ``out/``."""
    folder = GOLDEN / case
    shutil.copytree(folder / "in", here, dirs_exist_ok=True)
    stdin = here / "stdin"
    data = stdin.read_bytes() if stdin.exists() else b""
    args = shlex.split((folder / "args").read_text("utf-8"))
    with program(*args, cwd=here, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        out, err = process.communicate(data)
    err = b"".join(line for line in err.splitlines(keepends=True) if not line.startswith(b"compiling the glossary"))
    got = {"stdout": out, "stderr": err, "code": f"{process.returncode}\n".encode()}
    for path in sorted(here.rglob("*")):
        original = folder / "in" / path.relative_to(here)
        if path.is_file() and not (original.exists() and original.read_bytes() == path.read_bytes()):
            # a ledger says when, and when its run began if that was another second; nothing else depends on the time
            data = re.sub(rb',"run":"[^"]+"', b"", re.sub(rb'"when":"[^"]+"', b'"when":"now"', path.read_bytes()))
            got[f"out/{path.relative_to(here).as_posix()}"] = data

    if request.config.getoption("--update-golden"):
        shutil.rmtree(folder / "out", ignore_errors=True)
        for name, content in got.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
    expected = {n: (folder / n).read_bytes() for n in ("stdout", "stderr", "code") if (folder / n).exists()}
    expected |= {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("out/**/*") if p.is_file()}
    assert got == expected
