"""Record what a chat model answers, for good: ``python scripts/record_answers.py ask FOLDER --data DATA_DIR``.

``ask`` writes every question about the recorded texts into FOLDER, one file each (``NAME.NUMBER.txt``): the five
episodes, the clean texts, and two documents of each show in ``DATA_DIR/real``, as a user of that show would ask, with
its own list. Whoever answers writes ``NAME.NUMBER.json`` beside it, from an instance of its own that sees nothing but
that question. ``take FOLDER`` puts the answers into ``benchmarks/recorded.jsonl`` with what they were asked about, by
offsets:
figures from them stay the same when the glossary, and with it the questions, change.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))

from common import shipped_glossary, texts  # noqa: E402 - needs the path above
from recorded import DOCUMENTS, RECORDED, Record  # noqa: E402
from travel import left_out_engine  # noqa: E402

from fixer.engine import Fixer  # noqa: E402
from fixer.evaluation.evaluate import without_aliases  # noqa: E402
from fixer.project import read  # noqa: E402
from fixer.second_reader.answers import PROMPTS, Question, Reading, estimate_tokens  # noqa: E402
from fixer.transcripts.transcript import Transcript  # noqa: E402


def asked(data: Path, model: str) -> Iterator[tuple[str, str, tuple[Question, ...]]]:
    """Source, document and questions of everything that is recorded."""
    home = Fixer(without_aliases(shipped_glossary()))
    for source, folder in (("corpus", ROOT / "corpus"), ("clean", ROOT / "tests/clean")):
        for name, text in texts(folder).items():
            yield source, name, home.questions(Transcript.parse(text, f"{name}.txt"), Reading(model))
    for source, names in DOCUMENTS.items():
        engine = left_out_engine(source, data / "real" / source / "terms.txt")
        for name in names:
            transcript = Transcript.parse(read(data / "real" / source / name).raw, name)
            yield source, name, engine.questions(transcript, Reading(model))


def ask(data: Path, folder: Path, model: str) -> None:
    """Write the questions."""
    folder.mkdir(parents=True, exist_ok=True)
    for source, name, questions in asked(data, model):
        for number, question in enumerate(questions, 1):
            place = folder / f"{name}.{number}"
            place.with_name(f"{place.name}.txt").write_text(f"{question.system}\n\n{question.user}\n", "utf-8")
            made = Record.of(source, name, question)
            place.with_name(f"{place.name}.asked").write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    print(f"{len(list(folder.glob('*.asked')))} questions in {folder}")


def take(folder: Path, model: str) -> None:
    """Put answers into the record, in place of older ones to the same question."""
    lines = RECORDED.read_text("utf-8").splitlines() if RECORDED.exists() else []
    known = {(one["document"], tuple(one["span"])): one for one in map(json.loads, lines)}
    missing = 0
    for place in sorted(folder.glob("*.asked")):
        answer = place.with_suffix(".json")
        if not answer.exists():
            missing += 1
            continue
        text = answer.read_text("utf-8").strip()
        when = datetime.fromtimestamp(answer.stat().st_mtime).astimezone().isoformat(timespec="seconds")
        about = {"model": model, "prompts": PROMPTS, "when": when, "received": estimate_tokens(text), "answer": text}
        made = json.loads(place.read_text("utf-8")) | about
        known[made["document"], tuple(made["span"])] = made
    out = [json.dumps(known[key], ensure_ascii=False) for key in sorted(known)]
    RECORDED.write_text("\n".join(out) + "\n", "utf-8")
    print(f"{len(out)} answers in {RECORDED.name}, {missing} questions without one")


def main() -> None:
    """Ask or take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("ask", "take"))
    parser.add_argument("folder", type=Path, help="of the questions and answers")
    parser.add_argument("--data", type=Path, help="DATA_DIR, to ask")
    parser.add_argument("--model", required=True, help="name of the model that answers")
    args = parser.parse_args()
    if args.what == "take":
        take(args.folder, args.model)
    elif args.data:
        ask(args.data, args.folder, args.model)
    else:
        parser.error("to ask takes --data DATA_DIR")


if __name__ == "__main__":
    main()
