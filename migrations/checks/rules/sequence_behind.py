"""Rows with ids of their own: the sequence does not know of them, and hands the same ids out again."""

from __future__ import annotations

import re
from collections.abc import Iterator

import postgast
from postgast import pg_query_pb2

from ....schema.core.catalog import CatalogObject
from ..effects import Effect
from ..model import Context, Finding, Rule, Step, about
from ..places import column, columns_of, made_here, observed, place, shown, statements

NAME = "sequence-behind"
_AHEAD = re.compile(r"\bsetval\b|\brestart\b", re.IGNORECASE)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "insert_stmt"):
        counted = _given_id(step, effect, tree.insert_stmt)
        if counted is not None and not _is_set_after(step, effect):
            yield about(
                NAME,
                effect,
                f"the rows bring their own {counted}, and its sequence stays where it is: the next INSERT of the"
                " application gets an id that is there already",
                "leave the column out, or end with SELECT setval(pg_get_serial_sequence(...), (SELECT max(id) FROM t))",
                observed=shown(effect),
                severity="warning",
            )
    yield from _set_back(step)
    for effect, tree in statements(step, "alter_seq_stmt"):
        restarts = any(item.def_elem.defname == "restart" for item in tree.alter_seq_stmt.options)
        name = place(step, effect, tree.alter_seq_stmt.sequence)
        if restarts and not _is_new(step, name):
            yield about(
                NAME,
                effect,
                f"{name} starts anew: ids that are in use are handed out again",
                "SELECT setval(..., (SELECT max(id) FROM t))",
                relation=name,
                severity="warning",
            )


def _set_back(step: Step) -> Iterator[Finding]:
    """setval('s', 1): back to the beginning, whatever rows there are."""
    for effect, tree in statements(step, "select_stmt"):
        for call in postgast.find_nodes(tree, pg_query_pb2.FuncCall):
            constant = call.args[1].a_const if len(call.args) > 1 else pg_query_pb2.A_Const()
            first = constant.HasField("ival") and constant.ival.ival <= 1
            if call.funcname[-1].string.sval == "setval" and first and not made_here(step):
                yield about(
                    NAME,
                    effect,
                    "the sequence starts anew: ids that are in use are handed out again",
                    "SELECT setval(..., (SELECT max(id) FROM t))",
                    severity="warning",
                )


def _given_id(step: Step, effect: Effect, statement: pg_query_pb2.InsertStmt) -> str | None:
    """The column with a sequence behind it, if the rows have values for it that are written out."""
    relation = place(step, effect, statement.relation)
    select = statement.select_stmt.select_stmt
    if not observed(step) or statement.override == pg_query_pb2.OVERRIDING_USER_VALUE:
        return None
    names = [item.res_target.name for item in statement.cols] or list(columns_of(step.after, relation))
    for at, name in enumerate(names):
        key = column(step.after, relation, name)
        if key is None or not _counts(step.after[key]):
            continue
        rows = [list(row.list.items) for row in select.values_lists] or [
            [item.res_target.val for item in select.target_list]
        ]
        if any(at < len(row) and _is_written(row[at]) for row in rows):
            return f"{relation}.{name}"
    return None


def _counts(item: CatalogObject) -> bool:
    return bool(item.properties.get("identity")) or "nextval(" in str(item.properties.get("default"))


def _is_written(node: pg_query_pb2.Node) -> bool:
    calls = postgast.find_nodes(node, pg_query_pb2.FuncCall)
    takes_one = any(call.funcname[-1].string.sval == "nextval" for call in calls)
    return node.WhichOneof("node") != "set_to_default" and not takes_one


def _is_set_after(step: Step, effect: Effect) -> bool:
    following = step.effects[step.effects.index(effect) :]
    return any(_AHEAD.search(later.sql) for later in following)


def _is_new(step: Step, sequence: str) -> bool:
    first = next((item for effect in step.effects for item in effect.touched if item.relation == sequence), None)
    return first is not None and first.created


RULE = Rule(NAME, "Rows bring ids of their own, and the sequence hands them out again.", judge, "warning")
