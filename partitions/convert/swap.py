"""The new table takes the place of the plain one: what that takes, in one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row, scalar_row

from ...schema.core.locks import WantedLock
from ...schema.core.patience import Patience
from ...schema.core.quote import qualified
from ...schema.core.sql import query
from ..beside import Part
from ..ledger import record
from ..moving.foreign import putting_back, taking_off
from ..moving.mirror import Mirror, fencing
from ..shape import shortened, trusted
from .build import NEW, place
from .plain import QUERIES, Plain


@dataclass(frozen=True, slots=True)
class Sequence_:
    """A sequence that belongs to a column."""

    schema: str
    name: str
    of_column: str
    is_identity: bool
    grants: list[str]


@dataclass(frozen=True, slots=True)
class Swap:
    """Everybody sees the rows of the plain table, and from one moment on those of the new one, which are the same."""

    connection: psycopg.Connection[Any]
    plain: Plain
    mirrored: Mirror
    found: Sequence[Part]

    def run(self, rows: int, patience: Patience) -> None:
        """Raises LockNotAcquired, or what PostgreSQL raises: then nothing has changed. `rows` are written down."""
        script = sql.SQL("; ").join(self.statements())

        def work() -> None:
            self._write_down(rows)
            self.connection.execute(script)

        tables = {self.plain.table.oid, *(key.oid for key in (*self.plain.keys_in, *self.plain.keys_out))}
        patience.transaction(
            self.connection,
            work,
            what="putting the partitioned table in its place",
            where=str(self.plain.table),
            bounded=True,
            locks=[WantedLock(oid, "AccessExclusiveLock") for oid in sorted(tables)],
        )

    @property
    def old_name(self) -> str:
        """What the plain table is called afterwards, in our schema."""
        return shortened(f"{self.plain.table.name}_{self.plain.table.oid}_old")

    def statements(self) -> tuple[sql.Composable, ...]:
        """What the exchange sends, as things are now."""
        with self.connection.transaction():
            # definitions that name everything in full mean the same under any search_path
            self.connection.execute("SELECT pg_catalog.set_config('search_path', '', true)")
            carried = self._carried()
            sequences = self._sequences()
        return tuple(self._script(carried, sequences))

    def _script(self, carried: Sequence[str], sequences: Sequence[Sequence_]) -> Iterator[sql.Composable]:
        yield self._locks()
        yield from taking_off(self.plain.keys_in)
        for key in self.plain.keys_out:
            # a row that goes from what it refers to would still be missed by the old rows
            yield sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(self.plain.identifier, sql.Identifier(key.name))
        yield from fencing(self.mirrored)
        yield from self._counting_on(sequences)
        yield from self._moving(sequences)
        for text in carried:
            yield trusted(text)
        yield from putting_back(self.plain.keys_in)

    def _locks(self) -> sql.Composed:
        plain = self.plain
        tables = [(plain.table.schema, plain.table.name)]
        tables += [(key.schema, key.table) for key in (*plain.keys_in, *plain.keys_out)]
        tables += [place(plain), *((part.schema, part.name) for part in self.found)]
        listed = sql.SQL(", ").join(sql.SQL("ONLY {}").format(sql.Identifier(*name)) for name in dict.fromkeys(tables))
        return sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(listed)

    def _counting_on(self, sequences: Sequence[Sequence_]) -> Iterator[sql.Composable]:
        """The identity of the new table goes on where the old one is; a serial's sequence serves both."""
        for sequence in sequences:
            name = sql.Identifier(sequence.schema, sequence.name)
            if sequence.is_identity:
                mine = qualified(*place(self.plain))
                yield sql.SQL(
                    "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence({}, {}), last_value, is_called) FROM {}"
                ).format(sql.Literal(mine), sql.Literal(sequence.of_column), name)
            else:
                yield sql.SQL("ALTER SEQUENCE {} OWNED BY NONE").format(name)

    def _moving(self, sequences: Sequence[Sequence_]) -> Iterator[sql.Composable]:
        """The tables change schemas, and their indexes and sequences with them, so that all names stay."""
        old, table = self.plain.table, sql.Identifier(self.plain.table.name)
        move = sql.SQL("ALTER TABLE {} SET SCHEMA {}")
        home = sql.Identifier(old.schema)
        yield sql.SQL("ALTER TABLE {} RENAME TO {}").format(self.plain.identifier, sql.Identifier(self.old_name))
        yield move.format(sql.Identifier(old.schema, self.old_name), sql.Identifier("airside"))
        yield move.format(sql.Identifier(*place(self.plain)), home)
        yield sql.SQL("DROP SCHEMA {}").format(sql.Identifier(NEW))
        for sequence in sequences:
            if not sequence.is_identity:
                yield sql.SQL("ALTER SEQUENCE {} OWNED BY {}.{}.{}").format(
                    sql.Identifier(sequence.schema, sequence.name), home, table, sql.Identifier(sequence.of_column)
                )
                continue
            for grant in sequence.grants:
                yield trusted(grant)

    def _carried(self) -> list[str]:
        names = {
            "oid": self.plain.table.oid,
            "name": qualified(self.plain.table.schema, self.plain.table.name),
            "old": qualified("airside", self.old_name),
            "forced": self.plain.forced,
        }
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(query(QUERIES, "carried_over"), names).fetchall()

    def _sequences(self) -> list[Sequence_]:
        with self.connection.cursor(row_factory=dict_row) as cursor:
            rows = cursor.execute(query(QUERIES, "sequences"), {"oid": self.plain.table.oid}).fetchall()
        return [Sequence_(**row) for row in rows]

    def _write_down(self, rows: int) -> None:
        keys = [[key.schema, key.table, key.name] for key in self.plain.keys_in if key.validated]
        record(
            self.connection,
            "converted",
            parent=(self.plain.table.schema, self.plain.table.name),
            leaf=("airside", self.old_name),
            leaf_oid=self.plain.table.oid,
            details={"rows": rows, "keys": keys},
        )
