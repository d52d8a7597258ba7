"""References that no foreign key holds, mostly across databases: every one of them is looked up.

Both sides are read in the same order and compared here, a few thousand keys at a time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...server import Server
from .declaration import Columns, GeneratedSystem, Reference
from .digest import binds_owner
from .run import Run
from .session import enter, generator_session, scope_values

_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Compared:
    """What was found of a reference: how many distinct keys refer, how many of them to nothing, and one of those."""

    reference: Reference
    keys: int
    orphans: int
    example: str | None = None


def compare(
    server: Server, databases: dict[str, Database], system: GeneratedSystem, run: Run, reference: Reference
) -> Compared:
    """Look up every key of a reference. Both databases are on this server; writes nothing."""
    keys = orphans = 0
    example: str | None = None
    with (
        generator_session(server, databases[reference.child.database], system, run) as child,
        generator_session(server, databases[reference.parent.database], system, run) as parent,
    ):
        for value in _passes(child, parent, system, reference):
            with (
                _keys(child, system, value, reference.child, reference.where) as referring,
                _keys(parent, system, value, reference.parent) as there,
            ):
                for key, found in looked_up(referring, there):
                    keys += 1
                    if not found:
                        orphans += 1
                        example = example or key
    return Compared(reference, keys, orphans, example)


def _passes(
    child: psycopg.Connection[Any], parent: psycopg.Connection[Any], system: GeneratedSystem, reference: Reference
) -> tuple[str | None, ...]:
    """The values of the scope under which both sides are to be compared, where policies bind the owner."""
    sides = ((child, reference.child), (parent, reference.parent))
    for connection, columns in sides:
        if system.scope is not None and binds_owner(connection, sql.Identifier("public", columns.table)):
            return scope_values(connection, system.scope)
    return (None,)


@contextmanager
def _keys(
    connection: psycopg.Connection[Any],
    system: GeneratedSystem,
    value: str | None,
    columns: Columns,
    where: Any = "true",
) -> Generator[Iterator[str]]:
    """The distinct keys of one side, ordered by their bytes, as they come from the server."""
    names = [sql.Identifier(column) for column in columns.columns]
    statement = sql.SQL(
        "SELECT DISTINCT concat_ws(' ', {key}) COLLATE \"C\" FROM {table}"
        " WHERE num_nulls({names}) = 0 AND ({where}) ORDER BY 1"
    ).format(
        key=sql.SQL(", ").join(sql.SQL("{}::text").format(name) for name in names),
        names=sql.SQL(", ").join(names),
        table=sql.Identifier("public", columns.table),
        where=sql.SQL(where),
    )
    with connection.transaction():
        if system.scope is not None and value is not None:
            enter(connection, system.scope, value)
        with connection.cursor("keys") as cursor:
            cursor.itersize = _AT_ONCE
            yield (str(key) for (key,) in cursor.execute(statement))


def looked_up(referring: Iterator[str], there: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Each key of the one side, and whether the other has it; both ascend."""
    candidate = next(there, None)
    for key in referring:
        while candidate is not None and candidate < key:
            candidate = next(there, None)
        yield key, candidate == key
