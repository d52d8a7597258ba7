"""A constraint goes: what it guarded is unguarded, ON CONFLICT loses its index, a foreign key locks both tables."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import CatalogObject, Key
from ..model import Context, Finding, Rule, Severity, Step
from ..places import alterations, column, culprit, find, gone, observed, refused, split_name, statements, told

NAME = "drop-constraint"
_KINDS = {
    "p": ("primary key", "ON CONFLICT and foreign keys lose what they rely on, and duplicates come in", "error"),
    "u": ("unique constraint", "ON CONFLICT on its columns fails from now on, and duplicates come in", "error"),
    "x": ("exclusion constraint", "rows that exclude each other come in", "error"),
    "f": ("foreign key", "rows without a target come in; both tables are locked against reads and writes", "warning"),
    "c": ("check", "rows that the readers do not expect come in", "warning"),
}


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    yield from _of_domains(step)
    named: set[Key] = set()
    dropped_columns = {
        (*split_name(relation), command.name)
        for _, command, relation in alterations(step)
        if command.subtype == pg_query_pb2.AT_DropColumn
    }
    for effect, command, relation in alterations(step):
        if command.subtype != pg_query_pb2.AT_DropConstraint:
            continue
        key = Key("constraint", (*split_name(relation), command.name))
        named.add(key)
        item = step.before.objects.get(key)
        known = observed(step) and find(step.before, relation, ("table",)) is not None
        if item is None and _is_followed(step, relation):
            continue
        if (known and item is None) or (item is not None and _is_replaced(step, key, item)):
            continue
        kind, harm, severity = _described(item)
        yield told(NAME, step, effect, f"the {kind} {command.name} of {relation} is gone: {harm}", _SAFE,
                   relation=relation, severity=severity)  # fmt: skip
    for key in gone(step, "constraint"):
        relation = ".".join(key.identity[:2])
        item = step.before[key]
        columns = item.extra.get("columns")
        with_column = isinstance(columns, list) and any(
            (*key.identity[:2], name) in dropped_columns
            or column(step.after, relation, str(name)) is None for name in columns
        )  # fmt: skip
        stays = find(step.after, relation, ("table",)) is not None
        if key in named or with_column or not stays or _is_replaced(step, key, item):
            continue
        kind, harm, severity = _described(item)
        yield told(NAME, step, culprit(step, relation), f"the {kind} {key.identity[2]} of {relation} is gone, though no"
                   f" statement names it: {harm}", _SAFE, relation=relation, severity=severity)  # fmt: skip


def _is_followed(step: Step, relation: str) -> bool:
    """By the text alone: the same migration adds a constraint to the table, or makes a column NOT NULL."""
    follows = (pg_query_pb2.AT_AddConstraint, pg_query_pb2.AT_SetNotNull)
    return any(command.subtype in follows and other == relation for _, command, other in alterations(step))


def _of_domains(step: Step) -> Iterator[Finding]:
    for effect, tree in statements(step, "alter_domain_stmt"):
        statement = tree.alter_domain_stmt
        name = statement.type_name[-1].string.sval if statement.type_name else ""
        known = any(key.kind == "domain" and key.identity[1] == name for key in step.before)
        if statement.subtype == "X" and (known or not observed(step)):
            yield told(NAME, step, effect, f"the check {statement.name} of the domain {name} is gone: values that the"
                       " readers do not expect come in", _SAFE, severity="warning")  # fmt: skip


def _described(item: CatalogObject | None) -> tuple[str, str, Severity]:
    kind, harm, severity = _KINDS.get(str(item.properties.get("type")) if item else "", _UNKNOWN)
    return kind, harm, "error" if severity == "error" else "warning"


def _is_replaced(step: Step, key: Key, item: CatalogObject) -> bool:
    """Another constraint of its kind over its columns is there after the step, or what it says is NOT NULL now."""
    if refused(step):
        return False
    relation = ".".join(key.identity[:2])
    columns = _columns(item)
    if item.properties.get("type") == "c" and "IS NOT NULL" in str(item.properties.get("definition")):
        return bool(columns) and all(_is_not_null(step, relation, name) for name in columns)
    successors = [
        other
        for other_key, other in step.after.objects.items()
        if other_key.kind == "constraint" and other_key.identity[:2] == key.identity[:2]
        and (other_key not in step.before or other_key == key or item.properties.get("type") != "c")
    ]  # fmt: skip
    kinds = ("p", "u") if item.properties.get("type") in ("p", "u") else (item.properties.get("type"),)
    replaced = any(
        other.properties.get("type") in kinds and _replaces(other, item, columns, _columns(other))
        for other in successors
    )
    renamed = any(other.properties == item.properties for other in successors)
    unique = item.properties.get("type") in ("p", "u") and any(
        other.kind == "index" and found.extra.get("unique") and found.properties.get("table") == list(key.identity[:2])
        and _columns(found) == columns and " WHERE " not in str(found.properties.get("definition"))
        for other, found in step.after.objects.items()
    )  # fmt: skip
    return replaced or renamed or unique


def _replaces(new: CatalogObject, old: CatalogObject, columns: frozenset[str], others: frozenset[str]) -> bool:
    """A foreign key over more columns to the same table keeps what the old one kept."""
    if old.properties.get("type") == "f":
        return others >= columns and new.extra.get("references") == old.extra.get("references")
    return others == columns


def _columns(item: CatalogObject) -> frozenset[str]:
    columns = item.extra.get("columns")
    return frozenset(map(str, columns)) if isinstance(columns, list) else frozenset()


def _is_not_null(step: Step, relation: str, name: str) -> bool:
    key = column(step.after, relation, name)
    return key is not None and bool(step.after[key].properties.get("not_null"))


_UNKNOWN = ("constraint", "what it guarded is unguarded from now on", "warning")
_SAFE = (
    "add the constraint that replaces it first (NOT VALID, then VALIDATE; a unique index CONCURRENTLY), and drop"
    " this one"
    " when no running release relies on it"
)
RULE = Rule(NAME, "A dropped constraint lets in rows that the running release does not expect.", judge)
