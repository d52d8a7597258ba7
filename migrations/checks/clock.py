"""What an expression says at another time, or to somebody else, than when it was written. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from postgast import pg_query_pb2

from .expressions import Node, inner, name_of, walk

_MOMENTS = frozenset({"now", "transaction_timestamp", "statement_timestamp", "clock_timestamp"})
_OTHERS = frozenset(
    {
        "timeofday",
        "random",
        "gen_random_uuid",
        "uuidv4",
        "uuidv7",
        "uuid_generate_v4",
        "nextval",
        "currval",
        "lastval",
        "txid_current",
        "pg_current_xact_id",
        "current_setting",
        "pg_backend_pid",
        "inet_client_addr",
    }
)
_RISING_PARTS = frozenset({"year", "isoyear", "epoch", "century", "decade", "millennium", "julian"})
_VALUES = {
    getattr(pg_query_pb2, f"SVFOP_{name}"): name
    for name in (
        "CURRENT_DATE",
        "CURRENT_TIME",
        "CURRENT_TIME_N",
        "CURRENT_TIMESTAMP",
        "CURRENT_TIMESTAMP_N",
        "LOCALTIME",
        "LOCALTIME_N",
        "LOCALTIMESTAMP",
        "LOCALTIMESTAMP_N",
        "CURRENT_ROLE",
        "CURRENT_USER",
        "USER",
        "SESSION_USER",
        "CURRENT_SCHEMA",
    )
}
_RISING_VALUES = frozenset({"CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP"})


def changing(node: Node) -> frozenset[str]:
    """What in it depends on the time, on chance or on the session, as one writes it."""
    return frozenset(_changing(node))


def _changing(node: Node) -> Iterator[str]:
    for item in walk(node):
        if isinstance(item, pg_query_pb2.SQLValueFunction):
            yield _VALUES[item.op].removesuffix("_N")
        elif isinstance(item, pg_query_pb2.FuncCall):
            name = name_of(cast("pg_query_pb2.Node", item.funcname))
            # with one argument it is the age today
            if name in _MOMENTS | _OTHERS or (name == "age" and len(item.args) == 1):
                yield f"{name}()"


def can_turn_false(node: Node) -> bool:
    """Whether a condition that held for a row can fail for the same row later.

    `born <= CURRENT_DATE` cannot, as time only rises; `departs > now()` can. What is not understood can.
    """
    if not changing(node):
        return False
    item = inner(node)
    match item:
        case pg_query_pb2.BoolExpr(boolop=pg_query_pb2.AND_EXPR | pg_query_pb2.OR_EXPR):
            return any(map(can_turn_false, item.args))
        case pg_query_pb2.A_Expr(kind=pg_query_pb2.AEXPR_OP):
            match name_of(cast("pg_query_pb2.Node", item.name)):
                case "<" | "<=":
                    return not (_is_still(item.lexpr) and _rises(item.rexpr))
                case ">" | ">=":
                    return not (_is_still(item.rexpr) and _rises(item.lexpr))
                case _:
                    return True
        case _:
            return True


def _is_still(node: Node) -> bool:
    return not changing(node)


def _rises(node: Node) -> bool:
    """Whether its value only grows with time."""
    item = inner(node)
    match item:
        case pg_query_pb2.SQLValueFunction():
            return _VALUES[item.op].removesuffix("_N") in _RISING_VALUES
        case pg_query_pb2.TypeCast():
            return _rises(item.arg)
        case pg_query_pb2.A_Expr(kind=pg_query_pb2.AEXPR_OP):
            return _sum_rises(item)
        case pg_query_pb2.FuncCall():
            return _call_rises(item)
        case _:
            return False


def _sum_rises(item: pg_query_pb2.A_Expr) -> bool:
    sides = (item.lexpr, item.rexpr)
    match name_of(cast("pg_query_pb2.Node", item.name)):
        case "+":
            return any(map(_rises, sides)) and all(_is_still(side) or _rises(side) for side in sides)
        case "-":
            return _rises(item.lexpr) and _is_still(item.rexpr)
        case _:
            return False


def _call_rises(call: pg_query_pb2.FuncCall) -> bool:
    name = name_of(cast("pg_query_pb2.Node", call.funcname))
    arguments = list(call.args)
    if name in _MOMENTS:
        return True
    if name == "age":
        return len(arguments) == 1 or (_rises(arguments[0]) and _is_still(arguments[1]))
    if name in ("extract", "date_part"):
        return _constant(arguments[0]) in _RISING_PARTS and _rises(arguments[1])
    return name in ("date_trunc", "timezone", "date") and _is_still(arguments[0]) and _rises(arguments[-1])


def _constant(node: Node) -> str:
    item = inner(node)
    if isinstance(item, pg_query_pb2.TypeCast):
        return _constant(item.arg)
    return item.sval.sval.lower() if isinstance(item, pg_query_pb2.A_Const) else ""
