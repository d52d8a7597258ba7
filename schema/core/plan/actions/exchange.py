"""Types that are made anew under their columns.

The old type is renamed aside, the new one made, each column moved by way of text, the old one dropped. A value that
the new type does not know stops the migration; nothing is lost.
"""

from __future__ import annotations

from itertools import groupby

from ...catalog.model import Key
from ..casts import TypeName
from ..draft import Draft
from ..graph import Node
from ..model import Loss, Statement
from ..quote import qualified, quote_ident, shortened
from ..read import required, text
from ..scene import Scene, Way
from .type_use import columns_of, default_of, keeps_values
from .types import creation

_WORDS = {"enum": "TYPE", "composite": "TYPE", "domain": "DOMAIN"}
_WHY = "the type is exchanged; a value that the new one does not know stops the migration"


def exchange_types(draft: Draft) -> None:
    """Write the exchange of all types of that way, whether they stand alone or within each other."""
    scene = draft.scene
    swaps = sorted(key for key, way in scene.ways.items() if way is Way.SWAP)
    ends = {key: _exchange(draft, key) for key in swaps}
    moving = sorted({column for key in swaps for column in columns_of(scene, key) if scene.swapped_type(column) == key})
    for table, columns in groupby(moving, key=lambda column: column.identity[:2]):
        _move(draft, table, list(columns), ends)
    for key, end in ends.items():
        for user in scene.before.dependants(key):
            if user in ends:
                end.needs(ends[user])


def _exchange(draft: Draft, key: Key) -> Node:
    """Rename and create; gives the node that drops the old type."""
    schema, name = key.identity
    aside = shortened(name, "__old")
    word = _WORDS[key.kind]
    rename = f"ALTER {word} {qualified(schema, name)} RENAME TO {quote_ident(aside)}"
    first = draft.set_aside(key, Statement(rename, comment=_WHY))
    end = draft.clean_up(key, f"DROP {word} {qualified(schema, aside)}")
    end.needs(first)
    if key in draft.scene.desired:
        create = draft.create(key, *creation(draft.scene.new(key)))
        create.needs(first)
        end.needs(create)
    return end


def _move(draft: Draft, table: tuple[str, ...], columns: list[Key], ends: dict[Key, Node]) -> None:
    scene = draft.scene
    actions = [action for column in columns for action in _actions(scene, column)]
    head = f"ALTER TABLE {qualified(*table)}"
    body = f" {actions[0]}" if len(actions) == 1 else ",".join(f"\n    {action}" for action in actions)
    losses = tuple(Loss("narrowing", ".".join(column.identity)) for column in columns if _narrows(scene, column))
    earlier = {column: draft.nodes_of(column) for column in columns}
    node = draft.alter(columns[0], Statement(head + body, losses), reshapes=True)
    for column in columns:
        if column != columns[0]:
            draft.gives.setdefault(column, []).append(node)
        for need in scene.after.needs(column):
            draft.after_given(node, need)
        for other in earlier[column]:
            if other in draft.uses_new:
                other.needs(node)
            else:
                node.needs(other)
        swapped = scene.swapped_type(column)
        if swapped is not None:
            ends[swapped].needs(node)
        for need in scene.before.needs(column):
            if need in ends:
                ends[need].needs(node)


def _actions(scene: Scene, column: Key) -> list[str]:
    new = scene.new(column)
    name = quote_ident(column.identity[2])
    type_name = required(new, "type")
    array = "[]" if TypeName.of(type_name).array else ""
    actions: list[str] = []
    if text(scene.old(column), "default") is not None and column not in scene.redefaulted:
        actions.append(f"ALTER COLUMN {name} DROP DEFAULT")
    actions.append(f"ALTER COLUMN {name} TYPE {type_name} USING {name}::text{array}::{type_name}")
    if (default := default_of(scene, column)) is not None:
        actions.append(f"ALTER COLUMN {name} SET DEFAULT {default}")
    # A change of type puts both back to what is usual for the type.
    actions += [
        f"ALTER COLUMN {name} SET {setting.upper()} {text(new, setting)}"
        for setting in ("storage", "compression")
        if text(new, setting) is not None
    ]
    return actions


def _narrows(scene: Scene, column: Key) -> bool:
    swapped = scene.swapped_type(column)
    return swapped is not None and not keeps_values(scene, swapped)
