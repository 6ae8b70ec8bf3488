"""How many tokens of context a server offers a model, where it tells: questions of a server about itself.

A server on a desk often offers far less than its model could take, and cuts off the beginning of what does not fit
without a word. None of these questions carries any text. Apart from ``dialects``, which has what is said to a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["PLACES", "Place", "offered"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where some server tells."""

    path: str
    """Below its root; ``{model}`` stands for the model's name."""
    find: Callable[[Any, str], object]
    """The number in what it says, for a model; raises where it is not there."""
    post: bool = False
    """Whether the model is named in a body."""


def offered(place: Place, said: object, model: str) -> int:
    """The tokens that a server says it offers a model; 0 when it does not say."""
    try:
        value = place.find(said, model)
    except (LookupError, TypeError, AttributeError, StopIteration):
        return 0
    return value if type(value) is int and 0 < value < 10**9 else 0


def _named(some: Any, model: str, *names: str) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON holds
    return next(one for one in some if {one.get(name) for name in names} & {model, f"{model}:latest"})


def _one_of(names: tuple[str, ...]) -> Callable[[Any, str], object]:
    def find(said: Any, model: str) -> object:  # noqa: ANN401
        one = _named(said["data"], model, "id")
        return next(one[name] for name in names if one.get(name))

    return find


def _of_ollama(said: Any, _: str) -> object:  # noqa: ANN401
    found: Iterator[object] = (n for name, n in said["model_info"].items() if name.endswith(".context_length"))
    return next(found)


PLACES = {
    "openai": (
        Place("/props?model={model}&autoload=false", lambda said, _: said["default_generation_settings"]["n_ctx"]),
        Place("/api/ps", lambda said, model: _named(said["models"], model, "name", "model")["context_length"]),
        Place("/api/v0/models", _one_of(("loaded_context_length", "max_context_length"))),
        Place("/v1/models", _one_of(("max_model_len", "context_length", "context_window"))),
    ),
    "anthropic": (Place("/v1/models/{model}", lambda said, _: said["max_input_tokens"]),),
    "gemini": (Place("/v1beta/models/{model}", lambda said, _: said["inputTokenLimit"]),),
    "ollama": (Place("/api/show", _of_ollama, post=True),),
}
"""By what a server speaks: llama.cpp, Ollama, LM Studio, vLLM and hosts that copy them, then the others."""
