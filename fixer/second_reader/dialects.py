"""What chat servers are told and what they answer: one value for each of the four ways in which they are spoken to.

A ``Dialect`` makes the body of a request out of a question and reads the body of an answer; what they have in common,
and what a server of either kind may not understand, is dealt with once. Pure: the network is ``client``'s business, so
that files for a provider's batches and their results are made and read without it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import regex

from fixer.errors import FormatError
from fixer.second_reader.answers import Question, estimate_tokens
from fixer.second_reader.settings import Asking

__all__ = ["DIALECTS", "Dialect", "Manner", "Message"]

_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message:
    """What a server answered."""

    text: str = ""
    """Of the model's message, without its thoughts."""
    sent: int = 0
    received: int = 0
    """Tokens as the server counts them; 0 where it does not."""
    failure: str = ""
    """Why there is no text to go by; empty when there is."""


@dataclass(frozen=True, slots=True)
class Batch:
    """How a provider takes many questions at once, and gives the answers back: a line each."""

    request: Callable[[str, _Json], _Json]
    """What is asked under a key."""
    result: Callable[[_Json], tuple[str, Any]]
    """Of a line of the results the key, and the answer or None where none came; raises as ``Dialect.read``."""
    whole: str = ""
    """The one field of the file, where that is a JSON object; empty where it is lines."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to speak to a chat server."""

    forms: Mapping[str, Callable[[_Json, _Json], None]]
    """Kinds of structured output, the strictest first: each puts a schema into a body. Where the server takes none of
    them, the schema goes into the words."""
    body: Callable[[Question, Asking], _Json]
    """A request without structured output."""
    read: Callable[[Any], Message]
    """The message in an answer; raises LookupError, TypeError or AttributeError where it is no such answer."""
    header: Callable[[str], dict[str, str]]
    """The header that holds a key."""
    always: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request."""
    optional: tuple[str, ...] = ()
    """Fields of a body, also one level down, that some models refuse."""
    instead: Mapping[str, str] = field(default_factory=dict)
    """Other names of such fields."""
    batch: Batch | None = None
    """Where the provider takes many questions as one file."""

    def message(self, found: Any) -> Message:  # noqa: ANN401 - whatever JSON holds
        """What a server's answer comes to.

        Raises:
            FormatError: when it is not the answer of such a server.
        """
        try:
            said = self.read(found)
            text = _THOUGHT.sub("", said.text or "")
        except (LookupError, TypeError, AttributeError) as error:
            raise FormatError("not the answer of a chat server") from error
        if not said.failure and not text.strip():
            return replace(said, text="", failure="an empty answer")
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # half a character is no text
        return replace(said, text=text, received=said.received or (estimate_tokens(text) if not said.failure else 0))


@dataclass(frozen=True, slots=True)
class Manner:
    """How one server is spoken to, as far as it was found out."""

    dialect: Dialect
    form: int = 0
    """Place among the forms; their number when none is left."""
    without: frozenset[str] = frozenset()
    """Fields it refuses."""

    @property
    def structured(self) -> str:
        """The structured output it takes, by name; ``none`` when it takes none."""
        return [*self.dialect.forms, "none"][self.form]

    def body(self, question: Question, asking: Asking) -> _Json:
        """A request; where the server takes no schema, or not this one, the model reads it."""
        if self.form:
            schema = json.dumps(question.schema, ensure_ascii=False)
            question = replace(question, system=f"{question.system}\n\nJSON schema:\n{schema}")
        body = self.dialect.body(question, asking)
        body = self._pruned(body) | {
            name: self._pruned(value) for name, value in body.items() if isinstance(value, dict)
        }
        if self.form < len(self.dialect.forms):
            self.dialect.forms[self.structured](body, question.schema)
        return body

    def _pruned(self, fields: _Json) -> _Json:
        other = {self.dialect.instead.get(n, n) if n in self.without else n: value for n, value in fields.items()}
        return {name: value for name, value in other.items() if name not in self.without}

    def simpler(self, said: str) -> Manner | None:
        """What to try after the server refused a request, saying so; None when nothing is left."""
        for name in self.dialect.optional:
            if name in said and name not in self.without:
                return replace(self, without=self.without | {name})
        return replace(self, form=self.form + 1) if self.form < len(self.dialect.forms) else None


_THOUGHT = regex.compile(r"\A\s*<think>.*?</think>\s*", regex.S)
"""What some servers leave standing before the answer."""
_CUT_OFF, _DECLINED = "an answer cut off in the middle, raise 'reply' under [reader]", "the model declined to answer"


def _count(usage: object, *names: str) -> int:
    """The sum of what a server counted under these names; nonsense counts as nothing."""
    found = [usage.get(name) for name in names] if isinstance(usage, dict) else []
    return sum(value for value in found if type(value) is int and 0 <= value < 10**9)


def _heat(question: Question) -> float:
    """Temperature: none for a first answer; what is asked once more must be able to come out otherwise."""
    return 0 if question.look == 1 else _AGAIN


_AGAIN = 0.7
"""Temperature of a second look: the usual one, and below 1 that the likeliest answer stays likely."""


def _failed(why: object, cut_off: tuple[str, ...], declined: tuple[str, ...]) -> str:
    return _CUT_OFF if why in cut_off else _DECLINED if why in declined else ""


# ------------------------------------------------------------ OpenAI's chat completions, and whoever speaks them


def _openai_body(question: Question, asking: Asking) -> _Json:
    return {
        "model": asking.model, "messages": _messages(question),
        "temperature": _heat(question), "seed": question.look, "max_tokens": asking.reply,
    }  # fmt: skip


def _messages(question: Question) -> list[dict[str, str]]:
    return [{"role": "system", "content": question.system}, {"role": "user", "content": question.user}]


def _openai_schema(body: _Json, schema: _Json) -> None:
    body["response_format"] = {
        "type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema},
    }  # fmt: skip


def _openai_object(body: _Json, _: _Json) -> None:
    body["response_format"] = {"type": "json_object"}


def _openai_read(found: Any) -> Message:  # noqa: ANN401
    choice = found["choices"][0]
    said, usage = choice["message"], found.get("usage")
    content = said["content"]
    if isinstance(content, list):
        content = "".join(part.get("text", "") for part in content)
    failure = _failed(choice.get("finish_reason"), ("length",), ("content_filter",))
    if said.get("refusal") and not content:
        failure = _DECLINED
    text = content if isinstance(content, str) else ""
    return Message(text, _count(usage, "prompt_tokens"), _count(usage, "completion_tokens"), failure)


def _openai_request(key: str, body: _Json) -> _Json:
    return {"custom_id": key, "method": "POST", "url": "/v1/chat/completions", "body": body}


def _openai_result(line: _Json) -> tuple[str, Any]:
    response = line["response"] or {}
    return line["custom_id"], response.get("body") if response.get("status_code") == 200 else None


def _bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


# ------------------------------------------------------------ Anthropic's messages


def _anthropic_body(question: Question, asking: Asking) -> _Json:
    """Without a temperature, which newer models refuse: every look comes out afresh."""
    return {
        "model": asking.model, "system": question.system, "messages": [{"role": "user", "content": question.user}],
        "max_tokens": asking.reply,
    }  # fmt: skip


def _anthropic_schema(body: _Json, schema: _Json) -> None:
    body["output_config"] = {"format": {"type": "json_schema", "schema": schema}}


def _anthropic_tool(body: _Json, schema: _Json) -> None:
    body["tools"] = [{"name": "answer", "description": "Give the answer.", "input_schema": schema}]
    body["tool_choice"] = {"type": "tool", "name": "answer"}


def _anthropic_read(found: Any) -> Message:  # noqa: ANN401
    usage = found.get("usage")
    parts = [
        part["text"] if part["type"] == "text" else json.dumps(part["input"], ensure_ascii=False)
        for part in found["content"] if part["type"] in ("text", "tool_use")
    ]  # fmt: skip
    failure = _failed(found["stop_reason"], ("max_tokens", "model_context_window_exceeded"), ("refusal",))
    sent = _count(usage, "input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return Message("".join(parts), sent, _count(usage, "output_tokens"), failure)


def _anthropic_request(key: str, body: _Json) -> _Json:
    return {"custom_id": key, "params": body}


def _anthropic_result(line: _Json) -> tuple[str, Any]:
    return line["custom_id"], line["result"].get("message")


# ------------------------------------------------------------ Gemini's generateContent


def _gemini_body(question: Question, asking: Asking) -> _Json:
    config = {"temperature": _heat(question), "seed": question.look, "maxOutputTokens": asking.reply}
    return {
        "systemInstruction": {"parts": [{"text": question.system}]},
        "contents": [{"role": "user", "parts": [{"text": question.user}]}],
        "generationConfig": config,
    }  # fmt: skip


def _gemini_schema(body: _Json, schema: _Json) -> None:
    body["generationConfig"] |= {"responseMimeType": "application/json", "responseJsonSchema": schema}


def _gemini_old_schema(body: _Json, schema: _Json) -> None:
    """The subset of OpenAPI that models had before JSON schema."""
    body["generationConfig"] |= {"responseMimeType": "application/json", "responseSchema": _open(schema)}


def _open(schema: Any) -> Any:  # noqa: ANN401
    if isinstance(schema, dict):
        return {name: _open(value) for name, value in schema.items() if name != "additionalProperties"}
    return schema


def _gemini_object(body: _Json, _: _Json) -> None:
    body["generationConfig"]["responseMimeType"] = "application/json"


def _gemini_read(found: Any) -> Message:  # noqa: ANN401
    usage = found.get("usageMetadata")
    sent, received = _count(usage, "promptTokenCount"), _count(usage, "candidatesTokenCount", "thoughtsTokenCount")
    if found.get("promptFeedback", {}).get("blockReason"):
        return Message("", sent, received, _DECLINED)
    candidate = found["candidates"][0]
    why = candidate.get("finishReason", "STOP")
    failure = _failed(why, ("MAX_TOKENS",), _GEMINI_DECLINES)
    parts = candidate.get("content", {}).get("parts", [])
    text = "".join(part.get("text", "") for part in parts if not part.get("thought"))
    return Message(text, sent, received, failure)


_GEMINI_DECLINES = ("SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")


def _gemini_request(key: str, body: _Json) -> _Json:
    return {"key": key, "request": body}


def _gemini_result(line: _Json) -> tuple[str, Any]:
    return line["key"], line.get("response")


# ------------------------------------------------------------ Ollama's own


def _ollama_body(question: Question, asking: Asking) -> _Json:
    return {
        "model": asking.model, "messages": _messages(question), "stream": False, "think": False,
        "options": {
            "temperature": _heat(question), "seed": question.look, "num_predict": asking.reply,
            "num_ctx": asking.room,
        },
    }  # fmt: skip


def _ollama_schema(body: _Json, schema: _Json) -> None:
    body["format"] = schema


def _ollama_object(body: _Json, _: _Json) -> None:
    body["format"] = "json"


def _ollama_read(found: Any) -> Message:  # noqa: ANN401
    failure = _failed(found.get("done_reason"), ("length",), ())
    sent, received = _count(found, "prompt_eval_count"), _count(found, "eval_count")
    return Message(found["message"]["content"], sent, received, failure)


# ------------------------------------------------------------ all of them


DIALECTS = {
    "openai": Dialect(
        {"json_schema": _openai_schema, "json_object": _openai_object},
        _openai_body, _openai_read, _bearer,
        optional=("max_tokens", "temperature", "seed"), instead={"max_tokens": "max_completion_tokens"},
        batch=Batch(_openai_request, _openai_result),
    ),
    "anthropic": Dialect(
        {"json_schema": _anthropic_schema, "tool": _anthropic_tool},
        _anthropic_body, _anthropic_read, lambda secret: {"x-api-key": secret},
        always={"anthropic-version": "2023-06-01"},
        batch=Batch(_anthropic_request, _anthropic_result, whole="requests"),
    ),
    "gemini": Dialect(
        {"json_schema": _gemini_schema, "open_schema": _gemini_old_schema, "json_object": _gemini_object},
        _gemini_body, _gemini_read, lambda secret: {"x-goog-api-key": secret},
        optional=("temperature", "seed"), batch=Batch(_gemini_request, _gemini_result),
    ),
    "ollama": Dialect(
        {"json_schema": _ollama_schema, "json_object": _ollama_object},
        _ollama_body, _ollama_read, _bearer, optional=("think",),
    ),
}  # fmt: skip
"""By the setting ``api``."""
