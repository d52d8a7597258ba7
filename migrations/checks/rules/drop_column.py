"""A column goes away: its values are lost, and the running release still names it."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..model import Context, Finding, Rule, Step
from ..places import (
    alterations,
    column,
    culprit,
    find,
    gone,
    observed,
    split_name,
    statements,
    told,
    used_in,
)

NAME = "drop-column"
_SAFE = (
    "first release code that does not name the column (deferred or removed in the models), then drop it in a"
    " migration of"
    " its own; keep a copy of the values that are still needed"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    named: set[Key] = set()
    for effect, command, relation in alterations(step):
        if command.subtype != pg_query_pb2.AT_DropColumn:
            continue
        key = Key("column", (*split_name(relation), command.name))
        named.add(key)
        known = observed(step) and find(step.before, relation, ("table",)) is not None
        if not known or column(step.before, relation, command.name) is not None:
            yield told(
                NAME, step, effect, f"the column {relation}.{command.name} and its values are lost, and the running"
                f" release still selects and inserts it{_along(step, relation, command.name)}"
                + used_in(step.before, split_name(relation)[1], command.name),
                _SAFE, relation=relation,
            )  # fmt: skip
    yield from _hidden(step, named)
    yield from _attributes(step)


def _attributes(step: Step) -> Iterator[Finding]:
    """ALTER TYPE ... DROP ATTRIBUTE: the same for a composite type, in every table that has it."""
    for effect, tree in statements(step, "alter_table_stmt"):
        statement = tree.alter_table_stmt
        commands = [item.alter_table_cmd for item in statement.cmds]
        dropped = [item.name for item in commands if item.subtype == pg_query_pb2.AT_DropColumn]
        name = statement.relation.relname
        known = any(key.kind == "composite" and key.identity[1] == name for key in step.before)
        if statement.objtype == pg_query_pb2.OBJECT_TYPE and dropped and (known or not observed(step)):
            yield told(
                NAME, step, effect, f"the attribute {name}.{dropped[0]} and its values in every table are lost, and the"
                " running release still uses it", _SAFE,
            )  # fmt: skip


def _along(step: Step, relation: str, name: str) -> str:
    """The constraints and indexes that go with the column, in silence."""
    table = split_name(relation)
    found: list[str] = []
    for key in gone(step, "constraint", "index"):
        item = step.before[key]
        columns = item.extra.get("columns")
        of_table = (
            key.identity[:2] == table if key.kind == "constraint" else item.properties.get("table") == list(table)
        )
        if of_table and isinstance(columns, list) and name in columns:
            found.append(f"{key.kind} {key.identity[-1]}")
    return f"; with it goes {', '.join(found)}" if found else ""


def _hidden(step: Step, named: set[Key]) -> Iterator[Finding]:
    """Columns that went without being named: by CASCADE, in a function, in SQL that was put together."""
    renamed = {
        (tree.rename_stmt.relation.relname, tree.rename_stmt.subname) for _, tree in statements(step, "rename_stmt")
    }
    positions = {
        (*key.identity[:2], item.extra.get("position"))
        for key, item in step.after.objects.items()
        if key.kind == "column"
    }
    for key in gone(step, "column"):
        relation = ".".join(key.identity[:2])
        stays = (
            find(step.after, relation, ("table",)) is not None and find(step.before, relation, ("table",)) is not None
        )
        moved = (*key.identity[:2], step.before[key].extra.get("position")) in positions
        if stays and not moved and key not in named and key.identity[1:] not in renamed:
            yield told(
                NAME, step, culprit(step, relation), f"the column {relation}.{key.identity[2]} and its values are lost,"
                " though no statement names it", _SAFE, relation=relation,
            )  # fmt: skip


RULE = Rule(NAME, "A dropped column loses its values and breaks the running release.", judge)
