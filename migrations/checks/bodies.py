"""What functions of a catalog do in their bodies: read tables, ask the time. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import postgast
from postgast import PgQueryError, pg_query_pb2

from ...schema.core.catalog import Catalog
from .clock import changing
from .expressions import Node, walk

_EXPRESSION, _ASSIGNMENT = 2, 3
"""Modes in which PL/pgSQL parses a text, besides whole statements (RawParseMode)."""


@dataclass(frozen=True, slots=True)
class Body:
    """`tables` that it reads or writes, and what in it is `changing`; both as they are written there."""

    tables: frozenset[str]
    changing: frozenset[str]


def bodies(catalog: Catalog, wanted: Collection[tuple[str, ...]]) -> Mapping[tuple[str, ...], Body]:
    """The SQL and PL/pgSQL functions among `wanted`, by schema and name; of functions with one name all together."""
    found: dict[tuple[str, ...], Body] = {}
    for key, item in catalog.items():
        name = key.identity[:2]
        if key.kind != "function" or name not in wanted:
            continue
        trees = list(statements(str(item.properties["definition"]), str(item.extra.get("language"))))
        named = {part.relname for tree in trees for part in walk(tree) if isinstance(part, pg_query_pb2.RangeVar)}
        # system catalogs come with the server, before any row does
        tables = {table for table in named if not table.startswith("pg_")}
        before = found.get(name, Body(frozenset(), frozenset()))
        found[name] = Body(before.tables | tables, before.changing.union(*(changing(tree) for tree in trees)))
    return found


def statements(definition: str, language: str) -> Iterator[Node]:
    """The statements and expressions in the body of a function; none where the parser does not know it."""
    try:
        if language == "plpgsql":
            yield from _of_plpgsql(postgast.parse_plpgsql(definition))
        if language != "sql":
            return
        made = postgast.parse(definition).stmts[0].stmt.create_function_stmt
    except (PgQueryError, ValueError):
        # for some bodies libpg_query writes what is no JSON
        return
    if made.HasField("sql_body"):
        yield made.sql_body
    for option in made.options:
        if option.def_elem.defname == "as":
            yield from _parsed(option.def_elem.arg.list.items[0].string.sval)


def _of_plpgsql(tree: Any) -> Iterator[Node]:
    if isinstance(tree, list):
        for item in cast("list[Any]", tree):
            yield from _of_plpgsql(item)
    elif isinstance(tree, dict):
        fields = cast("dict[str, Any]", tree)
        if "query" in fields:
            yield from _parsed(_statement(str(fields["query"]), fields.get("parseMode", 0)))
        for item in fields.values():
            yield from _of_plpgsql(item)


def _statement(text: str, mode: int) -> str:
    if mode == _ASSIGNMENT:
        text = text.partition(":=")[2] or text.partition("=")[2]
    return f"SELECT {text}" if mode in (_EXPRESSION, _ASSIGNMENT) else text


def _parsed(text: str) -> Iterator[Node]:
    try:
        yield from (statement.stmt for statement in postgast.parse(text).stmts)
    except PgQueryError:
        return
