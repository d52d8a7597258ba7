"""Partitions beside a table: filled there, and exchanged for its DEFAULT partition at one stroke."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row

from ..schema.core.locks import WantedLock
from ..schema.core.partitioning import Child, RangePartitions
from ..schema.core.patience import Patience
from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .actions import Attach, Create, Table
from .hanging import granting_as
from .ledger import Event, range_details, record
from .moving.foreign import KeyIn, KeyOut, keys_out, putting_back, taking_off
from .moving.mirror import QUERIES as MOVING
from .moving.mirror import Mirror, fencing, forced, unfence
from .planner import parent_of, table_of
from .shape import attaching, making, range_condition, read_shape, shortened, trusted
from .state import QUERIES, Ladder, Leaf, bound_moment
from .wanted import bound_literals

_REST = "airside_rest_"
_FITS_NONE = "airside_fits_none"


@dataclass(frozen=True, slots=True)
class Part:
    """A partition that is being filled; `bound` as PostgreSQL prints it."""

    oid: int
    schema: str
    name: str
    bound: str

    @property
    def identifier(self) -> sql.Identifier:
        return sql.Identifier(self.schema, self.name)

    @property
    def is_rest(self) -> bool:
        return self.bound == "DEFAULT"


def router(ladder: Ladder) -> tuple[str, str]:
    """The name of the table through which rows find the partitions beside `ladder`."""
    return ("airside", f"drain_{ladder.oid}")


def rest_name(default: int) -> str:
    return f"{_REST}{default}"


def parts(connection: psycopg.Connection[Any], ladder: Ladder) -> tuple[Part, ...]:
    """The partitions beside the table; none before `build` and after `exchange`."""
    name = sql.Identifier(*router(ladder)).as_string(connection)
    with connection.cursor(row_factory=class_row(Part)) as cursor:
        return tuple(cursor.execute(query(QUERIES, "beside"), {"parent": name}).fetchall())


def outdated(connection: psycopg.Connection[Any], ladder: Ladder) -> bool:
    """Whether the table got other columns since the partitions beside it were made."""
    names = [sql.Identifier(*name).as_string(connection) for name in ((ladder.schema, ladder.table), router(ladder))]
    row = connection.execute(query(MOVING, "same_columns"), {"one": names[0], "other": names[1]}).fetchone()
    return row is not None and not row[0]


def build(
    connection: psycopg.Connection[Any], ladder: Ladder, default: Leaf, children: Sequence[Child], patience: Patience
) -> None:
    """Make the children and a DEFAULT beside the table, all or none of them."""
    parent = parent_of(ladder)
    shape = read_shape(connection, parent)
    beside = sql.Identifier(*router(ladder))

    def make() -> None:
        connection.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING GENERATED) PARTITION BY RANGE ({})").format(
                beside, sql.Identifier(ladder.schema, ladder.table), sql.Identifier(ladder.key or "")
            )
        )
        for child in (*children, Child(rest_name(default.oid), "DEFAULT")):
            for statement in making(Create(parent, child, ladder.key), shape):
                connection.execute(statement)
            values = sql.SQL("") if child.bound == "DEFAULT" else sql.SQL("FOR VALUES ")
            connection.execute(
                sql.SQL("ALTER TABLE {} ATTACH PARTITION {} {}{}").format(
                    beside, sql.Identifier(ladder.schema, child.name), values, trusted(child.bound)
                )
            )

    patience.transaction(connection, make, what="making partitions", where=str(parent))


def abandon(connection: psycopg.Connection[Any], ladder: Ladder, patience: Patience) -> None:
    """Take back everything up to the exchange: no row of the table is only there."""
    found = parts(connection, ladder)

    def work() -> None:
        for part in found:
            if part.is_rest:
                source = int(part.name.removeprefix(_REST))
                if ladder.default and ladder.default.oid == source and forced(connection, source):
                    name = sql.Identifier(ladder.default.schema, ladder.default.name)
                    connection.execute(sql.SQL("ALTER TABLE {} FORCE ROW LEVEL SECURITY").format(name))
                unfence(connection, source)
                patience.share(connection)
        connection.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(*router(ladder))))

    for part in found:
        # foreign keys first: to drop a table with one locks the table it refers to
        for name in _key_names(connection, part):
            dropping = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(part.identifier, sql.Identifier(name))
            patience.transaction(
                connection, lambda dropping=dropping: connection.execute(dropping), what="dropping a key", where=name
            )
    patience.transaction(connection, work, what="taking a drain back", where=ladder.name, bounded=True)


def _key_names(connection: psycopg.Connection[Any], part: Part) -> list[str]:
    rows = connection.execute(
        "SELECT conname FROM pg_catalog.pg_constraint WHERE conrelid = %s AND contype = 'f' AND conparentid = 0",
        [part.oid],
    ).fetchall()
    return [str(row[0]) for row in rows]


def check_rest(connection: psycopg.Connection[Any], ladder: Ladder, patience: Patience) -> None:
    """Where rows fit no partition: prove beforehand that they do not, so that no lock is held while it is looked at."""
    found = parts(connection, ladder)
    rest = next(part for part in found if part.is_rest)
    if not _has_rows(connection, rest):
        return
    ranges = [part.bound for part in found if not part.is_rest]
    ranges += [leaf.bound for leaf in ladder.leaves if not leaf.is_default]
    conditions = [
        sql.SQL("({})").format(range_condition(ladder.key or "", Child("", bound.removeprefix("FOR VALUES "))))
        for bound in ranges
    ]
    for statement in (
        sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(rest.identifier, sql.Identifier(_FITS_NONE)),
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK (NOT ({})) NOT VALID").format(
            rest.identifier, sql.Identifier(_FITS_NONE), sql.SQL(" OR ").join(conditions)
        ),
        sql.SQL("ALTER TABLE {} VALIDATE CONSTRAINT {}").format(rest.identifier, sql.Identifier(_FITS_NONE)),
    ):
        patience.transaction(
            connection,
            lambda statement=statement: connection.execute(statement),
            what="checking what fits no partition",
            where=ladder.name,
        )


def _has_rows(connection: psycopg.Connection[Any], part: Part) -> bool:
    row = connection.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(part.identifier)).fetchone()
    return bool(row and row[0])


@dataclass(frozen=True, slots=True)
class Exchange:
    """The old DEFAULT goes, the partitions beside the table come: everybody sees each row exactly once, before and
    after. `rows` go to new partitions."""

    connection: psycopg.Connection[Any]
    ladder: Ladder
    default: Leaf
    mirrored: Mirror
    keys_out: tuple[KeyOut, ...]
    keys_in: tuple[KeyIn, ...]
    rows: int

    def run(self, patience: Patience) -> tuple[str, ...]:
        """The names of the new partitions. Raises LockNotAcquired."""
        found = parts(self.connection, self.ladder)
        # in one message: nobody waits while words go to and fro
        script = sql.SQL("; ").join(self._statements(found))

        def work() -> None:
            self._write_down(found)
            self.connection.execute(script)

        tables = {self.ladder.oid, self.default.oid, *(key.oid for key in (*self.keys_in, *self.keys_out))}
        patience.transaction(
            self.connection,
            work,
            what="exchanging its DEFAULT partition",
            where=self.ladder.name,
            bounded=True,
            locks=[WantedLock(oid, "AccessExclusiveLock") for oid in sorted(tables)],
        )
        return tuple(part.name for part in found if not part.is_rest)

    def _statements(self, found: Sequence[Part]) -> Iterator[sql.Composable]:
        # The parent first: whoever plans a query has its lock before looking at its partitions, so nobody has looked
        # at the old ones and reads when the new ones are there.
        yield self._locks(found)
        yield from taking_off(self.keys_in)
        yield self._alter(sql.SQL("DETACH PARTITION {}").format(self._old))
        # by their names in this partition, which may have brought its own
        for key in keys_out(self.connection, self.default.oid):
            # a row that goes from what it refers to would still be missed by the old rows
            yield sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(self._old, sql.Identifier(key.name))
        yield from fencing(self.mirrored)
        # DEFAULT last: while there is one, everything that is attached is compared with it
        for part in sorted(found, key=lambda part: part.is_rest):
            yield from self._moving(part)
        yield sql.SQL("DROP TABLE {}").format(sql.Identifier(*router(self.ladder)))
        yield from putting_back(self.keys_in)

    @property
    def _old(self) -> sql.Identifier:
        return sql.Identifier(self.default.schema, self.default.name)

    @property
    def _old_name(self) -> str:
        """What the old DEFAULT is called when the new one has its name."""
        return shortened(f"airside_drained_{self.default.oid}")

    def _alter(self, action: sql.Composable) -> sql.Composed:
        return sql.SQL("ALTER TABLE {} {}").format(sql.Identifier(self.ladder.schema, self.ladder.table), action)

    def _locks(self, found: Sequence[Part]) -> sql.Composed:
        tables = [(self.ladder.schema, self.ladder.table), (self.default.schema, self.default.name)]
        tables += [(key.schema, key.table) for key in self.keys_in]
        tables += [(key.schema, key.table) for key in self.keys_out]
        tables += [router(self.ladder), *((part.schema, part.name) for part in found)]
        listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(sql.Identifier(*name)) for name in dict.fromkeys(tables))
        return sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(listed)

    def _moving(self, part: Part) -> Iterator[sql.Composable]:
        beside = sql.Identifier(*router(self.ladder))
        yield sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(beside, part.identifier)
        if not part.is_rest:
            child = Child(part.name, part.bound.removeprefix("FOR VALUES "))
            yield attaching(Attach(parent_of(self.ladder), Table(part.oid, part.schema, part.name), child))
            return
        rename = sql.SQL("ALTER TABLE {} RENAME TO {}")
        yield rename.format(self._old, sql.Identifier(self._old_name))
        yield rename.format(part.identifier, sql.Identifier(self.default.name))
        named = sql.Identifier(part.schema, self.default.name)
        yield self._alter(sql.SQL("ATTACH PARTITION {} DEFAULT").format(named))
        # it would keep out rows of partitions that are taken away one day
        yield sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(named, sql.Identifier(_FITS_NONE))
        yield from granting_as(self.connection, self.default, named)

    def _write_down(self, found: Sequence[Part]) -> None:
        policy = self.ladder.policy if isinstance(self.ladder.policy, RangePartitions) else None
        for part in found:
            if not part.is_rest:
                sides = bound_literals(part.bound.removeprefix("FOR VALUES "))
                lower, upper = (bound_moment(side, self.ladder.key_type or "", policy) for side in sides)
                leaf = Table(part.oid, part.schema, part.name)
                self._note("attached", leaf, range_details(part.bound, lower, upper))
        keys = [[key.schema, key.table, key.name] for key in self.keys_in if key.validated]
        name = qualified(self.default.schema, self._old_name)
        self._note("drained", table_of(self.default), {"rows": self.rows, "keys": keys, "name": name})

    def _note(self, event: Event, leaf: Table, details: dict[str, Any]) -> None:
        record(
            self.connection,
            event,
            parent=(self.ladder.schema, self.ladder.table),
            leaf=(leaf.schema, leaf.name),
            leaf_oid=leaf.oid,
            details=details,
        )
