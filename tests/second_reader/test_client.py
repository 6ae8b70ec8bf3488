"""The client against a real server on this machine: every bad answer is counted, and the others are still had."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from fixer.errors import PolicyError
from fixer.second_reader.answers import Question
from fixer.second_reader.client import Asker, Reply
from fixer.second_reader.client.chat import LONGEST
from fixer.second_reader.settings import Asking
from fixer.text import Span
from tests.support.chat_server import ChatServer, Said, in_turn, message, refusal, serving

SECRET = "sk-0123456789abcdefghij"
CUT_OFF = "an answer cut off in the middle, raise 'reply' under [reader]"
OK = '{"found": []}'


def question(key: str = "k1", tokens: int = 50) -> Question:
    return Question(key, Span(0, 1), "be exact", f"passage {key}", {"type": "object"}, tokens)


class Asked:
    """What came of asking, and how long was waited."""

    def __init__(self, server: ChatServer | str, *questions: Question, secret: str = "", **settings: int) -> None:
        address = server if isinstance(server, str) else server.address
        self.waits: list[float] = []
        self.replies: list[Reply] = []
        asking = replace(Asking(address=address, model="m"), **{"concurrency": 1, **settings})  # type: ignore[arg-type]
        self.asker = Asker(asking, secret, pause=self.waits.append)
        self.asker.ask(questions or (question(),), self.replies.append)

    @property
    def texts(self) -> list[str]:
        return [reply.text for reply in self.replies]

    @property
    def failures(self) -> list[str]:
        return [reply.failure for reply in self.replies]


# ------------------------------------------------------------ what is sent and what comes


def test_a_question_as_it_is_sent() -> None:
    with serving(in_turn(message(OK, prompt_tokens=70, completion_tokens=9))) as server:
        asked = Asked(server, secret=SECRET, reply=900)

    assert asked.replies == [Reply("k1", OK, 70, 9)]
    assert asked.asker.spent == 79
    assert server.paths == ["/v1/chat/completions"]
    assert server.headers[0]["Authorization"] == f"Bearer {SECRET}"
    body = server.asked[0]
    assert body["messages"] == [
        {"role": "system", "content": "be exact"},
        {"role": "user", "content": "passage k1"},
    ]
    assert {name: body[name] for name in ("model", "temperature", "seed", "max_tokens")} == {
        "model": "m", "temperature": 0, "seed": 1, "max_tokens": 900,
    }  # fmt: skip
    assert body["response_format"]["json_schema"]["schema"] == {"type": "object"}


def test_no_key_no_header() -> None:
    with serving(in_turn(message(OK))) as server:
        Asked(server)

    assert "Authorization" not in server.headers[0]


@pytest.mark.parametrize(
    ("said", "text", "why"),
    [
        (message(f"<think>hm, {{}}</think>\n{OK}"), OK, "a model that thinks aloud"),
        (message([{"type": "text", "text": OK}]), OK, "content in parts"),
        (message("\\ud800 is half a character"), "\\ud800 is half a character", "an escape in the text is text"),
        (Said(message(OK).data, chunked=True), OK, "as servers send what they have not counted"),
        (Said(b'{"choices":[{"message":{"content":"a\\ud800b"}}]}'), "a\ufffdb", "half a character is none"),
    ],
)
def test_the_message_is_taken_out_of_its_envelope(said: Said, text: str, why: str) -> None:
    with serving(in_turn(said)) as server:
        assert Asked(server).texts == [text], why


@pytest.mark.parametrize("said", [message(OK), message(OK, prompt_tokens=-5, completion_tokens=10**12)])
def test_tokens_that_the_server_does_not_count_are_estimated(said: Said) -> None:
    with serving(in_turn(said)) as server:
        reply = Asked(server).replies[0]

    assert reply.sent == 50
    assert 0 < reply.received < 20


def test_many_at_once_and_each_its_own() -> None:
    def echo(body: dict[str, Any]) -> Said:
        return message(body["messages"][1]["content"])

    with serving(echo) as server:
        asked = Asked(server, *(question(f"q{k}") for k in range(20)), concurrency=4)

    assert {r.key: r.text for r in asked.replies} == {f"q{k}": f"passage q{k}" for k in range(20)}


# ------------------------------------------------------------ structured output


class Old:
    """A server that refuses what it does not know, as real ones do."""

    def __init__(self, *refused: str, words: str = "unsupported") -> None:
        self.refused, self.words = refused, words

    def __call__(self, body: dict[str, Any]) -> Said:
        form = body.get("response_format", {}).get("type", "none")
        for name in self.refused:
            if name == form or name in body:
                return refusal(400, self.words.replace("NAME", name))
        return message(OK)


@pytest.mark.parametrize(
    ("refused", "form", "requests"),
    [((), "json_schema", 2), (("json_schema",), "json_object", 3), (("json_schema", "json_object"), "none", 4)],
)
def test_a_server_without_structured_output(refused: tuple[str, ...], form: str, requests: int) -> None:
    """It is found out once in a run; the schema then goes into the words."""
    with serving(Old(*refused)) as server:
        asked = Asked(server, question("a"), question("b"))

    assert asked.texts == [OK, OK]
    assert asked.asker.structured == form
    assert len(server.asked) == requests
    in_words = "JSON schema" in server.asked[-1]["messages"][0]["content"]
    assert in_words is (form != "json_schema")


@pytest.mark.parametrize("name", ["max_tokens", "temperature", "seed"])
def test_a_server_that_dislikes_a_field(name: str) -> None:
    """Structured output is not given up for it."""
    with serving(Old(name, words="Unsupported parameter: 'NAME'")) as server:
        asked = Asked(server)

    assert asked.texts == [OK]
    assert asked.asker.structured == "json_schema"
    assert ("max_completion_tokens" in server.asked[-1]) is (name == "max_tokens")


def test_a_question_that_is_refused_whatever_its_form() -> None:
    """A passage too long for the model does not cost the others their structured output."""

    def narrow(body: dict[str, Any]) -> Said:
        long = body["messages"][1]["content"] == "passage long"
        return refusal(400, "context length exceeded") if long else message(OK)

    with serving(narrow) as server:
        asked = Asked(server, question("long"), question("b"))

    assert asked.failures == ["refused (400): context length exceeded", ""]
    assert asked.asker.structured == "json_schema"


# ------------------------------------------------------------ attempts


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529, 408])
def test_what_may_pass_is_tried_again(status: int) -> None:
    with serving(in_turn(refusal(status), refusal(status), message(OK))) as server:
        asked = Asked(server)

    assert asked.texts == [OK]
    assert len(asked.waits) == 2
    first, second = asked.waits
    assert 0.5 <= first <= 1.5 < 4 > second >= 1.0, "twice as long, with some play"


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0.2", 0.5, 1.5),
        ("500", 60, 60),
        ("soon", 0.5, 1.5),
        ("-3", 0.5, 1.5),
    ],
)
def test_a_server_may_say_when_but_not_too_late(header: str, least: float, most: float) -> None:
    with serving(in_turn(refusal(429, **{"Retry-After": header}), message(OK))) as server:
        asked = Asked(server)

    assert asked.texts == [OK]
    assert least <= asked.waits[0] <= most


@pytest.mark.parametrize("header", ["999999", formatdate(4_000_000_000, usegmt=True), "9" * 400])
def test_a_server_that_says_never_is_left_alone(header: str) -> None:
    """Nobody waits for days, and no question of forty is asked four times to find that out."""
    with serving(in_turn(refusal(429, **{"Retry-After": header}))) as server:
        asked = Asked(server, *(question(f"q{k}") for k in range(40)))

    assert (len(server.asked), asked.waits) == (1, [])
    assert all("too many requests, and asks to wait" in failure for failure in asked.failures)


@pytest.mark.parametrize("drip", ["headers", "body"])
def test_a_server_that_drips(drip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A byte now and then is never too slow for a socket; the whole answer is."""
    monkeypatch.setattr("fixer.second_reader.client._GRACE", 0.2)
    with serving(in_turn(Said(ENVELOPE, drip=drip), message(OK))) as server:
        asked = Asked(server, question("a"), question("b"), timeout=1)

    assert asked.failures == ["no answer within 1 s", ""]


