"""Decisions as tests make them up."""

from __future__ import annotations

from fixer.review.decision import Decision, Verdict


def decided(verdict: Verdict, id_: str = "1", when: str = "2026-11-02T10:00:00+00:00", **more: object) -> Decision:
    """What was said of Imagen, heard as Imogen."""
    fields: dict[str, object] = {"replacement": "Imagen", "proposed": "Imagen", "term": "Imagen", "heard": "Imogen"}
    fields |= more
    return Decision("a.txt", id_, verdict, when=when, **fields)  # type: ignore[arg-type]
