"""The ``[reader]`` table: strict, with the line of what is wrong, and no way to put a key into it."""

from __future__ import annotations

import pytest

from fixer.errors import PolicyError
from fixer.project.config import parse_config
from fixer.second_reader.settings import Asking, Rate, endpoint

FULL = """\
theme = "dark"

[reader]
address = "https://api.example.org/v1"
model = "big"
key = "EXAMPLE_KEY"
language = "zh"
passage = 1000
overlap = 100
slice = 0
names = 300
budget = "20k"
cap = 9_000
reply = 500
concurrency = 2
timeout = 30
attempts = 1
rate = { in = 0.5, out = 2, currency = "EUR" }
answers = "a.jsonl"
alone = "safe"
plain-http = false
api = "openai"
looks = 2
"""


def parsed(text: str) -> Asking:
    config = parse_config(text, "fixer.toml")
    assert config is not None
    return config.reader or Asking()


def test_every_setting() -> None:
    assert parsed(FULL) == Asking(
        "https://api.example.org/v1", "big", "EXAMPLE_KEY", "zh", 1000, 100, 0, 300, "20k", 9000, 500, 2, 30, 1,
        Rate(0.5, 2.0, "EUR"), "a.jsonl", "safe", plain_http=False, api="openai", looks=2,
    )  # fmt: skip


def test_off_by_default() -> None:
    assert parsed("") == Asking()
    assert parsed("[reader]") == Asking()
    assert not Asking().address


