"""Questions as one file for a provider's batch, and the answers out of the file that comes back.

A batch costs half and takes up to a day. The file is sent and fetched by the provider's own means (its site, its
command, curl), so that nothing of it has to be remembered here: a line of the results carries the key of its question.
A batch cannot be asked once more in simpler words, so that fields which some models refuse are left out from the start.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from fixer.errors import FormatError
from fixer.second_reader.answers import Question
from fixer.second_reader.dialects import DIALECTS, Batch, Dialect, Manner, Message
from fixer.second_reader.settings import Asking
from fixer.text import dumps

__all__ = ["BATCHES", "batch_lines", "batch_message"]

BATCHES = tuple(name for name, dialect in DIALECTS.items() if dialect.batch)
"""Who takes batches."""


def batch_lines(api: str, questions: Iterable[Question], asking: Asking) -> Iterator[str]:
    """The lines of a file to submit.

    Args:
        api: one of ``BATCHES``.
        questions: what is asked, each with a key of its own.
        asking: model and length of an answer.
    """
    dialect, batch = _of(api)
    manner = Manner(dialect, without=frozenset(dialect.optional))
    requests = [dumps(batch.request(question.key, manner.body(question, asking))) for question in questions]
    if not batch.whole:
        yield from requests
        return
    yield f'{{"{batch.whole}": ['
    yield from (request + "," for request in requests[:-1])
    yield from requests[-1:]
    yield "]}"


def batch_message(line: str) -> tuple[str, Message] | None:
    """Key and answer in a line of a batch's results; None when it is no such line.

    Raises:
        FormatError: when it is one, but not as the provider writes them.
    """
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        return None
    api = _whose(found)
    if not api:
        return None
    dialect, batch = _of(api)
    try:
        key, answer = batch.result(found)
        return str(key), dialect.message(answer) if answer else Message(failure=_why(found))
    except (LookupError, TypeError, AttributeError) as error:
        raise FormatError("not a result of a batch as providers write them; it is left out") from error


def _of(api: str) -> tuple[Dialect, Batch]:
    dialect = DIALECTS[api]
    if dialect.batch is None:
        raise ValueError(f"{api} takes no batches")
    return dialect, dialect.batch


def _whose(found: object) -> str:
    """The provider that writes such results."""
    names = found.keys() if isinstance(found, dict) else set()
    if "custom_id" in names:
        return "anthropic" if "result" in names else "openai"
    return "gemini" if "key" in names and "answer" not in names and names & {"response", "error"} else ""


def _why(found: dict[str, Any]) -> str:
    """Why a question of a batch has no answer, in the provider's words."""
    result = found.get("result") or found.get("response") or {}
    said = found.get("error") or result.get("error") or (result.get("body") or {}).get("error") or result.get("type")
    while isinstance(said, dict):
        said = said.get("error") or said.get("message") or said.get("code") or ""
    return " ".join(str(said or "no answer").split())[:120]
