"""An archive brought back: as a partition, attached without a scan, or as a table of its own.

The rows are loaded and proven in one transaction, so that a run that is killed leaves nothing; the ledger then knows
the table, and the next run goes on with attaching it.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import NotProvisioned, Refused
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ...server import Server
from ..ledger import ensure_ledger, range_details
from ..ledger import record as record_partition
from ..state import Ladder, read_ladders
from .columns import Column, read_columns
from .ledger import Archive, NewArchive, advance, archives, ensure_archives, note, record
from .load import as_plain, definition, load, prove
from .manifest import Manifest, sha256_of
from .period import Period
from .source import QUERIES, leased, session
from .store import Store
from .verify import refuse_other_bytes, whole_manifest

HOLD = timedelta(days=30)
"""How long a restored partition, which is past its retention, is left alone by the next runs."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back, and where it is now. `again` says that it was there already. `added` are columns of the
    table that the archive does not have; they hold their default, or NULL."""

    table: str
    rows: int
    attached_to: str | None
    again: bool = False
    added: tuple[str, ...] = ()


def restore(
    server: Server,
    database: Database,
    store: Store,
    name: str,
    *,
    patience: Patience,
    sha256: str | None = None,
    as_table: tuple[str, str] | None = None,
    observer: Callable[[int], None] = lambda _: None,
    hold: timedelta = HOLD,
) -> Restored:
    """Bring back the archive whose manifest is `name` in `store`; `sha256` is what the ledger says of the manifest.

    It becomes a partition of its table again, or, with `as_table` (schema, name), a table of its own with the columns
    of the archive. Rows that are there are never doubled. Raises Refused when the archive is harmed, when rows of its
    period are there, when a column was dropped or has another type since, or when what was loaded is not what was
    archived; LockNotAcquired.
    """
    manifest = whole_manifest(store, name, sha256)
    refuse_other_bytes(store, manifest)
    with session(server, database) as connection:
        ensure_archives(connection)
        ensure_ledger(connection)
        job = _Job(connection, database, store, name, manifest, patience, observer)
        lease = zlib.crc32("/".join(as_table or (manifest.schema, manifest.table)).encode())
        with leased(connection, lease, patience.budget, where=manifest.qualified):
            return job.beside(as_table) if as_table else job.into_its_table(hold)


@dataclass(frozen=True, slots=True)
class _Job:
    connection: psycopg.Connection[Any]
    database: Database
    store: Store
    name: str
    manifest: Manifest
    patience: Patience
    observer: Callable[[int], None]

    def beside(self, as_table: tuple[str, str]) -> Restored:
        where = ".".join(as_table)
        if self._oid(*as_table) is not None:
            raise Refused(
                "there is a table of this name", where=where, next_step="drop it if it may go, or give another name"
            )
        table = sql.Identifier(*as_table)
        columns = definition(self.manifest.declared, where=self.store.shown(self.name))
        with self.connection.transaction():
            self.connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, columns))
            load(self.connection, table, self.store, as_plain(self.manifest), self.observer)
            prove(self.connection, table, self.manifest)
        return Restored(where, self.manifest.rows, None)

    def into_its_table(self, hold: timedelta) -> Restored:
        ladder = self._ladder()
        period = Period.of(ladder, self.manifest)
        line = self._line()
        loaded = line.details.get("restored_oid")
        for leaf in ladder.leaves:
            if leaf.oid == loaded:
                return Restored(f"{leaf.schema}.{leaf.name}", self.manifest.rows, ladder.name, again=True)
        if (taken := period.taken(ladder)) is not None:
            raise Refused(
                f"rows of this period are there or may come: {taken} is attached",
                where=self.manifest.qualified,
                next_step="restore it beside the table: --as NAME",
            )
        added = _added(self.manifest.declared, read_columns(self.connection, ladder.oid), self.manifest.qualified)
        schema = str(line.leaf_schema)
        there = self._oid(schema, self.manifest.leaf)
        if there is None:
            there = self._loaded(ladder, period, schema, line)
        elif there != loaded:
            raise self._in_the_way(schema, there, line)
        self._foreign_keys(ladder, there, schema)
        self._attach(ladder, period, there, schema, line, hold)
        return Restored(f"{schema}.{self.manifest.leaf}", self.manifest.rows, ladder.name, added=added)

    def _ladder(self) -> Ladder:
        wanted = (self.manifest.schema, self.manifest.table)
        for ladder in read_ladders(self.connection, self.database):
            if (ladder.schema, ladder.table) == wanted:
                return ladder
        raise NotProvisioned(
            "there is no partitioned table of this name",
            where=self.manifest.qualified,
            next_step="airside provision makes it; or restore the archive as a table of its own: --as NAME",
        )

    def _line(self) -> Archive:
        """The line of the ledger for this archive; one that came from elsewhere gets its own."""
        digest = sha256_of(self.store.read(self.name))
        for line in archives(self.connection, target="parquet"):
            if line.manifest_sha256 == digest and line.state != "failed":
                return line
        manifest = self.manifest
        number = record(
            self.connection,
            NewArchive(
                schema=manifest.schema,
                table=manifest.table,
                leaf=manifest.leaf,
                leaf_oid=manifest.leaf_oid,
                target="parquet",
                location=self.store.shown(self.name),
                rows=manifest.rows,
                lower=_moment(manifest.lower),
                upper=_moment(manifest.upper),
                digest=manifest.digest,
                sha256=digest,
                size=manifest.size,
                state="dropped",
                details={"file": manifest.file, "from": manifest.system_identifier},
            ),
        )
        return next(line for line in archives(self.connection) if line.id == number)

    def _loaded(self, ladder: Ladder, period: Period, schema: str, line: Archive) -> int:
        leaf, parent = sql.Identifier(schema, self.manifest.leaf), sql.Identifier(ladder.schema, ladder.table)
        with self.connection.transaction():
            # an identity column belongs to the parent; PostgreSQL 17 refuses to attach a table with its own
            self.connection.execute(
                sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING IDENTITY EXCLUDING INDEXES)").format(
                    leaf, parent
                )
            )
            self.connection.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({})").format(
                    leaf, sql.Identifier(f"{self.manifest.leaf}_rng"), period.check
                )
            )
            load(self.connection, leaf, self.store, self.manifest, self.observer)
            prove(self.connection, leaf, self.manifest)
            self._indexes(ladder, leaf)
            oid = self._oid(schema, self.manifest.leaf)
            assert oid is not None
            if self._value("SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = %s", ladder.oid):
                self.connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(leaf))
            note(self.connection, line.id, {"restored_oid": oid})
        self.connection.execute(sql.SQL("ANALYZE {}").format(leaf))
        return oid

    def _indexes(self, ladder: Ladder, leaf: sql.Identifier) -> None:
        """Give the table the indexes of its parent, which is faster when the rows are there."""
        indexes = self.connection.execute(query(QUERIES, "parent_indexes"), {"table_oid": ladder.oid}).fetchall()
        for is_constraint, is_unique, text in indexes:
            if is_constraint:
                form = sql.SQL("ALTER TABLE {} ADD {}")
            else:
                form = sql.SQL("CREATE UNIQUE INDEX ON {} {}") if is_unique else sql.SQL("CREATE INDEX ON {} {}")
            self.connection.execute(form.format(leaf, sql.SQL(text)))

    def _foreign_keys(self, ladder: Ladder, oid: int, schema: str) -> None:
        """Give the table the foreign keys of its parent, validated beforehand: attaching then scans nothing."""
        leaf = sql.Identifier(schema, self.manifest.leaf)
        for name, text, validated in self.connection.execute(
            "SELECT p.conname, pg_catalog.pg_get_constraintdef(p.oid), own.convalidated"
            " FROM pg_catalog.pg_constraint AS p"
            " LEFT JOIN pg_catalog.pg_constraint AS own ON own.conrelid = %s AND own.conname = p.conname"
            " WHERE p.conrelid = %s AND p.contype = 'f' AND p.conparentid = 0 ORDER BY p.conname",
            [oid, ladder.oid],
        ).fetchall():
            constraint = sql.Identifier(name)
            if validated is None:
                add = sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID").format(leaf, constraint, sql.SQL(text))
                self._patiently(lambda add=add: self.connection.execute(add), f"add foreign key {name}")
            if not validated:
                try:
                    self.connection.execute(sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(leaf, constraint))
                except psycopg.errors.ForeignKeyViolation as error:
                    raise Refused(
                        f"what rows refer to is gone ({name}): {error.diag.message_detail or 'unknown'}",
                        where=qualified(schema, self.manifest.leaf),
                        next_step="bring that back first, or restore the archive as a table of its own: --as NAME",
                    ) from None

    def _attach(self, ladder: Ladder, period: Period, oid: int, schema: str, line: Archive, hold: timedelta) -> None:
        parent, leaf = sql.Identifier(ladder.schema, ladder.table), sql.Identifier(schema, self.manifest.leaf)

        def attach() -> None:
            self.connection.execute(
                sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}").format(parent, leaf, period.bound)
            )
            advance(self.connection, line.id, "restored", grace_until=datetime.now(UTC) + hold)
            record_partition(
                self.connection,
                "attached",
                parent=(ladder.schema, ladder.table),
                leaf=(schema, self.manifest.leaf),
                leaf_oid=oid,
                details={
                    **range_details("", _moment(self.manifest.lower), _moment(self.manifest.upper)),
                    "restored": line.location,
                },
            )

        self._patiently(attach, f"attach {self.manifest.leaf}")

    def _in_the_way(self, schema: str, oid: int, line: Archive) -> Refused:
        where = qualified(schema, self.manifest.leaf)
        if oid == line.leaf_oid and line.state == "verified":
            return Refused(
                "the partition itself is still there, detached and not dropped",
                where=where,
                next_step=f"attach it (ALTER TABLE {self.manifest.qualified} ATTACH PARTITION ...), or use --as NAME",
            )
        return Refused(
            "another table has the name of the partition",
            where=where,
            next_step="rename it, or restore the archive as a table of its own: --as NAME",
        )

    def _patiently(self, work: Callable[[], Any], what: str) -> None:
        self.patience.transaction(self.connection, work, what=what, where=self.manifest.qualified)

    def _oid(self, schema: str, name: str) -> int | None:
        return self._value("SELECT to_regclass(%s)::oid::bigint", qualified(schema, name))

    def _value(self, statement: Any, *values: Any) -> Any:
        row = self.connection.execute(statement, list(values)).fetchone()
        return row[0] if row is not None else None


def _added(archived: Sequence[Column], now: Sequence[Column], where: str) -> tuple[str, ...]:
    """The columns that were added since. Raises Refused naming those that a partition cannot be made without."""
    changed = changes(archived, now)
    if changed:
        raise Refused(
            f"the table changed since it was archived: {'; '.join(changed)}",
            where=where,
            next_step="restore it as a table of its own (--as NAME) and move the rows by hand",
        )
    names = {column.name for column in archived}
    return tuple(column.name for column in now if column.name not in names)


def changed_since(server: Server, database: Database, manifest: Manifest) -> tuple[str, ...]:
    """Why an archive cannot be a partition of its table again; nothing where it can, or where the table is gone."""
    with session(server, database) as connection:
        name = qualified(manifest.schema, manifest.table)
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [name]).fetchone()
        if row is None or row[0] is None:
            return ()
        return changes(manifest.declared, read_columns(connection, int(row[0])))


def changes(archived: Sequence[Column], now: Sequence[Column]) -> tuple[str, ...]:
    """What of a table's columns makes that an archive cannot be one of its partitions again."""
    present = {column.name: column for column in now}
    known = {column.name for column in archived}
    gone = [f"column {column.name} was dropped" for column in archived if column.name not in present]
    other = [
        f"column {column.name} is {present[column.name].type} and was {column.type}"
        for column in archived
        if column.name in present and present[column.name].type != column.type
    ]
    wanting = [
        f"column {column.name} is new, not NULL and without a default"
        for column in now
        if column.name not in known and column.not_null and not (column.has_default or column.generated)
    ]
    return (*gone, *other, *wanting)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
