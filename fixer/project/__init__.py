"""The only package that touches the disk.

Everything else takes strings and gives values. ``disk`` reads and writes one file, ``walk`` finds the
transcripts a command line means, ``settings`` finds configuration and cache, ``shelf`` loads glossaries.
"""

from fixer.project.disk import Encoding, File, decode, encode, inside, names, read, read_bytes, write
from fixer.project.glossaries import Part, collect, index_key, known_index, load_glossary, load_index, package_text
from fixer.project.proposal_cache import remembered
from fixer.project.settings import cache_dir, find_config, project_root, read_config
from fixer.project.walk import Source, Walk, apart, ignored, walk

__all__ = [
    "Encoding",
    "File",
    "Part",
    "Source",
    "Walk",
    "apart",
    "cache_dir",
    "collect",
    "decode",
    "encode",
    "find_config",
    "ignored",
    "index_key",
    "inside",
    "known_index",
    "load_glossary",
    "load_index",
    "names",
    "package_text",
    "project_root",
    "read",
    "read_bytes",
    "read_config",
    "remembered",
    "walk",
    "write",
]
