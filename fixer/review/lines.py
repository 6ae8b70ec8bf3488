"""``review --plain``: the same review, a line in and a few lines out.

For screen readers, braille displays, pipes and scripts. Nothing is drawn, nothing moves, and no state is
told by colour. Commands are the keys of the screen, or their names in full, with an argument where the
screen would ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TextIO

from fixer.errors import FixerError
from fixer.glossary.terms import KINDS
from fixer.review.actions import SWEEPS, Step, Sweep, steps
from fixer.review.changes import changes
from fixer.review.decision import Key, Scope, State, Verdict
from fixer.review.explain import evidence, place, symbol
from fixer.review.impact import words_in
from fixer.review.keymap import ACTIONS, help_lines, shown_key, textual_key
from fixer.review.occurrences import occurrences
from fixer.review.passage import Role, keyword, passage
from fixer.review.queue import Filter, Order
from fixer.review.reasons import percent
from fixer.review.review import Review
from fixer.review.session import Session
from fixer.text import Span, counted, visible

__all__ = ["run"]

_STATES = {state.value: state for state in State}
_SCOPES = {"here": Scope.HERE, "file": Scope.FILE, "all": Scope.PAIR, "always": Scope.ALWAYS}
_FAR = {
    Scope.FILE: "in this file",
    Scope.FOLDER: "in this folder, later files too",
    Scope.ALWAYS: "everywhere, and learn it",
}
_LISTED = 9
"""Places listed for what was said."""
_SPOTS = 3
"""Places shown of what a pair would change."""
_EXTRA = """
In plain mode:
  e TEXT                accept TEXT in its place            2       accept the second reading
  m HEARD = RIGHT       correct what the tool missed: the place next after the cursor
  m file HEARD = RIGHT  everywhere in the file; 'all' in all files, 'always' also remembers it
  m always HEARD = RIGHT | KIND | WORD, WORD
                        a new name's kind and the words said near it, without being asked for them
  c TEXT                where TEXT may stand misheard; c TEXT = 2 corrects the second of these places
  + near WORD, WORD     remember the pair, but only where one of these words stands near
  + folder              a rule for this folder only, + file for this file; I folder, I file likewise
  / TEXT                show only what contains TEXT; / alone shows everything
  f undecided model     show only a state, a kind, a file, or several together; f alone shows everything
  s doubt               order: position, doubt, size, worth        s skips nothing here: say 'skip' or '.'
  list                  the queue                           A yes   without being asked
