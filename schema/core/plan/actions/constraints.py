"""Constraints of tables: inline, added in the form that blocks least, altered where PostgreSQL can."""

from __future__ import annotations

import re

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft
from ..graph import Node
from ..model import Statement
from ..quote import options, qualified, quote_ident, shortened
from ..read import flag, items, required, text
from ..scene import Decision, Scene, Way, is_partitioned
from . import columns

_PARTITIONED_NOT_VALID = 18
_DEFERRABILITY = re.compile(r"( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?\Z")
_LIST = r'\((?:[^()"]|"(?:[^"]|"")*")*\)'
_UNIQUE = re.compile(
    rf"(?P<kind>UNIQUE|PRIMARY KEY)(?P<nulls> NULLS NOT DISTINCT)? (?P<columns>{_LIST})"
    rf"(?P<include> INCLUDE {_LIST})?(?P<rest>.*)\Z",
    re.DOTALL,
)
_INDEX_ALTERABLE = frozenset({"index_options"})


def decide(scene: Scene, change: Change) -> Decision:
    """Validate, alter or set where that is all there is to do; else drop and add."""
    changed = set(change.properties) - _INDEX_ALTERABLE
    if not changed:
        return Way.ALTER
    old, new = scene.old(change.key), scene.new(change.key)
    if changed == {"not_valid"} and flag(old, "not_valid"):
        return Way.ALTER
    if text(old, "type") == "f" == text(new, "type") and _same_but_timing(old, new):
        loosened = flag(new, "not_valid") and not flag(old, "not_valid")
        return Way.RECREATE if loosened and not flag(new, "not_enforced") else Way.ALTER
    return Way.RECREATE


def inline(scene: Scene, key: Key) -> str:
    """The constraint as a line of CREATE TABLE."""
    return f"CONSTRAINT {quote_ident(key.identity[2])} {_clause(scene.new(key))}"


def can_be_inline(constraint: CatalogObject) -> bool:
    """CREATE TABLE makes every constraint valid at once."""
    return not flag(constraint, "not_valid") or flag(constraint, "not_enforced")


def create(draft: Draft, key: Key) -> None:
    """ADD CONSTRAINT in the form that blocks least on a table that has rows."""
    scene = draft.scene
    constraint = scene.new(key)
    table = Key("table", key.identity[:2])
    match text(constraint, "type"):
        case "p" | "u" if (
            scene.is_online(table) and key not in scene.closed and "WITHOUT OVERLAPS" not in _clause(constraint)
        ):
            _using_index(draft, key)
        case "c" | "f" if _goes_in_two_steps(scene, key):
            _validated_later(draft, key)
        case "p":
            node = draft.create(key, _add(key, _with_validity(constraint)))
            _after_not_null(draft, key, node)
        case _:
            draft.create(key, _add(key, _with_validity(constraint)))


def drop(draft: Draft, key: Key) -> None:
    """DROP CONSTRAINT."""
    draft.drop(key, f"ALTER TABLE {qualified(*key.identity[:2])} DROP CONSTRAINT {quote_ident(key.identity[2])}")


