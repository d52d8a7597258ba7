"""Whole partitions of `airside archive run`: to archive tables, to files, and their end when the grace is over."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ..context import Settings
from ..output import Record
from .found import counting
from .pace import paced
from .plan import SAY_WHERE
from .stopping import Stop
from .words import leaf_record, rows_of

if TYPE_CHECKING:
    import psycopg

    from ...partitions.archive.cut_off import Closed
    from ...partitions.archive.due import DueLeaf
    from ...partitions.archive.files import Files
    from ...partitions.archive.ledger import Archive
    from ...partitions.ledger import Detached
    from ...partitions.state import Ladder
    from ...schema.core.database import Database
    from ...schema.core.registry import Entry
    from ...server import Server
    from .run import Options


@dataclass(slots=True)
class PartitionJob:
    """The partitions of one database. What has to stay is a record with its reason, and stops no other."""

    settings: Settings
    server: Server
    entry: Entry
    database: Database
    options: Options
    now: datetime
    stop: Stop
    code: int = 0

    def work(self, connection: psycopg.Connection[Any]) -> Iterator[Record]:
        """A record for each partition, as it is done; `said` is what to tell of it."""
        from ...partitions.archive.destination import is_database
        from ...partitions.archive.due import due_leaves

        yield from self._reopened(connection)
        leaves = due_leaves(connection, self.database, self.now, only=self.options.only)
        yield from self._finished(connection)
        for due in leaves:
            if self.stop():
                return
            yield self._attempt(connection, leaf_record(due, None), lambda due=due: self._one(connection, due))
        if self.options.to is not None and not is_database(self.options.to):
            yield from self._left(connection, self.options.to)
        yield from self._ended(connection)

    def _reopened(self, connection: psycopg.Connection[Any]) -> Iterator[Record]:
        """Partitions that a move to a second database left closed to writers when it was cut off."""
        from ...partitions.archive.cut_off import closed, reopen

        for found in closed(connection, only=self.options.only):
            record: Record = {"table": found.table, "partition": found.name, "destination": None, "skipped": None}

            def again(found: Closed = found) -> Record:
                if not reopen(connection, found, self.options.patience()):
                    return {"skipped": "another run has moved it"}
                return {"reopened": True, "said": "takes writes again; its move to a second database was cut off"}

            yield self._attempt(connection, record, again)

    def _finished(self, connection: psycopg.Connection[Any]) -> Iterator[Record]:
        """What killed runs left of their moves; a record where it cannot be done, which stops nothing else."""
        from ...partitions.archive.leaves import finish_moves

        def finish() -> Record:
            finish_moves(connection, self.options.patience(), only=self.options.only)
            return {}

        record: Record = {"table": None, "partition": "moves of earlier runs", "destination": None, "skipped": None}
        done = self._attempt(connection, record, finish)
        if done["skipped"] is not None:
            yield done

    def _attempt(self, connection: psycopg.Connection[Any], record: Record, work: Callable[[], Record]) -> Record:
        import psycopg

        from ...schema.core.errors import AirsideError
        from ..failures import explain

        try:
            done = record | work()
        except AirsideError as error:
            return self._failed(record, str(error), error.exit_code)
        except psycopg.Error as error:
            # of one partition only: its owner is another, rows that refer to it came meanwhile
            if connection.broken:
                raise
            failure = explain(error, self.server)
            return self._failed(record, failure.what, failure.exit_code)
        if done["skipped"] is not None:
            done["said"] = f"skipped: {done['skipped']}"
        return done

    def _failed(self, record: Record, why: str, code: int) -> Record:
        self.code = max(self.code, code)
        return record | {"skipped": why, "said": f"skipped: {why}"}

    def _one(self, connection: psycopg.Connection[Any], due: DueLeaf) -> Record:
        from ...partitions.archive.files import closure_lease
        from ...partitions.archive.leaves import move_leaf, prove_moves, still_there, why_it_stays

        reason = why_it_stays(connection, due)
        if due.archive is None and due.leaf.pending:
            reason = None
        if reason is not None:
            return {"skipped": reason}
        if due.archive is None:
            if self.options.to is None:
                return {"skipped": SAY_WHERE}
            return self._away(connection, due, self.options.to)
        patience = self.options.patience()
        with closure_lease(connection, self.database, due.ladder.oid, patience):
            if not still_there(connection, due):
                return {"skipped": "another run has moved it"}
            moved = move_leaf(connection, due, patience)
        unfinished = moved.unfinished
        self.code = max(self.code, unfinished.exit_code if unfinished else 0)
        prove_moves(connection)
        return {
            "rows": moved.rows,
            "archive": moved.number,
            "longest_wait": round(patience.waits.longest, 4),
            "unfinished": unfinished.what if unfinished else None,
            "said": f"{rows_of(moved.rows)} to {moved.archive}"
            + (f"; the next run goes on with: {unfinished.what}" if unfinished else ""),
        }

    def _left(self, connection: psycopg.Connection[Any], url: str) -> Iterator[Record]:
        """Partitions that a run detached which was cut off before their file was proven."""
        from ...partitions.archive.files import left_detached

        for ladder, leaf in left_detached(connection, self.database, only=self.options.only):
            if self.stop():
                return
            record: Record = {"table": ladder.name, "partition": leaf.name, "destination": "files", "skipped": None}

            def finish(ladder: Ladder = ladder, leaf: Detached = leaf) -> Record:
                with self._files(connection, leaf.name, 0, url) as files:
                    return _filed(files.finish(ladder, leaf))

            yield self._attempt(connection, record, finish)

    def _ended(self, connection: psycopg.Connection[Any]) -> Iterator[Record]:
        """Detached partitions whose grace period is over, and whose archive holds what they hold."""
        from ...partitions.archive.destination import is_database
        from ...partitions.archive.drop import drop_archived
        from ...partitions.archive.files import over

        def end(line: Archive) -> Record:
            url = self.options.to if line.target == "database" and is_database(self.options.to or "") else None
            drop_archived(self.server, self.database, line, patience=self.options.patience(), now=self.now, url=url)
            return {"dropped": True, "said": f"dropped; {rows_of(line.row_count)} are in {line.location}"}

        for line in over(connection, self.now, only=self.options.only):
            if self.stop():
                return
            record: Record = {"table": line.name, "partition": line.leaf, "destination": line.location, "skipped": None}
            yield self._attempt(connection, record, lambda line=line: end(line))

    def _away(self, connection: psycopg.Connection[Any], due: DueLeaf, url: str) -> Record:
        from ...partitions.archive.destination import is_database
        from ...partitions.archive.second import Second

        if not is_database(url):
            with self._files(connection, due.leaf.name, round(due.leaf.estimate), url) as files:
                return _filed(files.archive(connection, due))
        with counting(self.settings, f"copying {due.leaf.name}", None, "bytes") as tell:
            grace, patience = self.options.kept(self.now), self.options.patience()
            return _filed(Second(self.server, self.database, url, grace, patience, tell).archive(connection, due))

    @contextmanager
    def _files(self, connection: psycopg.Connection[Any], leaf: str, estimate: int, url: str) -> Generator[Files]:
        from ...partitions.archive.files import Files

        grace, patience = self.options.kept(self.now), self.options.patience()
        total = estimate if estimate > 0 else None
        with paced(self.settings, self.options.throttle(self.stop), connection, leaf, total) as observer:
            yield Files(self.server, self.database, url, grace, patience, observer)


def _filed(archive: Archive) -> Record:
    kept = f", kept here until {archive.grace_until:%Y-%m-%d %H:%M}" if archive.grace_until else ""
    return {
        "rows": archive.row_count,
        "archive": archive.id,
        "destination": archive.location,
        "grace_until": archive.grace_until,
        "said": f"{rows_of(archive.row_count)} to {archive.location}{kept}",
    }
