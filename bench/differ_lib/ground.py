"""A throw-away server with two databases, one for each side of a case."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psycopg
import sqlalchemy as sa
from airside.schema.core.catalog import inspect
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


class Side:
    """One database of a case, as the role that owns it sees it.

    Connections stay open from case to case: a new session reads its catalog caches from nothing, which takes longer
    than most of the work.
    """

    def __init__(self, server: Server, database: str, user: str) -> None:
        self.server = server
        self.database = database
        self.user = user
        self.connection = server.connect(database, autocommit=True, user=user)

    @cached_property
    def engine(self) -> sa.Engine:
        """For the tools that stand on SQLAlchemy; gives out one connection at a time."""
        return sa.create_engine(
            "postgresql+psycopg://",
            creator=lambda: self.server.connect(self.database, user=self.user, prepare_threshold=None),
            pool_size=1,
            max_overflow=0,
        )

    @cached_property
    def loaded(self) -> str:
        """The fingerprint of what the script made; to be asked before a tool changes the database."""
        return self.catalog().fingerprint

    def load(self, script: str) -> None:
        """Run a script, as if in a session of its own."""
        self.__dict__.pop("loaded", None)
        self.connection.execute(script.encode())
        self.connection.execute("discard all")

    def catalog(self, *, dependencies: bool = False) -> Catalog:
        return inspect(self.connection, dependencies=dependencies)

    def close(self) -> None:
        self.engine.dispose()
        self.connection.close()


class Ground:
    """Gives each case two databases. Those of the plain owner are emptied and used again, which is far cheaper than
    CREATE DATABASE; one that is not exactly as new afterwards is made anew."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.major = server.major
        self._made = 0
        self._superuser = server.user or "postgres"
        self._plain = [self._create(OWNER), self._create(OWNER)]
        self._empty = self._plain[0].catalog().fingerprint

    @contextmanager
    def sides(self, case: Case) -> Generator[tuple[Side, Side], None, None]:
        """The databases of `case`, its scripts loaded. Raises psycopg's errors when a script is wrong."""
        if case.superuser:
            sides = [self._create(self._superuser), self._create(self._superuser)]
        else:
            sides = self._plain = [self._emptied(side) for side in self._plain]
        old, new = sides
        old.load(case.old)
        new.load(case.new)
        yield old, new
        if case.superuser:
            old.close()
            new.close()

    def _emptied(self, side: Side) -> Side:
        side.connection.rollback()
        try:
            with self.server.connect(side.database, autocommit=True) as connection:
                for role in (OWNER, *ROLES):
                    connection.execute(sql.SQL("drop owned by {} cascade").format(sql.Identifier(role)))
            if side.catalog().fingerprint == self._empty:
                return side
        except psycopg.Error:
            # what cannot be emptied is left behind
            pass
        side.close()
        return self._create(OWNER)

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
