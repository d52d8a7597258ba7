"""The statements that make a partition like its parent. Only reading the parent's shape asks the server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from ..schema.core.partitioning import Child
from ..schema.core.sql import query
from .actions import Attach, Create, Table
from .state import QUERIES
from .wanted import bound_literals

_NAME_BYTES = 63


@dataclass(frozen=True, slots=True)
class Shape:
    """What a partition takes from its parent besides what LIKE copies. `owner` is None where it is the current role.

    `options` (storage parameters, `name=value`) come from the newest partition. `column_options` are those of ALTER
    COLUMN ... SET (n_distinct).
    """

    owner: str | None
    tablespace: str | None
    access_method: str | None
    row_security: bool
    replica_identity: str
    remark: str | None
    options: tuple[str, ...]
    statistics_targets: tuple[tuple[str, int], ...]
    column_options: tuple[tuple[str, tuple[str, ...]], ...]


def read_shape(connection: psycopg.Connection[Any], parent: Table) -> Shape:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(query(QUERIES, "shape"), {"parent": parent.oid}).fetchone()
    if row is None:
        # dropped since it was looked at
        raise psycopg.errors.UndefinedTable(f"table {parent} does not exist")
    return Shape(
        row["owner"],
        row["tablespace"],
        row["access_method"],
        row["row_security"],
        row["replica_identity"],
        row["remark"],
        tuple(row["options"]),
        tuple((name, target) for name, target in row["statistics_targets"]),
        tuple((name, tuple(options)) for name, options in row["column_options"]),
    )


def making(action: Create, shape: Shape, *, like: tuple[str, str] | None = None) -> tuple[sql.Composed, ...]:
    """The statements that make the table; nobody but us knows of it until it is attached.

    `like` names the parent where it stands in another schema than its partitions.
    """
    name = sql.Identifier(action.parent.schema, action.child.name)
    parent = sql.Identifier(*(like or (action.parent.schema, action.parent.name)))
    # 17: a partition has the identity of its parent and may bring none; before, its own would never be asked
    create = sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL EXCLUDING IDENTITY{})").format(
        name, parent, _range_check(action)
    )
    if shape.access_method is not None:
        create += sql.SQL(" USING {}").format(sql.Identifier(shape.access_method))
    if shape.options:
        create += sql.SQL(" WITH ({})").format(sql.SQL(", ").join(map(_option, shape.options)))
    if shape.tablespace is not None:
        create += sql.SQL(" TABLESPACE {}").format(sql.Identifier(shape.tablespace))
    changes = tuple(_changes(shape))
    statements = [create]
    if changes:
        statements.append(sql.SQL("ALTER TABLE {} {}").format(name, sql.SQL(", ").join(changes)))
    if shape.remark is not None:
        statements.append(sql.SQL("COMMENT ON TABLE {} IS {}").format(name, sql.Literal(shape.remark)))
    return tuple(statements)


def _changes(shape: Shape) -> Iterator[sql.Composable]:
    for column, target in shape.statistics_targets:
        yield sql.SQL("ALTER COLUMN {} SET STATISTICS {}").format(sql.Identifier(column), sql.Literal(target))
    for column, options in shape.column_options:
        joined = sql.SQL(", ").join(map(_option, options))
        yield sql.SQL("ALTER COLUMN {} SET ({})").format(sql.Identifier(column), joined)
    if shape.row_security:
        # who reads a partition by its own name is not asked for the policies of its parent, and LIKE copies none
        yield sql.SQL("ENABLE ROW LEVEL SECURITY")
    if shape.replica_identity in ("f", "n"):
        yield sql.SQL("REPLICA IDENTITY FULL" if shape.replica_identity == "f" else "REPLICA IDENTITY NOTHING")
    if shape.owner is not None:
        yield sql.SQL("OWNER TO {}").format(sql.Identifier(shape.owner))


def _range_check(action: Create) -> sql.Composable:
    """A CHECK that implies the bound spares the scan of a later detach and attach, so it stays."""
    if action.child.lower is None or action.key is None:
        return sql.SQL("")
    return sql.SQL(", CONSTRAINT {} CHECK ({})").format(
        sql.Identifier(shortened(f"{action.child.name}_rng")), range_condition(action.key, action.child)
    )


def range_condition(key: str, child: Child) -> sql.Composed:
    """The bound of a range as a condition on its key."""
    column = sql.Identifier(key)
    parts: list[sql.Composable] = [sql.SQL("{} IS NOT NULL").format(column)]
    for operator, literal in zip((">=", "<"), bound_literals(child.bound), strict=True):
        if literal.startswith("'"):
            parts.append(sql.SQL("{} {} {}").format(column, sql.SQL(operator), trusted(literal)))
    return sql.SQL(" AND ").join(parts)


def attaching(action: Create | Attach) -> sql.Composed:
    """ATTACH, which locks the parent against other DDL only, and tables of foreign keys against writers."""
    leaf = action.leaf if isinstance(action, Attach) else Table(0, action.parent.schema, action.child.name)
    values = sql.SQL("") if action.child.bound == "DEFAULT" else sql.SQL("FOR VALUES ")
    return sql.SQL("ALTER TABLE {} ATTACH PARTITION {} {}{}").format(
        sql.Identifier(action.parent.schema, action.parent.name),
        sql.Identifier(leaf.schema, leaf.name),
        values,
        trusted(action.child.bound),
    )


def trusted(text: str) -> sql.SQL:
    """Text that PostgreSQL printed, or that a policy rendered with quoted literals."""
    return sql.SQL(cast("Any", text))


def _option(option: str) -> sql.Composed:
    name, _, value = option.partition("=")
    prefix, _, rest = name.rpartition(".")
    named = sql.SQL("{}.{}").format(sql.SQL("toast"), sql.Identifier(rest)) if prefix else sql.Identifier(rest)
    return sql.SQL("{} = {}").format(named, sql.Literal(value))


def shortened(name: str) -> str:
    """A name that PostgreSQL keeps as it is: at most 63 bytes."""
    return name.encode()[:_NAME_BYTES].decode(errors="ignore")


def as_text(statements: Sequence[sql.Composable]) -> tuple[str, ...]:
    return tuple(statement.as_string(None) for statement in statements)
