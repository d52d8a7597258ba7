"""A table goes away, with its rows, and locks on the tables that it refers to."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect, Lock
from ..model import Context, Finding, Rule, Step
from ..places import dropped_names, is_old, kind_of, observed, qualified, split_name, statements, told, used_in

NAME = "drop-table"
_ELSEWHERE = frozenset({"drop_owned_stmt", "dropdb_stmt"})
_TABLES = frozenset({pg_query_pb2.OBJECT_TABLE, pg_query_pb2.OBJECT_FOREIGN_TABLE})


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[str] = set()
    for effect, relation in (*_dropped(step), *_refused(step)):
        if relation in told_of:
            continue
        told_of.add(relation)
        yield told(
            NAME, step, effect, f"the table {relation} and its rows are lost, and the running release still uses it"
            + _others(effect, relation) + used_in(step.before, split_name(relation)[1]),
            "first release code that does not use the table, and keep its rows; then drop it in a migration of its own,"
            " its foreign keys one by one before it, each under a lock_timeout", relation=relation,
        )  # fmt: skip


def _dropped(step: Step) -> Iterator[tuple[Effect, str]]:
    """What PostgreSQL showed, however it was said."""
    for effect in step.effects:
        if kind_of(effect) in _ELSEWHERE or _drops_more(effect):
            continue
        for item in effect.touched:
            if item.dropped and item.kind in "rpf" and is_old(step, item.relation):
                yield effect, item.relation


def _drops_more(effect: Effect) -> bool:
    """DROP SCHEMA and DROP EXTENSION have rules of their own."""
    more = (pg_query_pb2.OBJECT_SCHEMA, pg_query_pb2.OBJECT_EXTENSION)
    return effect.tree is not None and kind_of(effect) == "drop_stmt" and effect.tree.drop_stmt.remove_type in more


def _refused(step: Step) -> Iterator[tuple[Effect, str]]:
    """What the text says where nothing ran, or PostgreSQL refused it."""
    for effect, tree in statements(step, "drop_stmt"):
        if (observed(step) and not effect.error) or tree.drop_stmt.remove_type not in _TABLES:
            continue
        for *schema, name in dropped_names(tree.drop_stmt):
            relation = qualified(step, effect, schema[-1] if schema else "", name)
            if is_old(step, relation):
                yield effect, relation


def _others(effect: Effect, relation: str) -> str:
    locked = sorted(
        item.relation
        for item in effect.others()
        if item.taken == Lock.ACCESS_EXCLUSIVE and item.is_table and not item.dropped and item.relation != relation
    )
    return f"; {', '.join(locked)} is locked against reads and writes too" if locked else ""


RULE = Rule(
    NAME, "A dropped table loses its rows, breaks the running release and locks the tables it refers to.", judge
)
