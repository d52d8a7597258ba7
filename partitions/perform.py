"""Doing the steps of a plan, each in transactions of its own under a lock budget, each written into the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Literal

import psycopg
from psycopg import sql
from psycopg.rows import scalar_row

from ..schema.core.errors import LockNotAcquired, Refused
from ..schema.core.patience import Patience
from ..schema.core.quote import qualified
from ..schema.core.sql import query
from .actions import Attach, Create, Detach, Drain, Drop, DropForeignKey, Finalize, ForeignKey, Step, Table
from .closure import locks_of
from .drain import drain
from .ledger import Event, range_details, recording
from .shape import Shape, attaching, making, read_shape
from .state import QUERIES, read_ladders

_ANOTHER_TABLE = "AIR01"
"""An SQLSTATE of our own."""

Whereabouts = Literal["attached", "pending", "detached", "gone"]


@dataclass(frozen=True, slots=True)
class Performer:
    """Does steps on a connection in autocommit mode that acts as the owner."""

    connection: psycopg.Connection[Any]
    patience: Patience
    foreign_keys: tuple[ForeignKey, ...]
    shapes: dict[int, Shape] = field(default_factory=dict[int, Shape])
    made: set[Create] = field(default_factory=set[Create])

    def make_ahead(self, steps: Sequence[Step]) -> None:
        """Make the tables of the partitions with which `steps` begin in one transaction, if there are several.

        Each attach makes PostgreSQL read all partitions anew for the next CREATE TABLE ... LIKE, which gets the slower
        the more there are. A table that cannot be made is left to its step, which says why.
        """
        first = steps[0]
        if first in self.made:
            return
        several = [
            step
            for step in takewhile(lambda step: step.parent == first.parent, steps)
            if isinstance(step, Create) and step.leftover is None and step not in self.made
        ]
        if len(several) < 2 or first not in several or self._shape(first.parent).replica_identity == "i":
            return
        statements = [statement for step in several for statement in self._making(step)]
        what = f"make {len(several)} partitions of {first.parent}"
        with suppress(psycopg.DatabaseError, LockNotAcquired):
            self.patience.script(self.connection, statements, what=what, where=str(first.parent))
            self.made.update(several)

    def do(self, step: Step) -> str:
        """Do one step; what is to be said of it besides.

        Raises Refused, LockNotAcquired or what PostgreSQL raises; the next run takes up from there.
        """
        match step:
            case Drain():
                return self._drain(step)
            case Create():
                self._create(step)
            case Attach():
                self._attach(step, step.leaf)
            case Finalize():
                self._finalize(step)
            case Detach():
                self._detach(step)
            case DropForeignKey():
                self._drop_foreign_key(step)
            case Drop():
                self._drop(step)

        return ""

    def _drain(self, step: Drain) -> str:
        ladders = read_ladders(self.connection, detail=False)
        ladder = next(replace(found, policy=step.policy) for found in ladders if found.oid == step.parent.oid)
        return str(drain(self.connection, ladder, self.patience, now=step.now))

    def _create(self, step: Create) -> None:
        leaf = Table(0, step.parent.schema, step.child.name)
        if step not in self.made:
            self._clear_leftover(step)
            self.patience.script(self.connection, self._making(step), what=f"make {leaf}", where=str(step.parent))
            if self._shape(step.parent).replica_identity == "i":
                self._identify_by_index(step.parent, leaf)
        self._attach(step, leaf)

    def _making(self, step: Create) -> list[sql.Composable]:
        leaf = Table(0, step.parent.schema, step.child.name)
        return [*making(step, self._shape(step.parent)), self._recording("prepared", step, leaf)]

    def _shape(self, parent: Table) -> Shape:
        shape = self.shapes.get(parent.oid) or read_shape(self.connection, parent)
        self.shapes[parent.oid] = shape
        return shape

    def _attach(self, step: Create | Attach, leaf: Table) -> None:
        """Under a lock on the table, that nobody uses yet: by now another one may have its name."""
        statements = [same_table(leaf), self._recording("attached", step, leaf), attaching(step)]
        try:
            self._bounded(statements, step, f"attach {leaf}")
        except psycopg.Error as error:
            if error.sqlstate != _ANOTHER_TABLE:
                raise
            raise self._changed(str(leaf), step.parent) from None

    def _clear_leftover(self, step: Create) -> None:
        """Drop the table that a killed run made and did not attach; it may be older than the columns of the parent."""
        if step.leftover is None:
            return
        leaf = Table(step.leftover, step.parent.schema, step.child.name)
        name = sql.Identifier(leaf.schema, leaf.name)

        def clear() -> None:
            self.connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(name))
            if self._whereabouts(leaf) != "detached":
                raise self._changed(str(leaf), step.parent)
            if self._one(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)):
                raise Refused(
                    f"{leaf} was left unattached by a run that was cut off, and now has rows",
                    where=str(step.parent),
                    next_step="attach or rename it, then run the command again",
                )
            self.connection.execute(sql.SQL("DROP TABLE {}").format(name))

        self.patience.transaction(self.connection, clear, what=f"drop {leaf}", where=str(step.parent))

    def _identify_by_index(self, parent: Table, leaf: Table) -> None:
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            name = sql.Identifier(leaf.schema, leaf.name)
            values = {"leaf": name.as_string(self.connection), "parent": parent.oid}
            index = cursor.execute(query(QUERIES, "identity_index"), values).fetchone()
        if index is not None:
            self.connection.execute(
                sql.SQL("ALTER TABLE {} REPLICA IDENTITY USING INDEX {}").format(name, sql.Identifier(index))
            )

    def _finalize(self, step: Finalize | Detach) -> None:
        statements = [self._recording("detached", step, step.leaf), detach_statement(step, " FINALIZE")]
        self._bounded(statements, step, f"finish the detach of {step.leaf}", finishing=True)

    def _detach(self, step: Detach) -> None:
        if self._whereabouts(step.leaf) != "attached":
            raise self._changed(str(step.leaf), step.parent)
        if not step.concurrently:
            self._detach_at_once(step)
            return
        # the detach cannot be in one transaction with what is written about it
        self._record("detaching", step, step.leaf)
        self.patience.statement(
            self.connection,
            detach_statement(step, " CONCURRENTLY"),
            what=str(step),
            where=str(step.parent),
            bounded=True,
            locks=locks_of(step, self.foreign_keys),
            settled=lambda: self._whereabouts(step.leaf) != "attached",
        )
        if self._whereabouts(step.leaf) == "pending":
            self._finalize(step)
        else:
            self._record("detached", step, step.leaf)

    def _detach_at_once(self, step: Detach) -> None:
        """A DEFAULT partition forbids CONCURRENTLY."""
        self._bounded([self._recording("detached", step, step.leaf), detach_statement(step, "")], step, str(step))

    def _drop_foreign_key(self, step: DropForeignKey) -> None:
        if self._whereabouts(step.leaf) != "detached":
            raise self._changed(str(step.leaf), step.parent)
        statements = [self._recording("unlinked", step, step.leaf), drop_foreign_key_statement(step)]
        self._bounded(statements, step, str(step))

    def _drop(self, step: Drop) -> None:
        name = sql.Identifier(step.leaf.schema, step.leaf.name)

        def drop() -> None:
            # whoever looked before the lock may have looked at another table, or at one that was not attached yet
            self.connection.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(name))
            if self._whereabouts(step.leaf) != "detached":
                raise self._changed(str(step.leaf), step.parent)
            keys = sql.SQL("SELECT FROM pg_catalog.pg_constraint WHERE conrelid = {} AND contype = 'f'")
            if self._one(sql.SQL("SELECT EXISTS ({})").format(keys.format(sql.Literal(step.leaf.oid)))):
                raise LockNotAcquired(
                    f"{step.leaf} still has a foreign key, and dropping it would lock the table that it refers to",
                    where=str(step.parent),
                    next_step="run the command again when that table is less busy",
                )
            self._record("dropped", step, step.leaf)
            self.patience.share(self.connection)
            self.connection.execute(drop_statement(step))

        self.patience.transaction(
            self.connection,
            drop,
            what=str(step),
            where=str(step.parent),
            bounded=True,
            locks=locks_of(step, self.foreign_keys),
        )

    def _bounded(self, statements: Sequence[sql.Composable], step: Step, what: str, *, finishing: bool = False) -> None:
        """What is written comes first: then nothing but the commit comes after the statement that takes the locks."""
        self.patience.script(
            self.connection,
            statements,
            what=what,
            where=str(step.parent),
            bounded=True,
            locks=locks_of(step, self.foreign_keys, finishing=finishing),
        )

    def _whereabouts(self, leaf: Table) -> Whereabouts:
        with self.connection.cursor() as cursor:
            row = cursor.execute(
                query(QUERIES, "whereabouts"), {"oid": leaf.oid, "schema": leaf.schema, "name": leaf.name}
            ).fetchone()
        return "gone" if row is None else row[0]

    def _record(self, event: Event, step: Step, leaf: Table) -> None:
        self.connection.execute(self._recording(event, step, leaf))

    def _recording(self, event: Event, step: Step, leaf: Table) -> sql.SQL:
        return recording(
            self.connection,
            event,
            parent=(step.parent.schema, step.parent.name),
            leaf=(leaf.schema, leaf.name),
            leaf_oid=leaf.oid or None,
            details=_details(step),
        )

    def _one(self, statement: sql.Composed) -> Any:
        with self.connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(statement).fetchone()

    def _changed(self, leaf: str, parent: Table) -> Refused:
        return Refused(
            f"{leaf} is not what it was when this was planned",
            where=str(parent),
            next_step="run the command again; it looks at the database anew",
        )


def _details(step: Step) -> Mapping[str, Any]:
    match step:
        case Create() | Attach():
            return range_details(f"FOR VALUES {step.child.bound}", step.child.lower, step.child.upper)
        case Finalize() | Detach() | Drop():
            return range_details(step.bound, step.lower, step.upper)
        case DropForeignKey():
            return {"foreign_key": step.key.name, "referred": str(step.key.referred)}
        case Drain():
            return {}


def same_table(leaf: Table) -> sql.Composed:
    """The statement that locks a table and fails unless it is the one of this oid, or, where the oid is not known,
    one that we made to be attached."""
    name, text = sql.Identifier(leaf.schema, leaf.name), sql.Literal(qualified(leaf.schema, leaf.name))
    found = sql.SQL("pg_catalog.to_regclass({})::oid::bigint").format(text)
    known = sql.SQL("{} = {}").format(found, sql.Literal(leaf.oid))
    made = sql.SQL(
        "EXISTS (SELECT FROM airside.partition_ledger WHERE leaf_oid = {} AND event = 'prepared' AND leaf = {})"
    ).format(found, text)
    body = sql.SQL(
        "BEGIN LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE;"
        " IF {} THEN RETURN; END IF; RAISE EXCEPTION 'another table has the name' USING ERRCODE = {}; END"
    ).format(name, known if leaf.oid else made, sql.Literal(_ANOTHER_TABLE))
    return sql.SQL("DO {}").format(sql.Literal(body.as_string()))


def detach_statement(step: Finalize | Detach, how: Literal["", " CONCURRENTLY", " FINALIZE"]) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} DETACH PARTITION {}{}").format(
        sql.Identifier(step.parent.schema, step.parent.name),
        sql.Identifier(step.leaf.schema, step.leaf.name),
        sql.SQL(how),
    )


def drop_foreign_key_statement(step: DropForeignKey) -> sql.Composed:
    return sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(
        sql.Identifier(step.leaf.schema, step.leaf.name), sql.Identifier(step.key.name)
    )


def drop_statement(step: Drop) -> sql.Composed:
    return sql.SQL("DROP TABLE {}").format(sql.Identifier(step.leaf.schema, step.leaf.name))
