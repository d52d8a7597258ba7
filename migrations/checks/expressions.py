"""Expressions of a catalog (policies, CHECKs, predicates) as trees, and what can be told of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

import postgast
from google.protobuf.message import Message
from postgast import PgQueryError, pg_query_pb2

Node = pg_query_pb2.Node

_SHELL = postgast.parse("SELECT 1")
_TEXTS = frozenset({"text", "varchar", "bpchar"})


# several rules ask about one expression, of the catalogs before and after
@lru_cache(maxsize=20_000)
def parsed(text: str) -> Node | None:
    """An expression as PostgreSQL's parser reads it, to be read only; None for unknown syntax."""
    try:
        return postgast.parse("SELECT " + text).stmts[0].stmt.select_stmt.target_list[0].res_target.val
    except PgQueryError:
        return None


@lru_cache(maxsize=20_000)
def constraint(definition: str) -> pg_query_pb2.Constraint | None:
    """The constraint of a definition (`CHECK (...)`, `FOREIGN KEY ...`), likewise."""
    try:
        command = postgast.parse(f"ALTER TABLE t ADD {definition}").stmts[0].stmt.alter_table_stmt.cmds[0]
    except PgQueryError:
        return None
    return getattr(command.alter_table_cmd, "def").constraint


def spelled(node: Node) -> str:
    """The expression in one spelling, equal for equal trees."""
    shell = pg_query_pb2.ParseResult()
    shell.CopyFrom(_SHELL)
    shell.stmts[0].stmt.select_stmt.target_list[0].res_target.val.CopyFrom(node)
    return postgast.deparse(shell).removeprefix("SELECT ")


def inner(node: Node) -> Message:
    """What the node is: `AExpr`, `FuncCall`, ..."""
    return postgast.unwrap_node(node)


def walk(node: Message, *, into_queries: bool = True) -> Iterator[Message]:
    """The node and all that it is made of; without `into_queries` not what belongs to a subquery."""
    root = postgast.unwrap_node(node)
    yield root
    for field, value in root.ListFields():
        if field.message_type is None or (not into_queries and field.name == "subselect"):
            continue
        children = [value] if isinstance(value, Message) else cast("list[Message]", value)
        for child in children:
            yield from walk(child, into_queries=into_queries)


def name_of(parts: Message) -> str:
    """The last part of a possibly qualified name (`funcname`, `name`, the `names` of a type)."""
    return [cast("Node", part).string.sval for part in cast("list[Message]", parts)][-1]


def columns(node: Node) -> frozenset[str]:
    """The columns of the table itself that an expression names (those in subqueries left out)."""
    return frozenset(
        name_of(cast("Message", item.fields))
        for item in walk(node, into_queries=False)
        if isinstance(item, pg_query_pb2.ColumnRef) and item.fields[-1].WhichOneof("node") == "string"
    )


def functions(node: Node) -> frozenset[str]:
    """The unqualified names of the functions that are called."""
    return frozenset(
        name_of(cast("Message", item.funcname)) for item in walk(node) if isinstance(item, pg_query_pb2.FuncCall)
    )


def always_true(node: Node) -> bool:
    """Whether it holds for every row: TRUE, `1 = 1`, `id = id`, or AND and OR of such."""
    item = inner(node)
    match item:
        case pg_query_pb2.A_Const():
            return item.boolval.boolval
        case pg_query_pb2.TypeCast():
            return always_true(item.arg)
        case pg_query_pb2.BoolExpr(boolop=pg_query_pb2.AND_EXPR):
            return all(map(always_true, item.args))
        case pg_query_pb2.BoolExpr(boolop=pg_query_pb2.OR_EXPR):
            return any(map(always_true, item.args))
        case pg_query_pb2.A_Expr(kind=pg_query_pb2.AEXPR_OP):
            plain = not functions(node) and not any(isinstance(part, pg_query_pb2.SubLink) for part in walk(node))
            return plain and name_of(cast("Message", item.name)) == "=" and spelled(item.lexpr) == spelled(item.rexpr)
        case _:
            return False


def demanded(node: Node, texts: frozenset[str]) -> tuple[frozenset[str], ...]:
    """What has to be indexed so that rows are found by equality: for each set an index that leads with one of it.

    What is compared with a literal (`status = 'open'`) or with another column finds too many rows and is left out.
    `texts` are columns whose cast to text changes nothing (varchar).
    """
    item = inner(node)
    match item:
        case pg_query_pb2.BoolExpr(boolop=pg_query_pb2.AND_EXPR):
            found = [demand for argument in item.args if (demand := demanded(argument, texts))]
            single = [demand[0] for demand in found if len(demand) == 1]
            return (frozenset[str]().union(*single),) if single else found[0] if found else ()
        case pg_query_pb2.BoolExpr(boolop=pg_query_pb2.OR_EXPR):
            return tuple(demand for argument in item.args for demand in demanded(argument, texts))
        case pg_query_pb2.A_Expr(kind=pg_query_pb2.AEXPR_OP | pg_query_pb2.AEXPR_OP_ANY | pg_query_pb2.AEXPR_IN):
            return _compared(item, texts) if name_of(cast("Message", item.name)) == "=" else ()
        case pg_query_pb2.SubLink(sub_link_type=pg_query_pb2.ANY_SUBLINK):
            return (frozenset({_term(item.testexpr, texts)}),) if columns(item.testexpr) else ()
        case _:
            return ()


def _compared(item: pg_query_pb2.A_Expr, texts: frozenset[str]) -> tuple[frozenset[str], ...]:
    for side, other in ((item.lexpr, item.rexpr), (item.rexpr, item.lexpr)):
        if columns(side) and not columns(other) and _is_asked(other):
            return (frozenset({_term(side, texts)}),)
    return ()


def _is_asked(node: Node) -> bool:
    """Whether a value depends on who asks: a function, a setting, the current user, a subquery."""
    asks = (pg_query_pb2.FuncCall, pg_query_pb2.SQLValueFunction, pg_query_pb2.SubLink, pg_query_pb2.ParamRef)
    return any(isinstance(part, asks) for part in walk(node))


def _term(node: Node, texts: frozenset[str]) -> str:
    item = inner(node)
    if isinstance(item, pg_query_pb2.TypeCast) and name_of(cast("Message", item.type_name.names)) in _TEXTS:
        below = inner(item.arg)
        if isinstance(below, pg_query_pb2.ColumnRef) and columns(item.arg) <= texts:
            return _term(item.arg, texts)
    if isinstance(item, pg_query_pb2.ColumnRef):
        # PostgreSQL qualifies the columns of a policy that has a subquery
        return next(iter(columns(node)))
    return spelled(node)
