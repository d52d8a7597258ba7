"""Which relation a statement means, whether the step itself made it, and what is gone after the step. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from typing import TypeVar, cast

from postgast import pg_query_pb2

from ...schema.core.catalog import Catalog, Key
from . import trees
from .effects import Effect
from .embedded import PLACEHOLDER
from .model import Finding, Severity, Step, about

RELATIONS = ("table", "view", "materialized_view", "foreign_table", "sequence")
_OPAQUE = frozenset({"do_stmt", "call_stmt", "select_stmt", "execute_stmt", ""})


_T = TypeVar("_T")


def once_a_step(function: Callable[[Step], _T]) -> Callable[[Step], _T]:
    """The answer is kept for the step that was asked for last: rules ask for it once for each statement."""
    last: list[tuple[Step, _T]] = []

    @wraps(function)
    def asked(step: Step) -> _T:
        if not last or last[0][0] is not step:
            last[:] = [(step, function(step))]
        return last[0][1]

    return asked


def observed(step: Step) -> bool:
    """Whether the step ran; where files alone are read there is no catalog."""
    return bool(step.before.objects or step.after.objects)


def refused(step: Step) -> bool:
    """Whether a statement failed: the catalog after the step then tells nothing."""
    return any(effect.error for effect in step.effects)


def kind_of(effect: Effect) -> str:
    """The kind of statement, as the parser calls it; empty where it knows none."""
    return "" if effect.tree is None else effect.tree.WhichOneof("node") or ""


def statements(step: Step, *kinds: str) -> Iterator[tuple[Effect, pg_query_pb2.Node]]:
    """The statements of some kinds with their trees, those within DO blocks and called functions too."""
    for effect in step.effects:
        calls = kind_of(effect) in ("select_stmt", "call_stmt")
        for node in trees.statements(effect, routines(step) if calls else {}):
            if trees.kind_of(node) in kinds:
                yield effect, node


@once_a_step
def routines(step: Step) -> dict[str, str]:
    return {
        key.identity[1]: str(item.properties.get("definition", ""))
        for catalog in (step.before, step.after)
        for key, item in catalog.objects.items()
        if key.kind == "function"
    }


def is_opaque(effect: Effect) -> bool:
    """A statement that may do what it does not say: DO, CALL, a function in a SELECT."""
    return kind_of(effect) in _OPAQUE


@once_a_step
def made_here(step: Step) -> frozenset[str]:
    """The relations that the step makes: the first time one is seen, its transaction had made it."""
    first: dict[str, bool] = {}
    for effect in step.effects:
        for item in effect.touched:
            first.setdefault(item.relation, item.created)
    return frozenset(relation for relation, created in first.items() if created)


def place(step: Step, effect: Effect, relation: pg_query_pb2.RangeVar) -> str:
    """`schema.name` of what a statement names, found in what it touched where it says no schema."""
    return qualified(step, effect, relation.schemaname, relation.relname)


def qualified(step: Step, effect: Effect, schema: str, name: str) -> str:
    if schema:
        return f"{schema}.{name}"
    for known in (effect, *step.effects):
        for item in known.touched:
            if item.relation.endswith(f".{name}"):
                return item.relation
    for catalog in (step.before, step.after):
        for key in catalog:
            if key.kind in RELATIONS and key.identity[1] == name:
                return ".".join(key.identity[:2])
    return f"public.{name}"


def is_old(step: Step, relation: str) -> bool:
    """Whether a relation was there before the step, so that a release may be using it."""
    if relation in made_here(step):
        return False
    if not observed(step) or find(step.before, relation) is not None:
        return True
    return any(item.relation == relation for effect in step.effects for item in effect.touched)


def find(catalog: Catalog, relation: str, kinds: Iterable[str] = RELATIONS) -> Key | None:
    identity = split_name(relation)
    return next((key for kind in kinds if (key := Key(kind, identity)) in catalog), None)


def split_name(relation: str) -> tuple[str, str]:
    schema, _, name = relation.partition(".")
    return schema, name


def column(catalog: Catalog, relation: str, name: str) -> Key | None:
    key = Key("column", (*split_name(relation), name))
    return key if key in catalog else None


def columns_of(catalog: Catalog, relation: str) -> tuple[str, ...]:
    identity = split_name(relation)
    found = [(item.extra.get("position", 0), key) for key, item in catalog.objects.items() if _is_column(key, identity)]
    return tuple(key.identity[2] for _, key in sorted(found, key=lambda pair: cast("int", pair[0])))


def _is_column(key: Key, relation: tuple[str, str]) -> bool:
    return key.kind == "column" and key.identity[:2] == relation


def alterations(step: Step) -> Iterator[tuple[Effect, pg_query_pb2.AlterTableCmd, str]]:
    """Every command of every ALTER TABLE on a table that was there before, with its table."""
    for effect, tree in statements(step, "alter_table_stmt"):
        statement = tree.alter_table_stmt
        if statement.objtype == pg_query_pb2.OBJECT_TABLE and PLACEHOLDER not in statement.relation.relname:
            relation = place(step, effect, statement.relation)
            if is_old(step, relation) and _ran(step, effect, tree, relation):
                for item in statement.cmds:
                    if PLACEHOLDER not in item.alter_table_cmd.name:
                        yield effect, item.alter_table_cmd, relation


def _ran(step: Step, effect: Effect, node: pg_query_pb2.Node, relation: str) -> bool:
    """A statement within a DO block may stand in a branch that was not taken: then nothing was touched."""
    return not observed(step) or node is effect.tree or any(item.relation == relation for item in effect.touched)


def definition(command: pg_query_pb2.AlterTableCmd) -> pg_query_pb2.Node:
    """What a command of ALTER TABLE adds or changes (`def`, a word of Python's)."""
    return cast("pg_query_pb2.Node", getattr(command, "def"))


def dropped_names(statement: pg_query_pb2.DropStmt) -> Iterator[tuple[str, ...]]:
    """The names in a DROP, part by part."""
    for item in statement.objects:
        kind = item.WhichOneof("node")
        if kind == "list":
            yield tuple(part.string.sval for part in item.list.items)
        elif kind == "type_name":
            yield tuple(part.string.sval for part in item.type_name.names)
        elif kind == "object_with_args":
            yield tuple(part.string.sval for part in item.object_with_args.objname)
        else:
            yield (item.string.sval,)


def gone(step: Step, *kinds: str) -> tuple[Key, ...]:
    """What was in the catalog before the step and is not after it; nothing where that is not known."""
    if not step.before.objects or not step.after.objects or refused(step):
        return ()
    return tuple(sorted(key for key in step.before if key.kind in kinds and key not in step.after))


def culprit(step: Step, relation: str | None = None) -> Effect | None:
    """The statement that most likely did what none says: one that takes others along or hides what it does."""
    suspects = [effect for effect in step.effects if is_opaque(effect) or _reaches_further(effect)]
    touching = [
        effect
        for effect in suspects
        if any(item.relation == relation or item.root == relation for item in effect.touched)
    ]
    return next(iter((*touching, *suspects, *step.effects)), None)


def _reaches_further(effect: Effect) -> bool:
    return re.search(r"\bcascade\b|\bdrop\s+owned\b", effect.sql, re.IGNORECASE) is not None


def told(
    rule: str, step: Step, effect: Effect | None, message: str, safe: str, *, relation: str | None = None,
    severity: Severity = "error",
) -> Finding:  # fmt: skip
    """A finding about a statement, or about the whole step where none is known."""
    if effect is None:
        return Finding(rule, step.file, message, safe, severity, step.revision, None, None, relation)
    return about(rule, effect, message, safe, relation=relation, observed=shown(effect), severity=severity)


def shown(effect: Effect) -> str | None:
    """The locks that PostgreSQL gave the statement on tables others may be using, and the rows it wrote."""
    parts = [f"{item.taken} on {item.relation}" for item in effect.others() if item.taken and item.is_table]
    parts += [f"{item.written} rows written to {item.relation}" for item in effect.others() if item.written]
    return "; ".join(parts) or None


def mentions(catalog: Catalog, *words: str) -> tuple[str, ...]:
    """The functions and procedures whose text has all the words: PostgreSQL does not record what they use."""
    patterns = [re.compile(rf"\b{re.escape(word)}\b") for word in words]
    return tuple(
        ".".join(key.identity[:2]) + "()"
        for key in sorted(catalog)
        if key.kind == "function"
        and all(pattern.search(str(catalog[key].properties.get("definition", ""))) for pattern in patterns)
    )


def used_in(catalog: Catalog, *words: str) -> str:
    """A sentence about the functions that use something; empty when none does."""
    users = mentions(catalog, *words)
    return f"; {', '.join(users[:5])} would fail when called" if users else ""
