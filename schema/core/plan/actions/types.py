"""Enums, domains, composite and range types."""

from __future__ import annotations

from collections.abc import Sequence

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..casts import TypeName
from ..draft import Draft, lossy
from ..model import Statement
from ..quote import qualified, quote_ident, quote_literal
from ..read import flag, items, mapping, required, rows, text
from ..scene import Decision, Refusal, Scene, Way
from .type_use import columns_of, exchange_refusal, holds_data

_WORDS = {"enum": "TYPE", "composite": "TYPE", "range": "TYPE", "domain": "DOMAIN"}


def decide_enum(scene: Scene, change: Change) -> Decision:
    """Labels that are only added are added; anything else exchanges the type under its columns."""
    old, new = items(scene.old(change.key), "labels"), items(scene.new(change.key), "labels")
    if old == new:
        return Way.ALTER
    added = [label for label in new if label not in old]
    if tuple(label for label in new if label in old) == old and (
        scene.online or not _is_used(scene, change.key, added)
    ):
        return Way.ALTER
    return _exchange(scene, change.key)


def decide_domain(scene: Scene, change: Change) -> Decision:
    """The base type cannot be altered; all else can."""
    key = change.key
    if scene.is_changed(key, "type", "collation") or (_tightens(scene, key) and _is_in_arrays(scene, key)):
        return _exchange(scene, key)
    return Way.ALTER


def _tightens(scene: Scene, key: Key) -> bool:
    if scene.is_changed(key, "not_null") and flag(scene.new(key), "not_null"):
        return True
    old, new = mapping(scene.old(key), "constraints"), mapping(scene.new(key), "constraints")
    return any(old.get(name) != clause and not str(clause).endswith(" NOT VALID") for name, clause in new.items())


def _is_in_arrays(scene: Scene, key: Key) -> bool:
    """PostgreSQL cannot look through arrays for values that break a new rule of a domain."""
    return any(TypeName.of(required(scene.old(column), "type")).array for column in columns_of(scene, key))


def decide_composite(scene: Scene, change: Change) -> Decision:
    """Attributes are added, dropped and (while no column holds them) retyped in place, in the order they have."""
    key = change.key
    if not scene.is_changed(key, "attributes"):
        return Way.ALTER
    old, new = _attributes(scene.old(key)), _attributes(scene.new(key))
    kept = [name for name in old if name in new]
    in_place = list(new)[: len(kept)] == kept
    retyped = any(old[name] != new[name] for name in kept)
    used = holds_data(scene, key)
    if in_place and not (retyped and used):
        return Way.ALTER
    return _exchange(scene, key) if used else Way.RECREATE


def decide_range(scene: Scene, change: Change) -> Decision:
    """A range type can only be made anew."""
    if change.properties == ("owner",):
        return Way.ALTER
    return _exchange(scene, change.key) if holds_data(scene, change.key) else Way.RECREATE


def _exchange(scene: Scene, key: Key) -> Decision:
    reason = exchange_refusal(scene, key)
    return Way.SWAP if reason is None else Refusal(reason)


def create(draft: Draft, key: Key) -> None:
    """CREATE TYPE or CREATE DOMAIN."""
    draft.create(key, *creation(draft.scene.new(key)))


def creation(thing: CatalogObject) -> list[Statement]:
    """The statements that make the type."""
    name = qualified(*thing.key.identity)
    match thing.key.kind:
        case "enum":
            labels = ", ".join(quote_literal(label) for label in items(thing, "labels"))
            return [Statement(f"CREATE TYPE {name} AS ENUM ({labels})")]
        case "composite":
            attributes = [_attribute(row) for row in _attributes(thing).items()]
            body = "(\n    " + ",\n    ".join(attributes) + "\n)" if attributes else "()"
            return [Statement(f"CREATE TYPE {name} AS {body}")]
        case "range":
            return [Statement(f"CREATE TYPE {name} AS RANGE ({', '.join(_range_options(thing))})")]
        case _:
            return _domain(thing, name)


def drop(draft: Draft, key: Key) -> None:
    """DROP TYPE or DROP DOMAIN."""
    draft.drop(key, f"DROP {_WORDS[key.kind]} {qualified(*key.identity)}")


def alter_enum(draft: Draft, key: Key) -> None:
    """ALTER TYPE ADD VALUE; whatever names a new label waits for the next stage."""
    scene = draft.scene
    old, new = list(items(scene.old(key), "labels")), items(scene.new(key), "labels")
    statements: list[str] = []
    for position, label in enumerate(new):
        if label in old:
            continue
        place = ""
        if position < len(new) - 1 and not all(later not in old for later in new[position + 1 :]):
            place = f" BEFORE {quote_literal(next(later for later in new[position + 1 :] if later in old))}"
        statements.append(f"ALTER TYPE {qualified(*key.identity)} ADD VALUE {quote_literal(label)}{place}")
    if statements:
        draft.alter(key, *statements, reshapes=True)


