"""Columns: their definition, and the ways to add, change and drop them."""

from __future__ import annotations

import re

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..casts import keeps_every_value, using
from ..draft import Draft, lossy
from ..graph import Node
from ..model import Loss, Statement
from ..quote import bare, option_names, options, qualified, quote_ident, shortened
from ..read import flag, items, required, text
from ..scene import Decision, Refusal, Scene, Way
from . import sequences

_EXPRESSION_CAN_CHANGE = 17
_CONSTRAINT_NOT_NULL = 18


def decide(scene: Scene, change: Change) -> Decision:
    """Drop and add only where PostgreSQL has no way to change a generated column."""
    key = change.key
    old, new = scene.old(key), scene.new(key)
    if scene.is_changed(key, "type", "collation"):
        refusal = _partition_key_refusal(scene, key)
        if refusal:
            return refusal
    if not scene.is_changed(key, "generated", "generated_kind") and not (
        text(new, "generated") and scene.is_changed(key, "type", "collation")
    ):
        return Way.ALTER
    kinds = (text(old, "generated_kind"), text(new, "generated_kind"))
    if kinds == ("s", None):
        return Way.ALTER
    if kinds == ("s", "s") and scene.major >= _EXPRESSION_CAN_CHANGE and not scene.is_changed(key, "type", "collation"):
        return Way.ALTER
    return Way.RECREATE


def _partition_key_refusal(scene: Scene, key: Key) -> Refusal | None:
    table = scene.current.get(Key("table", key.identity[:2]))
    if table is None or not in_partition_key(table, key.identity[2]):
        return None
    return Refusal(
        "the type of a partition key column cannot change; build a new table and use `airside partitions convert`"
    )


def in_partition_key(table: CatalogObject, column: str) -> bool:
    """Whether the column is mentioned in the partition key."""
    partition_key = text(table, "partition_key") or ""
    return re.search(rf"(?<![\w$]){re.escape(quote_ident(column))}(?![\w$])", partition_key) is not None


def definition(scene: Scene, key: Key, *, nullable: bool = False) -> str:
    """The column as CREATE TABLE and ADD COLUMN write it."""
    column = scene.new(key)
    if sequences.serial_of(scene, key):
        return f"{quote_ident(key.identity[2])} {sequences.SERIALS[required(column, 'type')]}"
    parts = [quote_ident(key.identity[2]), required(column, "type"), *constraints_of(scene, key, nullable=nullable)]
    return " ".join(parts)


def constraints_of(scene: Scene, key: Key, *, nullable: bool = False) -> list[str]:
    """What follows the type of a column."""
    column = scene.new(key)
    parts: list[str] = []
    if (collation := text(column, "collation")) is not None:
        parts.append(f"COLLATE {collation}")
    if (compression := text(column, "compression")) is not None:
        parts.append(f"COMPRESSION {compression}")
    if (generated := text(column, "generated")) is not None:
        kind = "VIRTUAL" if text(column, "generated_kind") == "v" else "STORED"
        parts.append(f"GENERATED ALWAYS AS ({bare(generated)}) {kind}")
    elif (identity := text(column, "identity")) is not None:
        parts.append(f"GENERATED {identity} AS IDENTITY{sequences.identity_options(column)}")
    elif (default := text(column, "default")) is not None:
        parts.append(f"DEFAULT {default}")
    implied = nullable or identity_of(column) is not None or _in_primary_key(scene, key)
    if flag(column, "not_null") and not implied and not flag(column, "not_null_invalid"):
        parts.append("NOT NULL")
    return parts


def identity_of(column: CatalogObject) -> str | None:
    return text(column, "identity")


