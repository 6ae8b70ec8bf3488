"""Names of the features by which candidates are judged.

They stand apart from the modules that fill the table (``local_features`` here, ``context_features`` in the judgement)
and from the models that weigh it, since all of them must agree on its columns.
"""

from __future__ import annotations

__all__ = ["COLUMN", "MEASURES"]

MEASURES: tuple[str, ...] = (
    "sound", "spelling", "like", "size", "han", "words", "word_change", "first_sound",
    "cost", "gain", "rarest", "commonest", "unknown", "capitals", "odd_case", "case_only", "space_only", "respelling",
    "digits", "on_words", "is_word", "is_term", "inside_term", "cuts_term",
    "near", "near_anywhere", "org", "gloss", "cue_before", "cue_after", "kind_cue", "term_heard", "listed",
    "margin", "best", "longer", "repeats", "active", "common", "part", "kind_person", "kind_place", "form_rarity",
    "core", "shared", "plain_form", "kind_prose", "form_cost", "form_words",
    "cross", "crowd",
)  # fmt: skip
"""Names of the columns of a table of measures, in order."""
COLUMN = {name: k for k, name in enumerate(MEASURES)}
"""Their places."""
