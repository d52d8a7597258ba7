"""From changes to ways: what is created, dropped, altered, made anew, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog.model import Key
from ..compare import Change
from .actions import constraints, grants, sequences
from .closure import Closure
from .graph import cycles
from .names import is_nameable
from .read import flag, text
from .registry import ACTIONS
from .scene import Refusal, Scene, Way
from .ties import ATTACHED

_COMMENTED = ("database", "domain_constraint")


def settle(scene: Scene) -> None:
    """Fill the ways of the scene. Each refusal starts over, so that nothing is done on behalf of a refused change."""
    while True:
        scene.ways.clear()
        scene.closed.clear()
        scene.vanishing.clear()
        scene.redefaulted.clear()
        scene.rejoining.clear()
        scene.absorbed.clear()
        if not _choose(scene):
            continue
        refused = Closure(scene).run()
        if refused is not None:
            scene.refused[refused.root] = refused.reason
            continue
        break
    _absorb(scene)
    _free_dropped_tables(scene)


def _choose(scene: Scene) -> bool:
    """The way of each change; False when a new refusal was found."""
    known = len(scene.refused)
    for key, change in scene.changes.items():
        if key in scene.refused:
            continue
        reason = _plain_refusal(change) or _refusal_by_others(scene, change)
        if reason is not None:
            scene.refused[key] = reason
        elif key.kind in ACTIONS:
            decision = _way(scene, change)
            if isinstance(decision, Refusal):
                scene.refused[key] = decision.reason
            elif not _comes_by_inheritance(scene, key, decision):
                scene.ways[key] = decision
    return len(scene.refused) == known


def _way(scene: Scene, change: Change) -> Way | Refusal:
    if change.before is None:
        return Way.CREATE
    if change.after is None:
        return Way.DROP
    return ACTIONS[change.key.kind].decide(scene, change)


def _plain_refusal(change: Change) -> str | None:
    key, after = change.key, change.after
    known = key.kind in ACTIONS or key.kind == "default_privilege"
    if key.kind == "partition":
        return "a partition and its parent do not agree; `airside partitions adopt` tells and repairs"
    if key.kind in ("comment", "security_label"):
        known = is_nameable(key.identity[0]) or key.identity[0] in _COMMENTED
    if key.kind == "grant":
        known = grants.is_grantable(key.identity[0])
    if not known:
        return _by_hand(key.identity[0] if key.kind in ATTACHED else key.kind)
    if key.kind in ("index", "constraint") and after is not None and flag(after, "invalid"):
        return "an invalid index is no state to declare; declare it complete"
    if key.kind == "range" and after is not None and text(after, "canonical") is not None:
        return "a range with a canonical function needs a shell type first; create it by hand"
    return None


def _by_hand(kind: str) -> str:
    return f"a change of kind {kind.replace('_', ' ')} is seen but not planned; write it into the migration by hand"


def _refusal_by_others(scene: Scene, change: Change) -> str | None:
    if change.after is not None:
        for need in sorted(scene.after.needs(change.key)):
            if need in scene.refused and scene.changes[need].before is None:
                return f"needs {need}, which is not planned"
    for ties, side in ((scene.before, change.before), (scene.after, change.after)):
        if side is None:
            continue
        for carrier in sorted(ties.carriers(change.key)):
            if carrier.kind == "table" and carrier in scene.refused:
                return f"belongs to {carrier}, which is not planned"
    return None


def _comes_by_inheritance(scene: Scene, key: Key, way: Way) -> bool:
    """Whether ALTER TABLE on a parent does the same to this column of a child."""
    if key.kind != "column" or way not in (Way.CREATE, Way.ALTER):
        return False
    if Key("table", key.identity[:2]) not in scene.current:
        return False
    for parent in sorted(scene.after.carriers(key)):
        if parent.kind != "column" or parent not in scene.changes:
            continue
        if parent in scene.current and parent not in scene.before.carriers(key):
            continue
        same = scene.new(parent).properties == scene.new(key).properties
        if same and (scene.changes[parent].before is None) == (way is Way.CREATE):
            scene.absorbed[key] = parent
            return True
    return False


def _absorb(scene: Scene) -> None:
    """Decide what CREATE TABLE and ADD COLUMN bring along."""
    for key in sorted(key for key, way in scene.ways.items() if way.creates and key.kind == "column"):
        table = Key("table", key.identity[:2])
        unit = table if scene.created(table) else key
        sequence = sequences.serial_of(scene, key)
        if sequence is not None:
            scene.absorbed[sequence] = unit
        if unit == table:
            scene.absorbed[key] = table
    for key in sorted(key for key, way in scene.ways.items() if way.creates and key.kind == "constraint"):
        table = Key("table", key.identity[:2])
        if scene.created(table) and constraints.can_be_inline(scene.new(key)):
            scene.absorbed[key] = table
    for kinds in ("f", "cxpuf"):
        for group in _unit_cycles(scene):
            for key in _inline_in(scene, group, kinds):
                del scene.absorbed[key]


def _unit_cycles(scene: Scene) -> list[frozenset[Key]]:
    created = [key for key, way in scene.ways.items() if way.creates]
    edges: dict[Key, set[Key]] = {scene.absorbed.get(key, key): set() for key in created}
    for key in created:
        unit = scene.absorbed.get(key, key)
        for need in scene.after.needs(key):
            other = scene.absorbed.get(need, need)
            if other in edges and other != unit:
                edges[unit].add(other)
    return list(cycles(edges))


def _inline_in(scene: Scene, group: frozenset[Key], kinds: str) -> list[Key]:
    found: list[Key] = []
    for key, unit in scene.absorbed.items():
        if key.kind != "constraint" or unit not in group or (text(scene.new(key), "type") or "") not in kinds:
            continue
        others = {scene.absorbed.get(need, need) for need in scene.after.needs(key)} - {unit}
        if others & group:
            found.append(key)
    return found


def _free_dropped_tables(scene: Scene) -> None:
    """What refers to each other cannot be dropped one after the other: the constraints between go first."""
    for kinds in ("f", "cxpu"):
        edges: dict[Key, set[Key]] = {}
        for key in scene.ways:
            if scene.destroyed(key):
                edges.setdefault(_dropped_with(scene, key), set()).update(
                    _dropped_with(scene, need) for need in scene.before.needs(key) if scene.destroyed(need)
                )
        for group in cycles({unit: needed - {unit} for unit, needed in edges.items()}):
            scene.vanishing -= set(_vanishing_between(scene, group, kinds))


def _dropped_with(scene: Scene, key: Key) -> Key:
    table = Key("table", key.identity[:2])
    carried = key in scene.vanishing and table in scene.before.carriers(key) and scene.destroyed(table)
    return table if carried else key


def _vanishing_between(scene: Scene, group: frozenset[Key], kinds: str) -> Iterator[Key]:
    for key in scene.vanishing:
        unit = _dropped_with(scene, key)
        if key.kind == "constraint" and unit in group and (text(scene.old(key), "type") or "") in kinds:
            others = {_dropped_with(scene, need) for need in scene.before.needs(key)} - {unit}
            if others & group:
                yield key
