"""Tables whose made-up rows a migration cannot work with are emptied, so that the rest of it can be observed.

A row that we made up may break what every real row keeps: such a refusal says nothing about the migration.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from postgast import PgQueryError, find_nodes, pg_query_pb2
from psycopg import sql

from ...schema.core.errors import DeclarationError
from ...schema.core.sql import parse_script, query

QUERIES = Path(__file__).parent / "queries"
TRIES = 5
"""How often a revision is tried with fewer rows."""
_PLACEHOLDER = re.compile(r"%(\(\w+\))?s")
_OF_ROWS = ("21", "22", "23", "P0")
_OVERLAP = "42P17"
_MADE_UP = re.compile(r'"([^"]+_airside_\d+)"')
IN_THE_WAY = "the partitions made up for it stood in the way of one of its own"


@dataclass(frozen=True, slots=True)
class Refusal:
    """What PostgreSQL said when it refused a statement, whichever driver brought it; `table` may be empty."""

    message: str
    sqlstate: str = ""
    schema: str = ""
    table: str = ""

    @property
    def is_of_rows(self) -> bool:
        """Whether other rows would have been taken: integrity (23), values (22), cardinality (21), RAISE (P0); or a
        partition, if we had made up none.
        """
        return self.sqlstate.startswith(_OF_ROWS) or self.partition is not None

    @property
    def partition(self) -> str | None:
        """A partition that we made up and that another one would overlap."""
        found = _MADE_UP.search(self.message)
        return found[1] if found is not None and self.sqlstate == _OVERLAP else None


def refusal(error: BaseException) -> Refusal:
    """The refusal in an error of psycopg, psycopg2, asyncpg or pg8000, or in SQLAlchemy's around it."""
    orig = getattr(error, "orig", None)
    cause = orig if isinstance(orig, BaseException) else error
    for candidate in (cause, cause.__cause__):
        if candidate is not None and (found := _read(candidate)) is not None:
            return found
    return Refusal(str(cause))


def empty(connection: psycopg.Connection[Any], schema: str, table: str) -> tuple[str, ...]:
    """Empty a table and all that refer to it; their names. Nothing when there is no such table. Commits.

    Guards are stepped around where the session may (`session_replication_role`). Raises psycopg.Error where one holds.
    """
    rows = connection.execute(query(QUERIES, "referencing"), {"namespace": schema, "name": table}).fetchall()
    return _truncate(connection, cast("list[tuple[str, str]]", rows))


def empty_all(connection: psycopg.Connection[Any], *, but: Iterable[str] = ()) -> tuple[str, ...]:
    """Empty every table except those named (`schema.table`); their names. Commits. Raises as `empty` does."""
    rows = cast("list[tuple[str, str]]", connection.execute(query(QUERIES, "tables")).fetchall())
    kept = frozenset(but)
    return _truncate(connection, [row for row in rows if ".".join(row) not in kept])


def empty_for(
    connection: psycopg.Connection[Any], said: Refusal, statement: str, *, but: Iterable[str] = ()
) -> dict[str, str]:
    """Empty what a refusal is about, and give the reason by table: the table that it names, else those that the
    statement names, else all but those in `but`. Commits. Raises as `empty` does.
    """
    if said.partition is not None:
        return dict.fromkeys(drop_partitions(connection, said.partition), IN_THE_WAY)
    kept = frozenset(but)
    named = [(said.schema, said.table)] if said.table else list(_named(connection, statement))
    emptied = [
        name for schema, table in named if f"{schema}.{table}" not in kept for name in empty(connection, schema, table)
    ]
    reason = f"its rows were refused: {said.message}"
    return dict.fromkeys(emptied or empty_all(connection, but=kept), reason)


def drop_partitions(connection: psycopg.Connection[Any], name: str) -> tuple[str, ...]:
    """Drop the partitions that were made up for a parent, or beside one of them; the parents' names. Commits."""
    rows = connection.execute(query(QUERIES, "made_up_partitions"), {"name": name}).fetchall()
    for _, _, schema, child in rows:
        connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(schema, child)))
    connection.commit()
    return tuple(sorted({f"{row[0]}.{row[1]}" for row in rows}))


def _truncate(connection: psycopg.Connection[Any], tables: list[tuple[str, str]]) -> tuple[str, ...]:
    if not tables:
        return ()
    with connection.transaction():
        with suppress(psycopg.errors.InsufficientPrivilege), connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            sql.SQL("TRUNCATE {} CASCADE").format(sql.SQL(", ").join(sql.Identifier(*table) for table in tables))
        )
    connection.commit()
    return tuple(sorted(".".join(table) for table in tables))


def _named(connection: psycopg.Connection[Any], statement: str) -> Iterator[tuple[str, str]]:
    """The tables that a statement names, as they are found by the session's search path."""
    try:
        parsed = parse_script(_PLACEHOLDER.sub("NULL", statement), origin="statement")
    except (DeclarationError, PgQueryError):
        return
    for named in [node for piece in parsed for node in find_nodes(piece.tree, pg_query_pb2.RangeVar)]:
        parts = [named.schemaname, named.relname] if named.schemaname else [named.relname]
        row = connection.execute(
            "SELECT n.nspname::text, c.relname::text FROM pg_catalog.pg_class AS c"
            " INNER JOIN pg_catalog.pg_namespace AS n ON c.relnamespace = n.oid"
            " WHERE c.oid = pg_catalog.to_regclass(%s)",
            [sql.Identifier(*parts).as_string(connection)],
        ).fetchone()
        if row is not None:
            yield cast("tuple[str, str]", row)


def _read(error: BaseException) -> Refusal | None:
    raw = error.args[0] if error.args else None
    if isinstance(raw, Mapping):
        # pg8000 hands on the fields of the protocol's ErrorResponse
        fields = cast("Mapping[str, str]", raw)
        return Refusal(fields.get("M", ""), fields.get("C", ""), fields.get("s", ""), fields.get("t", ""))
    state = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None)
    if not state:
        return None
    about: Any = getattr(error, "diag", error)
    return Refusal(
        getattr(about, "message_primary", None) or str(error),
        str(state),
        getattr(about, "schema_name", None) or "",
        getattr(about, "table_name", None) or "",
    )