def settings(scene: Scene, key: Key) -> list[str]:
    """What CREATE TABLE cannot say of a column: ALTER COLUMN actions."""
    column = scene.new(key)
    name = quote_ident(key.identity[2])
    actions: list[str] = []
    if (storage := text(column, "storage")) is not None:
        actions.append(f"ALTER COLUMN {name} SET STORAGE {storage}")
    if (statistics := text(column, "statistics")) is not None:
        actions.append(f"ALTER COLUMN {name} SET STATISTICS {statistics}")
    if items(column, "options"):
        actions.append(f"ALTER COLUMN {name} SET {options(items(column, 'options'))}")
    return actions


def create(draft: Draft, key: Key) -> None:
    """ADD COLUMN; a required column without a value for the old rows is first added nullable."""
    scene = draft.scene
    column = scene.new(key)
    table = Key("table", key.identity[:2])
    late = scene.is_online(table) and flag(column, "not_null") and _has_no_value(column)
    invalid = flag(column, "not_null_invalid")
    comment = "nullable at first: the rows that exist have no value yet" if late else None
    actions = [f"ADD COLUMN {definition(scene, key, nullable=late)}", *settings(scene, key)]
    node = draft.create(key, *(Statement(_alter(key, action)) for action in actions))
    node.statements[0] = Statement(node.statements[0].sql, comment=comment)
    if late or invalid:
        set_not_null(draft, key, added=node).needs(node)


def drop(draft: Draft, key: Key) -> None:
    """DROP COLUMN; loses what it holds unless that is computed."""
    action = _alter(key, f"DROP COLUMN {quote_ident(key.identity[2])}")
    generated = text(draft.scene.old(key), "generated") is not None
    draft.drop(key, Statement(action) if generated else lossy(action, "column", *key.identity))


def alter(draft: Draft, key: Key) -> None:
    """Type, default, nullability, identity, expression and settings, each by its own statement."""
    scene = draft.scene
    retyped = _retype(draft, key) if scene.is_changed(key, "type", "collation") else None
    if text(scene.old(key), "generated") is not None:
        _expression(draft, key)
    if key not in scene.redefaulted and retyped is None:
        _default(draft, key)
    was_identity, is_identity = identity_of(scene.old(key)), identity_of(scene.new(key))
    unset = None
    if was_identity and not is_identity:
        unset = draft.part(key, _alter(key, f"ALTER COLUMN {quote_ident(key.identity[2])} DROP IDENTITY"))
        draft.before_given(unset, Key("sequence", (key.identity[0], "_".join((*key.identity[1:], "seq")))))
    required_now = _nullability(draft, key, unset)
    if is_identity:
        _identity(draft, key, required_now)
    _settings(draft, key)


def redefault(draft: Draft, key: Key) -> None:
    """Take the default away while what it calls is exchanged, and give it back."""
    old, new = text(draft.scene.old(key), "default"), text(draft.scene.new(key), "default")
    name = quote_ident(key.identity[2])
    if old is not None:
        draft.part(key, _alter(key, f"ALTER COLUMN {name} DROP DEFAULT"))
    if new is not None:
        node = draft.follow(key, "default", _alter(key, f"ALTER COLUMN {name} SET DEFAULT {new}"))
        draft.after_given(node, key)


def set_not_null(draft: Draft, key: Key, *, added: Node | None = None) -> Node:
    """SET NOT NULL without a scan under lock: a checked constraint proves it first. Returns the last step.

    Of a column that the plan itself `added` the constraint comes in a later revision: from then on a row without
    a value cannot be updated any more, so there must be a place in between to fill it.
    """
    scene = draft.scene
    name = quote_ident(key.identity[2])
    plain = _alter(key, f"ALTER COLUMN {name} SET NOT NULL")
    if flag(scene.new(key), "not_null_invalid"):
        return draft.follow(key, "not null", _alter(key, f"ADD NOT NULL {name} NOT VALID"))
    if not scene.is_online(Key("table", key.identity[:2])):
        return draft.follow(key, "not null", plain)
    proof = _proof(scene, key)
    if proof:
        node = draft.follow(key, "not null", Statement(plain, comment=f"no scan: {proof.identity[2]} proves it"))
        draft.before_gone(node, proof)
        return node
    check = quote_ident(shortened(f"{key.identity[1]}_{key.identity[2]}", "__not_null"))
    add = draft.follow(
        key,
        "not null 1",
        Statement(
            _alter(key, f"ADD CONSTRAINT {check} CHECK ({name} IS NOT NULL) NOT VALID"),
            comment="fill every row before this one; it proves NOT NULL without a scan under an exclusive lock",
        ),
    )
    if added is not None:
        add.needs(added, hard=True)
    validate = draft.follow(key, "not null 2", _alter(key, f"VALIDATE CONSTRAINT {check}"))
    validate.needs(add, hard=True)
    final = draft.follow(key, "not null 3", plain, _alter(key, f"DROP CONSTRAINT {check}"))
    final.needs(validate, hard=True)
    return final


