"""A partition in a second database: copied in one transaction, compared on both sides, under the same name there."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from ...schema.core.errors import Refused
from ...server import Server, resolve
from ..state import Ladder
from .account import Account, account
from .columns import Column, read_columns, settle
from .ledger import Archive
from .like import index_statements
from .period import Period
from .source import APPLICATION, Source, content
from .union import described

_EVERY = 8 << 20


@contextmanager
def there(remote: Server) -> Generator[psycopg.Connection[Any]]:
    """A connection to the second database, in autocommit mode. Raises what `Server.connect` raises."""
    with remote.connect(remote.maintenance, autocommit=True, application_name=APPLICATION) as connection:
        settle(connection)
        yield connection


@dataclass(frozen=True, slots=True)
class Cold:
    """Both sides of a copy. `here` acts as the owner of the live table."""

    here: psycopg.Connection[Any]
    there: psycopg.Connection[Any]
    ladder: Ladder
    source: Source

    @property
    def table(self) -> sql.Identifier:
        """The table of the partition in the second database."""
        return sql.Identifier(self.ladder.schema, self.source.leaf)

    def copy(
        self,
        period: Period,
        *,
        mine: bool,
        before_commit: Callable[[Account, Account], None],
        observer: Callable[[int], None],
    ) -> None:
        """Copy the rows from one snapshot and compare both sides; then, before the copy is committed, `before_commit`
        is told what each side says.

        `mine` says that a table of this name is a former copy of ours and may go. The observer is told the bytes sent
        so far. Raises Refused where a table is in the way or the two sides differ: nothing of the copy stays.
        """
        columns = read_columns(self.here, self.source.oid)
        with self.there.transaction():
            self._make_table(columns, mine=mine)
            with self.here.transaction():
                self.here.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                self.here.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS SHARE MODE").format(self.source.identifier))
                stream(self.here, self.source.identifier, self.there, self.table, columns, observer)
                said, found = compare(self.here, self.source.identifier, self.there, self.table, columns)
            self.there.execute(sql.SQL("ALTER TABLE {} ADD CHECK ({})").format(self.table, period.check))
            for statement in index_statements(self.here, self.ladder.oid, self.table):
                self.there.execute(statement)
            attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}")
            self.there.execute(attach.format(self._parent, self.table, period.bound))
            before_commit(said, found)

    @property
    def _parent(self) -> sql.Identifier:
        return sql.Identifier(self.ladder.schema, self.ladder.table)

    def _make_table(self, columns: Sequence[Column], *, mine: bool) -> None:
        if mine:
            self.there.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(self.table))
        try:
            self.there.execute(sql.SQL("CREATE TABLE {} ({})").format(self.table, described(columns)))
        except psycopg.errors.DuplicateTable:
            raise Refused(
                "a table of this name is in the second database, and it is no copy that may go",
                where=self.source.where,
                next_step="see what it holds (airside archive list), rename it there, then run the command again",
            ) from None


def stream(
    source: psycopg.Connection[Any],
    table: sql.Composable,
    target: psycopg.Connection[Any],
    into: sql.Composable,
    columns: Sequence[Column],
    observer: Callable[[int], None],
) -> None:
    """Send the rows of one table into another, server to server; the observer is told the bytes so far."""
    # the binary form of an array or a row of a type of one's own holds that type's number in the one database
    plain = all(column.base or column.kind == "e" for column in columns)
    form: LiteralString = "binary" if plain else "text"
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    out = sql.SQL("COPY (SELECT {} FROM ONLY {}) TO STDOUT (FORMAT {})").format(names, table, sql.SQL(form))
    back = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT {})").format(into, names, sql.SQL(form))
    sent = told = 0
    with source.cursor().copy(out) as reading, target.cursor().copy(back) as writing:
        for block in reading:
            writing.write(block)
            sent += len(block)
            if sent - told >= _EVERY:
                told = sent
                observer(sent)


def compare(
    one: psycopg.Connection[Any],
    table: sql.Composable,
    other: psycopg.Connection[Any],
    copy: sql.Composable,
    columns: Sequence[Column],
) -> tuple[Account, Account]:
    """What two tables hold, which is the same: rows, statistics, and between servers of one version the digest.

    Raises Refused when it is not.
    """
    said = account(one, table, columns)
    if said.awkward:
        said = account(one, table, columns, said.awkward)
    found = account(other, copy, columns, said.awkward)
    same_major = one.info.server_version // 10000 == other.info.server_version // 10000
    wrong = [name for name, values in said.values.items() if found.values.get(name) != values]
    if found.rows != said.rows or wrong or (same_major and found.digest != said.digest):
        raise Refused(
            f"the copy is not what was copied: {found.rows} rows instead of {said.rows}"
            + (f", and {', '.join(wrong)} differ" if wrong else ""),
            where=one.info.dbname,
            next_step="nothing was dropped; run the command again",
        )
    return said, found


def second_database(archive: Archive, url: str | None = None) -> Server:
    """The server of a second database; `url` is needed where libpq does not find a password by itself."""
    return resolve(url or archive.location.partition("#")[0])


def archived_columns(far: psycopg.Connection[Any], oid: int, archive: Archive) -> tuple[Column, ...]:
    """The columns of a table in the second database that it was archived with; others came since."""
    names = set(archive.details["columns"])
    return tuple(column for column in read_columns(far, oid) if column.name in names)


def refuse_changed(archive: Archive, url: str | None = None) -> None:
    """Raise Refused unless the second database holds what was archived."""
    table = sql.Identifier(archive.source_schema, archive.leaf)
    with there(second_database(archive, url)) as far:
        row = far.execute("SELECT to_regclass(%s)::oid::bigint", [table.as_string(far)]).fetchone()
        oid = row[0] if row is not None else None
        found = None if oid is None else content(far, table, archived_columns(far, int(oid), archive))
    if found is None or (found.rows, found.digest) != (archive.row_count, archive.details["digest_there"]):
        raise Refused(
            "the second database does not hold what was archived: "
            + (f"{found.rows} rows, {archive.row_count} then" if found else "the table is gone"),
            where=archive.location,
            next_step="find out who changed it there; nothing is dropped here",
        )