An empty line repeats the place."""


def run(session: Session, lines: TextIO, out: TextIO) -> int:
    """Review by lines until ``q`` or the end of the input.

    Returns:
        0 when nothing waits for a person any more, 1 when something does.
    """
    return _Plain(session, lines, out).run()


class _Plain:
    """One sitting."""

    def __init__(self, session: Session, lines: TextIO, out: TextIO) -> None:
        self._session, self._lines, self._out = session, lines, out
        self._review, self._work = session.review, session.work

    def run(self) -> int:
        review = self._review
        for notice in self._session.notices:
            self._say(visible(notice))
        for decision in review.stale:
            self._say(f"stale: {decision.file} {visible(decision.heard or decision.proposal)} is there no more")
        count = sum(map(review.count, State))
        self._say(f"{counted(count, 'correction')} in {counted(len(review.files), 'file')}; ? lists the commands.")
        self._progress()
        self._show()
        while (line := self._read()) is not None:
            try:
                if not self._obey(line.strip("\r\n")):
                    break
            except FixerError as error:
                self._say(f"not done: {visible(str(error))}")
        self._progress()
        if self._session.unwritten:
            self._say("Not written yet. Every decision is kept: review again to go on, w writes.")
        return 1 if self._session.pending else 0

    def _read(self) -> str | None:
        self._out.write("> ")
        self._out.flush()
        return self._lines.readline() or None

    def _say(self, text: str) -> None:
        self._out.write(text + "\n")

    # ------------------------------------------------------------ telling

    def _progress(self) -> None:
        counts = ", ".join(f"{self._review.count(state)} {state.value}" for state in State)
        self._say(f"{counts}.")

    def _show(self) -> None:
        work, review = self._work, self._review
        row = work.row
        if row is None:
            self._say("nothing to show" + (f" with filter {work.filter}" if work.filter else ""))
            return
        key = work.front(row)
        item = review.items[key]
        state = "mixed" if symbol(review, row) == "±" else review.state(row.key).value
        times = f", {len(row.keys)} times" if row.head else ""
        self._say(f"{work.cursor + 1}/{len(work.rows)} {state}{times}, {place(review, key)}")
        self._say(f"  {visible(item.proposal.heard)} => {visible(review.replacement(key))}")
        self._say("  " + "".join(_pieces(self._review, key)).strip("\n").replace("\n", " / "))
        for said in evidence(review, key):
            self._say(f"  {said.name + ': ' if said.name else '    '}{said.detail}")

    def _list(self) -> None:
        for number, row in enumerate(self._work.rows, 1):
            proposal = self._review.items[row.key].proposal
            times = f" x{len(row.keys)}" if row.head else ""
            state = "mixed" if symbol(self._review, row) == "±" else self._review.state(row.key).value
            pair = f"{visible(proposal.heard)} => {visible(self._review.replacement(row.key))}"
            here = "*" if number == self._work.cursor + 1 else " "
            self._say(f"{here}{number} {state} {percent(proposal.confidence)} {pair}{times}")

    def _help(self) -> None:
        own = self._session.options.keys
        for action, (keys, what) in zip(ACTIONS, help_lines(own), strict=True):
            typed = " ".join(key for key in keys.split() if key not in ("space", "tab"))
            self._say(f"  {action.id:20} {typed:12} {what}")
        self._say(_EXTRA.strip("\n"))

    # ------------------------------------------------------------ obeying

    def _obey(self, line: str) -> bool:
        """Do what a line says; False to leave."""
        if line == " ":
            line = "skip"
        word, _, rest = line.strip().partition(" ")
        rest = rest.strip()
        if word.startswith("/") and len(word) > 1:
            word, rest = "/", line.strip()[1:].strip()
        if not word:
            self._show()
            return True
        name = _named(word, self._session.options.keys)
        if name == "quit":
            self._session.looked()
            return False
        doing = self._table().get(name)
        if doing is None:
            self._say(f"{visible(word)!r} is no command; ? lists them")
        else:
            doing(rest, word)
        return True

    def _table(self) -> dict[str, Callable[[str, str], None]]:
        s = self._session
        return {
            **{name: self._stepping(name, step) for name, step in steps(s).items()},
            **{name: self._sweeping(sweep) for name, sweep in SWEEPS.items()},
            "learn": lambda rest, _: self._learn(rest),
            "ignore-always": lambda rest, _: self._never(rest),
            "choose": lambda _, word: self._choose(word),
            "edit": lambda rest, _: self._edit(rest),
            "missed": lambda rest, _: self._missed(rest),
            "said": lambda rest, _: self._said(rest),
            "search": lambda rest, _: self._filter(replace(self._work.filter, text=rest) if rest else Filter()),
            "filter": lambda rest, _: self._filter(self._asked(rest)),
            "sort": lambda rest, _: self._sort(rest),
            "play": lambda *_: self._say(s.play()),
            "diff": lambda *_: self._diff(),
            "write": lambda rest, _: self._write(rest),
            "list": lambda *_: self._list(),
            "progress": lambda *_: self._progress(),
            "help": lambda *_: self._help(),
        }

    def _stepping(self, name: str, step: Step) -> Callable[[str, str], None]:
        """An action that asks nothing; what it did to how many, then where that leads."""
        said = {"accept": State.ACCEPTED, "reject": State.REJECTED, "ignore": State.REJECTED, "skip": State.SKIPPED}

        def obey(*_: str) -> None:
            work = self._work
            count = len(work.targets) if name != "ignore" else min(len(work.targets), 1)
            told = step()
            if name in said:
                self._decided(count, said[name])
                return
            if told or name in ("undo", "redo"):
                self._say(told or f"{name} done")
            self._session.looked()
            self._show()

        return obey

    def _decided(self, count: int, state: State) -> None:
        self._say(f"{state.value} {count}")
        if self._session.finished:
            self._session.finished = False
            self._say("everything is decided; w writes")
        self._show()

    def _sweeping(self, prepare: Callable[[Session], Sweep | None]) -> Callable[[str, str], None]:
        def obey(rest: str, _: str) -> None:
            sweep = prepare(self._session)
            if sweep is None:
                self._say("nothing waits there")
            elif self._sure(f"{sweep.question}?{f' {sweep.against}.' if sweep.against else ''}", rest):
                state = State.ACCEPTED if sweep.verdict is Verdict.ACCEPT else State.REJECTED
                self._decided(sweep.do(), state)

        return obey

    def _sure(self, question: str, rest: str) -> bool:
        if rest not in ("yes", "y"):
            self._say(f"{question} yes or no")
            rest = (self._read() or "").strip()
        if rest in ("yes", "y"):
            return True
        self._say("nothing done")
        return False

    def _learn(self, rest: str) -> None:
        key = self._session.here
        if key is None:
            return
        items = self._review.items
        scope, (sure, near) = _reached(rest)
        for form in self._session.forms() if scope is Scope.ALWAYS else ():  # else nothing is learnt
            tried = self._tried(items[form].proposal.heard, items[form].proposal.replacement, near)
            if tried is None:
                return
            near = tried
        count = len(self._session.learnt(key, near, scope))
        if self._sure(f"accept {counted(count, 'place')} {_FAR[scope]}?", sure):
            self._decided(self._session.learn(near, scope), State.ACCEPTED)

    def _never(self, rest: str) -> None:
        key = self._session.here
        if key is None:
            return
        scope, (sure, _) = _reached(rest)
        count = len(self._review.reach(key, scope))
        if self._sure(f"reject {counted(count, 'place')} {_FAR[scope]}?", sure):
            self._decided(self._session.never(scope), State.REJECTED)

    def _tried(self, heard: str, right: str, near: tuple[str, ...]) -> tuple[str, ...] | None:
        """Context words with which a form may be remembered, after saying what that would do; else ``None``."""
        found = self._session.trial(heard, right, near)
        if found.objection:
            self._say(f"{visible(found.objection)}: only near which words? (commas between; none: nothing is done)")
            if found.near:
                self._say(f"known for it: {visible(', '.join(found.near))}")
            near = words_in(self._read() or "")
            found = self._session.trial(heard, right, near)
            if found.objection:
                self._say(f"nothing done: {visible(found.objection)}")
                return None
        self._say(found.told)
        for touch in found.places[:_SPOTS]:
            self._say(f"  {visible(touch.context)}")
        return near

    def _new(self, right: str, more: list[str]) -> tuple[str, tuple[str, ...]]:
        """Kind and context words of a name that is remembered: as given, asked for where the name is new."""
        if not more and right not in self._session.names:
            self._say(f"{visible(right)} is a new name. Its kind, if you like: {', '.join(KINDS)}")
            more = [(self._read() or "").strip()]
            self._say("words that are said near it, if you like, with commas between")
            more.append(self._read() or "")
        kind, words, *_ = [*more, "", ""]
        if kind.strip() and kind.strip() not in KINDS:
            raise FixerError(f"no kind {kind.strip()!r}; there are {', '.join(KINDS)}")
        return kind.strip(), words_in(words)

    def _choose(self, word: str) -> None:
        if not self._session.choose(int(word)):
            self._say(f"there is no reading {word} here")
            return
        self._decided(1, State.ACCEPTED)

    def _edit(self, text: str) -> None:
        if text:
            self._decided(self._session.decide(Verdict.ACCEPT, replacement=text), State.ACCEPTED)
        else:
            self._say("say what is right: e TEXT")

    def _missed(self, rest: str) -> None:
        scope_word, _, after = rest.partition(" ")
        scope = _SCOPES.get(scope_word) if after else None
        heard, sign, right = (after if scope else rest).partition("=")
        more: list[str] = []
        if scope is Scope.ALWAYS:
            right, *more = right.split("|")
        heard, right = heard.strip(), right.strip()
        spot = self._spot(heard) if heard and sign else None
        if spot is None:
            self._say("say 'm HEARD = RIGHT' with HEARD as it stands in this file")
            return
        kind, near = self._new(right, more) if scope is Scope.ALWAYS else ("", ())
        tried = self._tried(heard, right, near) if scope is Scope.ALWAYS else ()
        if tried is None:
            return
        count = self._session.mark(*spot, right, scope or Scope.HERE, kind, tried)
        self._corrected(count)

    def _corrected(self, count: int) -> None:
        more = self._session.found
        also = f"; {counted(more, 'more place')} read the same and {'waits' if more == 1 else 'wait'}" if more else ""
        self._say(f"corrected {count}{also}")
        self._show()

    def _said(self, rest: str) -> None:
        """Places where a text may have been said, numbered; or, with ``= N``, the correction of one."""
        typed, _, number = (part.strip() for part in rest.partition("="))
        place = self._session.place()
        if not typed or place is None:
            self._say("say what was said: c TEXT lists places, c TEXT = 2 corrects the second")
            return
        found = self._session.said(typed, by_sound=True)[:_LISTED]
        text = self._review.files[place[0]].transcript.text
        if number.isdecimal() and 0 < int(number) <= len(found):
            one = found[int(number) - 1]
            self._corrected(self._session.mark(place[0], one.span, one.right, Scope.HERE))
            return
        for n, one in enumerate(found, 1):
            self._say(f"{n} {visible(one.heard)} => {visible(one.right)}: {keyword(text, one.span)}")
        if not found:
            self._say("nothing here sounds like it")

    def _spot(self, heard: str) -> tuple[str, Span] | None:
        """Where ``heard`` stands next after the cursor, else first, in the cursor's file or the ones after it."""
        here = self._session.place()
        files = list(self._review.files)
        first = files.index(here[0]) if here else 0
        for file in files[first:] + files[:first]:
            spans = list(occurrences(self._review.files[file].transcript, heard))
            start = here[1].start if here and here[0] == file else 0
            if spans:
                return file, next((span for span in spans if span.start >= start), spans[0])
        return None

    def _asked(self, rest: str) -> Filter:
        """The filter that words ask for, several of them together; no words ask for nothing."""
        wanted = Filter()
        for word in [rest] if rest in self._review.files else rest.split():
            if word in _STATES:
                wanted = wanted.also(Filter(state=_STATES[word]))
            elif word in self._review.files:
                wanted = wanted.also(Filter(file=word))
            elif word in self._work.kinds():
                wanted = wanted.also(Filter(kind=word))
            else:
                known = [*_STATES, *self._work.kinds(), *self._review.files]
                raise FixerError(f"no state, kind or file {word!r}; there are {', '.join(known)}")
        return wanted

    def _filter(self, wanted: Filter) -> None:
        self._work.show(wanted)
        self._say(f"{len(self._work.rows)} rows" + (f", {wanted}" if wanted else ""))
        self._show()

    def _sort(self, rest: str) -> None:
        self._work.sort(next((order for order in Order if order.value == rest), None))
        self._say(f"by {self._work.order.value}")
        self._show()

    def _diff(self) -> None:
        for name in self._review.changed():
            self._review.result(name)  # what cannot be written is not shown as if it could
            self._say(visible(name))
            for change in changes(self._review, name):
                self._say(f"@ {change.where}")
                self._say(f"- {change.before}")
                self._say(f"+ {change.after}")

    def _write(self, rest: str) -> None:
        if rest not in ("yes", "y"):
            self._diff()
        if self._sure(f"write {counted(len(self._review.changed()), 'file')}?", rest):
            written = self._session.write()
            for path in written.paths:
                self._say(f"written {visible(path)}")
            for error in written.errors:
                self._say(f"not written: {visible(str(error))}")
            if not written.paths and not written.errors:
                self._say("nothing to write")


