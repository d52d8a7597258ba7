"""Progress while data is generated: bars on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..output import note

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.progress import ProgressColumn, Task, TaskID

    from ...seeds.generated.generate import Batch

_EVERY = 10.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def shown(totals: dict[str, int], *, quiet: bool) -> Generator[Callable[[Batch], None]]:
    """Something to tell of each batch; `totals` are the numbers to be done in each database."""
    if quiet or not totals:
        yield lambda _batch: None
    elif sys.stderr.isatty():
        with _bars(totals) as tell:
            yield tell
    else:
        yield _lines(totals)


@contextmanager
def _bars(totals: dict[str, int]) -> Generator[Callable[[Batch], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns: tuple[ProgressColumn, ...] = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        _rows_column(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks: dict[str, TaskID] = {
            # the clock of a database runs from its first word on: it may have waited for another
            database: progress.add_task(database, total=total, rows=0, start=False)
            for database, total in totals.items()
        }
        lock = threading.Lock()

        def tell(batch: Batch) -> None:
            with lock:
                task = tasks[batch.database]
                progress.start_task(task)
                rows = progress.tasks[task].fields["rows"] + batch.rows
                progress.update(task, advance=batch.numbers, rows=rows)

        yield tell


def _rows_column() -> ProgressColumn:
    from rich.progress import ProgressColumn
    from rich.text import Text

    class Rows(ProgressColumn):
        """Rows made so far, and a second."""

        def render(self, task: Task) -> Text:
            rows, seconds = int(task.fields["rows"]), task.finished_time or task.elapsed
            return Text(f"{rows:,} rows, {rows / seconds:,.0f}/s" if rows and seconds else "")

    return Rows()


def _lines(totals: dict[str, int]) -> Callable[[Batch], None]:
    began = told = time.monotonic()
    done = dict.fromkeys(totals, 0)
    rows = 0
    lock = threading.Lock()

    def tell(batch: Batch) -> None:
        nonlocal told, rows
        with lock:
            done[batch.database] += batch.numbers
            rows += batch.rows
            now = time.monotonic()
            if now - told < _EVERY:
                return
            told = now
            part = sum(done.values()) / sum(totals.values())
            left = (now - began) * (1 - part) / part
            note(f"airside: {part:.0%} done, {rows:,} rows, {rows / (now - began):,.0f} a second, {left:.0f} s left")

    return tell
