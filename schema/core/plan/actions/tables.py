"""Tables: CREATE TABLE with what belongs into it, and changes of the table itself."""

from __future__ import annotations

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft, lossy
from ..model import Statement
from ..quote import options, qualified, quote_ident
from ..read import flag, items, text
from ..scene import Decision, Refusal, Scene, Way
from ..ties import inherited_from, parents
from . import columns, constraints


def decide(scene: Scene, change: Change) -> Decision:
    """Everything but the partition key can be altered."""
    if scene.is_changed(change.key, "relkind", "partition_key"):
        return Refusal("the rows have to move to another table; use `airside partitions convert`")
    return Way.ALTER


def create(draft: Draft, key: Key) -> None:
    """CREATE TABLE with its columns and constraints, then what only ALTER TABLE can say."""
    scene = draft.scene
    table = scene.new(key)
    name = qualified(*key.identity)
    persistence = "UNLOGGED " if text(table, "persistence") == "u" else ""
    head = f"CREATE {persistence}TABLE {name}"
    if (of_type := text(table, "of_type")) is not None:
        head += f" OF {of_type}"
    lines = [*_column_lines(scene, key, typed=of_type is not None), *_constraint_lines(scene, key)]
    body = " (\n" + ",\n".join(f"    {line}" for line in lines) + "\n)" if lines else "" if of_type else " ()"
    statements = ["\n".join([head + body, *_tail(table)]), *_further(scene, key)]
    draft.create(key, *statements)
    _anchors(draft, key)


def drop(draft: Draft, key: Key) -> None:
    """DROP TABLE, with its rows."""
    draft.drop(key, lossy(f"DROP TABLE {qualified(*key.identity)}", "table", *key.identity))


def alter(draft: Draft, key: Key) -> None:
    """Change the table itself, by what differs."""
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    if scene.is_changed(key, "inherits"):
        _inheritance(draft, key)
    if scene.is_changed(key, "persistence"):
        _persistence(draft, key)
    actions = columns.changed_options(items(old, "options"), items(new, "options"))
    if scene.is_changed(key, "access_method"):
        actions.append(f"SET ACCESS METHOD {text(new, 'access_method') or 'heap'}")
    if scene.is_changed(key, "tablespace"):
        actions.append(f"SET TABLESPACE {quote_ident(text(new, 'tablespace') or 'pg_default')}")
    if scene.is_changed(key, "of_type"):
        of_type = text(new, "of_type")
        actions.append(f"OF {of_type}" if of_type else "NOT OF")
    if scene.is_changed(key, "rls"):
        actions.append(f"{'ENABLE' if flag(new, 'rls') else 'DISABLE'} ROW LEVEL SECURITY")
    if scene.is_changed(key, "force_rls"):
        actions.append(f"{'FORCE' if flag(new, 'force_rls') else 'NO FORCE'} ROW LEVEL SECURITY")
    if actions:
        draft.alter(key, *(_alter(key, action) for action in actions))
    if scene.is_changed(key, "replica_identity", "clustered_on"):
        _anchors(draft, key)


def restore_anchors(draft: Draft, key: Key) -> None:
    """Name the index of CLUSTER or REPLICA IDENTITY again after it was built anew."""
    scene = draft.scene
    for anchor in _anchor_indexes(scene, key):
        if scene.destroyed(anchor) and scene.created(anchor):
            _anchors(draft, key)
            return


def _column_lines(scene: Scene, key: Key, *, typed: bool) -> list[str]:
    found = [k for k in scene.after.carried(key) if k.kind == "column"]
    ordered = sorted(found, key=lambda k: int(text(scene.new(k), "position") or 0))
    if typed:
        clauses = ((k, columns.constraints_of(scene, k)) for k in ordered)
        return [f"{quote_ident(k.identity[2])} WITH OPTIONS {' '.join(said)}" for k, said in clauses if said]
    return [columns.definition(scene, k) for k in ordered if not _comes_from_parent(scene, k)]


def _comes_from_parent(scene: Scene, column: Key) -> bool:
    mine = scene.new(column).properties
    return any(scene.new(parent).properties == mine for parent in inherited_from(scene.desired, column))


def _constraint_lines(scene: Scene, key: Key) -> list[str]:
    found = sorted(
        (k for k in scene.after.carried(key) if k.kind == "constraint" and scene.absorbed.get(k) == key),
        key=lambda k: ("puxcf".index(text(scene.new(k), "type") or "c"), k.identity),
    )
    return [constraints.inline(scene, k) for k in found]


