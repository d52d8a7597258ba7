"""PostgreSQL's own form of a stored expression (`pg_node_tree`): which functions it applies to columns. Pure.

Only there operators are known by number, with the types of their operands; the SQL text knows them by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(r"[{}]|(?:\\.|[^\s{}()\\])+")
_BY_OPERATOR = frozenset({"OPEXPR", "DISTINCTEXPR", "NULLIFEXPR", "SCALARARRAYOPEXPR"})


@dataclass(slots=True)
class _Node:
    kind: str
    fields: dict[str, str] = field(default_factory=dict[str, str])
    children: list[_Node] = field(default_factory=list["_Node"])


@dataclass(frozen=True, slots=True)
class Applied:
    """Oids of what an expression applies to columns of its table: functions, operators, and types cast to by text."""

    functions: frozenset[int] = frozenset()
    operators: frozenset[int] = frozenset()
    casts: frozenset[int] = frozenset()


def applied(tree: str) -> Applied:
    """What a stored expression applies to columns of its own table, in subqueries, too."""
    functions: set[int] = set()
    operators: set[int] = set()
    casts: set[int] = set()
    for node, depth in _walk(_parse(tree), 0):
        if not _holds_column(node, depth):
            continue
        if node.kind in _BY_OPERATOR:
            operators.add(int(node.fields["opno"]))
        elif node.kind == "FUNCEXPR":
            functions.add(int(node.fields["funcid"]))
        elif node.kind == "COERCEVIAIO":
            casts.add(int(node.fields["resulttype"]))
    return Applied(frozenset(functions), frozenset(operators), frozenset(casts))


def _parse(tree: str) -> _Node:
    root = _Node("")
    path = [root]
    name = ""
    tokens = _TOKEN.finditer(tree)
    for match in tokens:
        token = match.group()
        if token == "{":
            node = _Node(next(tokens).group())
            path[-1].children.append(node)
            path.append(node)
        elif token == "}":
            path.pop()
        elif token.startswith(":"):
            name = token[1:]
        else:
            path[-1].fields.setdefault(name, token)
    return root


def _walk(node: _Node, depth: int) -> Iterator[tuple[_Node, int]]:
    """Every node with the number of subqueries around it."""
    yield node, depth
    for child in node.children:
        yield from _walk(child, depth + (node.kind == "QUERY"))


def _holds_column(node: _Node, depth: int) -> bool:
    return any(below.kind == "VAR" and int(below.fields["varlevelsup"]) == level for below, level in _walk(node, depth))
