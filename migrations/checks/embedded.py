"""Statements within DO blocks, functions and procedures. Pure.

What EXECUTE runs is read as far as the text is there: literals, `||` and `format`; a value that only a run knows
becomes a placeholder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, cast

import postgast
from postgast import PgQueryError, pg_query_pb2

PLACEHOLDER = "_unknown_"
_DEEP = 4
_SPECIFIER = re.compile(r"%(?:(?P<position>\d+)\$)?-?\d*(?P<kind>[IsL%])")


@lru_cache(maxsize=4096)
def bodies(sql: str, routines: tuple[tuple[str, str], ...] = ()) -> tuple[pg_query_pb2.Node, ...]:
    """The statements in the DO block that `sql` is, and in the `routines` (name, definition) that it or they call."""
    return tuple(_within(sql, dict(routines), _DEEP))


_ENDLESS = frozenset({"PLpgSQL_stmt_loop", "PLpgSQL_stmt_while", "PLpgSQL_stmt_dynfors", "PLpgSQL_stmt_forc"})


@lru_cache(maxsize=1024)
def repeated(sql: str) -> tuple[tuple[pg_query_pb2.Node, pg_query_pb2.Node | None], ...]:
    """The statements in loops of the DO block that `sql` is which end when there are no more rows, not after a number
    that is written there; each with the query whose rows its loop takes, if any.
    """
    try:
        return tuple(_repeated(postgast.parse_plpgsql(sql), False, None))
    except (PgQueryError, ValueError):
        return ()


def _repeated(
    node: object, inside: bool, over: pg_query_pb2.Node | None
) -> Iterator[tuple[pg_query_pb2.Node, pg_query_pb2.Node | None]]:
    if isinstance(node, list):
        for item in cast("list[object]", node):
            yield from _repeated(item, inside, over)
    elif isinstance(node, dict):
        for name, value in cast("dict[str, Any]", node).items():
            if name in ("PLpgSQL_stmt_execsql", "PLpgSQL_stmt_dynexecute") and inside:
                yield from ((statement, over) for text in _plpgsql({name: value}) for statement in _parsed(text))
            elif name in _ENDLESS or (name == "PLpgSQL_stmt_fori" and not _is_number(value["upper"])):
                yield from _repeated(value.get("body", []), True, over)
            elif name == "PLpgSQL_stmt_fors":
                query = next(iter(_parsed(value["query"]["PLpgSQL_expr"]["query"])), None)
                yield from _repeated(value.get("body", []), True, query)
            else:
                yield from _repeated(value, inside, over)


def _is_number(expression: Mapping[str, Any]) -> bool:
    return str(expression["PLpgSQL_expr"]["query"]).strip().isdigit()


def _within(sql: str, routines: Mapping[str, str], depth: int) -> Iterator[pg_query_pb2.Node]:
    for node in _parsed(sql):
        kind = node.WhichOneof("node")
        for group in node.create_function_stmt.sql_body.list.items:
            yield from group.list.items
        inner = _statements_of(sql, node) if kind in ("do_stmt", "create_function_stmt") else ()
        for text in inner:
            for statement in _parsed(text):
                yield statement
                if statement.WhichOneof("node") == "do_stmt" and depth:
                    yield from _within(text, routines, depth - 1)
            yield from _of_calls(text, routines, depth)
        if kind in ("select_stmt", "call_stmt"):
            yield from _of_calls(sql, routines, depth)


def _of_calls(sql: str, routines: Mapping[str, str], depth: int) -> Iterator[pg_query_pb2.Node]:
    if not depth or not routines:
        return
    for name in _called(sql):
        if name in routines:
            yield from _within(routines[name], routines, depth - 1)


def _called(sql: str) -> Iterator[str]:
    for node in _parsed(sql):
        for call in postgast.find_nodes(node, pg_query_pb2.FuncCall):
            yield call.funcname[-1].string.sval


def _statements_of(sql: str, node: pg_query_pb2.Node) -> Iterator[str]:
    """The texts of the statements in a body, those of EXECUTE with placeholders."""
    options = node.do_stmt.args if node.WhichOneof("node") == "do_stmt" else node.create_function_stmt.options
    said = {item.def_elem.defname: item.def_elem.arg for item in options}
    language = said["language"].string.sval.lower() if "language" in said else "plpgsql"
    if language == "sql" and "as" in said:
        yield from (part.string.sval for part in said["as"].list.items[:1])
    # libpg_query ends the process where there is no text
    if language != "plpgsql" or "as" not in said:
        return
    try:
        tree = postgast.parse_plpgsql(sql)
    except (PgQueryError, ValueError):
        # for some bodies libpg_query writes what is no JSON
        return
    yield from _plpgsql(tree)


def _plpgsql(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for item in cast("list[object]", node):
            yield from _plpgsql(item)
    elif isinstance(node, dict):
        for name, value in cast("dict[str, Any]", node).items():
            if name in ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"):
                text = _dynamic(value["query"]["PLpgSQL_expr"]["query"])
                if text is not None:
                    yield text
            elif name == "PLpgSQL_expr" and value.get("parseMode", 0) == 0:
                yield value["query"]
            yield from _plpgsql(value)


def _dynamic(expression: str) -> str | None:
    """The text that an expression gives, as far as it is known."""
    for node in _parsed(f"SELECT {expression}"):
        targets = node.select_stmt.target_list
        if len(targets) == 1:
            return _text(targets[0].res_target.val)
    return None


def _text(node: pg_query_pb2.Node) -> str:
    kind = node.WhichOneof("node")
    if kind == "a_const":
        constant = node.a_const
        return constant.sval.sval if constant.HasField("sval") else str(constant.ival.ival)
    if kind == "type_cast":
        return _text(node.type_cast.arg)
    if kind == "a_expr" and node.a_expr.name[-1].string.sval == "||":
        return _text(node.a_expr.lexpr) + _text(node.a_expr.rexpr)
    return _of_function(node.func_call) if kind == "func_call" else PLACEHOLDER


def _of_function(call: pg_query_pb2.FuncCall) -> str:
    values = [_text(item) for item in call.args]
    made = _FUNCTIONS.get(call.funcname[-1].string.sval)
    return made(values) if made and values else PLACEHOLDER


def _formatted(values: list[str]) -> str:
    """What `format` makes of a template and values."""
    following = count(1)

    def put(match: re.Match[str]) -> str:
        if match["kind"] == "%":
            return "%"
        at = int(match["position"] or next(following))
        value = values[at] if at < len(values) else PLACEHOLDER
        return {"I": _identifier, "L": _literal}.get(match["kind"], str)(value)

    return _SPECIFIER.sub(put, values[0])


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


_FUNCTIONS: Mapping[str, Callable[[list[str]], str]] = {
    "format": _formatted,
    "concat": "".join,
    "quote_ident": lambda values: _identifier(values[0]),
    "quote_literal": lambda values: _literal(values[0]),
    "quote_nullable": lambda values: _literal(values[0]),
}


@lru_cache(maxsize=4096)
def _parsed(sql: str) -> tuple[pg_query_pb2.Node, ...]:
    try:
        return tuple(item.stmt for item in postgast.parse(sql).stmts)
    except PgQueryError:
        return ()
