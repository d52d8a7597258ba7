"""A history of two SQL files a revision, walked up and down with the check of the way back looking on."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

import psycopg
from airside.migrations.checks.effects import Effect
from airside.migrations.checks.model import Step
from airside.migrations.checks.observe import Observer
from airside.migrations.checks.roundtrip import RoundTrip
from airside.migrations.checks.rows import fill
from airside.migrations.checks.trial import sql_trials
from airside.schema.core.catalog import inspect
from airside.schema.core.sql import parse_script
from airside.server import Server

Revision = tuple[str, str]
"""The SQL of up and of down."""


def walked(
    server: Server, database: str, folder: Path, revisions: Sequence[Revision], *, edges: bool = False
) -> RoundTrip:
    """Up and down again, three rows in every table; with `edges` the files are tried on further rows too."""
    trip = RoundTrip()
    for number, (up, down) in enumerate(revisions, start=1):
        (folder / f"{number:04}.up.sql").write_text(up)
        (folder / f"{number:04}.down.sql").write_text(down)
    upwards = [(f"{number:04}", "up") for number in range(1, len(revisions) + 1)]
    for revision, direction in [*upwards, *((name, "down") for name, _ in reversed(upwards))]:
        _step(server, database, folder / f"{revision}.{direction}.sql", direction, trip, edges=edges)
    return trip


def _step(server: Server, database: str, file: Path, direction: Any, trip: RoundTrip, *, edges: bool) -> None:
    with server.connect(database) as filler:
        fill(filler)
        trip.before(filler, trip.catalog or inspect(filler))
    with server.connect(database) as connection:
        before = inspect(connection)
        effects = _observed(connection, lambda: server.connect(database), file, direction)
        step = Step(file.name.partition(".")[0], direction, str(file), effects, before, inspect(connection))
        trip.after(connection, step, partial(sql_trials, connection) if edges else None)


def _observed(
    connection: psycopg.Connection[Any], connect: Any, file: Path, direction: Literal["up", "down"]
) -> tuple[Effect, ...]:
    observer = Observer(lambda text: connection.execute(text.encode()).fetchall(), connect)
    effects: list[Effect] = []
    for statement in parse_script(file.read_text(), origin=str(file)):
        observer.begin(statement.sql)
        connection.execute(statement.sql.encode())
        effects.append(observer.end(where=str(file), revision="", direction=direction))
    return tuple(effects)
