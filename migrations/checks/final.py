"""The database at head as rules of the final catalog are given it: a thin shell over queries and the declaration."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import psycopg
from postgast import pg_query_pb2
from psycopg.rows import tuple_row

from ...schema.core.catalog import Catalog, Key
from ...schema.core.database import Database
from ...schema.core.partitioning import partition_policy
from ...schema.core.sql import parse_script, query
from .expressions import columns, demanded, parsed
from .model import Final
from .nodetree import Applied, applied

QUERIES = Path(__file__).parent / "queries"
_PROTECTED = 2


def final_of(connection: psycopg.Connection[Any], catalog: Catalog, database: Database | None = None) -> Final:
    """What the rules about the database at head look at. `catalog` is that of `connection`, which is only read.

    `database` is its declaration where there is one. Raises psycopg's errors.
    """
    return Final(
        catalog=catalog,
        leaky=_leaky(connection) if any(key.kind == "policy" for key in catalog) else {},
        partition_policies=None if database is None else _with_policy(database),
        tenants=tenants(catalog, declared_tenant_columns(database) if database else frozenset()),
    )


def _with_policy(database: Database) -> frozenset[str]:
    return frozenset(
        f"{table.schema or 'public'}.{table.name}"
        for table in database.metadata.tables.values()
        if partition_policy(table.info) is not None
    )


def _leaky(connection: psycopg.Connection[Any]) -> Mapping[Key, tuple[str, ...]]:
    with connection.cursor(row_factory=tuple_row) as cursor:
        rows = cast("list[tuple[str, str, str, str]]", cursor.execute(query(QUERIES, "policy_trees")).fetchall())
        trees = {Key("policy", (schema, table, name)): applied(tree) for schema, table, name, tree in rows}
        asked = {
            "functions": sorted({oid for tree in trees.values() for oid in tree.functions}),
            "operators": sorted({oid for tree in trees.values() for oid in tree.operators}),
            "casts": sorted({oid for tree in trees.values() for oid in tree.casts}),
        }
        found = cast("list[tuple[str, int, str]]", cursor.execute(query(QUERIES, "leaky"), asked).fetchall())
    known = {(kind, oid): text for kind, oid, text in found}
    told = {key: tuple(sorted(_told(tree, known))) for key, tree in trees.items()}
    return {key: texts for key, texts in told.items() if texts}


def _told(tree: Applied, known: Mapping[tuple[str, int], str]) -> Iterator[str]:
    for kind, oids in (("function", tree.functions), ("operator", tree.operators), ("cast", tree.casts)):
        yield from (known[kind, oid] for oid in oids if (kind, oid) in known)


def declared_tenant_columns(database: Database) -> frozenset[str]:
    """The columns that `tenant_policies` of the declaration compare."""
    found: set[str] = set()
    for statement in database.sql:
        if statement.origin.startswith("tenant_policies("):
            for parsed_statement in parse_script(statement.sql, origin=statement.origin):
                policy = parsed_statement.tree.create_policy_stmt
                if parsed_statement.tree.HasField("create_policy_stmt"):
                    found |= _asked_columns(policy.qual)
    return frozenset(found)


def tenants(catalog: Catalog, declared: frozenset[str]) -> frozenset[str]:
    """The tables whose rows belong to a tenant: those with a tenant's column.

    A column is one when the declaration says so, or when policies of two tables at least, and of most that have such
    a column, compare it with who asks.
    """
    holders = Counter(key.identity[2] for key in catalog if key.kind == "column")
    policed: dict[str, set[tuple[str, ...]]] = {}
    for key, item in catalog.items():
        tree = parsed(str(item.properties["using"])) if key.kind == "policy" and item.properties.get("using") else None
        for column in _asked_columns(tree) if tree is not None else ():
            policed.setdefault(column, set()).add(key.identity[:2])
    inferred = {
        column for column, tables in policed.items() if len(tables) >= _PROTECTED and 2 * len(tables) > holders[column]
    }
    named = declared | inferred
    return frozenset(".".join(key.identity[:2]) for key in catalog if key.kind == "column" and key.identity[2] in named)


def _asked_columns(condition: pg_query_pb2.Node) -> frozenset[str]:
    """The columns that are compared with who asks."""
    terms = frozenset[str]().union(*demanded(condition, frozenset()))
    return frozenset(term for term in terms if term in columns(condition))
