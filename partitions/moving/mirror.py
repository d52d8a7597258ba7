"""Triggers that carry every change of one table to another, in the transaction that makes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql
from psycopg.rows import class_row, tuple_row

from ...schema.core.errors import Refused
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from ..actions import Table

QUERIES = Path(__file__).parent / "queries"

_MIRROR = sql.SQL("""
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        TRUNCATE {target};
        RETURN NULL;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM {target} AS airside_there WHERE {is_old};
    END IF;
    IF TG_OP <> 'DELETE' THEN
        DELETE FROM {target} AS airside_there WHERE {is_new};
        INSERT INTO {target} ({columns}) OVERRIDING SYSTEM VALUE
        SELECT {columns} FROM ONLY {source} AS airside_there WHERE {is_new};
    END IF;
    RETURN NULL;
END
""")
# The row is read again instead of taken from NEW: where another trigger changes it once more, the events of that
# change come before this one, and NEW is out of date.

_WAS_FORCED = "the table had FORCE ROW LEVEL SECURITY"

_FENCE = sql.SQL("""
BEGIN
    RAISE EXCEPTION '% takes no more rows: they were moved', TG_RELID::regclass
    USING HINT = 'Write to the partitioned table.';
END
""")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table that is moved; the values of `generated` ones are computed, not written."""

    name: str
    type: str
    generated: bool


@dataclass(frozen=True, slots=True)
class Mirror:
    """Rows of `source` are carried to `target`, known by the columns of `key`. `hashable`: every type has a hash."""

    source: Table
    target: tuple[str, str]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    hashable: bool

    @property
    def function(self) -> sql.Identifier:
        return function_of(self.source.oid)

    @property
    def trigger(self) -> str:
        return f"airside_mirror_{self.source.oid}"

    @property
    def from_table(self) -> sql.Identifier:
        return sql.Identifier(self.source.schema, self.source.name)

    @property
    def to_table(self) -> sql.Identifier:
        return sql.Identifier(*self.target)

    @property
    def written(self) -> sql.Composed:
        """The columns that are written, with commas."""
        return names(column.name for column in self.columns if not column.generated)

    def type_of(self, name: str) -> str:
        return next(column.type for column in self.columns if column.name == name)


def function_of(source_oid: int) -> sql.Identifier:
    return sql.Identifier("airside", f"mirror_{source_oid}")


def names(columns: Any) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


def mirror(connection: psycopg.Connection[Any], source: Table, target: tuple[str, str], shape_of: int) -> Mirror:
    """A mirror from `source` to `target`; columns and key are those of the table with the oid `shape_of`.

    Raises Refused where rows cannot be told apart.
    """
    with connection.cursor(row_factory=class_row(Column)) as cursor:
        columns = tuple(cursor.execute(query(QUERIES, "shape"), {"oid": shape_of}).fetchall())
    with connection.cursor(row_factory=tuple_row) as cursor:
        found = cursor.execute(query(QUERIES, "row_key"), {"oid": shape_of}).fetchone()
    if found is None:
        raise Refused(
            f"{source} has no primary key, nor another unique index over columns that are NOT NULL: changes of its rows"
            " cannot be followed while they move",
            where=str(source),
            next_step="add a primary key",
        )
    return Mirror(source, target, columns, tuple(found[0]), _hashable(connection, columns))


def _hashable(connection: psycopg.Connection[Any], columns: Sequence[Column]) -> bool:
    nothing = sql.SQL(", ").join(sql.SQL("NULL::{}").format(sql.SQL(cast("Any", column.type))) for column in columns)
    try:
        connection.execute(sql.SQL("SELECT hash_record_extended(ROW({}), 0)").format(nothing))
    except psycopg.errors.UndefinedFunction:
        return False
    return True


