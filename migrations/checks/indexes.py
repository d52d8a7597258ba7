"""The indexes of a catalog, those behind constraints included, as values that can be compared. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

import postgast
from postgast import PgQueryError, pg_query_pb2

from ...schema.core.catalog import Catalog, Key
from ...schema.core.quote import qualified, quote_ident
from .expressions import columns, constraint, inner, parsed, spelled

Table = tuple[str, str]
_BACKED = frozenset({"p", "u", "x"})


@dataclass(frozen=True, slots=True)
class Part:
    """One column or expression of an index. `nulls_first` follows from the order unless it was said."""

    term: str
    collation: str = ""
    opclass: str = ""
    descending: bool = False
    nulls_first: bool = False

    def reversed(self) -> Part:
        return replace(self, descending=not self.descending, nulls_first=not self.nulls_first)


@dataclass(frozen=True, slots=True)
class TableIndex:
    """An index of a table. `key` is the index or the constraint that it is behind.

    `unique` indexes and those of exclusion constraints (`excludes`) enforce something. `needed` says that the table's
    replica identity or CLUSTER names it.
    """

    key: Key
    table: Table
    method: str
    parts: tuple[Part, ...]
    includes: frozenset[str] = frozenset()
    predicate: str | None = None
    unique: bool = False
    primary: bool = False
    excludes: bool = False
    distinct_nulls: bool = True
    invalid: bool = False
    needed: bool = False

    @property
    def name(self) -> str:
        return self.key.identity[-1]

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(part.term for part in self.parts)

    @property
    def ordered(self) -> tuple[Part, ...]:
        """Its parts, read in the direction in which the first ascends: a b-tree is read both ways."""
        if self.method == "btree" and self.parts[0].descending:
            return tuple(part.reversed() for part in self.parts)
        return self.parts


def indexes(catalog: Catalog) -> Mapping[tuple[str, ...], tuple[TableIndex, ...]]:
    """Every index of every table, in the order of their names; those of a syntax unknown to the parser left out."""
    found: defaultdict[tuple[str, ...], list[TableIndex]] = defaultdict(list)
    for item in _read(catalog):
        found[item.table].append(item)
    return {table: tuple(sorted(items, key=lambda item: item.name)) for table, items in found.items()}


def _read(catalog: Catalog) -> Iterator[TableIndex]:
    for key, item in catalog.items():
        definition = str(item.properties.get("definition"))
        if key.kind == "index":
            read = _index(key, cast("Table", tuple(cast("list[str]", item.properties["table"]))), definition)
        elif key.kind == "constraint" and item.properties.get("type") in _BACKED:
            read = _behind(key, definition)
        else:
            continue
        if read is not None:
            invalid, needed = bool(item.properties.get("invalid")), _is_needed(catalog, read)
            yield replace(read, invalid=invalid, needed=needed) if invalid or needed else read


def _is_needed(catalog: Catalog, index: TableIndex) -> bool:
    table = catalog.get(Key("table", index.table))
    if table is None:
        return False
    return index.name == table.properties.get("clustered_on") or f"i {index.name}" == table.properties.get(
        "replica_identity"
    )


# several rules ask, of the catalogs before and after, which hardly differ
@lru_cache(maxsize=20_000)
def _index(key: Key, table: Table, definition: str) -> TableIndex | None:
    try:
        made = postgast.parse(definition).stmts[0].stmt.index_stmt
    except PgQueryError:
        return None
    return TableIndex(
        key=key,
        table=table,
        method=made.access_method,
        parts=tuple(_part(node.index_elem) for node in made.index_params),
        includes=frozenset(node.index_elem.name for node in made.index_including_params),
        predicate=spelled(made.where_clause) if made.HasField("where_clause") else None,
        unique=made.unique,
        distinct_nulls=not made.nulls_not_distinct,
    )


@lru_cache(maxsize=20_000)
def _behind(key: Key, definition: str) -> TableIndex | None:
    """The index behind a PRIMARY KEY, UNIQUE or EXCLUDE constraint."""
    schema, table, _ = key.identity
    made = constraint(definition)
    if made is None:
        return None
    excluded = [node.list.items[0].index_elem for node in made.exclusions]
    return TableIndex(
        key=key,
        table=(schema, table),
        method=made.access_method or "btree",
        parts=tuple(map(_part, excluded)) or tuple(Part(node.string.sval) for node in made.keys),
        includes=frozenset(node.string.sval for node in made.including),
        predicate=spelled(made.where_clause) if made.HasField("where_clause") else None,
        unique=made.contype != pg_query_pb2.CONSTR_EXCLUSION,
        primary=made.contype == pg_query_pb2.CONSTR_PRIMARY,
        excludes=made.contype == pg_query_pb2.CONSTR_EXCLUSION,
        distinct_nulls=not made.nulls_not_distinct,
    )


def _part(element: pg_query_pb2.IndexElem) -> Part:
    descending = element.ordering == pg_query_pb2.SORTBY_DESC
    said = element.nulls_ordering
    nulls_first = said == pg_query_pb2.SORTBY_NULLS_FIRST or (said != pg_query_pb2.SORTBY_NULLS_LAST and descending)
    options = [spelled_option for node in element.opclassopts if (spelled_option := str(node))]
    return Part(
        term=element.name or spelled(element.expr),
        collation=".".join(node.string.sval for node in element.collation),
        opclass=".".join(node.string.sval for node in element.opclass) + "".join(options),
        descending=descending,
        nulls_first=nulls_first,
    )


def leading(index: TableIndex, wanted: Iterable[str]) -> int:
    """How many parts the index begins with are among `wanted`; 0 where equality cannot use it.

    A predicate is no hindrance where it only says that a wanted column is not NULL: equality implies that.
    """
    terms = frozenset(wanted)
    if index.invalid or index.method not in ("btree", "hash", "gist", "spgist") or not _is_implied(index, terms):
        return 0
    count = 0
    while count < len(index.parts) and index.parts[count].term in terms:
        count += 1
    return count


def _is_implied(index: TableIndex, terms: frozenset[str]) -> bool:
    if index.predicate is None:
        return True
    predicate = parsed(index.predicate)
    test = None if predicate is None else inner(predicate)
    return (
        isinstance(test, pg_query_pb2.NullTest)
        and test.nulltesttype == pg_query_pb2.IS_NOT_NULL
        and columns(test.arg) <= terms
    )


def same(one: TableIndex, other: TableIndex) -> bool:
    """Whether the two serve the same queries: equal but for name, uniqueness and storage."""
    return (
        (one.table, one.method, one.predicate) == (other.table, other.method, other.predicate)
        and one.ordered == other.ordered
        and one.includes == other.includes
    )


def begins(short: TableIndex, long: TableIndex) -> bool:
    """Whether every query that `short` serves is served by `long`, which has further columns."""
    return (
        short.method == long.method == "btree"
        and (short.table, short.predicate) == (long.table, long.predicate)
        and not same(short, long)
        and long.ordered[: len(short.parts)] == short.ordered
        and short.includes <= long.includes | frozenset(long.terms)
    )


def how_to_build(catalog: Catalog, table: Table, listed: str) -> str:
    """An index on the columns or expressions `listed` without blocking writes; CONCURRENTLY is refused on a parent."""
    name = qualified(*table)
    if not _is_partitioned(catalog, table):
        return f"CREATE INDEX CONCURRENTLY ON {name} ({listed});"
    return (
        f"CREATE INDEX ON ONLY {name} ({listed}); then for each partition CREATE INDEX CONCURRENTLY and ALTER INDEX ..."
        " ATTACH PARTITION"
    )


def how_to_drop(catalog: Catalog, index: TableIndex) -> str:
    """How it goes away, without keeping others waiting where PostgreSQL can do that."""
    schema, table = index.table
    if index.key.kind == "constraint":
        return f"ALTER TABLE {qualified(schema, table)} DROP CONSTRAINT {quote_ident(index.name)};"
    concurrently = "" if _is_partitioned(catalog, index.table) else "CONCURRENTLY "
    return f"DROP INDEX {concurrently}{qualified(schema, index.name)};"


def _is_partitioned(catalog: Catalog, table: Table) -> bool:
    holder = catalog.get(Key("table", table))
    return holder is not None and holder.properties["relkind"] == "p"
