"""A provisioned system with generated data, and what one asks of it."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString

from airside.cli.seeding.ladder import provide_span
from airside.schema.core.database import Database
from airside.schema.core.registry import load_registry
from airside.seeds.environment import mark
from airside.seeds.generated import GeneratedSystem
from airside.seeds.generated.digest import Digest, digests
from airside.seeds.generated.generate import generate
from airside.seeds.generated.orphans import Compared, compare
from airside.seeds.generated.reset import reset
from airside.seeds.generated.run import Run
from airside.seeds.generated.session import generator_session
from airside.seeds.owner import as_owner
from airside.server import Server

from .provisioned import provisioned

SINCE, UNTIL = datetime(2025, 6, 10, tzinfo=UTC), datetime(2026, 6, 10, tzinfo=UTC)


@dataclass(frozen=True)
class Seeded:
    server: Server
    system: GeneratedSystem
    databases: dict[str, Database]
    run: Run

    def rows(self, database: str, query: LiteralString) -> list[Any]:
        """As a superuser, whom no policy binds; times in UTC."""
        with self.server.connect(database, autocommit=True) as connection:
            connection.execute("SET timezone = 'UTC'")
            return connection.execute(query).fetchall()

    def value(self, database: str, query: LiteralString) -> Any:
        return self.rows(database, query)[0][0]

    def counts(self, database: str, table: str) -> dict[str, int]:
        """Rows by partition."""
        with self.server.connect(database) as connection:
            return dict(
                connection.execute(f"SELECT tableoid::regclass::text, count(*) FROM {table} GROUP BY 1").fetchall()
            )

    def generate(self, *, batch: int | None = None) -> None:
        drivers = tuple(replace(driver, batch=batch or driver.batch) for driver in self.system.drivers)
        for name, database in self.databases.items():
            horizon = self.system.horizon_days.get(name, 0)
            provide_span(self.server, database, self.run.since, self.run.until, horizon)
            system = replace(self.system, drivers=drivers)
            done = generate(self.server, database, system, self.run, observer=lambda _: None, stop=threading.Event())
            assert done.complete

    def digests(self) -> dict[str, tuple[Digest, ...]]:
        return {
            name: digests(self.server, database, self.system, self.run) for name, database in self.databases.items()
        }

    def again(self, *, batch: int) -> dict[str, tuple[Digest, ...]]:
        """The digests after everything was emptied and made anew in batches of another size."""
        for database in self.databases.values():
            reset(self.server, database)
        self.generate(batch=batch)
        return self.digests()

    def compared(self) -> list[Compared]:
        return [compare(self.server, self.databases, self.system, self.run, one) for one in self.system.references]

    def drawn(self, database: str, run: Run, query: LiteralString) -> Any:
        """One value from the functions of another run, nothing written."""
        with generator_session(self.server, self.databases[database], self.system, run) as connection:
            row = connection.execute(query).fetchone()
            return row[0] if row else None


@contextmanager
def seeded(cache: Path, name: str, scale: int, since: datetime = SINCE, until: datetime = UNTIL) -> Iterator[Seeded]:
    """A server of its own on which a system is provisioned and `scale` users and what they do are generated."""
    system = importlib.import_module(f"airside.seeds.generated.{name}").system
    with provisioned(cache, name) as server:
        databases = {entry.name: entry.load() for entry in load_registry().resolve(name)}
        for database in databases.values():
            with as_owner(server, database) as connection:
                mark(connection, "development")
        made = Seeded(server, system, databases, Run(scale, 1, since, until))
        made.generate()
        yield made
