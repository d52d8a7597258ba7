"""Old partitions in a second database, read under one name with the live ones (see union).

Copy, fence, compare, swap: the rows are copied and proven while the table goes on; then writers of the one partition
are kept out for the moments that it takes to see that nothing has changed since, and one transaction of milliseconds
takes it out of the live table and puts the foreign partition into the cold one. Readers of the view see each row
exactly once at every moment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import sql

from ...schema.core.database import Database
from ...schema.core.errors import Refused, UsageError
from ...schema.core.locks import LockMode, WantedLock
from ...schema.core.patience import Patience
from ...server import Server, resolve
from ..actions import Table
from ..ledger import Event, ensure_ledger, range_details
from ..ledger import record as record_partition
from ..planner import parent_of
from ..shape import shortened
from ..state import Ladder, read_ladders
from .account import Account
from .attaching import attach_locks, explained, make_ready, naming_misfits, require_there
from .cold import Cold, archived_columns, compare, refuse_changed, second_database, stream, there
from .columns import read_columns
from .due import DueLeaf
from .fence import closed_while_attached, fence, fence_attached, opening, unfence
from .files import closure_lease
from .leaves import leaving_locks, prove_range, why_it_stays
from .ledger import HOLD, Archive, NewArchive, advance, archives, ensure_archives, note, record, without_credentials
from .like import add_indexes, added_since, make_like
from .period import Period
from .restored import Restored
from .source import Source, attached, content, leased, session
from .union import Union, make_foreign, refuse_shown, set_up


@dataclass(frozen=True, slots=True)
class Second:
    """A second database, and how long a partition stays here after it went there. The observer is told bytes."""

    server: Server
    database: Database
    url: str
    grace: timedelta
    patience: Patience
    observer: Callable[[int], None] = field(default=lambda _: None)

    def archive(self, connection: psycopg.Connection[Any], due: DueLeaf) -> Archive:
        """Move a partition that is past its retention to the second database; the line of the ledger.

        `connection` is in autocommit mode and acts as the owner. What fails before the swap changes nothing. Raises
        Refused when the partition cannot leave, a table is in the way there, or the copy differs; MissingExtension,
        MissingRight, LockNotAcquired.
        """
        if reason := why_it_stays(connection, due):
            raise Refused(f"{due.leaf.name} stays: {reason}", where=due.ladder.name, next_step="airside archive plan")
        ensure_archives(connection)
        ensure_ledger(connection)
        source = Source.of(due.ladder, due.leaf)
        remote = resolve(self.url)
        with (
            session(self.server, self.database) as here,
            leased(here, source.oid, self.patience.budget, where=source.where),
            there(remote) as far,
        ):
            _refuse_itself(here, far)
            if not attached(here, source):
                raise Refused("another run has moved it", where=source.where, next_step="airside archive list")
            refuse_shown(here, source.schema, source.leaf)
            if closed_while_attached(here, source.oid):
                # by a run that was cut off; the copy takes long, and nobody is kept out meanwhile
                unfence(here, source, self.patience)
            name = set_up(self.server, self.database, here, remote, far, due.ladder, self.patience)
            prove_range(here, due, self.patience)
            move = _Move(self, here, Cold(here, far, due.ladder, source), due, self._location(remote, source))
            return move.done(name)

    def _location(self, remote: Server, source: Source) -> str:
        return without_credentials(f"{remote.url(remote.maintenance)}#{source.schema}.{source.leaf}")


@dataclass(frozen=True, slots=True)
class _Move:
    job: Second
    here: psycopg.Connection[Any]
    cold: Cold
    due: DueLeaf
    location: str

    @property
    def source(self) -> Source:
        return self.cold.source

    def done(self, foreign_server: str) -> Archive:
        copied = self._copied()
        with closure_lease(self.here, self.job.database, self.cold.ladder.oid, self.job.patience):
            return self._exchanged(copied, foreign_server)

    def _exchanged(self, copied: Archive, foreign_server: str) -> Archive:
        patience = self.job.patience
        try:
            fence_attached(self.here, self.source, patience)
            if not self._unchanged(copied):
                copied = self._copied()
            columns = read_columns(self.here, self.source.oid)
            union = Union(self.cold.ladder)
            make_foreign(self.here, union, self.source.leaf, columns, foreign_server)
            patience.transaction(
                self.here,
                lambda: self._swap(union, copied.id),
                what=f"swap {self.source.leaf}",
                where=self.cold.ladder.name,
                bounded=True,
                locks=(*leaving_locks(self.here, self.due), *_cold_lock(self.here, union, "ShareUpdateExclusiveLock")),
            )
        except BaseException:
            if not self.here.closed:
                unfence(self.here, self.source, patience)
            raise
        fence(self.here, self.source, patience)
        return _line(self.here, copied.id)

    def _unchanged(self, copied: Archive) -> bool:
        now = content(self.here, self.source.identifier, read_columns(self.here, self.source.oid))
        return (now.rows, now.digest) == (copied.row_count, copied.digest)

    def _copied(self) -> Archive:
        """The copy that is in the second database; what a killed run left there is used or made anew."""
        lines = [line for line in archives(self.here, leaf_oid=self.source.oid) if line.location == self.location]
        for line in lines:
            if line.state == "copied":
                advance(self.here, line.id, "failed", details={"reason": "copied anew"})
        numbers: list[int] = []

        def note_it(said: Account, found: Account) -> None:
            columns = [column.name for column in read_columns(self.here, self.source.oid)]
            details = {"digest_there": found.digest, "key": self.source.key, "columns": columns}
            details |= {"fine": self.source.fine} if any(self.source.fine) else {}
            numbers.append(record(self.here, self._new(said, details)))

        self.cold.copy(self._period(), mine=self._is_ours(), before_commit=note_it, observer=self.job.observer)
        return _line(self.here, numbers[0])

    def _is_ours(self) -> bool:
        """Whether the table there may go: a copy that was never swapped in, or one that was brought back since."""
        table = (self.source.schema, self.source.table)
        lines = [line for line in archives(self.here, table=table) if line.location == self.location]
        return bool(lines) and all(line.state in ("failed", "restored") for line in lines)

    def _period(self) -> Period:
        source = self.source
        return Period.between(self.cold.ladder, source.key, source.lower, source.upper, source.fine)

    def _new(self, said: Account, details: dict[str, Any]) -> NewArchive:
        source = self.source
        return NewArchive(
            schema=source.schema,
            table=source.table,
            leaf_schema=source.leaf_schema,
            leaf=source.leaf,
            leaf_oid=source.oid,
            target="database",
            location=self.location,
            rows=said.rows,
            lower=source.lower,
            upper=source.upper,
            digest=said.digest,
            details=details,
        )

    def _swap(self, union: Union, number: int) -> None:
        detach = sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(union.live, self.source.identifier)
        attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}").format(
            union.cold, union.foreign(self.source.leaf), self._period().bound
        )
        advance(self.here, number, "verified", grace_until=datetime.now(UTC) + self.job.grace)
        _record(self.here, "detached", self.source, self.due.leaf.bound, self.location)
        self.here.execute(detach)
        self.job.patience.share(self.here)
        self.here.execute(attach)


def bring_back(
    server: Server,
    database: Database,
    archive: Archive,
    *,
    patience: Patience,
    observer: Callable[[int], None] = lambda _: None,
    hold: timedelta = HOLD,
    url: str | None = None,
) -> Restored:
    """Bring a partition back from the second database.

    While it is here detached, it is only swapped back; else its rows are copied, compared, and swapped in. `url` is
    needed where the recorded location lacks a password that libpq does not find by itself. The table in the second
    database stays, and the next archiving takes its place. Raises Refused, LockNotAcquired.
    """
    with (
        session(server, database) as here,
        leased(here, archive.leaf_oid, patience.budget, where=archive.name),
    ):
        archive = _line(here, archive.id)
        ladder = _ladder(here, database, archive)
        back = _Return(here, ladder, archive, patience, hold)
        name = f"{archive.leaf_schema}.{archive.leaf}"
        if any(leaf.oid == archive.details.get("restored_oid") for leaf in ladder.leaves):
            return Restored(name, archive.row_count, ladder.name, again=True)
        _refuse_former(here, archive)
        oid = back.oid()
        if oid is None:
            with there(second_database(archive, url)) as far:
                oid = back.copied(far, observer)
        elif oid == archive.leaf_oid:
            refuse_changed(archive, url)
        elif oid != archive.details.get("restored_oid"):
            raise Refused("another table has the name of the partition", where=name, next_step="rename it")
        back.swapped(oid)
        return Restored(name, archive.row_count, ladder.name)


def _refuse_former(connection: psycopg.Connection[Any], archive: Archive) -> None:
    """Raise Refused where what was archived has come back since and was archived again: only the last one is there."""
    table = (archive.source_schema, archive.source_table)
    for line in archives(connection, table=table, states=("verified", "dropped"), target="database"):
        if line.location == archive.location and line.id > archive.id:
            raise Refused(
                f"it came back and was archived again, as #{line.id}",
                where=archive.name,
                next_step=f"airside archive restore TARGET {archive.name} '#{line.id}'",
            )


@dataclass(frozen=True, slots=True)
class _Return:
    here: psycopg.Connection[Any]
    ladder: Ladder
    archive: Archive
    patience: Patience
    hold: timedelta

    @property
    def leaf(self) -> sql.Identifier:
        return sql.Identifier(self.archive.leaf_schema, self.archive.leaf)

    @property
    def period(self) -> Period:
        key = str(self.archive.details["key"])
        lower, upper = self.archive.details.get("fine", (None, None))
        return Period.between(self.ladder, key, self.archive.lower_bound, self.archive.upper_bound, (lower, upper))

    def oid(self) -> int | None:
        name = self.leaf.as_string(self.here)
        row = self.here.execute("SELECT to_regclass(%s)::oid::bigint", [name]).fetchone()
        return row[0] if row is not None else None

    def copied(self, far: psycopg.Connection[Any], observer: Callable[[int], None]) -> int:
        table = sql.Identifier(self.archive.source_schema, self.archive.leaf)
        row = far.execute("SELECT to_regclass(%s)::oid::bigint", [table.as_string(far)]).fetchone()
        if row is None or row[0] is None:
            raise Refused(
                "the table is not in the second database",
                where=self.archive.location,
                next_step="restore it there from a backup",
            )
        archived = archived_columns(far, int(row[0]), self.archive)
        now = read_columns(self.here, self.ladder.oid)
        added_since(archived, now, self.ladder.name)
        made = {column.name for column in now if column.generated}
        with self.here.transaction(), far.transaction():
            far.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            make_like(self.here, Table(self.ladder.oid, self.ladder.schema, self.ladder.table), self.leaf)
            self.here.execute(
                sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({})").format(
                    self.leaf, sql.Identifier(shortened(f"{self.archive.leaf}_rng")), self.period.check
                )
            )
            instead = f"its rows can be read where they are: {Union(self.ladder).cold.as_string(self.here)}"
            with naming_misfits(self.archive.name, instead=instead):
                stream(far, table, self.here, self.leaf, [c for c in archived if c.name not in made], observer)
            compare(far, table, self.here, self.leaf, archived)
            add_indexes(self.here, self.ladder.oid, self.leaf)
            oid = self.oid()
            assert oid is not None
            note(self.here, self.archive.id, {"restored_oid": oid})
            # until it is attached it is ours, and no drift
            _record(self.here, "archived", self._source(oid), "", self.archive.location)
        self.here.execute(sql.SQL("ANALYZE {}").format(self.leaf))
        return oid

    def _source(self, oid: int) -> Source:
        archive = self.archive
        return Source(
            archive.source_schema,
            archive.source_table,
            archive.leaf_schema,
            archive.leaf,
            oid,
            archive.lower_bound,
            archive.upper_bound,
        )

    def swapped(self, oid: int) -> None:
        source, union = self._source(oid), Union(self.ladder)
        parent, table = parent_of(self.ladder), Table(oid, source.leaf_schema, source.leaf)
        make_ready(self.here, self.patience, parent, table, self.period)
        with explained(self.archive.name):
            self.patience.transaction(
                self.here,
                lambda: self._swap(union, source, table),
                what=f"swap {source.leaf} back",
                where=self.ladder.name,
                bounded=True,
                locks=(
                    *attach_locks(self.here, parent, table),
                    *_cold_lock(self.here, union, "AccessExclusiveLock"),
                ),
            )

    def _swap(self, union: Union, source: Source, table: Table) -> None:
        foreign = union.foreign(self.archive.leaf)
        until, details = datetime.now(UTC) + self.hold, {"restored_oid": table.oid}
        advance(self.here, self.archive.id, "restored", grace_until=until, details=details)
        _record(self.here, "attached", source, "", self.archive.location)
        self.here.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(self.leaf))
        # whoever looked before the lock may have looked at another table
        require_there(self.here, table)
        for statement in opening(source):
            self.here.execute(statement)
        attach = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES {}")
        for statement in (
            sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(union.cold, foreign),
            sql.SQL("DROP FOREIGN TABLE {}").format(foreign),
            attach.format(union.live, self.leaf, self.period.bound),
        ):
            self.patience.share(self.here)
            self.here.execute(statement)


def _cold_lock(connection: psycopg.Connection[Any], union: Union, mode: LockMode) -> tuple[WantedLock, ...]:
    row = connection.execute("SELECT to_regclass(%s)::oid::bigint", [union.cold.as_string(connection)]).fetchone()
    return (WantedLock(int(row[0]), mode),) if row is not None and row[0] is not None else ()


def _ladder(connection: psycopg.Connection[Any], database: Database, archive: Archive) -> Ladder:
    for ladder in read_ladders(connection, database):
        if (ladder.schema, ladder.table) == (archive.source_schema, archive.source_table):
            return ladder
    raise Refused("its table is gone", where=archive.name, next_step="airside provision makes it")


def _line(connection: psycopg.Connection[Any], number: int) -> Archive:
    return next(line for line in archives(connection) if line.id == number)


def _record(connection: psycopg.Connection[Any], event: Event, source: Source, bound: str, location: str) -> None:
    record_partition(
        connection,
        event,
        parent=(source.schema, source.table),
        leaf=(source.leaf_schema, source.leaf),
        leaf_oid=source.oid,
        details={**range_details(bound, source.lower, source.upper), "archive": location},
    )


def _refuse_itself(here: psycopg.Connection[Any], far: psycopg.Connection[Any]) -> None:
    asked = "SELECT system_identifier, current_database() FROM pg_catalog.pg_control_system()"
    if here.execute(asked).fetchone() == far.execute(asked).fetchone():
        raise UsageError("the second database is the first one", next_step="name another database with --to")
