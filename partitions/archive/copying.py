"""Rows from PostgreSQL into a file, with what PostgreSQL says of them: two sessions on one snapshot, at the same time.

One session sends the rows (COPY in binary form, through ADBC), the other computes digest and statistics. Where that one
finds values that a file's own type cannot hold, the copy begins again with those columns as text.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import EnvironmentProblem, ServerGone
from ...server import Server
from .account import account
from .columns import SETTINGS, Column, read_columns
from .extra import Batch, adbc, pa
from .parquet import write_rows
from .source import APPLICATION, Source, session
from .store import Store
from .tables import Statistics, arrow_schema, spelled

_BATCH_BYTES = 4 << 20


@dataclass(frozen=True, slots=True)
class Measured:
    """What PostgreSQL says of a table: rows, the row digest, statistics by column, and which columns are awkward."""

    rows: int
    digest: str
    statistics: Mapping[str, Statistics]
    awkward: frozenset[str]


@dataclass(frozen=True, slots=True)
class Copied:
    """A file that was written and not yet read back. What is said of the rows comes from PostgreSQL, the digest of the
    content and the SHA-256 from what was written."""

    columns: tuple[Column, ...]
    awkward: frozenset[str]
    rows: int
    digest: str
    statistics: Mapping[str, Statistics]
    content_digest: str
    sha256: str
    system_identifier: str


class _Awkward(Exception):
    """A column holds what its native carrier cannot."""


def copy(
    server: Server,
    database: Database,
    source: Source,
    connection: psycopg.Connection[Any],
    store: Store,
    path: str,
    observer: Callable[[int], None],
) -> Copied:
    """Write the rows of a table into the unfinished file `path`. `connection` holds the snapshot meanwhile.

    Raises EnvironmentProblem when the file cannot be written or the server fails.
    """
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS SHARE MODE").format(source.identifier))
        snapshot = _value(connection, "SELECT pg_catalog.pg_export_snapshot()")
        identifier = _value(connection, "SELECT system_identifier::text FROM pg_catalog.pg_control_system()")
        columns = read_columns(connection, source.oid)
        awkward: frozenset[str] = frozenset()
        while True:
            run = _Run(server, database, source, columns, awkward, snapshot)
            try:
                measured, content_digest, sha256 = run.write(store, path, observer)
            except _Awkward:
                awkward = run.awkward_found
                continue
            return Copied(
                columns,
                awkward,
                measured.rows,
                measured.digest,
                measured.statistics,
                content_digest,
                sha256,
                identifier,
            )


@dataclass(slots=True)
class _Run:
    server: Server
    database: Database
    source: Source
    columns: tuple[Column, ...]
    awkward: frozenset[str]
    snapshot: str
    awkward_found: frozenset[str] = frozenset()

    def write(self, store: Store, path: str, observer: Callable[[int], None]) -> tuple[Measured, str, str]:
        with self._measuring() as measuring, store.writing(path) as sink:
            try:
                with self._batches() as batches:
                    schema = arrow_schema(self.columns, self.awkward)
                    _, content_digest = write_rows(self._watched(batches, measuring), schema, sink, observer)
            except pa.ArrowInvalid:
                # NaN among decimals shows here, before the other session has seen it
                self._refuse_awkward(measuring.result())
                raise
            measured = measuring.result()
            self._refuse_awkward(measured)
        return measured, content_digest, sink.hexdigest()

    def _watched(self, batches: Generator[Batch], measuring: Future[Measured]) -> Generator[Batch]:
        for batch in batches:
            if measuring.done():
                self._refuse_awkward(measuring.result())
            yield batch

    def _refuse_awkward(self, measured: Measured) -> None:
        if measured.awkward - self.awkward:
            self.awkward_found = self.awkward | measured.awkward
            raise _Awkward

    @contextmanager
    def _measuring(self) -> Generator[Future[Measured]]:
        with session(self.server, self.database) as connection, ThreadPoolExecutor(1) as pool:
            future = pool.submit(self._measured, connection)
            try:
                yield future
            except BaseException:
                # whoever is interrupted does not wait for a long query
                with suppress(psycopg.Error):
                    connection.cancel_safe()
                raise

    def _measured(self, connection: psycopg.Connection[Any]) -> Measured:
        with connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute(sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(self.snapshot)))
            return measure(connection, self.source.identifier, self.columns, self.awkward)

    @contextmanager
    def _batches(self) -> Generator[Generator[Batch]]:
        statement = sql.SQL("SELECT {} FROM ONLY {} AS t").format(
            sql.SQL(", ").join(
                sql.SQL("{} AS {}").format(column.selected(self.awkward), sql.Identifier(column.name))
                for column in self.columns
            ),
            self.source.identifier,
        )
        with _driver(self.server, self.database) as connection, connection.cursor() as cursor:
            for setting in _settings(self.database, self.snapshot):
                cursor.execute(setting.as_string(None))
            cursor.adbc_statement.set_options(**{"adbc.postgresql.batch_size_hint_bytes": str(_BATCH_BYTES)})
            cursor.execute(statement.as_string(None))
            yield _translated(cursor.fetch_record_batch())


def measure(
    connection: psycopg.Connection[Any],
    table: sql.Composable,
    columns: Sequence[Column],
    awkward: frozenset[str] = frozenset(),
) -> Measured:
    """What PostgreSQL says of a table, in the spelling of a manifest. The session has SETTINGS.

    Statistics of awkward columns are there only when `awkward` names them.
    """
    said = account(connection, table, columns, awkward)
    statistics = {
        column.name: spelled(said.values[column.name], column.carrier(awkward))
        for column in columns
        if column.name in awkward or column.name not in said.awkward
    }
    return Measured(said.rows, said.digest, statistics, said.awkward)


def _settings(database: Database, snapshot: str) -> Generator[sql.Composable]:
    yield sql.SQL("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    yield sql.SQL("SET TRANSACTION SNAPSHOT {}").format(sql.Literal(snapshot))
    yield sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(database.roles.owner))
    yield sql.SQL("SET LOCAL application_name = {}").format(sql.Literal(APPLICATION))
    for name, value in SETTINGS.items():
        yield sql.SQL("SET LOCAL {} = {}").format(sql.Identifier(name), sql.Literal(value))


@contextmanager
def _driver(server: Server, database: Database) -> Generator[Any]:
    with _translating(), adbc.connect(server.url(database.name, show_password=True)) as connection:
        yield connection


def _translated(batches: Any) -> Generator[Batch]:
    with _translating():
        yield from batches


@contextmanager
def _translating() -> Generator[None]:
    try:
        yield
    except adbc.OperationalError:
        # its text may hold the address with the password
        raise ServerGone(
            "the connection that copies rows failed", next_step="nothing was dropped; run the command again"
        ) from None
    except adbc.Error as error:
        raise EnvironmentProblem(
            f"the rows could not be read [{getattr(error, 'sqlstate', None) or 'no SQLSTATE'}]",
            next_step="nothing was dropped; see the server's log, then run the command again",
        ) from None


def _value(connection: psycopg.Connection[Any], statement: Any) -> str:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return str(row[0])