def _retype(draft: Draft, key: Key) -> Node:
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    name = quote_ident(key.identity[2])
    enums = frozenset(qualified(*k.identity) for k in (*scene.current, *scene.desired) if k.kind == "enum")
    before, after = required(old, "type"), required(new, "type")
    actions: list[str] = []
    redefault = text(old, "default") != text(new, "default") and key not in scene.redefaulted
    if redefault and text(old, "default") is not None:
        actions.append(f"ALTER COLUMN {name} DROP DEFAULT")
    change = f"ALTER COLUMN {name} TYPE {after}"
    if (collation := text(new, "collation")) is not None:
        change += f" COLLATE {collation}"
    if (expression := using(name, before, after, enums=enums)) is not None:
        change += f" USING {expression}"
    actions.append(change)
    if redefault and text(new, "default") is not None:
        actions.append(f"ALTER COLUMN {name} SET DEFAULT {text(new, 'default')}")
    keeps = keeps_every_value(before, after, enums=enums)
    losses = () if keeps else (Loss("narrowing", ".".join(key.identity)),)
    return draft.alter(key, Statement(_alter(key, *actions), losses), reshapes=True)


def _expression(draft: Draft, key: Key) -> None:
    name = quote_ident(key.identity[2])
    new = text(draft.scene.new(key), "generated")
    if new is None:
        draft.alter(key, _alter(key, f"ALTER COLUMN {name} DROP EXPRESSION"), reshapes=True)
    elif draft.scene.is_changed(key, "generated"):
        action = f"ALTER COLUMN {name} SET EXPRESSION AS ({bare(new)})"
        draft.alter(key, _alter(key, action), reshapes=True)


def _default(draft: Draft, key: Key) -> None:
    scene = draft.scene
    if not scene.is_changed(key, "default"):
        return
    name = quote_ident(key.identity[2])
    new = text(scene.new(key), "default")
    if new is None:
        draft.alter(key, _alter(key, f"ALTER COLUMN {name} DROP DEFAULT"))
        return
    statements = [_alter(key, f"ALTER COLUMN {name} SET DEFAULT {new}")]
    node = draft.alter(key, *statements)
    if text(scene.old(key), "generated") is not None:
        for other in draft.gives.get(key, ()):
            node.needs(other)


def _nullability(draft: Draft, key: Key, unset: Node | None) -> Node | None:
    scene = draft.scene
    if not scene.is_changed(key, "not_null", "not_null_invalid"):
        return None
    if flag(scene.new(key), "not_null"):
        node = set_not_null(draft, key)
        for other in draft.gives.get(key, ()):
            for step in draft.nodes_of(key):
                if step.step.startswith("not null"):
                    step.needs(other)
        return node
    name = quote_ident(key.identity[2])
    node = draft.alter(key, _alter(key, f"ALTER COLUMN {name} DROP NOT NULL"), reshapes=True)
    if unset:
        node.needs(unset)
    return None


