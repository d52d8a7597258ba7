"""`airside partitions convert`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ..context import Settings, pass_settings, shared_options, target_argument
from ..output import document, line
from .work import lock_options, patience

if TYPE_CHECKING:
    from ...partitions.convert import Converted


@click.command("convert")
@target_argument
@click.argument("table")
@click.option("--drop-old", is_flag=True, help="Afterwards: drop the plain table that was put aside.")
@lock_options
@shared_options
@pass_settings
def command(
    settings: Settings,
    target: str,
    table: str,
    drop_old: bool,
    dry_run: bool,
    lock_timeout: float,
    lock_wait: float | None,
) -> None:
    """Turn the plain TABLE into the partitioned one it is declared to be.

    Rows are copied in short batches while triggers carry every change along; when both tables were found equal, the
    new one takes the place of the old with its keys, views, triggers, policies and rights. Everybody goes on reading
    and writing. A run that was cut off is run again and goes on. The plain table is kept, out of the way.
    """
    from ...partitions.convert import convert, plan
    from ...partitions.convert import drop_old as drop
    from ...partitions.create import keeper
    from ...partitions.run import server_time
    from ...schema.core.registry import load_registry

    entry = load_registry().one(target)
    database = entry.load()
    waiting = patience(lock_timeout, lock_wait)
    with keeper(settings.server(), database) as connection:
        if dry_run:
            statements = plan(connection, database, table)
            _tell(
                settings, {"would": statements}, [f"{text};" for text in statements] or [f"-- {table}: nothing to do"]
            )
        elif drop_old:
            dropped = drop(connection, database, table, waiting)
            said = [f"{entry.target}  dropped {name}" for name in dropped] or [f"{entry.target}  nothing to drop"]
            _tell(settings, {"dropped": dropped}, said)
        else:
            with _pages(settings) as progress:
                done = convert(connection, database, table, waiting, now=server_time(connection), progress=progress)
            _tell(settings, asdict(done), _words(entry.target, done))


def _tell(settings: Settings, record: dict[str, object], said: list[str]) -> None:
    if settings.json:
        document(record)
    else:
        line("\n".join(said))


def _words(target: str, done: Converted) -> list[str]:
    if done.rows is None:
        said = [f"{target}  {done.table} is partitioned: {done.partitions} partitions"]
    else:
        said = [f"{target}  {done.table}: {done.rows:,} rows in {done.partitions} partitions"]
    if done.rest is not None:
        said.append(f"{target}  some rows fit no partition of its policy: they are in {done.rest}")
    if done.old is not None:
        said.append(
            f"{target}  the plain table is kept as {done.old}. Next: airside drift {target};"
            f" airside partitions convert {target} {done.table} --drop-old"
        )
    return said


@contextmanager
def _pages(settings: Settings) -> Generator[Callable[[int, int], None]]:
    """A bar of the pages that are copied, on a terminal."""
    if settings.json or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        copying = bar.add_task("copying", total=None)
        yield lambda done, total: bar.update(copying, completed=done, total=total)
