r"""The formats a transcript may come in, and how one is told from another: by content first, then by the file's ending.

JSON of many programs is data (``described``, ``data/formats.toml``), so are formats of one line a cue
(``line_table``) and those made of elements (``markup``); what has rules of its own stands in a module of its own.

>>> detect("WEBVTT\n", "talk.vtt"), detect("大家好", "-")
('vtt', 'txt')
"""

from __future__ import annotations

from fixer.transcripts.formats.table import FORMATS, REFUSED, Format, detect, ending, with_described

__all__ = ["FORMATS", "REFUSED", "Format", "detect", "ending", "with_described"]
