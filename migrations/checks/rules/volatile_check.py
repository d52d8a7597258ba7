"""Conditions whose truth changes although the row does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog, Key
from ..bodies import Body, bodies
from ..clock import can_turn_false, changing
from ..expressions import Node, constraint, parsed, walk
from ..indexes import indexes
from ..model import Context, Final, FinalRule, Finding

NAME = "volatile-check"
_SAFE = (
    "compare with a column that holds the moment (created_at), or check in a trigger when the row is written;"
    " what a function reads belongs into a foreign key or a trigger"
)
Condition = tuple[Key, str | None, str, Node]


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    checks, immutable = list(_checks(final.catalog)), list(_immutable(final.catalog))
    called = {name for *_, tree in (*checks, *immutable) for name in _called(tree)}
    known = bodies(final.catalog, called)
    for key, relation, what, tree in checks:
        named = changing(tree)
        if named and can_turn_false(tree):
            yield _finding(
                key,
                relation,
                f"{what} depends on {', '.join(sorted(named))}: a row that passed can fail later, at an UPDATE of any"
                " other column and when a dump is restored",
            )
    for condition in (*checks, *immutable):
        yield from _by_function(condition, known)


def _by_function(condition: Condition, known: Mapping[tuple[str, ...], Body]) -> Iterator[Finding]:
    key, relation, what, tree = condition
    for name in sorted(set(_called(tree)) & known.keys()):
        body = known[name]
        if body.tables:
            does = f"reads {', '.join(sorted(body.tables))}: when rows there change, nobody asks it again"
        elif body.changing:
            does = f"depends on {', '.join(sorted(body.changing))}: later it gives another answer"
        else:
            continue
        yield _finding(key, relation, f"{what} calls {'.'.join(name)}, which {does}")


def _called(tree: Node) -> Iterator[tuple[str, str]]:
    for item in walk(tree):
        if isinstance(item, pg_query_pb2.FuncCall) and len(item.funcname) > 1:
            yield item.funcname[0].string.sval, item.funcname[1].string.sval


def _checks(catalog: Catalog) -> Iterator[Condition]:
    for key, item in catalog.items():
        if key.kind == "constraint" and item.properties.get("type") == "c":
            made = constraint(str(item.properties["definition"]))
            if made is not None:
                yield key, ".".join(key.identity[:2]), f"the CHECK {key.identity[2]}", made.raw_expr
        elif key.kind == "domain":
            for name, text in cast("dict[str, str]", item.properties.get("constraints") or {}).items():
                made = constraint(text)
                if made is not None:
                    yield key, None, f"the CHECK {name}", made.raw_expr


def _immutable(catalog: Catalog) -> Iterator[Condition]:
    """Where PostgreSQL insists on IMMUTABLE and believes a function that says so: indexes, generated columns."""
    for table, known in indexes(catalog).items():
        for index in known:
            for text in (*index.terms, *((index.predicate,) if index.predicate else ())):
                # functions that are not PostgreSQL's own are spelled with their schema
                tree = parsed(text) if "." in text else None
                if tree is not None:
                    yield index.key, ".".join(table), f"the index {index.name}", tree
    for key, item in catalog.items():
        tree = parsed(str(item.properties["generated"])) if item.properties.get("generated") else None
        if key.kind == "column" and tree is not None:
            yield key, ".".join(key.identity[:2]), f"the generated column {key.identity[2]}", tree


def _finding(key: Key, relation: str | None, message: str) -> Finding:
    return Finding(NAME, str(key), message, _SAFE, RULE.severity, relation=relation)


RULE = FinalRule(
    NAME, "A condition depends on the time, the session or other rows, so it can turn false by itself.", judge
)
