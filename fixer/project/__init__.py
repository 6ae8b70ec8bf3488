"""The only package that touches the disk.

Everything else takes strings and gives values. ``disk`` reads and writes one file, ``walk`` finds the transcripts a
command line means, ``config`` and ``settings`` say what a project has settled, ``glossaries`` loads and caches what is
compiled, ``proposal_cache`` what was found. ``ledger``, ``review_store``, ``learned`` and
``answer_file`` keep what people and models said; ``lock`` and ``locked_edit`` let one process write at a time;
``processes`` works with several, and ``memory`` gives back what is no longer held.
"""

from fixer.project.disk import Encoding, File, decode, encode, inside, names, read, read_bytes, write
from fixer.project.glossaries import Part, collect, index_key, known_index, load_glossary, load_index, package_text
from fixer.project.ignore_rules import ignored
from fixer.project.proposal_cache import kept, remembered
from fixer.project.settings import cache_dir, find_config, project_root, read_config
from fixer.project.walk import LeftOut, Source, Walk, no_transcript, walk, without_collisions

__all__ = [
    "Encoding",
    "File",
    "LeftOut",
    "Part",
    "Source",
    "Walk",
    "cache_dir",
    "collect",
    "decode",
    "encode",
    "find_config",
    "ignored",
    "index_key",
    "inside",
    "kept",
    "known_index",
    "load_glossary",
    "load_index",
    "names",
    "no_transcript",
    "package_text",
    "project_root",
    "read",
    "read_bytes",
    "read_config",
    "remembered",
    "walk",
    "without_collisions",
    "write",
]  # fmt: skip
