"""A database that is emptied after each use: made and dropped anew it would take longer than most cases do.

What a case may leave behind is looked for afterwards; where there is anything, the database is dropped and the next
case gets a new one. Roles, databases and tablespaces that a case makes go too.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, LiteralString, cast

import psycopg
from airside.server import Scratch, Server
from airside.server.scratch import scratch
from psycopg import sql

_CATALOGS = (
    *("am", "cast", "class", "collation", "constraint", "conversion", "default_acl", "event_trigger", "extension"),
    *("foreign_data_wrapper", "foreign_server", "language", "largeobject_metadata", "opclass", "operator", "opfamily"),
    *("policy", "proc", "publication", "rewrite", "statistic_ext", "subscription", "transform", "trigger"),
    *("ts_config", "ts_dict", "ts_parser", "ts_template", "type", "user_mapping"),
)
_OWN = 16384
"""The first oid of what users make."""
_SCHEMAS = """
SELECT nspname FROM pg_catalog.pg_namespace WHERE (oid >= %s OR nspname = 'public') AND nspname !~ '^pg_(temp|toast)'
"""
_BESIDE_SCHEMAS = """
SELECT 'EVENT TRIGGER', quote_ident(evtname) FROM pg_catalog.pg_event_trigger
UNION ALL SELECT 'PUBLICATION', quote_ident(pubname) FROM pg_catalog.pg_publication
UNION ALL SELECT 'EXTENSION', quote_ident(extname) FROM pg_catalog.pg_extension WHERE oid >= %(own)s
UNION ALL SELECT 'FOREIGN DATA WRAPPER', quote_ident(fdwname) FROM pg_catalog.pg_foreign_data_wrapper
UNION ALL SELECT 'ACCESS METHOD', quote_ident(amname) FROM pg_catalog.pg_am WHERE oid >= %(own)s
"""
_CLUSTER: tuple[tuple[LiteralString, LiteralString], ...] = (
    ("DATABASE", "SELECT datname FROM pg_catalog.pg_database WHERE oid >= 16384"),
    ("TABLESPACE", "SELECT spcname FROM pg_catalog.pg_tablespace WHERE oid >= 16384"),
    ("ROLE", "SELECT rolname FROM pg_catalog.pg_roles WHERE oid >= 16384"),
)
_PUBLIC = """
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema'
"""


class Ground:
    """Gives a database to one case after the other. `close` drops it."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._made: Any = None
        self._place: Scratch | None = None
        self._broom: psycopg.Connection[Any] | None = None
        with server.connect(autocommit=True) as connection:
            self._before = {kind: _names(connection, names) for kind, names in _CLUSTER}

    @contextmanager
    def place(self, _server: Server) -> Generator[Scratch]:
        """An empty database; whatever the case does to it is gone afterwards."""
        place = self._ready()
        try:
            yield place
        finally:
            self._clean()

    def close(self) -> None:
        if self._broom is not None:
            self._broom.close()
        if self._made is not None:
            self._made.__exit__(None, None, None)
        self._made = self._place = self._broom = None

    def _ready(self) -> Scratch:
        if self._place is None:
            self._made = scratch(self._server, label="ground")
            self._place = cast("Scratch", self._made.__enter__())
        if self._broom is None or self._broom.closed:
            self._broom = self._place.connect(autocommit=True)
        return self._place

    def _clean(self) -> None:
        broom, place = self._broom, self._place
        if broom is None or place is None:
            return
        try:
            self._sweep(broom, place.name)
            whole = not _leftovers(broom)
        except psycopg.Error:
            whole = False
        if not whole:
            self.close()
            with self._server.connect(autocommit=True) as connection:
                self._sweep_cluster(connection, "")

    def _sweep(self, broom: psycopg.Connection[Any], name: str) -> None:
        for kind, identity in broom.execute(_BESIDE_SCHEMAS, {"own": _OWN}).fetchall():
            broom.execute(f"DROP {kind} IF EXISTS {identity} CASCADE".encode())
        for schema in _names(broom, _SCHEMAS, [_OWN]):
            broom.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(sql.Identifier(schema)))
        broom.execute(_PUBLIC)
        self._sweep_cluster(broom, name)
        broom.execute(sql.SQL("ALTER DATABASE {} RESET ALL").format(sql.Identifier(name)))

    def _sweep_cluster(self, connection: psycopg.Connection[Any], but: str) -> None:
        for kind, names in _CLUSTER:
            for name in _names(connection, names) - self._before[kind] - {but}:
                if kind == "ROLE":
                    connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(sql.Identifier(name)))
                connection.execute(sql.SQL("DROP {} {}").format(sql.SQL(kind), sql.Identifier(name)))


def _names(connection: psycopg.Connection[Any], query: LiteralString, values: list[Any] | None = None) -> set[str]:
    return {cast("str", row[0]) for row in connection.execute(query, values).fetchall()}


def _leftovers(connection: psycopg.Connection[Any]) -> bool:
    any_of = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT FROM pg_catalog.{} WHERE oid >= {}").format(sql.Identifier(f"pg_{name}"), _OWN)
        for name in _CATALOGS
    )
    row = connection.execute(sql.SQL("SELECT EXISTS ({})").format(any_of)).fetchone()
    return bool(row and row[0])
