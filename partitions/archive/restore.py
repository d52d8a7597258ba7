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
from ...server import Server
from ..actions import Table
from ..ledger import Event, ensure_ledger, range_details
from ..ledger import record as record_partition
from ..planner import parent_of
from ..shape import shortened
from ..state import Ladder, read_ladders
from .attaching import attach_locks, explained, make_ready, naming_misfits, require_there
from .columns import read_columns
from .fence import opening
from .ledger import HOLD, Archive, NewArchive, advance, archives, ensure_archives, note, record
from .like import add_indexes, added_since, changes, make_like
from .load import as_plain, definition, load, prove
from .manifest import Manifest, sha256_of
from .period import Period
from .restored import Restored
from .source import Source, content, leased, session
from .store import Store
from .verify import refuse_other_bytes, whole_manifest


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
        added = added_since(self.manifest.declared, read_columns(self.connection, ladder.oid), self.manifest.qualified)
        schema = str(line.leaf_schema)
        there = self._oid(schema, self.manifest.leaf)
        if there is None:
            there = self._loaded(ladder, period, schema, line)
        elif there == line.leaf_oid and line.state == "verified":
            return self._unmoved(ladder, period, schema, line, hold)
        elif there == loaded:
            self._refuse_former(line, there)
        else:
            raise Refused(
                "another table has the name of the partition",
                where=qualified(schema, self.manifest.leaf),
                next_step="rename it, or restore the archive as a table of its own: --as NAME",
            )
        with leased(self.connection, there, self.patience.budget, where=self.manifest.qualified):
            # nobody archives or drops it meanwhile
            table = Table(there, schema, self.manifest.leaf)
            # a run that archived it again may have closed it, and was cut off
            opened = opening(Source(line.source_schema, line.source_table, schema, line.leaf, there))
            self._attach(ladder, period, table, line, hold, opened)
        return Restored(f"{schema}.{self.manifest.leaf}", self.manifest.rows, ladder.name, added=added)

    def _refuse_former(self, line: Archive, oid: int) -> None:
        """Raise Refused where what came back was archived again: what is here now is what the last one holds."""
        for last in archives(self.connection, leaf_oid=oid, states=("verified",), target="parquet"):
            if last.id != line.id:
                raise Refused(
                    f"it came back and was archived again, as #{last.id}",
                    where=line.name,
                    next_step=f"airside archive restore TARGET {line.name} '#{last.id}'",
                )

    def _unmoved(self, ladder: Ladder, period: Period, schema: str, line: Archive, hold: timedelta) -> Restored:
        """Attach the partition that was archived and is still here, detached and fenced: its rows need no loading."""
        source = Source(line.source_schema, line.source_table, schema, line.leaf, line.leaf_oid)
        with leased(self.connection, line.leaf_oid, self.patience.budget, where=source.where):
            # a run that drops it may have been waited for
            table = Table(source.oid, schema, source.leaf)
            require_there(self.connection, table)
            columns = read_columns(self.connection, line.leaf_oid)
            added_since(columns, read_columns(self.connection, ladder.oid), self.manifest.qualified)
            rows = content(self.connection, source.identifier, columns).rows
            self._attach(ladder, period, table, line, hold, opening(source))
        return Restored(source.where, rows, ladder.name)

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
        leaf = sql.Identifier(schema, self.manifest.leaf)
        with self.connection.transaction():
            make_like(self.connection, Table(ladder.oid, ladder.schema, ladder.table), leaf)
            self.connection.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({})").format(
                    leaf, sql.Identifier(shortened(f"{self.manifest.leaf}_rng")), period.check
                )
            )
            with naming_misfits(self.manifest.qualified, instead="restore it as a table of its own: --as NAME"):
                load(self.connection, leaf, self.store, self.manifest, self.observer)
            prove(self.connection, leaf, self.manifest)
            add_indexes(self.connection, ladder.oid, leaf)
            oid = self._oid(schema, self.manifest.leaf)
            assert oid is not None
            note(self.connection, line.id, {"restored_oid": oid})
            # until it is attached it is ours, and no drift
            self._record("archived", ladder, schema, oid, line)
        self.connection.execute(sql.SQL("ANALYZE {}").format(leaf))
        return oid

    def _attach(
        self,
        ladder: Ladder,
        period: Period,
        table: Table,
        line: Archive,
        hold: timedelta,
        before: Sequence[sql.Composed],
    ) -> None:
        """Attach a table without reading it; `before` are statements of the same transaction on the table alone."""
        parent, leaf = parent_of(ladder), sql.Identifier(table.schema, table.name)
        make_ready(self.connection, self.patience, parent, table, period)

        def attach() -> None:
            details = {"restored_oid": table.oid}
            advance(self.connection, line.id, "restored", grace_until=datetime.now(UTC) + hold, details=details)
            self._record("attached", ladder, table.schema, table.oid, line)
            # whoever looked before the lock may have looked at another table
            self.connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(leaf))
            require_there(self.connection, table)
            for statement in before:
                self.connection.execute(statement)
            self.patience.share(self.connection)
            self.connection.execute(
                sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}").format(
                    sql.Identifier(parent.schema, parent.name), leaf, period.bound
                )
            )

        with explained(self.manifest.qualified):
            self.patience.transaction(
                self.connection,
                attach,
                what=f"attach {table.name}",
                where=self.manifest.qualified,
                bounded=True,
                locks=attach_locks(self.connection, parent, table),
            )

    def _record(self, event: Event, ladder: Ladder, schema: str, oid: int, line: Archive) -> None:
        record_partition(
            self.connection,
            event,
            parent=(ladder.schema, ladder.table),
            leaf=(schema, self.manifest.leaf),
            leaf_oid=oid,
            details={
                **range_details("", _moment(self.manifest.lower), _moment(self.manifest.upper)),
                "restored": line.location,
            },
        )

    def _oid(self, schema: str, name: str) -> int | None:
        return self._value("SELECT to_regclass(%s)::oid::bigint", qualified(schema, name))

    def _value(self, statement: Any, *values: Any) -> Any:
        row = self.connection.execute(statement, list(values)).fetchone()
        return row[0] if row is not None else None


def changed_since(server: Server, database: Database, manifest: Manifest) -> tuple[str, ...]:
    """Why an archive cannot be a partition of its table again; nothing where it can, or where the table is gone."""
    with session(server, database) as connection:
        name = qualified(manifest.schema, manifest.table)
        row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [name]).fetchone()
        if row is None or row[0] is None:
            return ()
        return changes(manifest.declared, read_columns(connection, int(row[0])))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
