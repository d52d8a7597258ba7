"""Printing: tables on a terminal, aligned lines when piped, one JSON document under --json."""

from __future__ import annotations

import json
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import click

from .context import Settings

Record = dict[str, Any]


def line(text: str) -> None:
    """One line of result on stdout, at once: somebody may be watching."""
    click.echo(text)
    sys.stdout.flush()


def note(text: str) -> None:
    """One line on stderr that is not a result."""
    click.echo(text, err=True)


def document(value: Any) -> None:
    """The JSON document of a command."""
    click.echo(json.dumps(value, indent=2, default=str))


def table(columns: Mapping[str, str], records: Sequence[Record]) -> None:
    """Records as a table; `columns` maps a record's key to its heading. Missing values show as a dash."""
    rows = [[_cell(record.get(key)) for key in columns] for record in records]
    numeric = [all(isinstance(record.get(key), int | float) for record in records) for key in columns]
    if sys.stdout.isatty():
        _rich_table(list(columns.values()), rows, numeric)
    else:
        _plain_table(list(columns.values()), rows, numeric)


@contextmanager
def collected(settings: Settings, **more: str) -> Generator[list[Record]]:
    """One record per database. Under --json they are printed as one document, also when a later database fails."""
    records: list[Record] = []
    try:
        yield records
    finally:
        if settings.json:
            document({**more, "databases": records})


@contextmanager
def progress(settings: Settings, text: str) -> Generator[None]:
    """A spinner on stderr while something takes time, on a terminal only."""
    if settings.json or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _cell(value: Any) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _plain_table(headings: list[str], rows: list[list[str]], numeric: list[bool]) -> None:
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    for row in (headings, *rows):
        cells = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(row, widths, numeric, strict=True)
        )
        line("  ".join(cells).rstrip())


def _rich_table(headings: list[str], rows: list[list[str]], numeric: list[bool]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading, right in zip(headings, numeric, strict=True):
        drawn.add_column(heading, justify="right" if right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*map(Text, row))
    Console().print(drawn)