def alter(draft: Draft, key: Key) -> None:
    """VALIDATE, ALTER CONSTRAINT, and settings of the index behind it."""
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    table, name = qualified(*key.identity[:2]), quote_ident(key.identity[2])
    if scene.is_changed(key, "definition", "not_enforced"):
        draft.alter(key, f"ALTER TABLE {table} ALTER CONSTRAINT {name}{_timing(old, new)}")
    elif flag(old, "not_valid") and not flag(new, "not_valid"):
        draft.alter(key, f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")
    index = qualified(key.identity[0], key.identity[2])
    for clause in columns.changed_options(items(old, "index_options"), items(new, "index_options")):
        draft.alter(key, f"ALTER INDEX {index} {clause}")


def _goes_in_two_steps(scene: Scene, key: Key) -> bool:
    constraint = scene.new(key)
    table = Key("table", key.identity[:2])
    if flag(constraint, "not_valid") or flag(constraint, "not_enforced") or not scene.is_online(table):
        return False
    rewritten = any(scene.retyped(Key("column", (*table.identity, column))) for column in items(constraint, "columns"))
    if text(constraint, "type") == "f":
        referenced = scene.desired.get(Key("table", items(constraint, "references")))
        refused = is_partitioned(referenced) and scene.major < _PARTITIONED_NOT_VALID
        return not rewritten and not refused
    return not rewritten and key not in scene.closed


def _validated_later(draft: Draft, key: Key) -> None:
    table, name = qualified(*key.identity[:2]), quote_ident(key.identity[2])
    add = Statement(
        _add(key, f"{_clause(draft.scene.new(key))} NOT VALID"),
        comment="new rows are checked from here on, the old ones by VALIDATE without blocking writers",
    )
    node = draft.create(key, add)
    draft.follow(key, "validate", f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}").needs(node, hard=True)


def _using_index(draft: Draft, key: Key) -> None:
    scene = draft.scene
    constraint = scene.new(key)
    found = _UNIQUE.match(required(constraint, "definition"))
    if found is None:
        draft.create(key, _add(key, _clause(constraint)))
        return
    schema, table, name = key.identity
    taken = Key("constraint", key.identity) in scene.current or _is_relation(scene, schema, name)
    index = shortened(name, "__new") if taken else name
    build = f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {quote_ident(index)} ON {qualified(schema, table)}"
    build += f" {found['columns']}{found['include'] or ''}{found['nulls'] or ''}{_storage(constraint, 'TABLESPACE')}"
    built = draft.follow(key, "index", Statement(build, comment="built without blocking writers"), concurrently=True)
    node = draft.create(key, _add(key, f"{found['kind']} USING INDEX {quote_ident(index)}{found['rest']}"))
    node.needs(built)
    if found["kind"] == "PRIMARY KEY":
        _after_not_null(draft, key, node)


def _after_not_null(draft: Draft, key: Key, node: Node) -> None:
    for column in items(draft.scene.new(key), "columns"):
        draft.after_steps(node, Key("column", (*key.identity[:2], column)))


def _is_relation(scene: Scene, schema: str, name: str) -> bool:
    kinds = ("index", "table", "view", "materialized_view", "sequence", "composite", "foreign_table")
    return any(Key(kind, (schema, name)) in scene.current for kind in kinds)


def _same_but_timing(old: CatalogObject, new: CatalogObject) -> bool:
    return _DEFERRABILITY.sub("", required(old, "definition")) == _DEFERRABILITY.sub("", required(new, "definition"))


def _timing(old: CatalogObject, new: CatalogObject) -> str:
    parts = ""
    definition, before = required(new, "definition"), required(old, "definition")
    if _deferral(definition) != _deferral(before):
        parts += " DEFERRABLE" if " DEFERRABLE" in _deferral(definition) else " NOT DEFERRABLE"
        parts += " INITIALLY DEFERRED" if "INITIALLY DEFERRED" in _deferral(definition) else ""
    if flag(old, "not_enforced") != flag(new, "not_enforced"):
        parts += " NOT ENFORCED" if flag(new, "not_enforced") else " ENFORCED"
    return parts


def _deferral(definition: str) -> str:
    found = _DEFERRABILITY.search(definition)
    return ((found[1] or "") + (found[2] or "")) if found else ""


def _clause(constraint: CatalogObject) -> str:
    definition = required(constraint, "definition")
    storage = _storage(constraint)
    if not storage:
        return definition
    if text(constraint, "type") in ("p", "u"):
        found = _UNIQUE.match(definition)
        if found is not None:
            return definition[: found.start("rest")] + storage + found["rest"]
    cut = re.search(r" WHERE \(| DEFERRABLE|\Z", definition)
    place = cut.start() if cut else len(definition)
    return definition[:place] + storage + definition[place:]


def _storage(constraint: CatalogObject, place: str = "USING INDEX TABLESPACE") -> str:
    clause = f" WITH {options(items(constraint, 'index_options'))}" if items(constraint, "index_options") else ""
    tablespace = text(constraint, "index_tablespace")
    return clause if tablespace is None else f"{clause} {place} {quote_ident(tablespace)}"


def _with_validity(constraint: CatalogObject) -> str:
    open_ended = flag(constraint, "not_valid") and not flag(constraint, "not_enforced")
    return _clause(constraint) + (" NOT VALID" if open_ended else "")


def _add(key: Key, clause: str) -> str:
    return f"ALTER TABLE {qualified(*key.identity[:2])} ADD CONSTRAINT {quote_ident(key.identity[2])} {clause}"
