"""Grants and default privileges."""

from __future__ import annotations

from collections.abc import Iterable

from ...catalog.model import Catalog, CatalogObject, Key
from ..draft import Draft
from ..names import in_database, signature
from ..quote import qualified, quote_ident, role
from ..read import items, text
from ..scene import DATABASE_OWNER, Scene

_RELATIONS = ("table", "view", "materialized_view")
_ON = {
    "table": "",
    "view": "",
    "materialized_view": "",
    "foreign_table": "",
    "sequence": "SEQUENCE ",
    "schema": "SCHEMA ",
    "enum": "TYPE ",
    "composite": "TYPE ",
    "range": "TYPE ",
    "domain": "DOMAIN ",
    "language": "LANGUAGE ",
    "foreign_data_wrapper": "FOREIGN DATA WRAPPER ",
    "foreign_server": "FOREIGN SERVER ",
}
_CLASS = {
    "table": "r",
    "view": "r",
    "materialized_view": "r",
    "foreign_table": "r",
    "sequence": "S",
    "function": "f",
    "aggregate": "f",
    "enum": "T",
    "domain": "T",
    "composite": "T",
    "range": "T",
    "schema": "n",
}
_CLASS_WORD = {"r": "TABLES", "S": "SEQUENCES", "f": "FUNCTIONS", "T": "TYPES", "n": "SCHEMAS"}
_PUBLIC_HAS = {"f": frozenset({"EXECUTE"}), "T": frozenset({"USAGE"})}
_LAST = 3


def plan_grants(draft: Draft) -> None:
    """Bring all privileges from what they are, or are born with, to what they shall be."""
    scene = draft.scene
    wanted: set[Key] = {key for key in scene.changes if key.kind == "grant" and key not in scene.refused}
    wanted |= {key for key in scene.desired if key.kind == "grant" and scene.renewed(_target(scene, key))}
    wanted |= _born_privileges(scene)
    for key in sorted(wanted):
        wanted |= set(_lost_with(scene, key))
    for key in sorted(wanted):
        _grant(draft, key)


def default_privilege(draft: Draft, key: Key) -> None:
    """ALTER DEFAULT PRIVILEGES; last, so that it is not at work on what the plan creates."""
    scene = draft.scene
    old, new = scene.current.get(key), scene.desired.get(key)
    held = frozenset(items(old, "privileges") if old else items(scene.new(key), "default"))
    shall = frozenset(items(new, "privileges") if new else items(scene.old(key), "default"))
    owner, schema, kind, grantee = key.identity
    head = f"ALTER DEFAULT PRIVILEGES FOR ROLE {quote_ident(scene.role(owner))}"
    if schema:
        head += f" IN SCHEMA {quote_ident(schema)}"
    clauses = _clauses(held, shall, _CLASS_WORD[kind], role(scene.role(grantee)))
    statements = [f"{head} {clause}" for clause in clauses]
    if not statements:
        return
    node = draft.follow(key, "default", *statements)
    node.rank = (_LAST, *node.rank[1:])
    for other in draft.nodes:
        if other.key.kind != "default_privilege":
            node.needs(other)


def _grant(draft: Draft, key: Key) -> None:
    scene = draft.scene
    target = _target(scene, key)
    if target not in scene.desired and key.identity[0] not in ("database", "language"):
        return
    statements = _statements(scene, key)
    if not statements:
        return
    node = draft.follow(key, "grant", *statements)
    draft.rights.setdefault(target, []).append(node)
    draft.after_given(node, target)
    draft.after_owner(node, target)
    if key.identity[0] == "column":
        for kind in _RELATIONS:
            draft.after_steps(node, Key("grant", (kind, *key.identity[1:3], key.identity[-1])))


def _target(scene: Scene, key: Key) -> Key:
    exact = Key(key.identity[0], key.identity[1:-1])
    if exact in scene.current and exact not in scene.desired:
        return exact
    found = scene.after.target(key) or scene.before.target(key)
    return found or Key(key.identity[0], key.identity[1:-1])


def _lost_with(scene: Scene, key: Key) -> list[Key]:
    """Column grants that a REVOKE on the table takes with it though they shall stay."""
    gone = _revoked(scene, key)
    if not gone:
        return []
    return [
        other
        for other, thing in scene.desired.items()
        if other.kind == "grant"
        and other.identity[:3] == ("column", *key.identity[1:3])
        and other.identity[-1] == key.identity[-1]
        and gone & _words(items(thing, "privileges"))
    ]


def _revoked(scene: Scene, key: Key) -> set[str]:
    """What a change of a grant on a table takes from the grantee, there and on the columns."""
    if key.identity[0] not in _RELATIONS or scene.renewed(_target(scene, key)):
        return set()
    return _words(_held(scene, key)) - _words(_shall(scene, key))


