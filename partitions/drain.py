"""Rows of a found DEFAULT partition get partitions of their own, while everybody goes on reading and writing.

A partition for a range cannot be attached while DEFAULT holds rows of it, and rows that were taken out would be seen
by nobody. So the partitions are filled beside the table (see `moving`), with a new DEFAULT for what fits none of them,
and one short transaction exchanges the old DEFAULT for all of them: no row is written in it, and nothing is scanned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, scalar_row

from ..schema.core.database import Database
from ..schema.core.errors import AirsideError, LockNotAcquired, Refused
from ..schema.core.partitioning import Child, RangePartitions, step
from ..schema.core.patience import Patience
from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .actions import Table
from .beside import Exchange, Part, abandon, build, check_rest, outdated, parts, router
from .lease import leased
from .ledger import ensure_ledger, record
from .moving.copying import Progress, copy, differences, equal, repair
from .moving.foreign import add_to_copy, keys_in, keys_out, validate
from .moving.mirror import Mirror, install, mirror, unfence
from .moving.settle import settle
from .planner import parent_of, table_of
from .shape import trusted
from .state import QUERIES, Ladder, Leaf, read_ladders
from .survey import survey
from .wanted import Gap, misfit, missing_ranges

AT_ONCE = 12
"""How many partitions one exchange attaches: some 20 ms under its locks."""

STRANGE = 24
"""How many partitions are made, at most, for rows of times that the policy does not ask for."""

_MOMENTS = {
    "timestamptz": "{key} AT TIME ZONE 'UTC'",
    "timestamp": "{key}",
    "date": "{key}::timestamp",
    "uuidv7": "to_timestamp((('x' || left(replace({key}::text, '-', ''), 12))::bit(48)::bigint) / 1000.0)"
    " AT TIME ZONE 'UTC'",
}
_AGREEMENTS = 5
_DIFFERENCES = 10_000


@dataclass(frozen=True, slots=True)
class Drained:
    """What was moved: how many rows into which new partitions. `left` are rows for which none can be made: their key
    is infinite or missing, other partitions overlap their period, or there are too many such periods."""

    rows: int = 0
    leaves: tuple[str, ...] = ()
    left: int = 0


def holds_rows(connection: psycopg.Connection[Any], ladder: Ladder) -> bool:
    """Whether there is a DEFAULT partition with rows, or what a drain has left to be cleared up."""
    if _leftovers(connection, ladder):
        return True
    return ladder.default is not None and _rows(connection, ladder.default, limit=1) > 0


def drain_database(
    connection: psycopg.Connection[Any],
    database: Database,
    patience: Patience,
    *,
    now: datetime,
    progress: Callable[[str], Progress] = lambda _: unheard,
) -> tuple[tuple[str, Drained | AirsideError], ...]:
    """Drain every declared table that has rows in a DEFAULT partition; by table, what was moved or why it failed.

    The connection is in autocommit mode and acts as the owner. `progress` is asked for each table. Raises what
    PostgreSQL raises.
    """
    return tuple(_drain_database(connection, database, patience, now, progress))


def _drain_database(
    connection: psycopg.Connection[Any],
    database: Database,
    patience: Patience,
    now: datetime,
    progress: Callable[[str], Progress],
) -> Iterator[tuple[str, Drained | AirsideError]]:
    state = survey(connection, database, now, expiring=False)
    for closure in state.closures:
        for ladder in state.declared(children_first=True):
            if ladder.oid not in closure.parents or not holds_rows(connection, ladder):
                continue
            try:
                with leased(connection, closure.key, patience.budget, where=ladder.name):
                    # another run may have been at it
                    found = next(it for it in read_ladders(connection, database, detail=False) if it.oid == ladder.oid)
                    yield ladder.name, drain(connection, found, patience, now=now, progress=progress(ladder.name))
            except AirsideError as error:
                yield ladder.name, error


def unheard(done: int, total: int) -> None:
    """Progress that nobody watches."""


def drain(
    connection: psycopg.Connection[Any],
    ladder: Ladder,
    patience: Patience,
    *,
    now: datetime,
    progress: Progress = unheard,
) -> Drained:
    """Move the rows of the DEFAULT partition into partitions of their own. The DEFAULT itself stays, a new one.

    The connection is in autocommit mode, acts as the owner, and holds the lease on the table. `progress` is told how
    many pages of how many are copied. A run that is cut off is run again and goes on. Raises Refused (rows without a
    key by which to know them; see `moving.foreign`), LockNotAcquired, or what PostgreSQL raises.
    """
    ensure_ledger(connection)
    return _Drain(connection, ladder, patience, now.astimezone(UTC), progress).run()


@dataclass(slots=True)
class _Drain:
    connection: psycopg.Connection[Any]
    ladder: Ladder
    patience: Patience
    now: datetime
    progress: Progress
    strange: int = STRANGE

    @property
    def policy(self) -> RangePartitions:
        assert isinstance(self.ladder.policy, RangePartitions)
        return self.ladder.policy

    def run(self) -> Drained:
        self._refuse_what_is_unlike()
        rows, leaves = 0, list[str]()
        self._clear_up()
        while (default := self.ladder.default) is not None and _rows(self.connection, default, limit=1):
            moved = self._once(default)
            if moved is None:
                break
            rows += moved[0]
            leaves += moved[1]
            self._clear_up()
        left = _rows(self.connection, self.ladder.default) if self.ladder.default else 0
        return Drained(rows, tuple(leaves), left)

    def _refuse_what_is_unlike(self) -> None:
        reason = None
        if not isinstance(self.ladder.policy, RangePartitions):
            reason = "rows of a DEFAULT partition are sorted into ranges of time only"
        elif self.ladder.default is not None and self.ladder.default.kind != "r":
            reason = f"its DEFAULT partition {self.ladder.default.name} is no plain table"
        else:
            reason = misfit(self.ladder, self.ladder.policy)
        if reason:
            raise Refused(reason, where=self.ladder.name, next_step="move the rows by hand")

    def _once(self, default: Leaf) -> tuple[int, tuple[str, ...]] | None:
        """One exchange; None when no partition can be made for any row."""
        mirrored = mirror(self.connection, table_of(default), router(self.ladder), self.ladder.oid)
        incoming = keys_in(self.connection, self.ladder.oid)
        outgoing = keys_out(self.connection, self.ladder.oid)
        if parts(self.connection, self.ladder) and outdated(self.connection, self.ladder):
            abandon(self.connection, self.ladder, mirrored, self.patience)
        if not parts(self.connection, self.ladder):
            children = tuple(self._children(default))
            if not children:
                return None
            build(self.connection, self.ladder, default, children, self.patience)
        install(self.connection, mirrored, self.patience)
        copy(self.connection, mirrored, self.patience, self.progress)
        for part in parts(self.connection, self.ladder):
            add_to_copy(self.connection, (part.schema, part.name), outgoing, self.patience)
        self.connection.execute(sql.SQL("ANALYZE {}").format(mirrored.to_table))
        check_rest(self.connection, self.ladder, self.patience)
        rows = agree(self.connection, mirrored, self.patience)
        rows -= sum(_rows(self.connection, part) for part in parts(self.connection, self.ladder) if part.is_rest)
        exchange = Exchange(self.connection, self.ladder, default, mirrored, outgoing, incoming, rows)
        return rows, exchange.run(self.patience)

    def _children(self, default: Leaf) -> Iterator[Child]:
        """The partitions for the periods that have most rows; those that the policy asks for come first."""
        window = self.policy.children(self.now)
        wanted = {child.lower for child in window}
        periods = sorted(self._periods(default), key=lambda period: period not in wanted)
        taken, made = set[str](), 0
        for lower in periods:
            if made >= AT_ONCE or (lower not in wanted and self.strange <= 0):
                return
            child = self.policy.child(lower, step(lower, self.policy.period, 1))
            for gap in missing_ranges(self.ladder, self.policy, [child]):
                if isinstance(gap, Gap):
                    made += 1
                    self.strange -= lower not in wanted
                    yield self._named(gap.child, taken)

    def _periods(self, default: Leaf) -> list[datetime]:
        """The beginnings of the periods that rows lie in, those with most rows first."""
        moment = trusted(_MOMENTS[self.policy.key_type]).format(key=sql.Identifier(self.policy.key))
        statement = sql.SQL(
            "SELECT date_trunc({period}, {moment}) FROM ONLY {table}"
            " WHERE {moment} >= '0001-01-08' AND {moment} < '9998-12-31' GROUP BY 1 ORDER BY count(*) DESC, 1"
        ).format(
            period=sql.Literal(self.policy.period),
            moment=moment,
            table=sql.Identifier(default.schema, default.name),
        )
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return [lower.replace(tzinfo=UTC) for lower in cursor.execute(statement).fetchall()]

    def _named(self, child: Child, taken: set[str]) -> Child:
        """The child under a name that is free, its own or `name_2`."""
        number, name = 1, child.name
        while name in taken or self._exists(name):
            number += 1
            name = f"{child.name}_{number}"
        taken.add(name)
        return replace(child, name=name)

    def _exists(self, name: str) -> bool:
        full = sql.Identifier(self.ladder.schema, name).as_string(self.connection)
        row = self.connection.execute("SELECT to_regclass(%s) IS NOT NULL", [full]).fetchone()
        return bool(row and row[0])

    def _clear_up(self) -> None:
        """Validate the foreign keys that were put back, drop the old DEFAULT, and look at the table anew."""
        for old, keys in _leftovers(self.connection, self.ladder):
            validate(self.connection, keys, self.patience)
            left = mirror_of(old, self.ladder)
            self.patience.transaction(
                self.connection,
                lambda old=old, left=left: self._drop(old, left),
                what=f"dropping {old}",
                where=self.ladder.name,
                bounded=True,
            )
        policy = self.ladder.policy
        ladders = read_ladders(self.connection, detail=False)
        self.ladder = next(replace(found, policy=policy) for found in ladders if found.oid == self.ladder.oid)

    def _drop(self, old: Table, left: Mirror) -> None:
        self.connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(old.schema, old.name)))
        unfence(self.connection, left)
        parent = parent_of(self.ladder)
        record(
            self.connection,
            "dropped",
            parent=(parent.schema, parent.name),
            leaf=(old.schema, old.name),
            leaf_oid=old.oid,
        )


def agree(connection: psycopg.Connection[Any], mirrored: Mirror, patience: Patience) -> int:
    """Wait for whoever cannot see the copies, and make sure that both sides hold the same rows; how many.

    From then on they stay the same. Raises LockNotAcquired.
    """
    for _ in range(_AGREEMENTS):
        settle(connection, patience, where=str(mirrored.source))
        same, rows = equal(connection, mirrored)
        if same:
            return rows
        repair(connection, mirrored, patience, differences(connection, mirrored, _DIFFERENCES))
    raise LockNotAcquired(
        f"its copy lacks rows that somebody holds locked, after {_AGREEMENTS} tries",
        where=str(mirrored.source),
        next_step="run the command again when the table is less busy; what was copied stays",
    )


def mirror_of(source: Table, ladder: Ladder) -> Mirror:
    """The mirror of a table that was drained, of which only its names are wanted."""
    return Mirror(source, router(ladder), (), (), hashable=False)


def _leftovers(
    connection: psycopg.Connection[Any], ladder: Ladder
) -> list[tuple[Table, tuple[tuple[str, str, str], ...]]]:
    """Old DEFAULT partitions that were exchanged and not dropped, with the foreign keys to be validated."""
    with connection.cursor(row_factory=dict_row) as cursor:
        there = cursor.execute("SELECT to_regclass('airside.partition_ledger') IS NOT NULL AS there").fetchone()
        if there is None or not there["there"]:
            return []
        name = {"parent": qualified(ladder.schema, ladder.table)}
        rows = cursor.execute(query(QUERIES, "drained"), name).fetchall()
    return [
        (Table(row["oid"], row["schema"], row["name"]), tuple((s, t, n) for s, t, n in row["keys"])) for row in rows
    ]


def _rows(connection: psycopg.Connection[Any], leaf: Leaf | Part, *, limit: int | None = None) -> int:
    table = sql.Identifier(leaf.schema, leaf.name)
    counted = sql.SQL("SELECT count(*) FROM (SELECT FROM ONLY {} LIMIT {}) AS counted").format(
        table, sql.Literal(limit)
    )
    row = connection.execute(counted).fetchone()
    return int(row[0]) if row else 0
