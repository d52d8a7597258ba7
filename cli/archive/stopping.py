"""Ctrl-C between batches, and a bar that shows how far the work is."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

from ..context import Settings
from ..output import note

_EVERY = 10.0


class Stop:
    """Whether somebody has pressed Ctrl-C: the batch under way is finished first. A second time ends it at once."""

    def __init__(self) -> None:
        self.pressed = False

    def __call__(self) -> bool:
        return self.pressed

    def _press(self, _signal: int, _frame: FrameType | None) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True
        note("airside: stopping after this batch; once more stops at once")


@contextmanager
def stopping() -> Generator[Stop]:
    """Catch Ctrl-C within the block."""
    stop = Stop()
    before = signal.signal(signal.SIGINT, stop._press)  # pyright: ignore[reportPrivateUsage]
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def bar(settings: Settings, text: str, total: int | None, unit: str = "rows") -> Generator[Callable[[int], None]]:
    """A function that is told of progress: a bar on a terminal, else a line on stderr every ten seconds."""
    if settings.json:
        yield lambda _: None
        return
    if not sys.stderr.isatty():
        yield _Lines(text, total, unit)
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit))
    with Progress(
        *columns, TimeElapsedColumn(), TimeRemainingColumn(), console=Console(stderr=True), transient=True
    ) as shown:
        task = shown.add_task(text, total=total)
        yield lambda count: shown.advance(task, count)


class _Lines:
    def __init__(self, text: str, total: int | None, unit: str) -> None:
        self._text = text
        self._of = f" of {total:,}" if total else ""
        self._unit = unit
        self._done = 0
        self._told = time.monotonic()

    def __call__(self, count: int) -> None:
        self._done += count
        if time.monotonic() - self._told >= _EVERY:
            self._told = time.monotonic()
            note(f"airside: {self._text}: {self._done:,}{self._of} {self._unit}")
