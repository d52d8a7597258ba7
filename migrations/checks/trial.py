"""A revision tried there and back on further rows, in a transaction that is rolled back.

The rows that `fill` makes are tame, so that histories run; those made here have values at the edges of their types.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.errors import DeclarationError
from ..outside import one_transaction
from ..sqlfile import SqlFile, read_sql_file
from .contents import Contents, Shape, Table, read, shapes
from .model import Step
from .roundtrip import Trial
from .rows import more

EDGES = range(3, 10)
_DOWN, _UP = ".down.sql", ".up.sql"


def sql_trials(connection: psycopg.Connection[Any], down: Step, tables: Collection[Table]) -> tuple[Trial, ...]:
    """Try the two SQL files of a revision whose down has just run, in savepoints of the open transaction.

    None where the revision is not two files that run in one transaction. Rows that the first file refuses are left
    out: it loses nothing.
    """
    files = _files(down)
    if files is None:
        return ()
    up, back = files
    after_down, after_up = shapes(down.after), shapes(down.before)
    found: list[Trial] = []
    with _taken_back(connection) as role:
        if tried := _there_and_back(connection, (up, back), role, _some(after_down, tables)):
            found.append(Trial("up and down", *tried))
    with _taken_back(connection) as role:
        try:
            _run(connection, up, role)
        except psycopg.Error:
            return tuple(found)
        if tried := _there_and_back(connection, (back, up), role, _some(after_up, tables)):
            found.append(Trial("down and up", *tried))
    return tuple(found)


def _files(down: Step) -> tuple[SqlFile, SqlFile] | None:
    if not down.file.endswith(_DOWN):
        return None
    paths = (Path(down.file.removesuffix(_DOWN) + _UP), Path(down.file))
    try:
        up, back = map(read_sql_file, paths)
    except DeclarationError:
        return None
    trees = [statement.tree for file in (up, back) for statement in file.statements]
    return (up, back) if one_transaction(trees) else None


def _some(there: Mapping[Table, Shape], tables: Collection[Table]) -> dict[Table, Shape]:
    return {table: there[table] for table in tables if table in there}


@contextmanager
def _taken_back(connection: psycopg.Connection[Any]) -> Generator[str]:
    """A savepoint that is rolled back, with the role that the revisions run as."""
    with connection.transaction(force_rollback=True):
        row = connection.execute("SELECT current_user::text").fetchone()
        yield str(row[0] if row else "")


def _there_and_back(
    connection: psycopg.Connection[Any], files: Sequence[SqlFile], role: str, there: Mapping[Table, Shape]
) -> tuple[Contents, Contents] | None:
    """Contents before and after both files, on all edge values at once, or on those that the files take."""
    if tried := _once(connection, files, role, there, EDGES):
        return tried
    before: dict[int, Contents] = {}
    after: dict[int, Contents] = {}
    for number in EDGES:
        if tried := _once(connection, files, role, there, [number]):
            before[number], after[number] = tried
    return next(((before[number], after[number]) for number in before if before[number] != after[number]), None)


def _once(
    connection: psycopg.Connection[Any],
    files: Sequence[SqlFile],
    role: str,
    there: Mapping[Table, Shape],
    numbers: Sequence[int],
) -> tuple[Contents, Contents] | None:
    with connection.transaction(force_rollback=True):
        try:
            connection.execute("SET LOCAL ROLE NONE")
            more(connection, there.keys(), numbers)
            before = read(connection, there)
            for file in files:
                _run(connection, file, role)
            return before, read(connection, there)
        except psycopg.Error:
            return None


def _run(connection: psycopg.Connection[Any], file: SqlFile, role: str) -> None:
    connection.execute(sql.SQL("RESET ALL; SET ROLE {}").format(sql.Identifier(role)))
    for statement in file.statements:
        # PostgreSQL refuses ALTER TABLE while deferred checks of the same transaction are pending
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        connection.execute(statement.sql.encode())
