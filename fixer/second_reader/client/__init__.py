"""Ask a chat model: many questions at once, every failure counted, none fatal to the run.

``chat`` asks one. Here is what makes many requests bearable: threads, attempts, and a cap on tokens. What a question
says and what an answer means is ``questions``' and ``answers``' business. urllib3 is used in this package and nowhere
else, and imported only when something is asked.
"""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread

from fixer.errors import PolicyError
from fixer.second_reader.answers import Question
from fixer.second_reader.client.chat import Again, Chat, No, Reply
from fixer.second_reader.settings import Asking

__all__ = ["Asker", "Reply"]

FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0
"""Seconds before the second attempt, which double from then on; and the most a server may ask us to wait."""
_NEVER = 600.0
"""Seconds from which a wait that a server asks for is a refusal: to ask sooner is no use, and nobody waits so long."""
_GRACE = 12.0
"""Seconds beyond the settings' own until a request is given up from outside, however slowly its server drips."""
_IN_A_ROW = 5
"""Questions given up one after another before the others are not even asked."""


class Asker:
    """One server, for one run.

    Args:
        asking: settings, with address and model.
        secret: the key, if the server wants one; it goes into one header and nowhere else.
        pause: waits so many seconds between attempts; ends early when the run does.

    Raises:
        PolicyError: when address or model are missing or wrong, or the client is not installed.
    """

    def __init__(self, asking: Asking, secret: str = "", *, pause: Callable[[float], object] | None = None) -> None:
        self._chat = Chat(asking, secret)
        self._asking = asking
        self._stop = Event()
        self._pause = pause or self._stop.wait
        self._lock = Lock()
        self._broken = ""
        self._in_a_row = 0
        self._answered = 0
        self.spent = 0
        """Tokens so far, sent and received."""

    @property
    def host(self) -> str:
        """Who receives the text, as a person is told."""
        return self._chat.host

    @property
    def api(self) -> str:
        """What is spoken there: ``openai``, ``anthropic``, ``gemini`` or ``ollama``."""
        return self._chat.api

    @property
    def structured(self) -> str:
        """The structured output that the server was found to take, by name; ``none`` when it takes none."""
        return self._chat.structured

    def context(self) -> int:
        """Tokens of context that the server says it offers the model; 0 when it does not say."""
        return self._chat.context()

    def ask(self, questions: Sequence[Question], keep: Callable[[Reply], None]) -> None:
        """Ask them all, several at a time.

        Args:
            questions: in the order in which they are asked.
            keep: called in this thread with each reply as it comes, with or without an answer. On ^C what has come is
                still handed over before the interrupt goes on.

        Raises:
            PolicyError: before the next question would pass the cap; what was asked by then has been kept.
        """
        todo: SimpleQueue[Question | None] = SimpleQueue()
        done: SimpleQueue[tuple[Question, Reply | Exception]] = SimpleQueue()
        self._stop.clear()
        threads = [
            Thread(target=self._work, args=(todo, done), daemon=True)  # a request that hangs must not hold up the end
            for _ in range(min(self._asking.concurrency, len(questions)))
        ]
        for thread in threads:
            thread.start()
        try:
            self._run(deque(questions), len(threads), todo, done, keep)
        finally:
            self._stop.set()
            for _ in threads:
                todo.put(None)
            while not done.empty():
                if isinstance(late := done.get()[1], Reply):
                    self._keep(late, keep)

    def _run(
        self,
        waiting: deque[Question],
        room: int,
        todo: SimpleQueue[Question | None],
        done: SimpleQueue[tuple[Question, Reply | Exception]],
        keep: Callable[[Reply], None],
    ) -> None:
        under_way = reserved = 0
        while waiting or under_way:
            while waiting and under_way < room and self._fits(waiting[0], reserved):
                question = waiting.popleft()
                reserved += self._most(question)
                under_way += 1
                todo.put(question)
            if not under_way:
                raise PolicyError(
                    f"stopped at the cap of {self._asking.cap:,} tokens ('cap' under [reader]): {self.spent:,} used, "
                    f"{len(waiting)} questions not asked; what was answered is kept"
                )
            try:
                question, reply = done.get(timeout=0.2)  # a wait without end could not be interrupted everywhere
            except Empty:
                continue
            under_way -= 1
            reserved -= self._most(question)
            try:
                self._keep(reply, keep)
            except KeyboardInterrupt:
                self._keep(reply, keep)  # twice is harmless, not at all is not
                raise

    def _keep(self, reply: Reply | Exception, keep: Callable[[Reply], None]) -> None:
        if isinstance(reply, Exception):
            raise reply
        self.spent += reply.sent + reply.received
        keep(reply)

    def _fits(self, question: Question, reserved: int) -> bool:
        return bool(self._broken) or self.spent + reserved + self._most(question) <= self._asking.cap

    def _most(self, question: Question) -> int:
        """Tokens that a question may take."""
        return question.tokens + self._asking.reply

    # -------------------------------------------------------- one question, in a thread of its own

    def _work(self, todo: SimpleQueue[Question | None], done: SimpleQueue[tuple[Question, Reply | Exception]]) -> None:
        while (question := todo.get()) is not None and not self._stop.is_set():
            try:
                done.put((question, self._answer(question)))
            except Exception as error:  # noqa: BLE001 - our own mistake must reach the thread that can say so
                done.put((question, error))

    def _answer(self, question: Question) -> Reply:
        why, unreachable = "", False
        for attempt in range(self._asking.attempts):
            if self._broken:
                return Reply(question.key, failure=self._broken)
            try:
                reply = self._asked(question)
            except Again as again:
                why, unreachable = again.why, again.unreachable
                if again.after > _NEVER:
                    self._broken = f"{why}, and asks to wait {again.after:.0f} s"
                elif attempt + 1 < self._asking.attempts:
                    self._pause(_wait(attempt, again.after))
                continue
            except No as no:
                if no.all:
                    self._broken = no.why
                return Reply(question.key, sent=0 if no.all else question.tokens, received=no.received, failure=no.why)
            with self._lock:
                self._in_a_row = 0
                self._answered += 1
            return reply
        with self._lock:
            self._in_a_row += 1
            if self._in_a_row >= _IN_A_ROW or (unreachable and not self._answered):
                self._broken = why
        return Reply(question.key, failure=why)

    def _asked(self, question: Question) -> Reply:
        """What ``Chat.ask`` gives, or raises, in time.

        A socket's own limit is for one read, so that a server may send a byte a minute for ever, of its headers or
        while it shakes hands. Such a thread is left behind: it ends with the process.
        """
        done: SimpleQueue[Reply | Exception] = SimpleQueue()

        def work() -> None:
            try:
                done.put(self._chat.ask(question))
            except Exception as error:  # noqa: BLE001 - it is raised where somebody waits for it
                done.put(error)

        Thread(target=work, daemon=True).start()
        try:
            found = done.get(timeout=self._asking.timeout + _GRACE)
        except Empty:
            raise No(f"no answer within {self._asking.timeout} s") from None
        if isinstance(found, Exception):
            raise found
        return found


def _wait(attempt: int, asked: float) -> float:
    """Seconds before the next attempt: what the server asked, or twice as long each time, never all at once."""
    own = FIRST_WAIT * 2.0**attempt * random.uniform(0.5, 1.5)
    return min(max(own, asked), LONGEST_WAIT)