def install(connection: psycopg.Connection[Any], mirrored: Mirror, patience: Patience) -> None:
    """From now on every change of the source is made in the target, too. Repeating it changes nothing."""
    if installed(connection, mirrored):
        return

    def work() -> None:
        hiding = forced(connection, mirrored.source.oid)
        mode = "ACCESS EXCLUSIVE" if hiding else "SHARE ROW EXCLUSIVE"
        connection.execute(sql.SQL("LOCK TABLE ONLY {} IN {} MODE").format(mirrored.from_table, sql.SQL(mode)))
        connection.execute(_definition(mirrored, _MIRROR.format(**_parts(mirrored))))
        if hiding:
            # rows that it hides from the owner would not be carried; the owner is a role that nobody logs in as
            connection.execute(sql.SQL("ALTER TABLE {} NO FORCE ROW LEVEL SECURITY").format(mirrored.from_table))
            connection.execute(
                sql.SQL("COMMENT ON FUNCTION {}() IS {}").format(mirrored.function, sql.Literal(_WAS_FORCED))
            )
        connection.execute(sql.SQL("REVOKE ALL ON FUNCTION {}() FROM PUBLIC").format(mirrored.function))
        for name, event, level in _events(mirrored):
            connection.execute(_trigger(mirrored, name, f"AFTER {event}", level))
            # also for what a logical subscription writes
            connection.execute(
                sql.SQL("ALTER TABLE {} ENABLE ALWAYS TRIGGER {}").format(mirrored.from_table, sql.Identifier(name))
            )

    patience.transaction(connection, work, what="putting triggers on it", where=str(mirrored.source), bounded=True)


def installed(connection: psycopg.Connection[Any], mirrored: Mirror) -> bool:
    """Whether changes of the source are carried."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM pg_catalog.pg_trigger WHERE tgrelid = %s AND tgname = %s)",
        [mirrored.source.oid, mirrored.trigger],
    ).fetchone()
    return bool(row and row[0])


def fencing(mirrored: Mirror) -> Iterator[sql.Composable]:
    """The statements after which the source takes no more changes, for nobody would carry them anywhere."""
    for name, _, _ in _events(mirrored):
        yield sql.SQL("DROP TRIGGER IF EXISTS {} ON {}").format(sql.Identifier(name), mirrored.from_table)
    yield _definition(mirrored, _FENCE)
    for name, event, _ in _events(mirrored):
        yield _trigger(mirrored, name, f"BEFORE {event}", "STATEMENT")


def unfence(connection: psycopg.Connection[Any], source_oid: int) -> None:
    """In the transaction under way: drop what `fence` or `install` left, also where the table itself is gone."""
    connection.execute(sql.SQL("DROP FUNCTION IF EXISTS {}() CASCADE").format(function_of(source_oid)))


def _events(mirrored: Mirror) -> tuple[tuple[str, str, str], ...]:
    return (
        (mirrored.trigger, "INSERT OR UPDATE OR DELETE", "ROW"),
        (f"{mirrored.trigger}_truncate", "TRUNCATE", "STATEMENT"),
    )


def _trigger(mirrored: Mirror, name: str, when: str, level: str) -> sql.Composed:
    return sql.SQL("CREATE TRIGGER {} {} ON {} FOR EACH {} EXECUTE FUNCTION {}()").format(
        sql.Identifier(name),
        sql.SQL(cast("LiteralString", when)),
        mirrored.from_table,
        sql.SQL(cast("LiteralString", level)),
        mirrored.function,
    )


def _definition(mirrored: Mirror, body: sql.Composable) -> sql.Composed:
    # without row_security = off a policy would hide rows; with it PostgreSQL raises instead
    return sql.SQL(
        "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
        " SET search_path = pg_catalog, pg_temp SET row_security = off AS {}"
    ).format(mirrored.function, sql.Literal(body.as_string(None)))


def _parts(mirrored: Mirror) -> dict[str, sql.Composable]:
    def same(row: LiteralString) -> sql.Composed:
        return sql.SQL(" AND ").join(
            sql.SQL("airside_there.{name} = {row}.{name}").format(name=sql.Identifier(name), row=sql.SQL(row))
            for name in mirrored.key
        )

    return {
        "source": mirrored.from_table,
        "target": mirrored.to_table,
        "columns": mirrored.written,
        "is_old": same("OLD"),
        "is_new": same("NEW"),
    }


def forced(connection: psycopg.Connection[Any], source_oid: int) -> bool:
    """Whether the table's policies hold for its owner, or did so until `install`."""
    row = connection.execute(
        "SELECT relforcerowsecurity OR coalesce(pg_catalog.obj_description(to_regproc(%s), 'pg_proc') = %s, FALSE)"
        " FROM pg_catalog.pg_class WHERE oid = %s",
        [f"airside.mirror_{source_oid}", _WAS_FORCED, source_oid],
    ).fetchone()
    return bool(row and row[0])
