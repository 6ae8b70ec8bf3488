"""Processor time and memory of reading a large file and writing one correction: python benchmarks/formats.py [MB].

Each format runs in a process of its own; memory is what the process grew by at its most, over the size of the text.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
import zipfile

from fixer.project import decode, encode
from fixer.text import Span
from fixer.transcripts.transcript import Transcript

KINDS = ("txt", "stamped", "srt", "vtt", "json", "docx", "csv")
LINE = "so we tried Himo Jam today and it was fine for all of us"


def sample(kind: str, size: int) -> bytes:
    """A file of about ``size`` bytes of text."""
    words = LINE.split()
    if kind == "docx":
        body = "".join(
            f'<w:p><w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{LINE}</w:t></w:r></w:p>'
            for _ in range(size // 130)
        )
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", f"<w:document><w:body>{body}</w:body></w:document>")
        return out.getvalue()
    if kind == "json":
        timed = [
            {"word": f" {w}", "start": k / 10, "end": k / 10 + 0.1, "probability": 0.9} for k, w in enumerate(words)
        ]
        segments = [
            {"id": k, "start": k, "end": k + 1, "text": f" {LINE}", "words": timed} for k in range(size // 1000)
        ]
        return json.dumps({"text": f" {LINE}" * len(segments), "segments": segments}).encode()
    times = "00:00:01{0}000 --> 00:00:02{0}000\n"
    row = {
        "txt": LINE + "\n", "stamped": f"[00:01:02] {LINE} [00:01:04] and on\n",
        "srt": "1\n" + times.format(",") + LINE + "\n\n",
        "vtt": times.format(".") + LINE + "\n\n", "csv": f'1,2,"{LINE}"\n',
    }[kind]  # fmt: skip
    head = {"vtt": "WEBVTT\n\n", "csv": "start,end,text\n"}.get(kind, "")
    return (head + row * (size // len(row))).encode()


def measure(kind: str, size: int) -> None:
    """One line about one kind of file."""
    data = sample(kind, size)
    Transcript.parse("1\n00:00:01,000 --> 00:00:02,000\na\n", "a.srt")  # what is loaded once is not the file's
    name = f"a.{'txt' if kind == 'stamped' else kind}"
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()
    raw, form = decode(data, name)
    talk = Transcript.parse(raw, name)
    parsed = time.process_time() - began
    at = talk.text.index("Himo Jam", len(talk.text) // 2)
    done = encode(talk.apply(talk.edits(Span(at, at + 8), "Himojam")), form)
    whole = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    mega = len(raw) / 1e6
    sys.stdout.write(
        f"{kind:8} {mega:5.1f} MB  parse {parsed:5.2f} s  and write {whole:5.2f} s  {grown / mega:5.1f} MB per MB  "
        f"{len(talk.cues)} cues, {len(done)} bytes\n"
    )


if __name__ == "__main__":
    asked = sys.argv[1:]
    if len(asked) == 2:
        measure(asked[0], int(float(asked[1]) * 1e6))
    else:
        for one in KINDS:
            subprocess.run([sys.executable, __file__, one, asked[0] if asked else "10"], check=True)
