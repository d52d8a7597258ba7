"""A throw-away server with two databases, one for each side of a case."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from airside.schema.core.catalog.inspect import inspect
from airside.schema.core.catalog.model import Catalog
from airside.server import Server, ephemeral, find
from psycopg import sql

from .cases import Case

OWNER = "differ_owner"
ROLES = ("differ_reader", "differ_writer")
SETUP = (
    "create role differ_owner login",
    "create role differ_reader nologin",
    "create role differ_writer nologin",
    "grant differ_reader, differ_writer to differ_owner",
    "set allow_in_place_tablespaces = on",
    "create tablespace differ_space location ''",
    "grant create on tablespace differ_space to public",
)


@dataclass(frozen=True)
class Side:
    """One database of a case, as the role that owns it sees it."""

    server: Server
    database: str
    user: str

    def connect(self) -> psycopg.Connection[Any]:
        return self.server.connect(self.database, autocommit=True, user=self.user)

    @cached_property
    def loaded(self) -> str:
        """The fingerprint of what the script made; to be asked before a tool changes the database."""
        return self.catalog().fingerprint

    def catalog(self, *, dependencies: bool = False) -> Catalog:
        with self.connect() as connection:
            return inspect(connection, dependencies=dependencies)


@dataclass
class Ground:
    """Gives each case two databases. Those of the plain owner are emptied and used again, which is far cheaper than
    CREATE DATABASE; one that is not exactly as new afterwards is made anew."""

    server: Server
    _empty: str = ""
    _made: int = 0
    _plain: dict[str, Side] = field(default_factory=dict[str, Side])

    @property
    def _superuser(self) -> str:
        return self.server.user or "postgres"

    @property
    def major(self) -> int:
        return self.server.major

    def sides(self, case: Case) -> tuple[Side, Side]:
        """The databases of `case`, its scripts loaded. Raises psycopg's errors when a script is wrong."""
        if case.superuser:
            old, new = self._create(self._superuser), self._create(self._superuser)
        else:
            old, new = self._emptied("old"), self._emptied("new")
        for side, script in ((old, case.old), (new, case.new)):
            with side.connect() as connection:
                connection.execute(script.encode())
        # of their own for each case, since they remember what was loaded
        return replace(old), replace(new)

    def _emptied(self, name: str) -> Side:
        side = self._plain.get(name)
        if side is None:
            side = self._plain[name] = self._create(OWNER)
            self._empty = self._empty or side.catalog().fingerprint
            return side
        try:
            with self.server.connect(side.database, autocommit=True) as connection:
                for role in (OWNER, *ROLES):
                    connection.execute(sql.SQL("drop owned by {} cascade").format(sql.Identifier(role)))
            clean = side.catalog().fingerprint == self._empty
        except psycopg.Error:
            clean = False
        if not clean:
            side = self._plain[name] = self._create(OWNER)
        return side

    def _create(self, owner: str) -> Side:
        self._made += 1
        name = f"differ_{self._made}"
        with self.server.connect(autocommit=True) as connection:
            connection.execute(
                sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(owner))
            )
        return Side(self.server, name, owner)


@contextmanager
def ground(bin_dir: Path | None) -> Generator[Ground, None, None]:
    """A server of the programs in `bin_dir`, or of the embedded ones, with the roles that the cases speak of."""
    binaries = find({"AIRSIDE_PG_BIN": str(bin_dir)}) if bin_dir else find()
    with ephemeral(binaries, settings={"wal_level": "logical", "autovacuum": "off"}) as server:
        with server.connect(autocommit=True) as connection:
            for statement in SETUP:
                connection.execute(statement)
        yield Ground(server)