def _reached(rest: str) -> tuple[Scope, tuple[str, tuple[str, ...]]]:
    """How far a rule is to reach, everywhere where nothing is said; then what stands before ``near``, and after it."""
    word, _, after = rest.partition(" ")
    scope = {"file": Scope.FILE, "folder": Scope.FOLDER}.get(word)
    return scope or Scope.ALWAYS, _near(after.strip() if scope else rest)


def _near(rest: str) -> tuple[str, tuple[str, ...]]:
    """What stands before ``near``, and the words after it."""
    before, sign, after = f" {rest}".partition(" near ")
    return before.strip(), words_in(after if sign else "")


def _named(word: str, own: Mapping[str, str]) -> str:
    """The action a word stands for: its id or one of its keys, those a person chose among them."""
    if word in ("1", "2", "3", "4", "5", "6", "7", "8", "9"):
        return "choose"
    for action in ACTIONS:
        keys = own.get(action.id, action.keys).split(",")
        if word == action.id or word in [shown_key(textual_key(key)) for key in keys]:
            return action.id
    return {".": "skip", "r": "redo", "l": "list", "h": "help"}.get(word, word)


def _pieces(review: Review, key: Key) -> Iterator[str]:
    for piece in passage(review, key):
        if piece.role is Role.HEARD:
            yield f"[[{piece.text} => "
        elif piece.role is Role.CHOSEN:
            yield f"{piece.text}]]"
        else:
            yield piece.text
