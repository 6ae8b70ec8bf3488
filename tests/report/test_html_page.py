"""The page of ``--format html``, looked at and decided on in a real browser, where one is installed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from fixer.cli import main

TALK = "1\n00:00:01,000 --> 00:00:02,000\n推出Imogen 2<b>x</b>\n\n2\n00:01:05,000 --> 00:01:06,000\n又说Imogen 2\n"
NAMES = (
    "version: 1\nterms:\n  - {term: Imagen 2, kind: model, aliases: [Imogen 2]}\n  - {term: Sora, aliases: [Saura]}\n"
)

pytestmark = pytest.mark.slow


def test_decisions_made_in_the_page_are_applied(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        pytest.skip("no Chromium here")
    (here / "talk.srt").write_text(TALK, "utf-8")
    (here / "talk.mp3").write_bytes(b"")
    (here / "b.txt").write_text("</script><img src=x onerror=alert(1)> Saura\n", "utf-8")
    (here / "names.yaml").write_text(NAMES, "utf-8")
    options = ["--glossary", "names.yaml", "--no-default-glossary"]
    assert main(["check", "talk.srt", "b.txt", "--format", "html", *options]) == 1
    (here / "report.html").write_text(capsys.readouterr().out, "utf-8")

    said: list[str] = []
    with playwright.sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = chromium.new_page()
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("request", lambda request: said.append(request.url) if request.url.startswith("http") else None)
        page.goto((here / "report.html").as_uri())
        assert page.locator("article").count() == 3
        page.fill("#search", "Saura")
        assert page.locator("article").count() == 1
        page.fill("#search", "")
        page.locator("article").nth(0).focus()
        page.keyboard.press("y")
        page.keyboard.press("n")
        assert page.locator("article.accept").count() == page.locator("article.reject").count() == 1
        assert page.locator("a[href='talk.mp3#t=64.0']").count() == 1
        page.fill("#by", "ann")
        with page.expect_download() as got:
            page.click("#save")
        got.value.save_as(here / "decisions.jsonl")
        chromium.close()

    assert said == []
    lines = [json.loads(line) for line in (here / "decisions.jsonl").read_text("utf-8").splitlines()]
    assert [(line["verdict"], line["by"]) for line in lines] == [("accept", "ann"), ("reject", "ann")]
    assert main(["apply", "decisions.jsonl", "talk.srt", "b.txt", *options]) == 0
    assert (here / "talk.srt").read_text("utf-8") == TALK.replace("Imogen", "Imagen", 1)
