"""Renames and moves: the running release still uses the old name."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Severity, Step
from ..places import (
    columns_of,
    culprit,
    find,
    gone,
    is_old,
    observed,
    place,
    split_name,
    statements,
    told,
    used_in,
)

NAME = "rename"
_RELATIONS = {
    pg_query_pb2.OBJECT_TABLE: "table",
    pg_query_pb2.OBJECT_VIEW: "view",
    pg_query_pb2.OBJECT_MATVIEW: "materialized view",
    pg_query_pb2.OBJECT_FOREIGN_TABLE: "foreign table",
    pg_query_pb2.OBJECT_SEQUENCE: "sequence",
}
_OTHERS: dict[int, tuple[str, tuple[str, ...], Severity]] = {
    pg_query_pb2.OBJECT_SCHEMA: ("schema", ("schema",), "error"),
    pg_query_pb2.OBJECT_FUNCTION: ("function", ("function",), "error"),
    pg_query_pb2.OBJECT_PROCEDURE: ("procedure", ("function",), "error"),
    pg_query_pb2.OBJECT_ROUTINE: ("routine", ("function",), "error"),
    pg_query_pb2.OBJECT_AGGREGATE: ("aggregate", ("aggregate",), "error"),
    pg_query_pb2.OBJECT_TYPE: ("type", ("enum", "composite", "range", "base_type"), "warning"),
    pg_query_pb2.OBJECT_DOMAIN: ("domain", ("domain",), "warning"),
    pg_query_pb2.OBJECT_DATABASE: ("database", (), "error"),
    pg_query_pb2.OBJECT_ROLE: ("role", (), "warning"),
}
_SAFE = (
    "expand and contract: add the new name beside the old one (a new column kept up to date by a trigger, or for a"
    " table"
    " a view under the old name in the same transaction), move the code, and take the old name away one release later"
)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for effect, tree in statements(step, "rename_stmt", "alter_object_schema_stmt"):
        yield from _stated(step, effect, tree, seen)
    for effect, tree in statements(step, "alter_enum_stmt"):
        statement = tree.alter_enum_stmt
        if statement.old_val:
            name = statement.type_name[-1].string.sval
            if not _is_known(step, ("enum",), name):
                continue
            yield told(
                NAME, step, effect, f"the enum value {statement.old_val!r} of {name} has another name from now on:"
                " every literal of it in the running release fails",
                "add the new value beside the old one, and change the rows over",
            )  # fmt: skip
    yield from _hidden(step, seen)


def _stated(step: Step, effect: Effect, tree: pg_query_pb2.Node, seen: set[tuple[str, ...]]) -> Iterator[Finding]:
    moved = tree.WhichOneof("node") == "alter_object_schema_stmt"
    if moved:
        statement = tree.alter_object_schema_stmt
        what, to = statement.object_type, f"moves to the schema {statement.newschema}"
    else:
        statement = tree.rename_stmt
        what, to = statement.rename_type, f"is called {statement.newname} from now on"
    if what == pg_query_pb2.OBJECT_ATTRIBUTE:
        old, name = tree.rename_stmt.subname, tree.rename_stmt.relation.relname
        if _is_known(step, ("composite",), name):
            yield told(
                NAME, step, effect, f"the attribute {name}.{old} {to}, and the running release asks for the old"
                " name", _SAFE,
            )  # fmt: skip
    elif statement.HasField("relation"):
        relation = place(step, effect, statement.relation)
        before = relation if find(step.before, relation) else _former(step, relation, statement, moved)
        if not _was_there(step, effect, before, tree):
            return
        seen.add(split_name(before))
        if what in _RELATIONS and not _is_there_again(step, before, "" if moved else tree.rename_stmt.newname):
            severity: Severity = "warning" if what == pg_query_pb2.OBJECT_SEQUENCE else "error"
            kind = _RELATIONS[what]
            if kind == "sequence" and _is_owned(step, before):
                return
            yield told(
                NAME, step, effect, f"the {kind} {before} {to}, and the running release asks for the old name"
                + used_in(step.before, split_name(before)[1]), _SAFE, relation=before, severity=severity,
            )  # fmt: skip
        elif not moved and what == pg_query_pb2.OBJECT_COLUMN:
            old = tree.rename_stmt.subname
            key = Key("column", (*split_name(before), old))
            seen.add(key.identity)
            if observed(step) and find(step.before, before, ("table",)) and key not in step.before:
                return
            yield told(
                NAME, step, effect, f"the column {before}.{old} {to}, and the running release asks for the old name"
                + used_in(step.before, split_name(before)[1], old), _SAFE, relation=before,
            )  # fmt: skip
    elif what in _OTHERS:
        kind, kinds, severity = _OTHERS[what]
        name = _object_name(tree)
        replaced = observed(step) and any(key.kind in kinds and name in key.identity[:2] for key in step.after)
        if not kinds or (_is_known(step, kinds, name) and not replaced):
            yield told(
                NAME, step, effect, f"the {kind} {name} {to}, and the running release asks for the old name",
                "make the new one beside the old one, and drop the old one a release later", severity=severity,
            )  # fmt: skip


def _was_there(step: Step, effect: Effect, before: str, tree: pg_query_pb2.Node) -> bool:
    """Under its old name before the step; what the catalog leaves out (a partition) is touched under its new one."""
    if not observed(step):
        return is_old(step, before)
    new = tree.rename_stmt.newname or tree.alter_object_schema_stmt.relation.relname
    kept = [item for item in effect.touched if item.relation.endswith(f".{new}") and item.root and not item.created]
    return find(step.before, before) is not None or bool(kept)


def _former(
    step: Step, relation: str, statement: pg_query_pb2.RenameStmt | pg_query_pb2.AlterObjectSchemaStmt, moved: bool
) -> str:
    """The old name: what a statement touched is known under the new one."""
    schema, name = split_name(relation)
    if not moved:
        return relation
    named = statement.relation
    candidates = [key for key in step.before if key.kind in ("table", "view") and key.identity[1] == named.relname]
    return ".".join(candidates[0].identity[:2]) if candidates else f"{named.schemaname or schema}.{name}"


def _is_there_again(step: Step, relation: str, to: str) -> bool:
    """Under the old name there is a view or a table with the same columns, or the table takes an old one's place."""
    if observed(step):
        there = find(step.after, relation)
        takes_over = find(step.before, f"{split_name(relation)[0]}.{to}") is not None
        return takes_over or (there is not None and not _lost_columns(step, relation, there))
    name = split_name(relation)[1]
    made = (tree.view_stmt.view.relname for _, tree in statements(step, "view_stmt"))
    swapped = (tree.rename_stmt.newname for _, tree in statements(step, "rename_stmt"))
    return name in made or name in swapped


