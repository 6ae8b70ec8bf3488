"""Checkouts that want to do harm: nothing outside of them changes, is read out, run or called; each is told in a line.

Every case is a folder as a stranger may have made it, and what its user would type in it. Beside it lies what it is
after: files of the user, a program that leaves a mark when it runs, and a server that counts who calls.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest

from fixer.cli import main
from fixer.project.player import Player, media_beside

TALK = "推出Humanivow测试。\n"
NAMES = "version: 1\nterms:\n  - {term: HumanEval, kind: benchmark, aliases: [Humanivow]}\n"
SETTINGS = "glossary = ['names.yaml']\ndefault-glossary = false\n"


@dataclass
class Ground:
    """What lies around a checkout."""

    here: Path
    """The checkout; the current folder."""
    outside: Path
    port: int
    calls: list[str] = field(default_factory=list)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text)
        return path

    def drop(self, name: str) -> object:
        (self.here / name).unlink()
        return name

    def link(self, name: str, target: str | Path) -> object:
        path = self.here / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        return path

    def sparse(self, name: str) -> object:
        with (self.here / name).open("wb") as file:
            return file.truncate(20_000_000_000)

    def pipe(self, name: str) -> object:
        (self.here / name).unlink(missing_ok=True)
        return os.mkfifo(self.here / name)  # type: ignore[func-returns-value]

    def settle(self, more: str) -> object:
        return self.write("fixer.toml", SETTINGS + more)

    @property
    def mark(self) -> Path:
        return self.outside / "it-ran"

    def seen(self) -> dict[str, object]:
        """All that lies outside."""
        return {
            str(p.relative_to(self.outside)): p.read_bytes() if p.is_file() else None
            for p in sorted(self.outside.rglob("*"))
        }


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ground]:
    here, outside = tmp_path / "checkout", tmp_path / "outside"
    for folder in (here, outside / "repo/.git", outside / "folder"):
        folder.mkdir(parents=True)
    for name in ("talk.txt", "folder/talk.txt", "repo/talk.txt"):
        (outside / name).write_text(TALK, "utf-8")
    (outside / "secret.yaml").write_text(NAMES + "  - {term: TOP-SECRET, kind: person}\n", "utf-8")
    (outside / "secret.jsonl").write_text('{"key":"TOP-SECRET"}\n', "utf-8")
    (outside / "secret.toml").write_text("TOP-SECRET = 1\n", "utf-8")
    monkeypatch.chdir(here)
    monkeypatch.setenv("FIXER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("FIXER_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("TOKEN_OF_THE_USER", "TOP-SECRET")
    calls: list[str] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            calls.append(str(self.request.recv(10_000)))

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        made = Ground(here, outside, server.server_address[1], calls)
        (here / ".git").mkdir()
        made.write("talk.txt", TALK)
        made.write("names.yaml", NAMES)
        made.settle("")
        yield made
        server.shutdown()


Plant = Callable[[Ground], object]


def _reader(ground: Ground, more: str = "") -> object:
    return ground.settle(f'[reader]\naddress = "http://127.0.0.1:{ground.port}/v1"\nmodel = "m"\n{more}\n')


def _player(ground: Ground) -> None:
    code = f"open({str(ground.mark)!r}, 'w')"
    ground.settle(f"player = '''{sys.executable} -c \"{code}\" {{media}}'''\n")
    ground.write("talk.srt", "1\n00:00:01,000 --> 00:00:02,000\n推出Humanivow测试。\n")
    ground.write("talk.mp3", b"x")


def _ledger(ground: Ground, *lines: object) -> object:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines)
    return ground.write(".fixer/ledger.jsonl", text)


_DECISION = {
    "v": 1, "do": "decide", "file": "../outside/talk.txt", "proposal": "a" * 16, "verdict": "accept", "heard": "Humanivow",
    "replacement": "HumanEval", "scope": "always", "term": "HumanEval", "kind": "benchmark", "route": "alias", "by": "x",
    "when": "2026-01-01T00:00:00+00:00",
}  # fmt: skip

LINKS: list[tuple[str, Plant, str, str]] = [
    ("the folder of decisions is a link", lambda g: g.link(".fixer", g.outside / "folder"), "fix talk.txt", "leads out"),
    ("and leads to a repository", lambda g: g.link(".fixer", g.outside / "repo"), "fix talk.txt", "leads out"),
    ("the ledger", lambda g: g.link(".fixer/ledger.jsonl", g.outside / "secret.jsonl"), "fix talk.txt", "leads out"),
    ("the ledger, read", lambda g: g.link(".fixer/ledger.jsonl", g.outside / "secret.jsonl"), "check talk.txt", "leads"),
    ("the ledger, for undo", lambda g: g.link(".fixer/ledger.jsonl", g.outside / "secret.jsonl"), "undo talk.txt", "leads"),
    ("the ledger, for a page", lambda g: g.link(".fixer/ledger.jsonl", g.outside / "secret.jsonl"), "report", "leads"),
    ("names outside, for a page", lambda g: g.write("fixer.toml", "glossary = ['../outside/secret.yaml']"), "report", "agree"),
    ("what was learnt", lambda g: g.link(".fixer/learned.yaml", g.outside / "secret.yaml"), "check talk.txt", "leads out"),
    (
        "what was learnt, by undo", lambda g: g.link(".fixer/learned.yaml", g.outside / "secret.yaml"), "undo talk.txt",
        "nothing to undo",
    ),
    (
        "what was learnt, by learn", lambda g: g.link(".fixer/learned.yaml", g.outside / "secret.yaml"),
        "glossary learn", "leads out",
    ),
    (
        "the answers", lambda g: (_reader(g), g.link(".fixer/answers.jsonl", g.outside / "secret.jsonl")),
        "check talk.txt --reader cache", "leads out",
    ),
    ("the settings", lambda g: g.link("fixer.toml", g.outside / "secret.toml"), "check talk.txt", "leads out"),
    ("a transcript, by its folder", lambda g: g.link("b.txt", g.outside / "talk.txt"), "fix .", "leads out"),
    ("a transcript, named", lambda g: g.link("b.txt", "../outside/talk.txt"), "fix b.txt", "leads out"),
    ("a transcript, by glob", lambda g: g.link("b.txt", g.outside / "talk.txt"), "fix *.txt", "leads out"),
    ("a transcript, in review", lambda g: g.link("b.txt", g.outside / "talk.txt"), "review --plain b.txt", "leads out"),
    ("a folder of transcripts", lambda g: g.link("more", g.outside / "folder"), "fix .", "link to a folder"),
    ("a folder of transcripts, named", lambda g: g.link("more", g.outside / "folder"), "fix more", "leads out"),
    ("that is a repository", lambda g: g.link("more", g.outside / "repo"), "fix more/talk.txt", "leads out"),
    ("the output folder", lambda g: g.link("clean", g.outside / "folder"), "fix talk.txt -o clean", "leads out"),
    (
        "a file in the output folder", lambda g: g.link("clean/talk.txt", g.outside / "talk.txt"),
        "fix talk.txt -o clean", "clean",
    ),
    ("a glossary of the settings", lambda g: g.link("names.yaml", g.outside / "secret.yaml"), "check talk.txt", "agree"),
    ("a glossary to add to", lambda g: g.link("names.yaml", g.outside / "secret.yaml"), "glossary add Zed --in names.yaml", "agree"),
    ("a glossary in a folder", lambda g: g.link("all/a.yaml", g.outside / "secret.yaml"), "check talk.txt --glossary all", "leads"),
    ("ignore rules", lambda g: g.link(".gitignore", g.outside / "secret.toml"), "check .", "leads out"),
    ("decisions", lambda g: g.link("d.jsonl", g.outside / "secret.jsonl"), "apply d.jsonl talk.txt", "leads out"),
    ("show notes", lambda g: g.link("n.md", g.outside / "secret.toml"), "check talk.txt --notes n.md", "leads out"),
    ("an endless device", lambda g: g.link("zero.txt", "/dev/zero"), "check .", "leads out"),
    ("links in a circle", lambda g: (g.link("a.txt", "b.txt"), g.link("b.txt", "a.txt")), "check .", "leads nowhere"),
]  # fmt: skip
WANTS: list[tuple[str, Plant, str, str]] = [
    ("a host to send text to", _reader, "check talk.txt --reader", "agree to that first"),
    ("a host, by reader test", _reader, "reader test", "agree to that first"),
    ("another kind of host", lambda g: _reader(g, 'api = "gemini"'), "check talk.txt --reader", "agree to that first"),
    ("another kind, by reader test", lambda g: _reader(g, 'api = "ollama"'), "reader test", "agree to that first"),
    ("a host, by reader record", _reader, "reader record talk.txt", "agree to that first"),
    (
        "a key of the environment", lambda g: _reader(g, 'key = "TOKEN_OF_THE_USER"'), "check talk.txt --reader",
        "what the environment variable TOKEN_OF_THE_USER holds",
    ),
    (
        "a host, in pyproject.toml",
        lambda g: (
            g.drop("fixer.toml"),
            g.write("pyproject.toml", f"[tool.fixer.reader]\naddress = 'http://127.0.0.1:{g.port}/v1'\nmodel = 'm'\n"),
        ),
        "check talk.txt --reader --no-default-glossary --glossary names.yaml", "agree to that first",
    ),
    ("answers outside", lambda g: _reader(g, "answers = '../outside/a.jsonl'"), "reader record talk.txt", "agree"),
    ("a glossary outside", lambda g: g.write("fixer.toml", "glossary = ['../outside/secret.yaml']"), "check talk.txt", "agree"),
    ("a glossary by its whole path", lambda g: g.write("fixer.toml", "glossary = ['/etc/passwd']"), "check talk.txt", "agree"),
    ("a glossary outside to write to", lambda g: g.write("fixer.toml", "glossary = ['../outside/secret.yaml']"), "glossary add Zed", "agree"),
    ("a glossary that is a device", lambda g: g.write("fixer.toml", "glossary = ['/dev/zero']"), "check talk.txt", "agree"),
]  # fmt: skip
BROKEN: list[tuple[str, Plant, str, str]] = [
    ("an address that is none", lambda g: g.settle("[reader]\naddress = 'http://['"), "check talk.txt", "web address"),
    ("settings nested too deep", lambda g: g.settle("a = " + "[" * 5000), "check talk.txt", "TOML"),
    ("settings nested deep and right", lambda g: g.settle("keys = " + "[" * 3000 + "]" * 3000), "check talk.txt", "fixer.toml"),
    ("settings without end", lambda g: g.sparse("fixer.toml"), "check talk.txt", "larger than 1 MB"),
    ("settings that are a pipe", lambda g: g.pipe("fixer.toml"), "check talk.txt", "no regular"),
    ("a name with NUL", lambda g: g.write("fixer.toml", 'glossary = ["a\\u0000b"]'), "check talk.txt", "list of paths"),
    ("a glossary of references", lambda g: g.write("names.yaml", "a: &a [x]\n" + "".join(f"{k}: &{k} [*a,*a,*a,*a,*a,*a]\n" for k in "bcdefghij") + "terms: *j\n"), "check talk.txt", "names.yaml"),
    ("a glossary nested too deep", lambda g: g.write("names.yaml", "terms: " + "[" * 50_000), "check talk.txt", "names.yaml"),
    ("what was learnt, nested too deep", lambda g: g.write(".fixer/learned.yaml", "terms: " + "{a: " * 5000), "check talk.txt", "learned.yaml"),
    ("a transcript without end", lambda g: g.sparse("b.txt"), "check .", "larger than"),
    ("a ledger without end", lambda g: (_ledger(g, {}), g.sparse(".fixer/ledger.jsonl")), "check talk.txt", "larger than"),
    ("ignore rules without end", lambda g: g.sparse(".gitignore"), "check .", "larger than 1 MB"),
    ("ignore rules that take for ever", lambda g: g.write(".gitignore", "*a" * 40 + "\n"), "check .", "too many wildcards"),
    ("ignore rules that are a folder", lambda g: (g.here / ".gitignore").mkdir(), "check .", ".gitignore"),
    ("a transcript that is a pipe", lambda g: g.pipe("b.txt"), "check .", "no regular file"),
    ("a JSON nested too deep", lambda g: g.write("b.json", '{"segments":[' + "[" * 100_000), "check .", "b.json"),
    ("decisions nested too deep", lambda g: g.write("d.jsonl", "[" * 100_000), "apply d.jsonl talk.txt", "d.jsonl:1"),
]  # fmt: skip
CASES = [*LINKS, *WANTS, *BROKEN]


@pytest.fixture
def said(capfd: pytest.CaptureFixture[str]) -> Callable[[str], tuple[int, str, list[str]]]:
    def run(command: str) -> tuple[int, str, list[str]]:
        signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it hangs"))
        signal.alarm(60)
        try:
            code = main(command.split())
        finally:
            signal.alarm(0)
        out, err = capfd.readouterr()
        return code, out, [line for line in err.splitlines() if line.startswith("error:")]

    return run


@pytest.mark.parametrize(("plant", "command", "words"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_is_refused_in_a_line(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], plant: Plant, command: str, words: str
) -> None:
    plant(ground)
    before = ground.seen()

    code, out, errors = said(command)

    assert ground.seen() == before
    assert ground.calls == []
    assert "TOP-SECRET" not in out + "".join(errors)
    assert code == 2
    assert [error for error in errors if words in error], errors
    assert not [error for error in errors if "internal error" in error]


def test_there_are_thirty_of_them() -> None:
    assert len(CASES) >= 30


# ------------------------------------------------------------ what is agreed to


def test_a_player_runs_only_once_agreed_to(
    ground: Ground, said: Callable[..., tuple[int, str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _player(ground)

    class Keys(io.StringIO):
        def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
            for _ in range(100 if agreed else 1):  # a player that is stopped at once leaves no mark
                time.sleep(0 if ground.mark.exists() or not self.tell() else 0.05)
            return super().readline()

    def review() -> str:
        monkeypatch.setattr("sys.stdin", Keys("play\nquit\n"))
        return said("review --plain talk.srt")[1]

    agreed = False

    assert "agree to that first" in review()
    assert not ground.mark.exists()

    assert said("trust . --yes")[0] == 0
    agreed = True
    assert "agree" not in review()
    wait_for(ground.mark)


def wait_for(path: Path) -> None:
    for _ in range(500):
        if path.exists():
            return
        time.sleep(0.02)
    pytest.fail(f"{path} is not there")


def test_an_agreement_holds_for_one_project_and_one_value(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]]
) -> None:
    _reader(ground)
    assert said("trust")[0] == 1, "nobody was asked, so nothing is agreed to"
    code, out, _ = said("trust --yes")
    assert (code, f"http://127.0.0.1:{ground.port}/v1" in out) == (0, True)
    said("check talk.txt --reader")
    assert len(ground.calls) > 0

    _reader(ground, 'key = "TOKEN_OF_THE_USER"')
    count = len(ground.calls)
    assert "agree to that first" in said("check talk.txt --reader")[2][0]
    assert len(ground.calls) == count

    assert said("trust --forget")[0] == 0
    _reader(ground)
    assert "agree to that first" in said("check talk.txt --reader")[2][0]


@pytest.mark.parametrize("how", ["flag", "environment"])
def test_a_ci_agrees_by_flag_or_environment(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    _reader(ground)
    value = f"reader=http://127.0.0.1:{ground.port}/v1"
    if how == "environment":
        monkeypatch.setenv("FIXER_TRUST", f"player=mpv\n{value}")

    said("reader test" + (f" --trust {value}" if how == "flag" else ""))

    assert ground.calls
    assert said("trust --list")[1] == "", "what was given for one run is not kept"


def test_a_person_is_asked(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _reader(ground)
    monkeypatch.setattr("fixer.cli.trust._is_asked", lambda question: "send passages of transcripts" in question)

    said("reader test")

    assert ground.calls
    assert "reader=http" in said("trust --list")[1]


def test_an_agreement_that_cannot_be_read_agrees_to_nothing(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]]
) -> None:
    _reader(ground)
    place = Path(os.environ["FIXER_CONFIG_DIR"]) / "trust.json"
    place.parent.mkdir()
    place.write_text("{", "utf-8")

    code, _, errors = said("reader test")

    assert (code, len(errors), ground.calls) == (2, 1, [])
    assert "trust.json: not what fixer wrote" in errors[0]


# ------------------------------------------------------------ what a ledger may say


def test_a_ledger_does_not_say_what_is_learnt_from(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]]
) -> None:
    """Texts of this user must not end in a file of the checkout."""
    (ground.outside / "talk.txt").write_text("TOP-SECRET Humanivow TOP-SECRET\n", "utf-8")
    _ledger(ground, _DECISION, {**_DECISION, "file": str(ground.outside / "talk.txt")})

    said("glossary learn")

    made = ground.here / ".fixer/learned.yaml"
    assert not made.exists() or "TOP-SECRET" not in made.read_text("utf-8")


_ODD_LINES = {
    "a huge number": '{"v":1,"do":"write","file":"talk.txt","edits":[[1e999,"a","b"]]}',
    "a whole number of a million figures": '{"v":1,"do":"write","file":"talk.txt","edits":[[' + "9" * 1_000_000 + ',"",""]]}',
    "deep nesting": "[" * 100_000,
    "an unknown encoding": '{"v":1,"do":"write","file":"talk.txt","encoding":"no-such","edits":[]}',
    "an encoding that is none of ours": '{"v":1,"do":"write","file":"talk.txt","encoding":"rot13","edits":[]}',
    "a mark that is no hex": '{"v":1,"do":"write","file":"talk.txt","bom":"zz","edits":[]}',
    "a number for a file": '{"v":1,"do":"undo","file":7}',
    "half a character": '{"v":1,"do":"write","file":"\\ud800","edits":[]}',
    "NUL": '{"v":1,"do":"write","file":"a\\u0000","edits":[]}',
    "a list": "[]",
    "bytes": b"\xff\xfe\x00".decode("latin-1"),
    "negative places": '{"v":1,"do":"write","file":"talk.txt","edits":[[-5,"a","b"]]}',
    "a verdict unknown": json.dumps({**_DECISION, "verdict": "maybe"}),
}  # fmt: skip


@pytest.mark.parametrize("line", _ODD_LINES.values(), ids=_ODD_LINES)
def test_one_bad_ledger_line_costs_itself(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], line: str
) -> None:
    """It is named once, and costs neither ``check`` nor ``undo`` of what stands beside it."""
    assert said("fix talk.txt")[0] == 0
    ledger = ground.here / ".fixer/ledger.jsonl"
    ledger.write_text(line + "\n" + ledger.read_text("utf-8") + line + "\n", "utf-8")

    for command, code in (("check talk.txt", 0), ("undo talk.txt", 0), ("check talk.txt", 1), ("fix talk.txt", 0)):
        got, _, errors = said(command)
        assert (got, errors) == (code, []), command


def test_a_bad_ledger_line_is_named_once(ground: Ground, capfd: pytest.CaptureFixture[str]) -> None:
    _ledger(ground, "[" * 100_000, _DECISION)

    for command in ("check", "undo"):
        main([command, "talk.txt"])
        assert capfd.readouterr().err.count("ledger.jsonl: line 1: not a ledger line") == 1


def test_a_media_name_is_no_option(ground: Ground) -> None:
    """``--script=x.mp3`` would make mpv run a program that came with the checkout."""
    ground.write("--script=x.srt", "")
    ground.write("--script=x.mp3", b"x")
    told = ground.outside / "told"
    code = f"import sys; open({str(told)!r}, 'w').write(sys.argv[-1])"
    found = media_beside(Path("--script=x.srt"))
    assert found is not None
    player = Player(f'"{sys.executable}" -c "{code}" {{media}}')

    assert player.play(found, 0, 1) == ""
    wait_for(told)
    player.stop()

    assert told.read_text("utf-8").startswith("/")


def test_a_recording_outside_is_not_played(ground: Ground) -> None:
    ground.link("talk.mp3", ground.outside / "talk.txt")

    assert media_beside(Path("talk.txt")) is None


@pytest.mark.parametrize("name", ["a\nb.txt", "\x1b[31mred.txt", "-rf.txt", "--output=x.txt", "a\u202eb.txt"])
def test_names_of_files_are_only_names(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], name: str
) -> None:
    ground.write(name, TALK)

    code, out, errors = said("check .")

    assert (code, errors) == (1, [])
    assert "\x1b" not in out
    assert "\u202e" not in out
    assert "\na\nb.txt" not in out


@pytest.mark.parametrize(
    "text", ["a" * 100_000, "a'" * 50_000, "http://" + "a." * 50_000, "A-" * 50_000, "/a" * 50_000]
)
def test_a_text_without_a_space_takes_no_age(
    ground: Ground, said: Callable[[str], tuple[int, str, list[str]]], text: str
) -> None:
    """It takes a second; where every letter of a run was looked at to its end, an hour."""
    ground.write("talk.txt", f"推出Humanivow测试。{text}\n")

    assert said("check talk.txt --no-cache")[0] == 1