def _born_privileges(scene: Scene) -> set[Key]:
    """What default privileges give to objects of this plan."""
    born: set[Key] = set()
    entries = [k for k in scene.current if k.kind == "default_privilege" and k.identity[0] == DATABASE_OWNER]
    for target in scene.desired:
        if target.kind not in _CLASS or not scene.renewed(target):
            continue
        for _, schema, kind, grantee in (entry.identity for entry in entries):
            if kind == _CLASS[target.kind] and schema in ("", _schema_of(target)):
                born.add(Key("grant", (target.kind, *target.identity, grantee)))
    return born


def _held(scene: Scene, key: Key) -> frozenset[str]:
    target = _target(scene, key)
    if scene.renewed(target):
        return frozenset() if key.identity[0] == "column" else _born_with(scene, key, target)
    old, new = scene.current.get(key), scene.desired.get(key)
    if old is not None:
        gone = _revoked_from_columns(scene, key)
        return frozenset(item for item in items(old, "privileges") if item.rstrip("*") not in gone)
    return frozenset(items(new, "default")) if new is not None else frozenset()


def _revoked_from_columns(scene: Scene, key: Key) -> set[str]:
    if key.identity[0] != "column":
        return set()
    tables = (Key("grant", (kind, *key.identity[1:3], key.identity[-1])) for kind in _RELATIONS)
    return {word for table in tables if table in scene.changes for word in _revoked(scene, table)}


def _shall(scene: Scene, key: Key) -> frozenset[str]:
    old, new = scene.current.get(key), scene.desired.get(key)
    if new is not None:
        return frozenset(items(new, "privileges"))
    target = _target(scene, key)
    if scene.renewed(target):
        return _from_postgresql(scene, key, target)
    return frozenset(items(old, "default")) if old is not None else frozenset()


def _born_with(scene: Scene, key: Key, target: Key) -> frozenset[str]:
    everywhere = _default_entry(scene, "", key, target)
    here = _default_entry(scene, _schema_of(target), key, target) if _schema_of(target) else None
    own = items(everywhere, "privileges") if everywhere else _from_postgresql(scene, key, target)
    return frozenset(own) | frozenset(items(here, "privileges") if here else ())


def _from_postgresql(scene: Scene, key: Key, target: Key) -> frozenset[str]:
    new = scene.desired.get(key)
    if new is not None:
        return frozenset(items(new, "default"))
    if key.identity[-1] == "PUBLIC":
        return _PUBLIC_HAS.get(_CLASS.get(target.kind, ""), frozenset())
    everywhere = _default_entry(scene, "", key, target)
    return frozenset(items(everywhere, "default")) if everywhere else frozenset()


def _default_entry(scene: Scene, schema: str, grant: Key, target: Key) -> CatalogObject | None:
    kind = _CLASS.get(target.kind, "")
    return scene.current.get(Key("default_privilege", (DATABASE_OWNER, schema, kind, grant.identity[-1])))


def _schema_of(target: Key) -> str:
    return "" if target.kind == "schema" else target.identity[0]


def _words(privileges: Iterable[str]) -> set[str]:
    return {item.rstrip("*") for item in privileges}


def _statements(scene: Scene, key: Key) -> list[str]:
    kind, rest = key.identity[0], key.identity[1:-1]
    held, shall, grantee = _held(scene, key), _shall(scene, key), role(scene.role(key.identity[-1]))
    if kind == "column":
        return _clauses(held, shall, qualified(*rest[:2]), grantee, column=f" ({quote_ident(rest[2])})")
    if kind == "database":
        clauses = _clauses(held, shall, "DATABASE %I", grantee.replace("%", "%%"))
        return [in_database(clause) for clause in clauses]
    target = Key(kind, rest)
    return _clauses(held, shall, _object(scene.desired if target in scene.desired else scene.current, target), grantee)


def _object(catalog: Catalog, target: Key) -> str:
    if target.kind == "function":
        word = "PROCEDURE" if text(catalog[target], "prokind") == "p" else "FUNCTION"
        return f"{word} {signature(target)}"
    if target.kind == "aggregate":
        return f"FUNCTION {signature(target).replace('(*)', '()')}"
    return f"{_ON[target.kind]}{qualified(*target.identity)}"


def _clauses(held: frozenset[str], shall: frozenset[str], on: str, grantee: str, *, column: str = "") -> list[str]:
    had, has = _words(held), _words(shall)
    had_option, has_option = ({item[:-1] for item in side if item.endswith("*")} for side in (held, shall))
    forms = (
        (had - has, "REVOKE", "FROM", ""),
        ((had_option - has_option) & has, "REVOKE GRANT OPTION FOR", "FROM", ""),
        (has - had - has_option, "GRANT", "TO", ""),
        (has_option - had_option, "GRANT", "TO", " WITH GRANT OPTION"),
    )
    return [
        f"{verb} {', '.join(privilege + column for privilege in sorted(chosen))} ON {on} {way} {grantee}{tail}"
        for chosen, verb, way, tail in forms
        if chosen
    ]


def is_grantable(kind: str) -> bool:
    """Whether grants on the kind are planned."""
    return kind in _ON or kind in ("column", "function", "aggregate", "database")
