"""Observing statements as they run: snapshots of files, counters and locks before and after each.

The counters of `pg_stat_xact_all_tables` count the heap scans that DDL itself makes, which no rule of thumb knows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import psycopg

from ...schema.core.sql import query
from .effects import Effect, Lock, Touched
from .watch import Watch

QUERIES = Path(__file__).parent / "queries"
_QUICK = ("BEGIN", "START", "SET", "RESET", "SHOW")
Run = Callable[[str], Sequence[Sequence[Any]]]
"""Runs a query on the observed session, whatever its driver, and gives its rows."""


@dataclass(frozen=True, slots=True)
class _Relation:
    oid: int
    name: str
    kind: str
    filenode: int
    root: int | None
    scans: int
    written: int
    lock: Lock | None


@dataclass(frozen=True, slots=True)
class _Session:
    pid: int
    transaction: str
    lock_timeout: int
    statement_timeout: int


@dataclass(frozen=True, slots=True)
class _Begun:
    sql: str
    session: _Session
    before: Mapping[int, _Relation]
    watch: Watch | None
    clock: float


class Observer:
    """Observes one session. Call `begin` before and `end` (or `failed`) after each statement.

    `connect` opens further connections to the same database. `rows` tells whether a relation held rows when its
    transaction began.
    """

    def __init__(self, run: Run, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self._run = run
        self._connect = connect
        self._number = 0
        self._transaction = ""
        self._known: frozenset[int] = frozenset()
        self._populated: frozenset[int] = frozenset()
        self._begun: _Begun | None = None

    def begin(self, sql: str) -> None:
        session = self._session()
        transactional = self._session().transaction == session.transaction
        before = self._relations("snapshot" if transactional else "committed")
        if not transactional or session.transaction != self._transaction:
            self._number += 1
            self._transaction = session.transaction
            self._known = frozenset(before)
            self._populated = self._with_rows(before)
        watch = None
        if not transactional:
            watch = Watch(self._connect, session.pid, delay=not sql.upper().startswith(_QUICK))
            watch.start()
        self._begun = _Begun(sql, session, before, watch, time.perf_counter())

    def end(self, *, where: str, revision: str, direction: str, comments: Sequence[str] = ()) -> Effect:
        """The effect of the statement that ran since `begin`."""
        begun, milliseconds = self._finished()
        seen = begun.watch.stop() if begun.watch else {}
        after = self._relations("committed" if begun.watch else "snapshot")
        return Effect(
            sql=begun.sql,
            where=where,
            revision=revision,
            direction=direction,
            transaction=self._number,
            transactional=begun.watch is None,
            touched=tuple(self._touched(begun.before, after, seen)),
            lock_timeout=begun.session.lock_timeout,
            statement_timeout=begun.session.statement_timeout,
            milliseconds=milliseconds,
            comments=tuple(comments),
        )

    def failed(self, message: str, *, where: str, revision: str, direction: str) -> Effect:
        """The effect of a statement that PostgreSQL refused."""
        begun, milliseconds = self._finished()
        if begun.watch:
            begun.watch.stop()
        return Effect(
            begun.sql,
            where,
            revision,
            direction,
            self._number,
            begun.watch is None,
            (),
            begun.session.lock_timeout,
            begun.session.statement_timeout,
            milliseconds,
            message,
        )

    def _finished(self) -> tuple[_Begun, float]:
        if self._begun is None:
            raise RuntimeError("end without begin")
        begun, self._begun = self._begun, None
        return begun, (time.perf_counter() - begun.clock) * 1000

    def _session(self) -> _Session:
        return _Session(*self._run(query(QUERIES, "session"))[0])

    def _relations(self, name: str) -> dict[int, _Relation]:
        if name == "committed":
            # counters of other sessions reach the statistics a second late unless asked for
            self._run("SELECT pg_catalog.pg_stat_force_next_flush()")
            self._run("SELECT pg_catalog.pg_stat_clear_snapshot()")
        return {row[0]: _relation(row) for row in self._run(query(QUERIES, name))}

    def _with_rows(self, relations: Mapping[int, _Relation]) -> frozenset[int]:
        """Tables and materialized views with a first block: they hold or held rows."""
        rows = self._run(
            "SELECT c.oid::bigint FROM pg_catalog.pg_class AS c"
            " WHERE c.relkind IN ('r', 'm') AND pg_catalog.pg_relation_size(c.oid) > 0"
        )
        found = {cast("int", row[0]) for row in rows}
        roots = {relation.root for oid, relation in relations.items() if oid in found and relation.root}
        return frozenset(found | roots)

    def _touched(
        self, before: Mapping[int, _Relation], after: Mapping[int, _Relation], seen: Mapping[int, Lock]
    ) -> Iterator[Touched]:
        for oid in before.keys() | after.keys():
            old, new = before.get(oid), after.get(oid)
            item = self._difference(oid, old, new, seen.get(oid))
            if item is not None:
                root = (new or old or _NOTHING).root
                named = before.get(root or 0) or after.get(root or 0)
                yield item if named is None else _within(item, named.name)

    def _difference(self, oid: int, old: _Relation | None, new: _Relation | None, seen: Lock | None) -> Touched | None:
        there = new or old or _NOTHING
        held_before = old.lock if old else None
        held = seen or (new.lock if new else None)
        taken = held if held is not None and held != held_before and (held_before or 0) < held else None
        if new is None and old is not None:
            # what is dropped is locked against everybody, and its locks have no name any more
            taken = held = Lock.ACCESS_EXCLUSIVE
        scanned = new is not None and new.scans > (old.scans if old else 0)
        written = max((new.written if new else 0) - (old.written if old else 0), 0)
        rewritten = old is not None and new is not None and old.filenode != new.filenode
        created = oid not in self._known
        moved = old is not None and new is not None and old.root != new.root
        if not (taken or scanned or written or rewritten or moved or old is None or new is None):
            return None
        return Touched(
            relation=there.name,
            kind=there.kind,
            taken=taken,
            held=held,
            scanned=scanned,
            rewritten=rewritten,
            written=written,
            created=created,
            dropped=new is None,
            rows=oid in self._populated,
        )


_NOTHING = _Relation(0, "", "r", 0, None, 0, 0, None)


def _within(item: Touched, root: str) -> Touched:
    return replace(item, root=root)


def _relation(row: Sequence[Any]) -> _Relation:
    modes = [Lock.of(mode) for mode in row[7]]
    return _Relation(row[0], row[1], row[2], row[3], row[4], row[5], row[6], max(modes, default=None))
