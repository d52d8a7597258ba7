"""Whether an UPDATE, DELETE or INSERT reaches a number of rows that does not grow with the table. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Literal, cast

import postgast
from google.protobuf.message import Message
from postgast import pg_query_pb2

from ...schema.core.catalog import Catalog
from .indexes import indexes
from .places import find, split_name

Reach = Literal["every row", "all matching rows", "few rows"]
Keys = Collection[frozenset[str]]
"""The sets of columns that are unique in a table."""

_CUSTOMARY: Keys = (frozenset({"id"}), frozenset({"uuid"}), frozenset({"code"}), frozenset({"slug"}))
_CTID = frozenset({"ctid"})
_UPPER, _LOWER = frozenset({"<", "<="}), frozenset({">", ">="})


def unique_keys(catalog: Catalog, relation: str) -> Keys:
    """What is unique in a table; what usually is where the table is not known (a partition, files alone)."""
    if find(catalog, relation, ("table",)) is None:
        return _CUSTOMARY
    found = indexes(catalog).get(split_name(relation), ())
    return {frozenset(item.terms) for item in found if item.unique and item.predicate is None}


def reach(node: pg_query_pb2.Node, keys: Keys) -> Reach:
    """How many rows of its table an UPDATE, DELETE, MERGE or INSERT changes, as far as its text tells."""
    kind = node.WhichOneof("node")
    if kind == "insert_stmt":
        return _inserted(node)
    if kind == "update_stmt":
        return _found(node, node.update_stmt.where_clause, keys, node.update_stmt.from_clause)
    if kind == "delete_stmt":
        return _found(node, node.delete_stmt.where_clause, keys, node.delete_stmt.using_clause)
    source = node.merge_stmt.source_relation
    return "few rows" if _is_list(source) or _has_limit(source) else "all matching rows"


def with_values(node: pg_query_pb2.Node, columns: Collection[str]) -> pg_query_pb2.Node:
    """An UPDATE or DELETE of one table in a PL/pgSQL body, with parameters where it names variables: what is no column.
    Unchanged where the table's columns are not known.
    """
    kind = node.WhichOneof("node")
    others = [*node.update_stmt.from_clause, *node.delete_stmt.using_clause]
    if kind not in ("update_stmt", "delete_stmt") or others or not columns:
        return node
    relation = (node.update_stmt if kind == "update_stmt" else node.delete_stmt).relation
    names = {relation.relname, relation.alias.aliasname}
    copy = pg_query_pb2.Node()
    copy.CopyFrom(node)
    for part in list(_nodes(copy)):
        fields = [field.string.sval for field in part.column_ref.fields]
        if (len(fields) == 1 and fields[0] not in columns) or (len(fields) > 1 and fields[0] not in names):
            part.param_ref.number = 1
    return copy


def _nodes(message: Message) -> Iterator[pg_query_pb2.Node]:
    if isinstance(message, pg_query_pb2.Node):
        yield message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for item in cast("Iterable[Message]", value if isinstance(value, Iterable) else (value,)):
                yield from _nodes(item)


def _inserted(node: pg_query_pb2.Node) -> Reach:
    select = node.insert_stmt.select_stmt.select_stmt
    tables = list(postgast.find_nodes(node.insert_stmt.select_stmt, pg_query_pb2.RangeVar))
    one_row = not select.from_clause and select.op == pg_query_pb2.SETOP_NONE
    if one_row or not tables or _has_limit(node.insert_stmt.select_stmt):
        return "few rows"
    if not select.HasField("where_clause"):
        return "every row"
    # rows of reference data are looked up by what they are called
    named = any(name for item in _conjuncts(select.where_clause) for name in _equal_to_given(item, listed=False))
    return "few rows" if named else "all matching rows"


def _found(node: pg_query_pb2.Node, where: pg_query_pb2.Node, keys: Keys, others: Iterable[pg_query_pb2.Node]) -> Reach:
    if where.WhichOneof("node") is None:
        return "every row"
    if _has_limit(node) or where.WhichOneof("node") == "current_of_expr":
        return "few rows"
    conditions = list(_conjuncts(where))
    if all(map(_is_always, conditions)):
        return "every row"
    given = list(others)
    few = _is_few(where, keys, bool(given) and all(map(_is_list, given)))
    return "few rows" if few else "all matching rows"


def _is_few(where: pg_query_pb2.Node, keys: Keys, listed: bool) -> bool:
    """Whether a condition holds for few rows; with `listed` the other tables of the statement are lists of values."""
    if where.WhichOneof("node") == "bool_expr" and where.bool_expr.boolop == pg_query_pb2.OR_EXPR:
        return all(_is_few(item, keys, listed) for item in where.bool_expr.args)
    conditions = list(_conjuncts(where))
    if any(map(_is_never, conditions)):
        return True
    equal = {name for item in conditions for name in _equal_to_given(item, listed)}
    below = {name for item in conditions for name in _compared(item, _UPPER)}
    above = {name for item in conditions for name in _compared(item, _LOWER)}
    between = (below & above) | {name for item in conditions for name in _between(item)}
    return any(key <= equal or bool(key & between and key <= equal | between) for key in (*keys, _CTID))


def _conjuncts(where: pg_query_pb2.Node) -> Iterator[pg_query_pb2.Node]:
    if where.WhichOneof("node") == "bool_expr" and where.bool_expr.boolop == pg_query_pb2.AND_EXPR:
        for item in where.bool_expr.args:
            yield from _conjuncts(item)
    else:
        yield where


def _is_always(node: pg_query_pb2.Node) -> bool:
    """true, 1 = 1, id = id, id IS NOT NULL: a condition that is there so that there is one."""
    if node.WhichOneof("node") == "null_test":
        return node.null_test.nulltesttype == pg_query_pb2.IS_NOT_NULL and _column(node.null_test.arg) == "id"
    if node.WhichOneof("node") == "a_expr" and _operator(node) == "=":
        left, right = node.a_expr.lexpr, node.a_expr.rexpr
        if _is_given(left) and _is_given(right):
            return _bare(left) == _bare(right)
        return bool(_column(left)) and _column(left) == _column(right) and _qualifier(left) == _qualifier(right)
    return node.WhichOneof("node") == "a_const" and node.a_const.boolval.boolval


def _is_never(node: pg_query_pb2.Node) -> bool:
    if node.WhichOneof("node") == "a_const":
        return node.a_const.HasField("boolval") and not node.a_const.boolval.boolval
    if node.WhichOneof("node") != "a_expr" or _operator(node) != "=":
        return False
    left, right = node.a_expr.lexpr, node.a_expr.rexpr
    return left.WhichOneof("node") == right.WhichOneof("node") == "a_const" and _bare(left) != _bare(right)


def _equal_to_given(node: pg_query_pb2.Node, listed: bool) -> Iterator[str]:
    """The column that equals a value, is in a list of values, or equals a column of a list."""
    if node.WhichOneof("node") != "a_expr" or _operator(node) != "=":
        return
    left, right = node.a_expr.lexpr, node.a_expr.rexpr
    for mine, other in ((left, right), (right, left)):
        if _column(mine) and (_is_given(other) or (listed and _column(other))):
            yield _column(mine)


def _compared(node: pg_query_pb2.Node, operators: frozenset[str]) -> Iterator[str]:
    if node.WhichOneof("node") == "a_expr" and _operator(node) in operators and _is_given(node.a_expr.rexpr):
        yield _column(node.a_expr.lexpr)


def _between(node: pg_query_pb2.Node) -> Iterator[str]:
    if node.WhichOneof("node") == "a_expr" and node.a_expr.kind == pg_query_pb2.AEXPR_BETWEEN:
        yield _column(node.a_expr.lexpr)


def _operator(node: pg_query_pb2.Node) -> str:
    return node.a_expr.name[-1].string.sval if node.a_expr.name else ""


def _column(node: pg_query_pb2.Node) -> str:
    if node.WhichOneof("node") == "type_cast":
        return _column(node.type_cast.arg)
    fields = node.column_ref.fields
    return fields[-1].string.sval if fields else ""


def _qualifier(node: pg_query_pb2.Node) -> list[str]:
    return [part.string.sval for part in node.column_ref.fields[:-1]]


def _is_given(node: pg_query_pb2.Node) -> bool:
    """A value, a list of values, or one value asked for: no column of the row is in it."""
    kind = node.WhichOneof("node")
    if kind == "sub_link":
        return node.sub_link.sub_link_type == pg_query_pb2.EXPR_SUBLINK
    return kind is not None and not any(True for _ in postgast.find_nodes(node, pg_query_pb2.ColumnRef))


def _bare(node: pg_query_pb2.Node) -> str:
    copy = pg_query_pb2.A_Const()
    copy.CopyFrom(node.a_const)
    copy.location = 0
    return str(copy)


def _is_list(node: pg_query_pb2.Node) -> bool:
    """(VALUES ...) or unnest(...): as many rows as are written there."""
    kind = node.WhichOneof("node")
    if kind == "range_subselect":
        return bool(node.range_subselect.subquery.select_stmt.values_lists)
    return kind == "range_function"


def _has_limit(node: pg_query_pb2.Node) -> bool:
    """A LIMIT on what rows are taken from; one within EXISTS bounds nothing."""
    links = postgast.find_nodes(node, pg_query_pb2.SubLink)
    within = sum(_limits(link.subselect) for link in links if link.sub_link_type == pg_query_pb2.EXISTS_SUBLINK)
    return _limits(node) > within


def _limits(node: pg_query_pb2.Node) -> int:
    return sum(select.HasField("limit_count") for select in postgast.find_nodes(node, pg_query_pb2.SelectStmt))


def reads_few(node: pg_query_pb2.Node, keys: Keys) -> bool:
    """Whether a SELECT needs few rows: a LIMIT, a unique key, or the end of an index (`max`, `min`)."""
    select = node.select_stmt
    calls = {call.funcname[-1].string.sval for call in postgast.find_nodes(node, pg_query_pb2.FuncCall)}
    if select.HasField("limit_count") and not select.group_clause and not calls & _AGGREGATES:
        return True
    if select.where_clause.WhichOneof("node") is not None:
        return _is_few(select.where_clause, keys, listed=False)
    return bool(calls & {"max", "min"}) and not calls & _AGGREGATES


_AGGREGATES = frozenset(
    {"count", "sum", "avg", "array_agg", "string_agg", "json_agg", "jsonb_agg", "bool_and", "bool_or"}
)
