"""Readers of statements as PostgreSQL's parser gives them, those within DO blocks and functions too. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from postgast import pg_query_pb2

from .effects import Effect
from .embedded import PLACEHOLDER, bodies

Routines = Mapping[str, str]
"""Definitions of functions and procedures (CREATE statements) by their name without schema."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of an ALTER TABLE: `relation` as the statement names it, `objtype` what it takes it for."""

    relation: str
    objtype: pg_query_pb2.ObjectType
    tree: pg_query_pb2.AlterTableCmd

    @property
    def subtype(self) -> pg_query_pb2.AlterTableType:
        return self.tree.subtype

    @property
    def name(self) -> str:
        """The column or constraint it is about; empty where there is none."""
        return self.tree.name or self.column.colname or self.constraint.conname

    @property
    def column(self) -> pg_query_pb2.ColumnDef:
        return getattr(self.tree, "def").column_def

    @property
    def constraint(self) -> pg_query_pb2.Constraint:
        return getattr(self.tree, "def").constraint

    @property
    def partition(self) -> pg_query_pb2.PartitionCmd:
        return getattr(self.tree, "def").partition_cmd

    @property
    def constraints(self) -> Iterator[pg_query_pb2.Constraint]:
        """The constraints it adds: one of the table's, or those of a new column."""
        if self.subtype == pg_query_pb2.AT_AddConstraint:
            yield self.constraint
        elif self.subtype == pg_query_pb2.AT_AddColumn:
            yield from (item.constraint for item in self.column.constraints)


def kind_of(node: pg_query_pb2.Node) -> str:
    """The field that a node holds, such as `alter_table_stmt`."""
    return node.WhichOneof("node") or ""


def statements(effect: Effect, routines: Routines | None = None) -> Iterator[pg_query_pb2.Node]:
    """The statement, and those in the DO block that it is or in the `routines` that it calls.

    What a body runs with EXECUTE is read as far as it is written there.
    """
    if effect.tree is not None:
        yield effect.tree
        if kind_of(effect.tree) in _WITH_BODIES:
            used = any(name in effect.sql for name in routines or ())
            yield from bodies(effect.sql, tuple(sorted((routines or {}).items())) if used else ())


def commands(effect: Effect, routines: Routines | None = None) -> Iterator[Command]:
    """Every command of every ALTER TABLE, INDEX or MATERIALIZED VIEW in the statement."""
    for node in statements(effect, routines):
        yield from commands_of(node)


def commands_of(node: pg_query_pb2.Node) -> Iterator[Command]:
    """The commands of one ALTER TABLE; nothing for other statements."""
    altered = node.alter_table_stmt
    for item in altered.cmds:
        yield Command(relation(altered.relation), altered.objtype, item.alter_table_cmd)


def relation(named: pg_query_pb2.RangeVar) -> str:
    """`schema.name`, or `name` where no schema is given; empty for none."""
    return f"{named.schemaname}.{named.relname}" if named.schemaname else named.relname


def object_name(node: pg_query_pb2.Node) -> str:
    """The same of what DROP and the like name by a list of parts."""
    return ".".join(part.string.sval for part in node.list.items)


def names(written: str, relation: str) -> bool:
    """Whether a name as written (`t` or `public.t`) may mean `schema.name`. A part put in by EXECUTE may be anything.

    >>> names("t", "public.t"), names("other.t", "public.t")
    (True, False)
    """
    return bool(written) and means(written, relation if "." in written else relation.partition(".")[2])


def means(written: str, name: str) -> bool:
    """Whether a name as written may be this one: the part that EXECUTE puts in may be anything."""
    if PLACEHOLDER not in written:
        return written == name
    return re.fullmatch(re.escape(written).replace(re.escape(PLACEHOLDER), ".*"), name) is not None


def type_name(written: pg_query_pb2.TypeName) -> str:
    """The last part of a type's name: `numeric` for `pg_catalog.numeric(10, 2)`; empty for none."""
    return written.names[-1].string.sval if written.names else ""


def option(options: Iterable[pg_query_pb2.Node], name: str) -> bool:
    """Whether an option list such as that of VACUUM (FULL, ...) turns `name` on."""
    for item in options:
        element = item.def_elem
        if element.defname.lower() == name:
            return _is_on(element)
    return False


def is_null(node: pg_query_pb2.Node) -> bool:
    """Whether an expression is the word NULL, cast or not."""
    kind = kind_of(node)
    return is_null(node.type_cast.arg) if kind == "type_cast" else kind == "a_const" and node.a_const.isnull


def default_of(column: pg_query_pb2.ColumnDef) -> pg_query_pb2.Node | None:
    """The DEFAULT expression of a new column; None where it has none."""
    for item in column.constraints:
        if item.constraint.contype == pg_query_pb2.CONSTR_DEFAULT:
            return item.constraint.raw_expr
    return column.raw_default if column.HasField("raw_default") else None


_WITH_BODIES = frozenset({"do_stmt", "select_stmt", "call_stmt"})
_OFF = frozenset({"false", "off", "0", "no"})


def _is_on(element: pg_query_pb2.DefElem) -> bool:
    kind = kind_of(element.arg)
    if kind == "integer":
        return element.arg.integer.ival != 0
    if kind == "boolean":
        return element.arg.boolean.boolval
    return kind != "string" or element.arg.string.sval.lower() not in _OFF