def alter_domain(draft: Draft, key: Key) -> None:
    """Default, NOT NULL and constraints of a domain."""
    scene = draft.scene
    new = scene.new(key)
    head = f"ALTER DOMAIN {qualified(*key.identity)}"
    if scene.is_changed(key, "default"):
        default = text(new, "default")
        draft.alter(key, f"{head} SET DEFAULT {default}" if default is not None else f"{head} DROP DEFAULT")
    if scene.is_changed(key, "not_null"):
        draft.alter(key, f"{head} {'SET' if flag(new, 'not_null') else 'DROP'} NOT NULL")
    _domain_constraints(draft, key, head)


def alter_composite(draft: Draft, key: Key) -> None:
    """ALTER TYPE DROP, ALTER and ADD ATTRIBUTE."""
    scene = draft.scene
    old, new = _attributes(scene.old(key)), _attributes(scene.new(key))
    if old == new:
        return
    head = f"ALTER TYPE {qualified(*key.identity)}"
    used = holds_data(scene, key)
    statements: list[Statement] = []
    for name in (name for name in old if name not in new):
        sql = f"{head} DROP ATTRIBUTE {quote_ident(name)}"
        statements.append(lossy(sql, "attribute", *key.identity, name) if used else Statement(sql))
    for name in (name for name in old if name in new and old[name] != new[name]):
        statements.append(Statement(f"{head} ALTER ATTRIBUTE {quote_ident(name)} TYPE {_type(new[name])}"))
    for name in (name for name in new if name not in old):
        statements.append(Statement(f"{head} ADD ATTRIBUTE {_attribute((name, new[name]))}"))
    draft.alter(key, *statements, reshapes=True)


def labels_added(scene: Scene, key: Key) -> list[str]:
    """The labels that ADD VALUE brings."""
    old = items(scene.old(key), "labels")
    return [label for label in items(scene.new(key), "labels") if label not in old]


def names_label(thing: CatalogObject, labels: Sequence[str]) -> bool:
    """Whether a definition, default or body names one of the labels as a literal."""
    said = str(dict(thing.properties)).replace('\\"', '"').replace("\\'", "'")
    return any(quote_literal(label) in said for label in labels)


def _is_used(scene: Scene, key: Key, added: Sequence[str]) -> bool:
    return any(
        change.after is not None and change.key != key and names_label(change.after, added)
        for change in scene.changes.values()
    )


def _domain(thing: CatalogObject, name: str) -> list[Statement]:
    parts = [f"CREATE DOMAIN {name} AS {required(thing, 'type')}"]
    if (collation := text(thing, "collation")) is not None:
        parts.append(f"COLLATE {collation}")
    if (default := text(thing, "default")) is not None:
        parts.append(f"DEFAULT {default}")
    if flag(thing, "not_null"):
        parts.append("NOT NULL")
    later: list[Statement] = []
    for constraint, clause in sorted(mapping(thing, "constraints").items()):
        if str(clause).endswith(" NOT VALID"):
            later.append(Statement(f"ALTER DOMAIN {name} ADD CONSTRAINT {quote_ident(constraint)} {clause}"))
        else:
            parts.append(f"\n    CONSTRAINT {quote_ident(constraint)} {clause}")
    return [Statement(" ".join(parts).replace(" \n", "\n")), *later]


def _domain_constraints(draft: Draft, key: Key, head: str) -> None:
    scene = draft.scene
    old, new = mapping(scene.old(key), "constraints"), mapping(scene.new(key), "constraints")
    for name in sorted(old.keys() | new.keys()):
        before, after = str(old.get(name) or ""), str(new.get(name) or "")
        if before == after:
            continue
        if before == f"{after} NOT VALID":
            draft.alter(key, f"{head} VALIDATE CONSTRAINT {quote_ident(name)}")
            continue
        gone = [f"{head} DROP CONSTRAINT {quote_ident(name)}"] if before else []
        if not after:
            draft.alter(key, *gone)
            continue
        later = scene.online and not after.endswith(" NOT VALID")
        add = f"{head} ADD CONSTRAINT {quote_ident(name)} {after}{' NOT VALID' if later else ''}"
        node = draft.alter(key, *gone, add)
        if later:
            validate = draft.follow(key, f"validate {name}", f"{head} VALIDATE CONSTRAINT {quote_ident(name)}")
            validate.needs(node, hard=True)


def _attributes(thing: CatalogObject) -> dict[str, tuple[str, str | None]]:
    return {str(row[0]): (str(row[1]), None if row[2] is None else str(row[2])) for row in rows(thing, "attributes")}


def _attribute(item: tuple[str, tuple[str, str | None]]) -> str:
    return f"{quote_ident(item[0])} {_type(item[1])}"


def _type(item: tuple[str, str | None]) -> str:
    return item[0] if item[1] is None else f"{item[0]} COLLATE {item[1]}"


def _range_options(thing: CatalogObject) -> list[str]:
    options = [f"SUBTYPE = {required(thing, 'subtype')}"]
    words = {
        "opclass": "SUBTYPE_OPCLASS",
        "collation": "COLLATION",
        "canonical": "CANONICAL",
        "subtype_diff": "SUBTYPE_DIFF",
    }
    options += [f"{word} = {text(thing, name)}" for name, word in words.items() if text(thing, name) is not None]
    if (multirange := text(thing, "multirange")) is not None:
        options.append(f"MULTIRANGE_TYPE_NAME = {multirange}")
    return options