def _identity(draft: Draft, key: Key, required_now: Node | None) -> None:
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    name = quote_ident(key.identity[2])
    if identity_of(old) is None:
        action = f"ALTER COLUMN {name} ADD GENERATED {identity_of(new)} AS IDENTITY{sequences.identity_options(new)}"
        node = draft.follow(key, "identity", _alter(key, action), sequences.catch_up_identity(new))
        for other in (*draft.nodes_of(key), required_now):
            if other is not None and other is not node:
                node.needs(other)
        for sequence in scene.before.needs(key):
            if sequence.kind == "sequence":
                draft.after_gone(node, sequence)
        return
    actions: list[str] = []
    if identity_of(old) != identity_of(new):
        actions.append(f"SET GENERATED {identity_of(new)}")
    actions += sequences.identity_changes(old, new)
    if actions:
        node = draft.alter(key, _alter(key, f"ALTER COLUMN {name} {' '.join(actions)}"))
        for other in draft.gives.get(key, ()):
            node.needs(other)


def _settings(draft: Draft, key: Key) -> None:
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    name = quote_ident(key.identity[2])
    actions: list[str] = []
    if scene.is_changed(key, "storage") or (scene.is_changed(key, "type") and text(new, "storage")):
        # DEFAULT as a storage is known from 16 on; before, the type's own has to be named.
        default = "DEFAULT" if scene.major >= 16 else _type_storage(required(new, "type"))
        actions.append(f"SET STORAGE {text(new, 'storage') or default}")
    if scene.is_changed(key, "compression") or (scene.is_changed(key, "type") and text(new, "compression")):
        actions.append(f"SET COMPRESSION {text(new, 'compression') or 'DEFAULT'}")
    if scene.is_changed(key, "statistics"):
        actions.append(f"SET STATISTICS {text(new, 'statistics') or '-1'}")
    actions += changed_options(items(old, "options"), items(new, "options"))
    if actions:
        node = draft.alter(key, *(_alter(key, f"ALTER COLUMN {name} {action}") for action in actions))
        for other in draft.gives.get(key, ()):
            node.needs(other)


def changed_options(old: tuple[str, ...], new: tuple[str, ...]) -> list[str]:
    """RESET and SET clauses that lead from the one list of options to the other."""
    kept = {item.partition("=")[0] for item in new}
    gone = [item for item in old if item.partition("=")[0] not in kept]
    added = [item for item in new if item not in old]
    clauses: list[str] = []
    if gone:
        clauses.append(f"RESET {option_names(gone)}")
    if added:
        clauses.append(f"SET {options(added)}")
    return clauses


def _proof(scene: Scene, key: Key) -> Key | None:
    name = quote_ident(key.identity[2])
    for other in sorted(scene.before.carried(Key("table", key.identity[:2]))):
        if other.kind != "constraint" or scene.way(other) not in (None, Way.DROP):
            continue
        thing = scene.old(other)
        proves = text(thing, "definition") == f"CHECK (({name} IS NOT NULL))"
        if proves and not flag(thing, "not_valid") and not flag(thing, "not_enforced"):
            return other
    return None


def _has_no_value(column: CatalogObject) -> bool:
    return all(text(column, name) is None for name in ("default", "generated", "identity"))


def _in_primary_key(scene: Scene, key: Key) -> bool:
    table = Key("table", key.identity[:2])
    if not scene.created(table):
        return False
    return any(
        scene.absorbed.get(other) == table
        and text(scene.new(other), "type") == "p"
        and key.identity[2] in items(scene.new(other), "columns")
        for other in scene.after.carried(table)
        if other.kind == "constraint"
    )


def _type_storage(type_name: str) -> str:
    return "MAIN" if type_name.startswith("numeric") else "EXTENDED"


def _alter(key: Key, *actions: str) -> str:
    head = f"ALTER TABLE {qualified(*key.identity[:2])}"
    if len(actions) == 1:
        return f"{head} {actions[0]}"
    return head + ",".join(f"\n    {action}" for action in actions)