def test_also_in_pyproject() -> None:
    config = parse_config('[tool.fixer.reader]\nmodel = "m"\n', "pyproject.toml", table="tool.fixer")

    assert config is not None
    assert config.reader is not None
    assert config.reader.model == "m"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("adress = 'x'", "unknown key 'adress' in [reader], did you mean 'address'?"),
        ("model = 7", "'model' takes text in quotes"),
        ("address = 'localhost:11434/v1'", "'address' takes a web address"),
        ("address = 'https://'", "'address' takes a web address"),
        ("address = 'https://h:port/'", "'address' takes a web address"),
        ("address = 'ftp://example.org'", "'address' takes a web address"),
        ("address = 'http://example.org/v1'", "transcripts would go to example.org unencrypted"),
        ("address = 'http://localhost.example.org/v1'", "transcripts would go to localhost.example.org unencrypted"),
        ("address = 'http://0.0.0.0/v1'", "transcripts would go to 0.0.0.0 unencrypted"),
        ("language = 'fr'", "'language' takes 'zh' or 'en'"),
        ("api = 'soap'", "'api' takes 'anthropic' or 'gemini' or 'ollama' or 'openai'"),
        ("looks = 4", "'looks' takes a whole number, 1 to 3"),
        ("alone = 'always'", "'alone' takes 'offer' or 'safe'"),
        ("passage = 10", "'passage' takes a whole number, 200 to"),
        ("passage = 300.5", "'passage' takes a whole number"),
        ("cap = 0", "'cap' takes a whole number, 1 to"),
        ("cap = true", "'cap' takes a whole number"),
        ("concurrency = 1000", "'concurrency' takes a whole number, 1 to 32"),
        ("timeout = 0", "'timeout' takes a whole number, 1 to 3600"),
        ("overlap = 900", "'overlap' is at most half of 'passage'"),
        ("rate = 0.5", "'rate' takes prices per million tokens"),
        ("rate = { input = 1 }", "'rate' takes prices per million tokens"),
        ("rate = { in = -1 }", "'rate' takes prices per million tokens"),
        ("rate = { in = 1, currency = 2 }", "'rate' takes prices per million tokens"),
        ("plain-http = 'yes'", "'plain-http' takes true or false"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(line: str, message: str) -> None:
    with pytest.raises(PolicyError) as error:
        parsed(f"theme = 'dark'\n\n[reader]\n# a note\n{line}\n")

    assert str(error.value).startswith(f"fixer.toml:5: {message}")


def test_the_table_must_be_one() -> None:
    with pytest.raises(PolicyError, match=r"fixer\.toml:1: 'reader' must be a table"):
        parsed('reader = "on"')


@pytest.mark.parametrize("key", ["sk-abcdef0123456789", "gsk_abcdef0123", "Bearer X", "abcdef", "1A"])
def test_a_key_is_not_a_setting(key: str) -> None:
    """The error must not repeat it: errors end up in logs."""
    with pytest.raises(PolicyError) as error:
        parsed(f"[reader]\nkey = '{key}'\n")

    assert key not in str(error.value)
    assert str(error.value).startswith("fixer.toml:2: 'key' takes the name of an environment variable")


def test_a_password_in_the_address_is_refused_without_showing_it() -> None:
    with pytest.raises(PolicyError) as error:
        parsed("[reader]\naddress = 'https://me:hunter2@example.org/v1'\n")

    assert "hunter2" not in str(error.value)


@pytest.mark.parametrize(
    ("address", "url", "host", "here"),
    [
        ("http://localhost:11434/v1", "http://localhost:11434/v1/chat/completions", "localhost:11434", True),
        ("http://127.0.0.9/v1/", "http://127.0.0.9/v1/chat/completions", "127.0.0.9", True),
        ("http://[::1]:80", "http://[::1]:80/v1/chat/completions", "[::1]:80", True),
        ("https://h.org/v1?v=2", "https://h.org/v1/chat/completions?v=2", "h.org", False),
        ("https://h.org/v1/chat/completions", "https://h.org/v1/chat/completions", "h.org", False),
    ],
)
def test_where_questions_go(address: str, url: str, host: str, here: bool) -> None:
    found = endpoint(Asking(address=address))

    assert (found.url, found.host, found.here) == (url, host, here)


GEMINI = "https://generativelanguage.googleapis.com"
GENERATE = f"{GEMINI}/v1beta/models/big:generateContent"


@pytest.mark.parametrize(
    ("address", "said", "api", "url"),
    [
        ("https://api.openai.com/v1", "", "openai", "https://api.openai.com/v1/chat/completions"),
        ("http://127.0.0.1:8080", "", "openai", "http://127.0.0.1:8080/v1/chat/completions"),
        ("http://127.0.0.1:11434/v1", "", "openai", "http://127.0.0.1:11434/v1/chat/completions"),
        ("http://127.0.0.1:11434", "", "ollama", "http://127.0.0.1:11434/api/chat"),
        ("http://localhost:11434/api", "", "ollama", "http://localhost:11434/api/chat"),
        ("http://127.0.0.1:9/api/chat", "", "ollama", "http://127.0.0.1:9/api/chat"),
        ("http://127.0.0.1:9/", "ollama", "ollama", "http://127.0.0.1:9/api/chat"),
        ("https://api.anthropic.com", "", "anthropic", "https://api.anthropic.com/v1/messages"),
        ("https://api.anthropic.com/v1", "", "anthropic", "https://api.anthropic.com/v1/messages"),
        (
            "https://api.anthropic.com/v1/chat/completions",
            "",
            "openai",
            "https://api.anthropic.com/v1/chat/completions",
        ),
        ("https://gate.example.org/x/v1/messages", "", "anthropic", "https://gate.example.org/x/v1/messages"),
        ("https://gate.example.org/x/v1", "anthropic", "anthropic", "https://gate.example.org/x/v1/messages"),
        (GEMINI, "", "gemini", GENERATE),
        (f"{GEMINI}/v1beta/models", "", "gemini", GENERATE),
        (f"{GEMINI}/v1beta/models/small:generateContent", "", "gemini", GENERATE),
        (f"{GEMINI}/v1beta/openai", "", "openai", f"{GEMINI}/v1beta/openai/chat/completions"),
    ],
)
def test_what_a_server_speaks(address: str, said: str, api: str, url: str) -> None:
    """Its address tells, or the setting does; an address may leave out its end."""
    found = endpoint(Asking(address=address, model="big", api=said))

    assert (found.api, found.url) == (api, url)


@pytest.mark.parametrize("model", ["../../evil", "a/b?c", "models/x:y"])
def test_a_model_in_an_address_stays_in_its_place(model: str) -> None:
    url = endpoint(Asking(address=GEMINI, model=model)).url

    assert url.startswith(f"{GEMINI}/v1beta/models/")
    assert url.removeprefix(f"{GEMINI}/v1beta/models/").count("/") == url.count("?") == 0


def test_a_key_in_an_address_is_refused_without_showing_it() -> None:
    with pytest.raises(PolicyError) as error:
        parsed(f"[reader]\naddress = '{GEMINI}/v1beta?key=AIzaSecret'\n")

    assert "AIzaSecret" not in str(error.value)


def test_room_for_a_question_and_its_answer() -> None:
    """What is asked of a small model fits into a small context."""
    assert Asking(passage=600, names=300, slice=100, reply=1500).room <= 8192 < Asking().room


def test_unencrypted_only_when_it_is_said() -> None:
    assert endpoint(Asking(address="http://box.lan:8000/v1", plain_http=True)).host == "box.lan:8000"


def test_a_price() -> None:
    assert Rate(2.0, 8.0, "USD").price(500_000, 250_000) == 3.0
