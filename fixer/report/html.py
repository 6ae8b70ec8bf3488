"""One page that an editor without a terminal can read, filter and decide on; it needs no network and no server.

The findings travel in the page as data, never as markup: a transcript may hold anything. What is decided there is
downloaded as the lines that ``fixer apply`` takes. How it looks stands in ``data/report.html``.
"""

from __future__ import annotations

import json
from hashlib import blake2b
from importlib import resources
from urllib.parse import quote

from fixer.report.json import finding_record
from fixer.report.outcome import Run

__all__ = ["html"]

_PLACE = "/* the data of a run */"


def html(run: Run) -> str:
    """The page of a run."""
    findings = [
        {
            **finding_record(finding),
            "file": result.name,
            "media": quote(result.media, errors="surrogatepass") if result.media else "",
        }
        for result in run.results
        for finding in result.findings
    ]
    data: dict[str, object] = {
        "schema_version": 1,
        "version": run.version,
        "files": [result.name for result in run.results],
        "findings": findings,
        "errors": [str(error) for error in run.errors],
    }
    text = json.dumps(data, ensure_ascii=True)  # ASCII, so that no half character and no mark of direction is in it
    data["run"] = blake2b(text.encode(), digest_size=8).hexdigest()
    text = json.dumps(data, ensure_ascii=True).replace("<", "\\u003c").replace("&", "\\u0026")
    page = resources.files("fixer").joinpath("data/report.html").read_text("utf-8")
    return page.replace(_PLACE, text)