def _tail(table: CatalogObject) -> list[str]:
    lines: list[str] = []
    if parents(table):
        lines.append(f"INHERITS ({', '.join(qualified(*parent.identity) for parent in parents(table))})")
    if (partition_key := text(table, "partition_key")) is not None:
        lines.append(f"PARTITION BY {partition_key}")
    if (method := text(table, "access_method")) is not None:
        lines.append(f"USING {quote_ident(method)}")
    if items(table, "options"):
        lines.append(f"WITH {options(items(table, 'options'))}")
    if (tablespace := text(table, "tablespace")) is not None:
        lines.append(f"TABLESPACE {quote_ident(tablespace)}")
    return lines


def _further(scene: Scene, key: Key) -> list[str]:
    table = scene.new(key)
    actions: list[str] = []
    for column in sorted(k for k in scene.after.carried(key) if k.kind == "column"):
        actions += columns.settings(scene, column)
        if flag(scene.new(column), "not_null_invalid"):
            actions.append(f"ADD NOT NULL {quote_ident(column.identity[2])} NOT VALID")
    if flag(table, "rls"):
        actions.append("ENABLE ROW LEVEL SECURITY")
    if flag(table, "force_rls"):
        actions.append("FORCE ROW LEVEL SECURITY")
    return [_alter(key, action) for action in actions]


def _anchor_indexes(scene: Scene, key: Key) -> list[Key]:
    table = scene.new(key)
    identity, clustered = text(table, "replica_identity") or "", text(table, "clustered_on")
    names = [identity[2:]] if identity.startswith("i ") else []
    if clustered is not None:
        names.append(clustered)
    found: list[Key] = []
    for name in names:
        constraint = Key("constraint", (*key.identity, name))
        found.append(constraint if constraint in scene.desired else Key("index", (key.identity[0], name)))
    return found


def _anchors(draft: Draft, key: Key) -> None:
    scene = draft.scene
    new = scene.new(key)
    old = scene.current.get(key) if not scene.created(key) else None
    actions: list[str] = []
    clustered = text(new, "clustered_on")
    if clustered is not None:
        actions.append(f"CLUSTER ON {quote_ident(clustered)}")
    elif old is not None and text(old, "clustered_on") is not None:
        actions.append("SET WITHOUT CLUSTER")
    identity = text(new, "replica_identity")
    if identity is not None or (old is not None and text(old, "replica_identity") is not None):
        actions.append(f"REPLICA IDENTITY {_replica_identity(identity)}")
    if not actions:
        return
    node = draft.follow(key, "late", *(_alter(key, action) for action in actions))
    if not scene.created(key):
        node.rank = (2, *node.rank[1:])
    else:
        draft.after_given(node, key)
    for anchor in _anchor_indexes(scene, key):
        draft.after_given(node, anchor)
        for column in items(scene.new(anchor), "columns") if anchor in scene.desired else ():
            # The index of a replica identity is over columns that are NOT NULL.
            draft.after_steps(node, Key("column", (*key.identity, column)))


def _replica_identity(value: str | None) -> str:
    if value is not None and value.startswith("i "):
        return f"USING INDEX {quote_ident(value[2:])}"
    return {"n": "NOTHING", "f": "FULL"}.get(value or "", "DEFAULT")


def _persistence(draft: Draft, key: Key) -> None:
    """A logged table never refers to an unlogged one: the one that refers goes first, and comes back last."""
    scene = draft.scene
    unlogged = text(scene.new(key), "persistence") == "u"
    node = draft.alter(key, _alter(key, "SET UNLOGGED" if unlogged else "SET LOGGED"), reshapes=True)
    for thing in scene.desired.values():
        if thing.key.kind != "constraint" or text(thing, "type") != "f":
            continue
        table, referenced = Key("table", thing.key.identity[:2]), Key("table", items(thing, "references"))
        waits, other = (referenced, table) if unlogged else (table, referenced)
        if waits == key and other != key:
            draft.after_given(node, other)


def _inheritance(draft: Draft, key: Key) -> None:
    old, new = parents(draft.scene.old(key)), parents(draft.scene.new(key))
    gone = [parent for parent in old if parent not in new]
    added = [parent for parent in new if parent not in old]
    if gone:
        draft.part(key, *(Statement(_alter(key, f"NO INHERIT {qualified(*parent.identity)}")) for parent in gone))
    if added:
        node = draft.follow(key, "inherit", *(_alter(key, f"INHERIT {qualified(*p.identity)}") for p in added))
        for column in draft.scene.after.carried(key):
            draft.after_given(node, column)


def _alter(key: Key, action: str) -> str:
    return f"ALTER TABLE {qualified(*key.identity)} {action}"