def test_attempts_come_to_an_end() -> None:
    with serving(in_turn(refusal(500))) as server:
        asked = Asked(server, attempts=3)

    assert asked.failures == ["error 500 of the server"]
    assert (len(server.asked), len(asked.waits)) == (3, 2)


def test_a_server_that_only_fails_is_left_alone() -> None:
    with serving(in_turn(refusal(500))) as server:
        asked = Asked(server, *(question(f"q{k}") for k in range(40)), attempts=2)

    assert len(asked.replies) == 40
    assert all(asked.failures)
    assert len(server.asked) == 10


def test_nobody_there() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    asked = Asked(f"http://127.0.0.1:{port}/v1", question("a"), question("b"), attempts=2)

    assert asked.failures == ["cannot be reached"] * 2
    assert len(asked.waits) == 1, "the second is not even tried"


def test_too_slow() -> None:
    with serving(in_turn(Said(hang=True), message(OK))) as server:
        asked = Asked(server, question("a"), question("b"), timeout=1)

    assert asked.failures == ["no answer within 1 s", ""]


# ------------------------------------------------------------ bad answers


ENVELOPE = message(OK).data
BAD = {
    "half of it": (Said(ENVELOPE[:30], headers={"Content-Length": str(len(ENVELOPE))}), "the connection broke"),
    "cut-off JSON": (Said(ENVELOPE[:30]), "not the answer of a chat server"),
    "a page": (Said(b"<html>welcome</html>"), "not the answer of a chat server"),
    "no bytes": (Said(b""), "not the answer of a chat server"),
    "JSON of another kind": (Said(b'{"choices": [{"text": "x"}]}'), "not the answer of a chat server"),
    "no object": (Said(b"[1]"), "not the answer of a chat server"),
    "nested without end": (Said(b"[" * 200_000), "not the answer of a chat server"),
    "no choices": (Said(b'{"choices": []}'), "not the answer of a chat server"),
    "an empty message": (message(""), "an empty answer"),
    "no message": (message(None), "an empty answer"),
    "only thoughts": (message("<think>hm</think>"), "an empty answer"),
    "cut off by its own limit": (message('{"found": [', finish="length"), CUT_OFF),
    "compressed": (Said(b"x", headers={"Content-Encoding": "gzip"}), "compressed although that was not asked for"),
    "a teapot": (refusal(418, "I am\n a teapot"), "refused (418): I am a teapot"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_answer_is_counted_and_the_next_is_asked(name: str) -> None:
    said, failure = BAD[name]
    bad_once = [said] * (2 if failure == "the connection broke" else 1)
    with serving(in_turn(*bad_once, message(OK))) as server:
        asked = Asked(server, question("a"), question("b"), attempts=2)

    assert asked.failures == [failure, ""]
    assert asked.texts == ["", OK]


def test_ten_megabytes_are_cut_off_while_they_come() -> None:
    with serving(in_turn(Said(b'{"choices": "', endless=True), message(OK))) as server:
        asked = Asked(server, question("a"), question("b"))
        assert asked.failures == ["an answer too long", ""]

    assert LONGEST < server.sent < 10_000_000, "some lie in buffers on the way"


# ------------------------------------------------------------ where text and key go


def test_a_redirect_to_another_host_is_not_followed() -> None:
    with serving(in_turn(message(OK))) as other:
        moved = Said(status=307, headers={"Location": f"http://localhost:{other.port}/v1/chat/completions"})
        with serving(in_turn(moved)) as server:
            asked = Asked(server, question("a"), question("b"), secret=SECRET)

    assert not other.asked
    assert asked.failures == [f"it sends on to localhost:{other.port}, which the settings do not name"] * 2
    assert len(server.asked) == 1, "the others would fare no better"


@pytest.mark.parametrize(
    ("location", "requests", "text"),
    [("/v2/chat/completions", 2, OK), ("", 1, ""), ("https://127.0.0.1/v1", 1, "")],
)
def test_a_redirect_on_the_same_host(location: str, requests: int, text: str) -> None:
    with serving(in_turn(Said(status=308, headers={"Location": location}), message(OK))) as server:
        assert Asked(server).texts == [text]

    assert len(server.asked) == requests


def test_a_redirect_in_a_circle() -> None:
    with serving(in_turn(Said(status=302, headers={"Location": "/v1/chat/completions"}))) as server:
        assert Asked(server).failures == ["sent on without end"]


@pytest.mark.parametrize("status", [401, 403, 404, 418])
def test_a_key_never_comes_back(status: int) -> None:
    """Not whole; nor in part where a server is likely to say it, as in ``sk-012***``."""
    with serving(in_turn(refusal(status, f"bad key {SECRET}"))) as server:
        whole = Asked(server, secret=SECRET).failures[0]
    with serving(in_turn(refusal(status, f"bad key {SECRET[:8]}***"))) as server:
        part = Asked(server, secret=SECRET).failures[0]

    assert f"({status})" in whole
    assert SECRET not in whole
    assert SECRET[:8] not in part or status > 403


def test_a_key_in_an_answer_is_blotted_out() -> None:
    with serving(in_turn(message(f"your key is {SECRET}"))) as server:
        assert Asked(server, secret=SECRET).texts == ["your key is ***"]


def test_a_word_for_a_key_stays_a_word() -> None:
    """Local servers take any key; people write ``ollama``."""
    with serving(in_turn(message("ollama is a program"))) as server:
        assert Asked(server, secret="ollama").texts == ["ollama is a program"]


@pytest.mark.parametrize("secret", ["two words", "line\nbreak", "ключ"])
def test_what_is_no_key_is_refused_without_showing_it(secret: str) -> None:
    with pytest.raises(PolicyError) as error:
        Asker(Asking(address="https://example.org/v1", model="m"), secret)

    assert secret not in str(error.value)


def test_a_refused_key_stops_the_run_at_once() -> None:
    with serving(in_turn(refusal(401))) as server:
        asked = Asked(server, *(question(f"q{k}") for k in range(9)))

    assert len(server.asked) == 1
    assert set(asked.failures) == {"refused (401): check the key, and what it may be used for"}


# ------------------------------------------------------------ the cap, and the end


def test_the_cap_is_not_passed() -> None:
    """Each may take 50 + 100 tokens, and takes 150: after three of them a fourth does not fit into 500."""
    with serving(in_turn(message(OK, prompt_tokens=50, completion_tokens=100))) as server:
        replies: list[Reply] = []
        asker = Asker(Asking(address=server.address, model="m", reply=100, cap=500, concurrency=3))
        with pytest.raises(PolicyError, match=r"cap of 500 tokens .*: 450 used, 7 questions not asked"):
            asker.ask([question(f"q{k}") for k in range(10)], replies.append)

    assert len(server.asked) == len(replies) == 3
    assert asker.spent == 450


def test_answers_shorter_than_feared_leave_room_for_more() -> None:
    with serving(in_turn(message(OK, prompt_tokens=50, completion_tokens=1))) as server:
        asked = Asked(server, *(question(f"q{k}") for k in range(7)), reply=100, cap=500)

    assert asked.texts == [OK] * 7


def test_an_answer_that_was_of_no_use_counts_as_well() -> None:
    with serving(in_turn(message("x", finish="length"))) as server:
        asked = Asked(server, reply=100)

    assert asked.asker.spent == 150


def test_an_interrupt_keeps_what_came() -> None:
    """^C while a reply is being kept: that one and all others that have come are handed over."""
    with serving(in_turn(message(OK), message(OK), Said(hang=True))) as server:
        kept: list[str] = []

        def keep(reply: Reply) -> None:
            if not kept:
                kept.append("interrupted")
                raise KeyboardInterrupt
            kept.append(reply.key)

        asker = Asker(Asking(address=server.address, model="m", concurrency=1))
        with pytest.raises(KeyboardInterrupt):
            asker.ask([question("a"), question("b"), question("c")], keep)

    assert kept[:2] == ["interrupted", "a"]


def test_a_mistake_of_our_own_is_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fixer.second_reader.dialects.estimate_tokens", lambda _: 1 // 0)
    with serving(in_turn(message(OK))) as server, pytest.raises(ZeroDivisionError):
        Asked(server)


def test_the_same_client_can_be_asked_again() -> None:
    with serving(in_turn(message(OK))) as server:
        asked = Asked(server)
        asked.asker.ask([question("again")], asked.replies.append)

    assert [json.loads(text) for text in asked.texts] == [{"found": []}] * 2