def _lost_columns(step: Step, relation: str, there: Key) -> set[str]:
    """Columns of the table that a view under its name does not have; of tables `drop-column` tells."""
    columns = step.after[there].extra.get("columns")
    if there.kind != "view" or not isinstance(columns, list):
        return set()
    return set(columns_of(step.before, relation)) - {str(item[0]) for item in columns if isinstance(item, list)}


def _is_owned(step: Step, relation: str) -> bool:
    """A sequence that belongs to a column is asked for by the column's default, which follows."""
    key = find(step.before, relation, ("sequence",))
    if key is None:
        return observed(step)
    return bool(step.before[key].properties.get("owned_by"))


def _object_name(tree: pg_query_pb2.Node) -> str:
    if tree.WhichOneof("node") == "alter_object_schema_stmt":
        node = tree.alter_object_schema_stmt.object
    elif tree.rename_stmt.HasField("object"):
        node = tree.rename_stmt.object
    else:
        return tree.rename_stmt.subname
    kind = node.WhichOneof("node")
    parts = (
        node.object_with_args.objname
        if kind == "object_with_args"
        else node.type_name.names
        if kind == "type_name"
        else node.list.items
    )
    return parts[-1].string.sval if parts else node.string.sval


def _is_known(step: Step, kinds: tuple[str, ...], name: str) -> bool:
    return not observed(step) or any(
        key.kind in kinds and name in (key.identity[0], *key.identity[1:2]) for key in step.before
    )


def _hidden(step: Step, seen: set[tuple[str, ...]]) -> Iterator[Finding]:
    """What no statement says, and the catalogs show: the same column, the same place, another name."""
    for key in gone(step, "column"):
        table = key.identity[:2]
        if key.identity in seen or table in seen or find(step.after, ".".join(table), ("table",)) is None:
            continue
        position = step.before[key].extra.get("position")
        now = [
            other.identity[2]
            for other, item in step.after.objects.items()
            if other.kind == "column" and other.identity[:2] == table and item.extra.get("position") == position
        ]
        if now:
            relation = ".".join(table)
            yield told(
                NAME, step, culprit(step, relation), f"the column {relation}.{key.identity[2]} is called {now[0]} from"
                " now on, and the running release asks for the old name", _SAFE, relation=relation,
            )  # fmt: skip
    # a table that was attached is a partition now: it keeps its name, and the catalog leaves it out
    dropped = {item.relation for effect in step.effects for item in effect.touched if item.dropped or item.root}
    for key in gone(step, "table"):
        relation = ".".join(key.identity)
        schema = Key("schema", key.identity[:1])
        explained = relation in dropped or schema not in step.after or find(step.after, relation) is not None
        if key.identity not in seen and not explained and step.effects:
            yield told(
                NAME, step, culprit(step), f"the table {relation} has another name from now on, and the running release"
                " asks for the old one", _SAFE, relation=relation,
            )  # fmt: skip


RULE = Rule(NAME, "A rename takes the old name away from the running release.", judge)
