"""Every way to speak to a chat server, with servers on this machine that answer as the real ones do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from fixer.second_reader.answers import Question
from fixer.second_reader.client import Asker, Reply
from fixer.second_reader.dialects import DIALECTS, Manner
from fixer.second_reader.prompts import SCHEMA
from fixer.second_reader.settings import Asking
from fixer.text import Span
from tests.support.chat_server import ChatServer, Said, anthropic, gemini, in_turn, message, ollama, refusal, serving

SECRET = "sk-0123456789abcdefghij"
CUT_OFF = "an answer cut off in the middle, raise 'reply' under [reader]"
OK = '{"keep": [], "take": [], "found": []}'


class Api(NamedTuple):
    """How one of them is found, and what comes back."""

    path: str
    """Of the address in the settings."""
    asked: str
    """Path of a request."""
    key: dict[str, str]
    answer: Callable[..., Said]
    cut_off: Said
    declined: Said
    refused: Said
    """A request that it does not understand, in its words."""


APIS = {
    "openai": Api(
        "/v1", "/v1/chat/completions", {"Authorization": f"Bearer {SECRET}"},
        lambda text: message(text, prompt_tokens=70, completion_tokens=9),
        message('{"keep"', finish="length", prompt_tokens=70, completion_tokens=300),
        Said(b'{"choices":[{"message":{"content":null,"refusal":"I cannot"},"finish_reason":"stop"}]}'),
        Said(b'{"error":{"message":"Unsupported","type":"invalid_request_error","code":null}}', 400),
    ),
    "anthropic": Api(
        "/v1/messages", "/v1/messages", {"X-Api-Key": SECRET},
        lambda text: anthropic({"type": "text", "text": text}, input_tokens=70, output_tokens=9),
        anthropic({"type": "text", "text": '{"keep"'}, stop="max_tokens", input_tokens=70, output_tokens=300),
        anthropic(stop="refusal", input_tokens=70, output_tokens=2),
        Said(b'{"type":"error","error":{"type":"invalid_request_error","message":"not permitted"}}', 400),
    ),
    "gemini": Api(
        "/v1beta/models/m:generateContent", "/v1beta/models/m:generateContent", {"X-Goog-Api-Key": SECRET},
        lambda text: gemini({"text": text}, promptTokenCount=70, candidatesTokenCount=4, thoughtsTokenCount=5),
        gemini({"text": '{"keep"'}, stop="MAX_TOKENS", promptTokenCount=70, candidatesTokenCount=300),
        Said(b'{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":70}}'),
        Said(b'{"error":{"code":400,"message":"Unknown name: Cannot find field.","status":"INVALID_ARGUMENT"}}', 400),
    ),
    "ollama": Api(
        "/api/chat", "/api/chat", {"Authorization": f"Bearer {SECRET}"},
        lambda text: ollama(text, prompt_eval_count=70, eval_count=9),
        ollama('{"keep"', stop="length", prompt_eval_count=70, eval_count=300),
        ollama("", prompt_eval_count=70, eval_count=1),
        Said(b'{"error":"invalid format: expected a string"}', 400),
    ),
}  # fmt: skip
KEYS = {name for api in APIS.values() for name in api.key}
each = pytest.mark.parametrize("name", APIS)


def question(key: str = "k1", look: int = 1) -> Question:
    return Question(key, Span(0, 1), "be exact", "the passage", SCHEMA, 50, look=look)


def asked(server: ChatServer, api: Api, *questions: Question, secret: str = "", reply: int = 900) -> list[Reply]:
    asking = Asking(address=server.host + api.path, model="m", concurrency=1, reply=reply, attempts=2)
    replies: list[Reply] = []
    Asker(asking, secret, pause=lambda _: None).ask(questions or (question(),), replies.append)
    return replies


def part(body: dict[str, Any], way: str) -> object:
    """What stands in a body at ``a.b.0.c``."""
    found: Any = body
    for step in way.split("."):
        found = found[int(step)] if step.isdigit() else found[step]
    return found


# ------------------------------------------------------------ a request


SENT = {
    "openai": {
        "model": "m", "messages.0.content": "be exact", "messages.1.content": "the passage", "max_tokens": 900,
        "temperature": 0, "seed": 1,
        "response_format.json_schema.schema": SCHEMA, "response_format.type": "json_schema",
    },
    "anthropic": {
        "model": "m", "system": "be exact", "messages.0": {"role": "user", "content": "the passage"},
        "max_tokens": 900, "output_config.format": {"type": "json_schema", "schema": SCHEMA},
    },
    "gemini": {
        "systemInstruction.parts.0.text": "be exact", "contents.0.parts.0.text": "the passage",
        "generationConfig.maxOutputTokens": 900, "generationConfig.temperature": 0, "generationConfig.seed": 1,
        "generationConfig.responseMimeType": "application/json", "generationConfig.responseJsonSchema": SCHEMA,
    },
    "ollama": {
        "model": "m", "messages.0.content": "be exact", "messages.1.content": "the passage", "stream": False,
        "format": SCHEMA, "options.num_predict": 900, "options.temperature": 0, "options.seed": 1,
        "options.num_ctx": Asking(reply=900).room,
    },
}  # fmt: skip


@each
def test_a_question_as_it_is_sent(name: str) -> None:
    api = APIS[name]
    with serving(in_turn(api.answer(OK))) as server:
        replies = asked(server, api, secret=SECRET)

    assert replies == [Reply("k1", OK, 70, 9)]
    assert server.paths == [api.asked]
    assert {way: part(server.asked[0], way) for way in SENT[name]} == SENT[name]


@each
def test_a_key_goes_into_the_header_of_that_api_and_no_other(name: str) -> None:
    api = APIS[name]
    with serving(in_turn(api.answer(OK))) as server:
        asked(server, api, secret=SECRET)
        asked(server, api)

    with_key, without = ({k.title(): v for k, v in headers.items()} for headers in server.headers)
    assert {k: v for k, v in with_key.items() if SECRET in v} == api.key
    assert SECRET not in str(server.asked) + str(server.paths)
    assert not KEYS & set(without)


def test_anthropic_is_sent_no_temperature() -> None:
    """Newer models refuse it; without one no two answers need be alike."""
    assert "temperature" not in str(Manner(DIALECTS["anthropic"]).body(question(), Asking(model="m")))


def test_the_version_that_anthropic_wants() -> None:
    with serving(in_turn(APIS["anthropic"].answer(OK))) as server:
        asked(server, APIS["anthropic"])

    assert {k.lower(): v for k, v in server.headers[0].items()}["anthropic-version"] == "2023-06-01"


@pytest.mark.parametrize("name", ["openai", "gemini", "ollama"])
def test_a_second_look_is_answered_afresh(name: str) -> None:
    """The same words; nothing that would make it the same answer once more."""
    manner = Manner(DIALECTS[name])
    once, again = (str(manner.body(question(look=look), Asking(model="m"))) for look in (1, 2))

    assert once != again
    assert once == again.replace("'temperature': 0.7", "'temperature': 0").replace("'seed': 2", "'seed': 1")


# ------------------------------------------------------------ structured output


FORMS = [(name, k) for name in APIS for k in range(1, len(DIALECTS[name].forms) + 1)]


@pytest.mark.parametrize(("name", "refusals"), FORMS)
def test_a_server_that_takes_less(name: str, refusals: int) -> None:
    """Found out once in a run; from then on the schema stands in the words as well."""
    api = APIS[name]
    answers = [api.refused] * refusals + [api.answer(OK)]
    with serving(in_turn(*answers)) as server:
        replies = asked(server, api, question("a"), question("b"))

    assert [r.text for r in replies] == [OK, OK]
    assert len(server.asked) == refusals + 2
    for body in server.asked[refusals:]:
        assert "JSON schema:" in str(body)
    if refusals == len(DIALECTS[name].forms):
        assert not {"response_format", "output_config", "tools", "format"} & set(server.asked[-1])


def test_a_tool_where_anthropic_knows_no_schema() -> None:
    api = APIS["anthropic"]
    tool = anthropic({"type": "tool_use", "id": "t", "name": "answer", "input": {"found": []}}, stop="tool_use")
    with serving(in_turn(api.refused, tool)) as server:
        replies = asked(server, api)

    assert replies[0].text == '{"found": []}'
    assert part(server.asked[1], "tools.0.input_schema") == SCHEMA
    assert server.asked[1]["tool_choice"] == {"type": "tool", "name": "answer"}


def test_an_open_schema_where_gemini_knows_no_other() -> None:
    api = APIS["gemini"]
    with serving(in_turn(api.refused, api.answer(OK))) as server:
        asked(server, api)

    config = server.asked[1]["generationConfig"]
    assert "additionalProperties" not in str(config["responseSchema"])
    assert "responseJsonSchema" not in config


@pytest.mark.parametrize(
    ("name", "words", "gone"),
    [
        ("openai", "Unsupported parameter: 'max_tokens'", "max_tokens"),
        ("openai", "`temperature` is deprecated for this model.", "temperature"),
        ("gemini", "Unable to submit request because seed is not supported", "generationConfig.seed"),
        ("ollama", '"m" does not support thinking: think', "think"),
    ],
)
def test_a_field_that_a_model_refuses(name: str, words: str, gone: str) -> None:
    """It is left out; structured output is not given up for it."""
    api = APIS[name]
    with serving(in_turn(refusal(400, words), api.answer(OK))) as server:
        assert [r.text for r in asked(server, api)] == [OK]

    first, second = server.asked
    assert part(first, gone) is not None
    with pytest.raises(KeyError):
        part(second, gone)
    assert "JSON schema:" not in str(second)


# ------------------------------------------------------------ what comes back


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("openai", Said(b'{"choices":[{"message":{"content":"{}","reasoning_content":"hm"}}]}')),
        ("openai", message("<think>\nhm\n</think>\n\n{}")),
        ("anthropic", anthropic({"type": "thinking", "thinking": "hm"}, {"type": "text", "text": "{}"})),
        ("anthropic", anthropic({"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "{}"})),
        ("gemini", gemini({"text": "hm", "thought": True}, {"text": "{}", "thoughtSignature": "x"})),
        ("gemini", gemini({"text": "{"}, {"text": "}"})),
        ("ollama", ollama("{}", thinking="hm")),
    ],
)  # fmt: skip
def test_thoughts_are_no_answer(name: str, said: Said) -> None:
    with serving(in_turn(said)) as server:
        assert [r.text for r in asked(server, APIS[name])] == ["{}"]


@each
def test_what_is_cut_off_is_no_answer_and_is_paid_for(name: str) -> None:
    with serving(in_turn(APIS[name].cut_off)) as server:
        (reply,) = asked(server, APIS[name])

    assert (reply.failure, reply.received) == (CUT_OFF, 300)


@pytest.mark.parametrize("name", ["openai", "anthropic", "gemini"])
def test_a_model_that_declines(name: str) -> None:
    with serving(in_turn(APIS[name].declined, APIS[name].answer(OK))) as server:
        replies = asked(server, APIS[name], question("a"), question("b"))

    assert [r.failure for r in replies] == ["the model declined to answer", ""]


@pytest.mark.parametrize("stop", ["SAFETY", "RECITATION", "PROHIBITED_CONTENT"])
def test_gemini_stops_without_a_word(stop: str) -> None:
    candidate = f'{{"candidates":[{{"finishReason":"{stop}"}}]}}'
    with serving(in_turn(Said(candidate.encode()))) as server:
        assert asked(server, APIS["gemini"])[0].failure == "the model declined to answer"


@each
@pytest.mark.parametrize("other", [*APIS, "none"])
def test_the_answer_of_another_api_is_none(name: str, other: str) -> None:
    """As when ``api`` says the wrong thing: counted, no crash."""
    said = APIS[other].answer(OK) if other != "none" else Said(b'{"content": 5, "message": [], "candidates": {}}')
    with serving(in_turn(said)) as server:
        (reply,) = asked(server, APIS[name])

    assert bool(reply.failure) is (name != other)


# ------------------------------------------------------------ errors


RATE = {
    "openai": refusal(429, "Rate limit reached", **{"Retry-After": "7"}),
    "anthropic": Said(
        b'{"type":"error","error":{"type":"rate_limit_error","message":"slow down"}}', 429, {"Retry-After": "7"}
    ),
    "gemini": Said(
        b'{"error":{"code":429,"status":"RESOURCE_EXHAUSTED","message":"quota","details":['
        b'{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7s"}]}}', 429
    ),
    "ollama": Said(b'{"error":"server busy, please try again"}', 503, {"Retry-After": "7"}),
}  # fmt: skip


@each
def test_too_many_requests(name: str) -> None:
    """It is asked again, when the server says."""
    api = APIS[name]
    waits: list[float] = []
    with serving(in_turn(RATE[name], api.answer(OK))) as server:
        asking = Asking(address=server.host + api.path, model="m", concurrency=1)
        replies: list[Reply] = []
        Asker(asking, pause=waits.append).ask([question()], replies.append)

    assert (replies[0].text, waits) == (OK, [7.0])


def test_anthropic_is_overloaded() -> None:
    busy = Said(b'{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 529)
    with serving(in_turn(busy, APIS["anthropic"].answer(OK))) as server:
        assert asked(server, APIS["anthropic"])[0].text == OK


TURNED_DOWN = {
    "openai": (refusal(401, f"Incorrect API key provided: {SECRET}"), "refused (401): check the key"),
    "anthropic": (
        Said(b'{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}', 401),
        "refused (401): check the key",
    ),
    "gemini": (
        Said(b'{"error":{"code":400,"message":"API key not valid. Please pass a valid API key."}}', 400),
        "refused (400): check the key",
    ),
    "ollama": (Said(b'{"error":"model \'m\' not found"}', 404), "not found (404), check address and model: model 'm'"),
    "openai, no money": (
        Said(b'{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}', 429),
        "refused (429): nothing is left on the account",
    ),
}


@pytest.mark.parametrize("name", TURNED_DOWN)
def test_what_will_not_pass_ends_the_run(name: str) -> None:
    """One request, not four for each of many questions."""
    said, words = TURNED_DOWN[name]
    with serving(in_turn(said)) as server:
        replies = asked(server, APIS[name.partition(",")[0]], *(question(f"q{k}") for k in range(9)), secret=SECRET)

    assert len(server.asked) == 1
    assert all(reply.failure.startswith(words) and SECRET not in reply.failure for reply in replies)


@each
def test_a_redirect_to_another_host_is_not_followed(name: str) -> None:
    api = APIS[name]
    with serving(in_turn(api.answer(OK))) as other:
        moved = Said(status=307, headers={"Location": other.host.replace("127.0.0.1", "localhost") + api.asked})
        with serving(in_turn(moved)) as server:
            replies = asked(server, api, secret=SECRET)

    assert not other.asked
    assert "which the settings do not name" in replies[0].failure


# ------------------------------------------------------------ the context it offers


TOLD = {
    "llama.cpp": ("openai", "/props", '{"default_generation_settings": {"n_ctx": 8192}, "total_slots": 4}'),
    "Ollama, loaded": ("openai", "/api/ps", '{"models": [{"name": "m:latest", "context_length": 8192}]}'),
    "LM Studio": (
        "openai", "/api/v0/models",
        '{"data": [{"id": "other"}, {"id": "m", "max_context_length": 131072, "loaded_context_length": 8192}]}',
    ),
    "vLLM": ("openai", "/v1/models", '{"data": [{"id": "m", "max_model_len": 8192}]}'),
    "Anthropic": ("anthropic", "/v1/models/m", '{"id": "m", "max_input_tokens": 8192}'),
    "Gemini": ("gemini", "/v1beta/models/m", '{"name": "models/m", "inputTokenLimit": 8192}'),
    "Ollama": ("ollama", "/api/show", '{"model_info": {"qwen3.embedding_length": 1, "qwen3.context_length": 8192}}'),
}  # fmt: skip


def context(server: ChatServer, api: str, secret: str = "") -> int:
    return Asker(Asking(address=server.host + APIS[api].path, model="m"), secret).context()


@pytest.mark.parametrize("name", TOLD)
def test_the_context_that_a_server_offers(name: str) -> None:
    api, path, said = TOLD[name]

    def respond(_: dict[str, Any]) -> Said:
        return Said(said.encode()) if server.paths[-1].partition("?")[0] == path else refusal(404)

    with serving(respond) as server:
        assert context(server, api) == 8192


@each
@pytest.mark.parametrize("said", ["", "[]", '{"data": [{}], "models": 5, "model_info": {"a.context_length": "8k"}}'])
def test_a_server_that_does_not_tell(name: str, said: str) -> None:
    with serving(in_turn(Said(said.encode()))) as server:
        assert context(server, name) == 0


def test_a_question_about_the_server_goes_to_the_same_host_alone() -> None:
    with serving(in_turn(Said(b"{}"))) as other:
        moved = Said(status=307, headers={"Location": f"http://localhost:{other.port}/props"})
        with serving(in_turn(moved)) as server:
            assert context(server, "openai", SECRET) == 0

    assert not other.paths
