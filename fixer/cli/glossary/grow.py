"""``glossary learn``, ``mine``, ``draft``, ``notes``: what reviews, corrected copies, talks and show notes teach."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from fixer.cli.console import Console
from fixer.cli.engine_setup import Reading, glossary_parts, make_fixer, settings
from fixer.cli.glossary.change import own_glossary, put_terms
from fixer.cli.learn import ProjectEvidence
from fixer.errors import FixerError, PolicyError
from fixer.glossary.name_table import NameTable
from fixer.glossary.show_notes import notes as notes_of
from fixer.glossary.terms import Glossary, Pattern, Term, Use
from fixer.judge.proposal import Safety
from fixer.learning.choose import Selection, as_term
from fixer.learning.discover import Cluster, Vouched
from fixer.learning.discover import mine as mine_names
from fixer.learning.draft import draft as draft_of
from fixer.learning.entries import entries
from fixer.learning.observe import from_copy, is_copy
from fixer.learning.suggest import Sighting, Suggestion, heard_as, learned, new_terms
from fixer.project import load_glossary, project_root, read
from fixer.project.learned import remember, store
from fixer.project.ledger import Ledger
from fixer.review.session import Options
from fixer.text import counted, dumps, visible
from fixer.transcripts.transcript import Transcript

if TYPE_CHECKING:
    from fixer.engine import Fixer
    from fixer.second_reader.answers import Finding

__all__ = ["draft", "learn", "mine", "notes"]


# ------------------------------------------------------------ learn


def learn(args: argparse.Namespace, console: Console) -> int:
    """Bring ``.fixer/learned.yaml`` up to date with what people decided, and say what it holds and why."""
    paths = [Path(p) for p in args.paths]
    if len(paths) not in (0, 2):
        raise PolicyError("name nothing, to learn from the decisions of reviews, or two files: RAW CORRECTED")
    evidence = ProjectEvidence(args, paths)
    taught = _from_copy(args, console, paths, evidence) if paths else ()
    found, patterns = evidence.found(taught if args.dry_run else (), needed=args.confirmations)
    changed = False if args.dry_run else store(evidence.root, learned(found, patterns), console.note)
    own = str(evidence.path)
    if args.format == "json":
        record = {"schema_version": 1, "file": own, "changed": changed, "suggestions": [_record(s) for s in found],
                  "looks": {"kept": evidence.looks.kept, "turned_down": evidence.looks.turned},
                  "figures": [{"name": p.name, "match": p.match, "replace": p.replace} for p in patterns]}  # fmt: skip
        console.out(dumps(record, indent=1))
        return 0
    for line in (*_lines(found), *_other_lines(patterns, evidence)):
        console.out(visible(line))
    state = "would hold" if args.dry_run else "rewritten:" if changed else "unchanged:"
    console.note(f"{own} {state} {counted(sum(s.lasts for s in found), 'learnt form')}", at=1)
    return 0


def _other_lines(patterns: Iterable[Pattern], evidence: ProjectEvidence) -> Iterator[str]:
    """What was learnt beside forms: figures, and trust in sure proposals that only look odd."""
    for pattern in patterns:
        yield f"? {pattern.name}: a figure, offered beside the same words"
    if looks := evidence.looks.kept + evidence.looks.turned:
        sign, then = ("✓", "safe from now on") if evidence.looks.enough else ("?", "still asked about")
        yield f"{sign} sure proposals that only look odd, {looks} times: {evidence.looks}, {then}"


def _from_copy(
    args: argparse.Namespace, console: Console, paths: Sequence[Path], known: ProjectEvidence
) -> tuple[Sighting, ...]:
    """What a corrected copy teaches, kept in the ledger; what the tool would have done by itself proves nothing."""
    raw_file, copy = (read(path, args.encoding) for path in paths)
    name = Ledger(known.root).name(paths[0])
    reading = Reading.of(args, paths)
    raw = reading.parse(raw_file, name)
    corrected = reading.parse(copy, str(paths[1]))
    if not is_copy(raw, corrected):
        raise PolicyError(f"holds less than half of {paths[0]}: is it its corrected copy?", str(paths[1]))
    proposals = make_fixer(args, console, paths).propose(raw)
    own = {(p.heard, p.replacement) for p in proposals if p.safety >= Safety.SAFE}
    taught = from_copy(raw, corrected, known.names, own=own, when=date.today().isoformat())
    if not taught:
        why = "what fixer corrects by itself, and rewording, prove nothing"
        console.note(f"{visible(str(paths[1]))} teaches nothing new: {why}")
    elif not args.dry_run:
        new = remember(known.root, taught, args.by)
        console.note(f"{counted(new, 'correction')} of {visible(str(paths[0]))} entered in the ledger")
    return taught


def _lines(found: Sequence[Suggestion]) -> Iterator[str]:
    signs = {Use.AUTO: "✓", Use.REVIEW: "?", Use.OFF: "✗"}
    for said in found:
        sign = "·" if said.waiting else signs[said.alias.use]
        new = " (new term)" if said.new else ""
        near = f" near {', '.join(said.alias.near)}" if said.alias.near else ""
        where = f"{said.places}× in {', '.join(said.files)}" if said.files else "nobody ever meant it"
        yield f"{sign} {said.alias.form} → {said.term}{new}{near}: {said.why}; {where}"
        yield from (f"    {context}" for context in said.contexts[:2])
    fresh = list(new_terms(found))
    if fresh:
        yield "new terms are yours to add:"
    for term in fresh:
        forms = "".join(f" --alias '{a.form}'" for a in term.aliases if a.use is Use.AUTO)
        yield f"  fixer glossary add '{term.term}'{f' --kind {term.kind}' if term.kind else ''}{forms}"


def _record(said: Suggestion) -> dict[str, object]:
    alias = said.alias
    return {
        "term": said.term, "new": said.new, "form": alias.form, "near": alias.near, "policy": alias.use.value,
        "waiting": said.waiting, "why": said.why, "places": said.places, "files": said.files, "seen": alias.seen,
        "contexts": said.contexts,
    }  # fmt: skip


# ------------------------------------------------------------ mine


_BY_NUMBER = "take names by number: --take N"


def mine(args: argparse.Namespace, console: Console) -> int:
    """List names that the glossary does not know, or take some of them into it."""
    if args.pick:
        from fixer import tui  # noqa: PLC0415 - brings much

        own_glossary(args)  # there has to be one, before anybody chooses
        tui.require_terminal(_BY_NUMBER)
    transcripts, errors = _transcripts(args, console)
    fixer = make_fixer(args, console, [Path(p) for p in args.paths])
    names = NameTable(Glossary(tuple(fixer.index.terms)))
    found = mine_names(transcripts, names, lambda form: _nearest(fixer, form))
    _offer(args, console, fixer, [cluster for cluster in found if cluster.count >= args.min_count])
    return 2 if errors else 0


def draft(args: argparse.Namespace, console: Console) -> int:
    """Suggest a show's first list of names, or take some of it into a glossary."""
    if args.pick:
        from fixer import tui  # noqa: PLC0415 - brings much

        own_glossary(args)
        tui.require_terminal(_BY_NUMBER)
    near = [Path(p) for p in args.paths]
    transcripts, errors = _transcripts(args, console)
    fixer = make_fixer(args, console, near)
    names = NameTable(Glossary(tuple(fixer.index.terms)))
    heard = _heard(args, console, fixer, transcripts) if args.reader else {}
    noted = [term for p in args.notes for term in notes_of(read(Path(p), args.encoding).raw, p).terms]
    found = draft_of(transcripts, names, lambda form: _nearest(fixer, form), heard, noted)
    _offer(args, console, fixer, found, [t.text for t in transcripts])
    return 2 if errors else 0


