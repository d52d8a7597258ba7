"""Where a type is used, and whether it can be exchanged there."""

from __future__ import annotations

from ...catalog.model import CatalogObject, Key
from ..casts import TypeName, keeps_every_value
from ..quote import qualified
from ..read import required, rows, text
from ..scene import Scene, Way
from ..ties import TYPES
from .columns import in_partition_key


def columns_of(scene: Scene, key: Key) -> list[Key]:
    """The columns of the type, or of its array."""
    users = scene.before.dependants(key)
    return sorted(user for user in users if user.kind == "column" and is_type_of(scene, key, user))


def is_type_of(scene: Scene, key: Key, column: Key) -> bool:
    """Whether the column has the type (and does not only name it in its default)."""
    return TypeName.of(required(scene.old(column), "type")).base == qualified(*key.identity)


def holds_data(scene: Scene, key: Key) -> bool:
    """Whether a column has values of the type, be it within another type."""
    users = scene.before.dependants(key)
    return any(user.kind == "column" or (user.kind in TYPES and holds_data(scene, user)) for user in users)


def exchange_refusal(scene: Scene, key: Key) -> str | None:
    """Why the type cannot be made anew under its columns; None when it can."""
    name = ".".join(key.identity)
    if key.kind == "range":
        return f"{name} is a range type in use; create one of another name and move its columns to it"
    if key.kind == "composite" and key in scene.desired and _attributes(scene.old(key)) != _attributes(scene.new(key)):
        return f"{name} is in use and its attributes change place; create a type of another name and move to it"
    for column in columns_of(scene, key):
        table = scene.current.get(Key("table", column.identity[:2]))
        if table is not None and in_partition_key(table, column.identity[2]):
            dotted = ".".join(column.identity)
            return f"{dotted} is a partition key of this type; use `airside partitions convert` with a new type"
    return None


def keeps_values(scene: Scene, key: Key) -> bool:
    """Whether the exchanged type holds every old value, or stops with an error where it does not."""
    if key not in scene.desired or scene.way(key) is not Way.SWAP:
        return key.kind == "enum" or scene.way(key) is not Way.SWAP
    inner = [need for need in scene.before.needs(key) if need.kind in TYPES]
    if not all(keeps_values(scene, need) for need in inner):
        return False
    if key.kind == "domain":
        return keeps_every_value(required(scene.old(key), "type"), required(scene.new(key), "type"), enums=frozenset())
    pairs = zip(rows(scene.old(key), "attributes"), rows(scene.new(key), "attributes"), strict=False)
    return all(keeps_every_value(str(old[1]), str(new[1]), enums=frozenset()) for old, new in pairs)


def _attributes(composite: CatalogObject) -> list[str]:
    return [str(row[0]) for row in rows(composite, "attributes")]


def default_of(scene: Scene, column: Key) -> str | None:
    """The default that an exchange gives back: one that stays as it is."""
    old, new = text(scene.old(column), "default"), text(scene.new(column), "default")
    return old if old == new and column not in scene.redefaulted else None
