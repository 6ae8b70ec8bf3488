"""One process at a time: who is in is told, whoever waits gets in, and no lock at all stops nobody."""

from __future__ import annotations

import os
import re
from pathlib import Path
from threading import Timer

import filelock
import pytest

from fixer.errors import FixerError
from fixer.project.lock import Lock


def test_the_second_comer_is_told_who_is_in(tmp_path: Path) -> None:
    first = Lock(tmp_path / "deep" / "x.lock", "a review of talks")

    with pytest.raises(FixerError, match=re.escape(f"a review of talks is open already (process {os.getpid()} since")):
        Lock(tmp_path / "deep" / "x.lock", "a review of talks")
    first.close()


def test_what_was_given_back_can_be_had_again(tmp_path: Path) -> None:
    for _ in range(3):
        lock = Lock(tmp_path / "x.lock", "it")
        lock.close()
        lock.close()  # a second time does no harm

    assert not (tmp_path / "x.lock.holder").exists()


def test_patience_waits_for_the_other(tmp_path: Path) -> None:
    first = Lock(tmp_path / "x.lock", "it")
    timer = Timer(0.1, first.close)
    timer.start()

    Lock(tmp_path / "x.lock", "it", patience=20).close()
    timer.join()


def test_a_name_left_behind_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "x.lock.holder").write_text("process 1 since long ago\n", "utf-8")
    first = Lock(tmp_path / "x.lock", "it")

    with pytest.raises(FixerError, match=f"process {os.getpid()}"):
        Lock(tmp_path / "x.lock", "it")
    first.close()


def test_where_nothing_can_be_locked_work_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: object, **__: object) -> None:
        raise OSError("no locks available")

    monkeypatch.setattr(filelock.FileLock, "acquire", no_locks)

    Lock(tmp_path / "x.lock", "it").close()
    Lock(tmp_path / "x.lock", "it").close()