def _heard(
    args: argparse.Namespace, console: Console, fixer: Fixer, transcripts: Sequence[Transcript]
) -> dict[str, tuple[Finding, ...]]:
    """What a second reader says of the transcripts, asked where it may be."""
    from fixer.cli.second_run import Second  # noqa: PLC0415 - only with --reader

    config = settings(args, [Path(p) for p in args.paths])
    second = Second(args, console, config, project_root(config, [Path(p) for p in args.paths]))
    second.gather(fixer, transcripts)
    out = {t.name: second.heard(fixer, t).findings for t in transcripts}
    second.tell()
    return out


def _offer(
    args: argparse.Namespace, console: Console, fixer: Fixer, clusters: Sequence[Cluster], texts: Sequence[str] = ()
) -> None:
    """Show what was found, or take what was chosen of it; with texts, as entries that say what they can."""

    def put(terms: Iterable[Term]) -> None:
        made = entries(terms, texts)[0].terms if texts else tuple(terms)
        put_terms(args, console, made)

    if args.take:
        put(_taken(clusters, args.take))
    elif args.pick and clusters:
        put(_picked(args, clusters, [term.term for term in fixer.index.terms]))
    elif args.format == "json":
        console.out(dumps({"schema_version": 1, "names": [_cluster(c) for c in clusters]}, indent=1))
    else:
        for line in (line for number, cluster in enumerate(clusters, 1) for line in _shown(number, cluster)):
            console.out(visible(line))


