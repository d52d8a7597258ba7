"""Rows of a found DEFAULT partition get partitions of their own, while everybody goes on reading and writing.

A partition for a range cannot be attached while DEFAULT holds rows of it, and rows that were taken out would be seen
by nobody. So the partitions are filled beside the table (see `moving`), with a new DEFAULT for what fits none of them,
and one short transaction exchanges the old DEFAULT for all of them: no row is written in it, and nothing is scanned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import errors, sql
from psycopg.rows import tuple_row

from ..schema.core.errors import LockNotAcquired, Refused
from ..schema.core.partitioning import Child, RangePartitions, step
from ..schema.core.patience import Patience
from ..schema.core.sql import query
from .actions import Table
from .beside import Exchange, abandon, build, check_rest, outdated, parts, rest_name, router
from .crowded import leftovers, periods
from .crowded import rows as rows_of
from .hanging import refuse_hanging
from .ledger import ensure_ledger, record
from .moving.copying import Progress, copy, differences, equal, repair
from .moving.foreign import add_to_copy, keys_in, keys_out, validate
from .moving.mirror import Mirror, install, mirror, unfence
from .moving.offenders import naming_offenders
from .moving.settle import settle
from .planner import parent_of, table_of
from .state import QUERIES, Ladder, Leaf, read_ladders
from .wanted import Gap, misfit, missing_ranges

AT_ONCE = 12
"""How many partitions one exchange attaches: some 20 ms under its locks."""

STRANGE = 24
"""How many partitions are made, at most, for rows of times that the policy does not ask for."""

_AGREEMENTS = 5
_DIFFERENCES = 10_000


@dataclass(frozen=True, slots=True)
class Drained:
    """What was moved: how many rows into which new partitions. `left` are rows for which none can be made: their key
    is infinite or missing, other partitions overlap their period, or there are too many such periods."""

    rows: int = 0
    leaves: tuple[str, ...] = ()
    left: int = 0

    def __str__(self) -> str:
        moved = (
            f"{_counted(self.rows, 'row')} to {_counted(len(self.leaves), 'partition')}" if self.leaves else "no rows"
        )
        return f"{moved}; {_counted(self.left, 'row')} without a partition to go to" if self.left else moved


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


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
    key by which to know them, rows that break a constraint, what hangs on the DEFAULT partition alone; see
    `moving.foreign`), LockNotAcquired, or what PostgreSQL raises.
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
        while (default := self.ladder.default) is not None and self._is_to_do(default):
            moved = self._once(default)
            if moved is None:
                break
            rows += moved[0]
            leaves += moved[1]
            self._clear_up()
        left = rows_of(self.connection, self.ladder.default) if self.ladder.default else 0
        return Drained(rows, tuple(leaves), left)

    def _is_to_do(self, default: Leaf) -> bool:
        return bool(rows_of(self.connection, default, limit=1) or parts(self.connection, self.ladder))

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
        refuse_hanging(self.connection, default, where=self.ladder.name)
        mirrored = mirror(self.connection, table_of(default), router(self.ladder), self.ladder.oid)
        incoming = keys_in(self.connection, self.ladder.oid)
        outgoing = keys_out(self.connection, self.ladder.oid)
        if not parts(self.connection, self.ladder):
            children = tuple(self._children(default))
            if not children:
                return None
            build(self.connection, self.ladder, default, children, self.patience)
        install(self.connection, mirrored, self.patience)
        with naming_offenders(self.connection, parent_of(self.ladder), mirrored.source):
            copy(self.connection, mirrored, self.patience, self.progress)
        for part in parts(self.connection, self.ladder):
            add_to_copy(self.connection, (part.schema, part.name), outgoing, self.patience, mirrored.source)
        self.connection.execute(sql.SQL("ANALYZE {}").format(mirrored.to_table))
        check_rest(self.connection, self.ladder, self.patience)
        rows = agree(self.connection, mirrored, self.patience)
        rows -= sum(rows_of(self.connection, part) for part in parts(self.connection, self.ladder) if part.is_rest)
        # minutes may have passed
        refuse_hanging(self.connection, default, where=self.ladder.name)
        exchange = Exchange(self.connection, self.ladder, default, mirrored, outgoing, incoming, rows)
        return rows, exchange.run(self.patience)

    def _children(self, default: Leaf) -> Iterator[Child]:
        """The partitions for the periods that have most rows; those that the policy asks for come first."""
        window = self.policy.children(self.now)
        wanted = {child.lower for child in window}
        held = periods(self.connection, self.policy, default)
        taken, made = set[str](), 0
        for lower in sorted(held, key=lambda lower: lower not in wanted):
            if made >= AT_ONCE or (lower not in wanted and self.strange <= 0):
                return
            child = self.policy.child(lower, step(lower, self.policy.period, 1))
            for gap in missing_ranges(self.ladder, self.policy, [child]):
                if isinstance(gap, Gap):
                    made += 1
                    self.strange -= lower not in wanted
                    yield self._named(gap.child, taken)

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
        """Validate the foreign keys that were put back, drop the old DEFAULT, look at the table anew, and take back
        what does not fit it any more."""
        for old, keys in leftovers(self.connection, self.ladder):
            validate(self.connection, keys, self.patience)
            try:
                self.patience.transaction(
                    self.connection,
                    lambda old=old: self._drop(old),
                    what=f"dropping {old}",
                    where=self.ladder.name,
                    bounded=True,
                )
            except errors.DependentObjectsStillExist as error:
                raise Refused(
                    f"its former DEFAULT partition {old}, whose rows were moved, cannot be dropped:"
                    f" {' '.join((error.diag.message_detail or 'something depends on it').split())}",
                    where=self.ladder.name,
                    next_step="drop what depends on it, then run the command again",
                ) from None
        policy = self.ladder.policy
        ladders = read_ladders(self.connection, detail=False)
        self.ladder = next(replace(found, policy=policy) for found in ladders if found.oid == self.ladder.oid)
        beside = parts(self.connection, self.ladder)
        mine = rest_name(self.ladder.default.oid) if self.ladder.default else None
        if beside and (mine not in {part.name for part in beside} or outdated(self.connection, self.ladder)):
            # a run that was cut off filled them from another DEFAULT, or the table has got other columns since
            abandon(self.connection, self.ladder, self.patience)

    def _drop(self, old: Table) -> None:
        self.connection.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(old.schema, old.name)))
        unfence(self.connection, old.oid)
        with self.connection.cursor(row_factory=tuple_row) as cursor:
            made_as = {"made_as": rest_name(old.oid)}
            for schema, name, better in cursor.execute(query(QUERIES, "rest_indexes"), made_as).fetchall():
                self.connection.execute(
                    sql.SQL("ALTER INDEX {} RENAME TO {}").format(sql.Identifier(schema, name), sql.Identifier(better))
                )
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
