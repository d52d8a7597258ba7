"""One name over two databases: what `postgres_fdw` needs, the cold table of foreign partitions, and the view of both.

The live table stays as it is declared, with its keys and foreign keys: a table that is itself a partition could get no
new column, and a foreign partition no unique index. Beside it stand, in the tool's own schema, `TABLE_cold`,
partitioned alike, whose partitions are in the second database, and the view `TABLE_all`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import MissingExtension, MissingRight, Refused
from ...schema.core.patience import Patience
from ...schema.core.sql import query
from ...server import Server
from ..shape import shortened
from ..state import Ladder
from .columns import Column, read_columns
from .source import APPLICATION, QUERIES

PREFIX = "airside_"
"""What the names of our foreign servers begin with; comparisons of catalogs leave them out."""

_OPTIONS = {"fetch_size": "10000", "batch_size": "1000", "connect_timeout": "10"}
_TRAVELLING = ("host", "hostaddr", "port", "sslmode", "sslrootcert", "sslcert", "sslkey", "target_session_attrs")


@dataclass(frozen=True, slots=True)
class Union:
    """The names of what stands beside a live table."""

    ladder: Ladder

    @property
    def live(self) -> sql.Identifier:
        return sql.Identifier(self.ladder.schema, self.ladder.table)

    @property
    def cold(self) -> sql.Identifier:
        return sql.Identifier("airside", self._named("cold"))

    @property
    def view(self) -> sql.Identifier:
        return sql.Identifier("airside", self._named("all"))

    def foreign(self, leaf: str) -> sql.Identifier:
        return foreign_table(self.ladder.schema, leaf)

    def _named(self, ending: str) -> str:
        return _distinct(f"{_prefix(self.ladder.schema)}{self.ladder.table}_{ending}")


def foreign_table(schema: str, leaf: str) -> sql.Identifier:
    """The foreign table that stands for a partition of a table in `schema`."""
    return sql.Identifier("airside", _distinct(f"{_prefix(schema)}{leaf}_cold"))


def refuse_shown(connection: psycopg.Connection[Any], schema: str, leaf: str) -> None:
    """Raise Refused where rows of a former partition of this name are in a second database: another one in its place
    would hide them."""
    name = foreign_table(schema, leaf).as_string(connection)
    shown = "SELECT FROM pg_catalog.pg_class WHERE oid = to_regclass(%s) AND relispartition"
    if connection.execute(shown, [name]).rowcount:
        raise Refused(
            f"rows of a former partition of this name are in a second database, and {name} shows them",
            where=f"{schema}.{leaf}",
            next_step="archive this one to files (--to FOLDER); airside archive list shows where the former one is",
        )


def drop_unused(connection: psycopg.Connection[Any], schema: str, leaf: str) -> None:
    """Drop the foreign table of a partition that a killed run left. Raises Refused where it is in use."""
    refuse_shown(connection, schema, leaf)
    connection.execute(sql.SQL("DROP FOREIGN TABLE IF EXISTS {}").format(foreign_table(schema, leaf)))


def _prefix(schema: str) -> str:
    return "" if schema == "public" else f"{schema}_"


def _distinct(name: str) -> str:
    """A name that PostgreSQL keeps as it is; two long ones that differ at their ends stay two."""
    kept = shortened(name)
    if kept == name:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{kept.encode()[: -len(digest) - 1].decode(errors='ignore')}_{digest}"


def set_up(
    server: Server,
    database: Database,
    connection: psycopg.Connection[Any],
    remote: Server,
    far: psycopg.Connection[Any],
    ladder: Ladder,
    patience: Patience,
) -> str:
    """Make what is missing here and in the second database (`far`); the name of the foreign server.

    Repeating it changes nothing. Raises MissingExtension without postgres_fdw, MissingRight when the login role may
    not make a foreign server, LockNotAcquired, and Refused for tables whose rows policies hide (in the second database
    nothing would hide them) and for those that lost or changed a column since.
    """
    _refuse_policies(connection, ladder)
    columns = read_columns(connection, ladder.oid)
    union = Union(ladder)
    name = _foreign_server(server, database, remote)
    _make_parent(far, ladder, columns, patience)

    def beside() -> None:
        connection.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} (LIKE {}) PARTITION BY {}").format(
                union.cold,
                union.live,
                sql.SQL(ladder.key_definition),  # type: ignore[arg-type]
            )
        )
        _add_missing(connection, union.cold, columns, ladder)
        _refresh_view(connection, union, columns)

    patience.transaction(connection, beside, what=f"make the view of {ladder.name}", where=ladder.name)
    return name


def _make_parent(far: psycopg.Connection[Any], ladder: Ladder, columns: Sequence[Column], patience: Patience) -> None:
    """A partitioned table of the same name in the second database."""
    table = sql.Identifier(ladder.schema, ladder.table)

    def make() -> None:
        far.execute(sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(ladder.schema)))
        far.execute(
            sql.SQL("CREATE TABLE IF NOT EXISTS {} ({}) PARTITION BY {}").format(
                table,
                described(columns),
                sql.SQL(ladder.key_definition),  # type: ignore[arg-type]
            )
        )
        _add_missing(far, table, columns, ladder)

    try:
        patience.transaction(far, make, what=f"make {ladder.name} in the second database", where=ladder.name)
    except (
        psycopg.errors.UndefinedObject,
        psycopg.errors.UndefinedFunction,
        psycopg.errors.InvalidSchemaName,
    ) as error:
        raise Refused(
            f"the second database lacks what the table is made of: {error.diag.message_primary}",
            where=ladder.name,
            next_step="create the types and extensions there, then run the command again",
        ) from None


def _add_missing(
    connection: psycopg.Connection[Any], table: sql.Identifier, columns: Sequence[Column], ladder: Ladder
) -> None:
    """Give a parent of old partitions the columns that the live table got since; old rows have NULL there."""
    present = {column.name: column.type for column in read_columns(connection, _oid(connection, table))}
    for column in columns:
        if column.name not in present:
            connection.execute(
                sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(
                    table,
                    sql.Identifier(column.name),
                    sql.SQL(column.type),  # type: ignore[arg-type]
                )
            )
    now = {column.name: column.type for column in columns}
    changed = [name for name, kind in present.items() if now.get(name) != kind]
    if changed:
        raise Refused(
            f"columns were dropped or have another type than in the second database: {', '.join(changed)}",
            where=ladder.name,
            next_step="archive to files from now on, or bring the old partitions back and archive them anew",
        )


def described(columns: Sequence[Column]) -> sql.Composable:
    """Columns as CREATE TABLE wants them."""
    return sql.SQL(", ").join(
        sql.SQL("{} {}{}").format(
            sql.Identifier(column.name),
            sql.SQL(column.type),  # type: ignore[arg-type]
            sql.SQL(" NOT NULL" if column.not_null else ""),
        )
        for column in columns
    )


def _refresh_view(connection: psycopg.Connection[Any], union: Union, columns: Sequence[Column]) -> None:
    """Let the view show the columns that the live table has now, in the transaction under way."""
    view = _oid(connection, union.view)
    if view and [column.name for column in read_columns(connection, view)] == [column.name for column in columns]:
        return
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    connection.execute(sql.SQL("DROP VIEW IF EXISTS {}").format(union.view))
    connection.execute(
        sql.SQL("CREATE VIEW {} AS SELECT {n} FROM {} UNION ALL SELECT {n} FROM {}").format(
            union.view, union.live, union.cold, n=names
        )
    )
    for name, is_public in connection.execute(query(QUERIES, "readers"), {"oid": union.ladder.oid}).fetchall():
        reader = sql.SQL("PUBLIC") if is_public else sql.Identifier(name)
        connection.execute(sql.SQL("GRANT USAGE ON SCHEMA airside TO {}").format(reader))
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(union.view, reader))


def make_foreign(
    connection: psycopg.Connection[Any], union: Union, leaf: str, columns: Sequence[Column], foreign_server: str
) -> None:
    """Make the foreign table of a partition, not yet attached; one that a killed run left is made anew.

    It takes no writes: what was archived does not change.
    """
    name = union.foreign(leaf)
    with connection.transaction():
        drop_unused(connection, union.ladder.schema, leaf)
        connection.execute(
            sql.SQL(
                "CREATE FOREIGN TABLE {} ({}) SERVER {} OPTIONS (schema_name {}, table_name {}, updatable 'false')"
            ).format(
                name,
                described(columns),
                sql.Identifier(foreign_server),
                sql.Literal(union.ladder.schema),
                sql.Literal(leaf),
            )
        )


def _foreign_server(server: Server, database: Database, remote: Server) -> str:
    """The foreign server for a second database, with the owner's way into it; made by the login role."""
    target = remote.libpq(remote.maintenance)
    options = {name: value for name, value in target.items() if name in _TRAVELLING} | {"dbname": target["dbname"]}
    name = PREFIX + hashlib.sha256(repr(sorted(options.items())).encode()).hexdigest()[:12]
    owner = sql.Identifier(database.roles.owner)
    with (
        server.connect(database.name, autocommit=True, application_name=APPLICATION) as connection,
        remote.connect(remote.maintenance, application_name=APPLICATION) as there,
    ):
        # what libpq took from the environment or from a password file
        login = {"user": there.info.user, "password": there.info.password}
        if connection.execute("SELECT FROM pg_catalog.pg_extension WHERE extname = 'postgres_fdw'").rowcount < 1:
            raise MissingExtension(
                "a second database is reached through postgres_fdw, which is not in this one",
                where=database.name,
                next_step="add 'postgres_fdw' to the extensions of the declaration, then airside revision and upgrade",
            )
        try:
            with connection.transaction():
                _make_server(connection, name, options | _OPTIONS, owner)
                _make_mapping(connection, name, login, owner)
        except psycopg.errors.InsufficientPrivilege as error:
            raise MissingRight(
                f"the login role may not make a foreign server: {error.diag.message_primary}",
                where=database.name,
                next_step="run the command once as a superuser, or GRANT USAGE ON FOREIGN DATA WRAPPER postgres_fdw",
            ) from None
    return name