def _nearest(fixer: Fixer, form: str) -> list[tuple[str, float]]:
    """Known terms that may have been heard as a form, the most alike first."""
    heard = fixer.explain(Transcript.parse(form, "<name>", "txt"))
    near = {e.replacement: heard_as(form, e.replacement) for e in heard if len(e.heard) * 2 > len(form)}
    return sorted(near.items(), key=lambda item: -item[1])


def _transcripts(args: argparse.Namespace, console: Console) -> tuple[list[Transcript], int]:
    """Those that can be read, and how many could not; these are named."""
    reading = Reading.of(args, [Path(p) for p in args.paths])
    found = reading.walk(args)
    refused, transcripts = list(found.errors), []
    for source in found.sources:
        try:
            transcripts.append(reading.parse(read(source.path, args.encoding), str(source.path)))
        except FixerError as error:
            refused.append(error)
    for why in refused:
        console.error(why)
    return transcripts, len(refused)


def _shown(number: int, c: Cluster) -> Iterator[str]:
    forms = ", ".join(f"{f.text} {f.count}×" for f in c.forms)
    heard = "misheard?" if c.misheard else "new?"
    what = heard if c.vouched is Vouched.TRANSCRIPTS else c.vouched
    near = f"  nearest {', '.join(f'{t} {s:.2f}' for t, s in c.nearest)}" if c.nearest else ""
    mixed = f"  spelt in several ways in {', '.join(c.mixed)}" if c.mixed else ""
    yield f"{number:3} {what:9} {forms}{near}{mixed}"
    yield from (f"      {context}" for context in c.contexts)


def _cluster(c: Cluster) -> dict[str, object]:
    return {
        "name": c.name, "count": c.count, "vouched": c.vouched, "looks_like": "misheard" if c.misheard else "new",
        "forms": [{"text": f.text, "count": f.count, "files": f.files} for f in c.forms],
        "nearest": [{"term": term, "alike": round(share, 3)} for term, share in c.nearest],
        "inconsistent_in": c.mixed, "contexts": c.contexts,
    }  # fmt: skip


def _taken(clusters: Sequence[Cluster], numbers: Iterable[int]) -> Iterator[Term]:
    for number in numbers:
        if not 1 <= number <= len(clusters):
            raise PolicyError(f"there is no name {number}, they go from 1 to {len(clusters)}")
        yield as_term(clusters[number - 1])


def _picked(args: argparse.Namespace, clusters: Sequence[Cluster], names: Sequence[str]) -> Sequence[Term]:
    """What a person takes on the screen; nothing when they leave without writing."""
    from fixer import tui  # noqa: PLC0415 - brings much

    config, selection = settings(args, [Path(p) for p in args.paths]), Selection(clusters)
    options = Options(ascii=config.ascii, theme=config.theme, keys=config.keys)
    target = str(own_glossary(args))
    sure = tui.pick(selection, target, lambda: names, options)
    return tuple(selection.terms()) if sure else ()


# ------------------------------------------------------------ notes


def notes(args: argparse.Namespace, console: Console) -> int:
    """Show the names that show notes give; with ``--in`` add those that are not known."""
    found = [notes_of(read(Path(p), args.encoding).raw, p) for p in args.paths]
    terms = [term for one in found for term in one.terms]
    names = NameTable(load_glossary(glossary_parts(args, [Path(p) for p in args.paths])))
    fresh = [term for term in terms if names.owner(term.term) is None]
    if args.into:
        put_terms(args, console, (replace(term, source="") for term in fresh))
        return 0
    if args.format == "json":
        rows = [{"term": t.term, "kind": t.kind, "org": t.org, "known": t not in fresh, "at": t.source} for t in terms]
        console.out(dumps({"schema_version": 1, "terms": rows}, indent=1))
        return 0
    if not terms:
        console.note("no names found: notes name things by links ([Name](https://…), [Name] https://…)")
    for term in terms:
        console.out(visible(f"{'new  ' if term in fresh else 'known'} {term.term}  {term.kind}  {term.source}"))
    return 0