def _make_server(
    connection: psycopg.Connection[Any], name: str, options: dict[str, str], owner: sql.Identifier
) -> None:
    server = sql.Identifier(name)
    if connection.execute("SELECT FROM pg_catalog.pg_foreign_server WHERE srvname = %s", [name]).rowcount:
        return
    connection.execute(
        sql.SQL("CREATE SERVER {} FOREIGN DATA WRAPPER postgres_fdw OPTIONS ({})").format(server, _options(options))
    )
    connection.execute(sql.SQL("ALTER SERVER {} OWNER TO {}").format(server, owner))


def _make_mapping(connection: psycopg.Connection[Any], name: str, login: dict[str, str], owner: sql.Identifier) -> None:
    given = {key: value for key, value in login.items() if value}
    if "password" not in given:
        # only a superuser may let others in without one; trust and certificates are the server's own affair
        given["password_required"] = "false"
    connection.execute(sql.SQL("DROP USER MAPPING IF EXISTS FOR {} SERVER {}").format(owner, sql.Identifier(name)))
    connection.execute(
        sql.SQL("CREATE USER MAPPING FOR {} SERVER {} OPTIONS ({})").format(
            owner, sql.Identifier(name), _options(given)
        )
    )


def _options(options: dict[str, str]) -> sql.Composed:
    return sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in options.items()
    )


def _refuse_policies(connection: psycopg.Connection[Any], ladder: Ladder) -> None:
    row = connection.execute("SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = %s", [ladder.oid]).fetchone()
    if row == (True,):
        raise Refused(
            "policies hide rows of this table, and nothing would hide them in the second database",
            where=ladder.name,
            next_step="archive it to files or to an archive table",
        )


def _oid(connection: psycopg.Connection[Any], name: sql.Identifier) -> int:
    row = connection.execute(
        "SELECT coalesce(to_regclass(%s)::oid::bigint, 0)", [name.as_string(connection)]
    ).fetchone()
    return int(row[0]) if row is not None else 0
