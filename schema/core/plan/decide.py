"""From changes to ways: what is created, dropped, altered, made anew, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..catalog.model import Key
from ..compare import Change
from .actions import constraints, grants, sequences
from .casts import TypeName, same_index_order
from .graph import cycles
from .names import is_nameable
from .quote import qualified
from .read import flag, required, text
from .registry import ACTIONS
from .scene import Refusal, Scene, Way, is_generated
from .ties import ATTACHED, TYPES

# What PostgreSQL does not let stand on a column whose type changes.
_BOUND_TO_TYPE = frozenset({"view", "materialized_view", "rule", "policy", "trigger", "function", "aggregate"})
_REPLACED_BEFORE_DROP = frozenset({"view", "function", "publication", "column", "table", "extension", "policy", "rule"})
_COMMENTED = ("database", "domain_constraint")
_UNTOUCHED = ("schema", "sequence", "extension")
_ANEW = frozenset(
    {
        "view",
        "materialized_view",
        "rule",
        "policy",
        "trigger",
        "function",
        "aggregate",
        "index",
        "constraint",
        "statistics",
        "event_trigger",
    }
)


class _Refused(NamedTuple):
    """A root change that cannot be planned, because of what depends on it."""

    root: Key
    reason: str


def settle(scene: Scene) -> None:
    """Fill the ways of the scene. Each refusal starts over, so that nothing is done on behalf of a refused change."""
    while True:
        scene.ways.clear()
        scene.closed.clear()
        scene.vanishing.clear()
        scene.redefaulted.clear()
        scene.rejoining.clear()
        if not _choose(scene):
            continue
        refused = _Closure(scene).run()
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


class _Closure:
    """Spread what is dropped or retyped to what stands on it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.cause: dict[Key, Key] = {}
        self.queue: list[Key] = sorted(key for key in scene.ways if self._spreads(key))
        self.seen: set[Key] = set()

    def run(self) -> _Refused | None:
        while self.queue:
            key = self.queue.pop(0)
            if key in self.seen:
                continue
            self.seen.add(key)
            reason = self._spread(key)
            if reason is not None:
                return _Refused(self._root(key), reason)
        return None

    def _spreads(self, key: Key) -> bool:
        scene = self.scene
        return scene.destroyed(key) or scene.way(key) is Way.SWAP or scene.retyped(key)

    def _root(self, key: Key) -> Key:
        while key in self.cause and key not in self.scene.changes:
            key = self.cause[key]
        return key

    def _spread(self, key: Key) -> str | None:
        scene = self.scene
        if scene.destroyed(key):
            self._carry(key)
            dependants = scene.before.dependants(key)
        elif scene.way(key) is Way.SWAP:
            dependants = scene.before.dependants(key)
        else:
            self._retype(key)
            return None
        for dependant in sorted(dependants):
            reason = self._dependant(key, dependant)
            if reason is not None:
                return reason
        return None

    def _carry(self, key: Key) -> None:
        scene = self.scene
        for part in sorted(scene.before.carried(key)):
            if part.kind in ATTACHED or part.kind == "default_privilege":
                continue
            if part.kind in ("sequence", "column") and scene.way(part) is not Way.DROP and key.kind == "column":
                continue
            scene.vanishing.add(part)
            if not scene.destroyed(part):
                self._anew(part, key)

    def _anew(self, key: Key, cause: Key) -> None:
        scene = self.scene
        if key not in scene.changes:
            scene.closed.add(key)
        scene.ways[key] = Way.RECREATE if key in scene.desired else Way.DROP
        self._reach(key, cause)

    def _reach(self, key: Key, cause: Key) -> None:
        self.cause.setdefault(key, cause)
        self.seen.discard(key)
        self.queue.append(key)

    def _dependant(self, key: Key, other: Key) -> str | None:
        scene = self.scene
        attached = other.kind in ATTACHED or other.kind == "default_privilege"
        if scene.way(other) is Way.RECREATE and scene.way(key) in (Way.RECREATE, Way.SWAP):
            # It cannot stand beside its old self: what both need is there only once.
            scene.closed.add(other)
        if attached or scene.destroyed(other) or other in scene.vanishing:
            return None
        if other.kind not in ACTIONS or other in scene.refused:
            return f"{other} depends on it, and its change is not planned"
        replaced = scene.way(other) is Way.ALTER and key not in scene.desired and other.kind in _REPLACED_BEFORE_DROP
        if other.kind == "column":
            return self._column(key, other, replaced=replaced)
        if replaced or other.kind in _UNTOUCHED or self._rejoins(other, key) or self._lets_go(key, other):
            return None
        if other.kind in _ANEW or (other.kind in TYPES and not self._has_columns(other)):
            self._anew(other, key)
            return None
        return f"{other} depends on {key}, and cannot be made anew without losing what it holds"

    def _rejoins(self, publication: Key, part: Key) -> bool:
        """A published table leaves while a column of its list or filter is changed, and comes back."""
        scene = self.scene
        if publication.kind != "publication":
            return False
        if part.kind == "column" and part in scene.desired and scene.way(publication) in (None, Way.ALTER):
            scene.ways.setdefault(publication, Way.ALTER)
            scene.rejoining.setdefault(publication, set()).add(Key("table", part.identity[:2]))
        return True

    def _lets_go(self, key: Key, other: Key) -> bool:
        changes = self.scene.way(other) in (Way.ALTER, Way.SWAP)
        return other.kind in TYPES and changes and key not in self.scene.after.needs(other)

    def _column(self, key: Key, column: Key, *, replaced: bool) -> str | None:
        scene = self.scene
        if scene.way(key) is Way.SWAP and scene.swapped_type(column) is not None:
            if is_generated(scene.old(column)):
                self._anew(column, key)
            else:
                self._reach(column, key)
            return None
        if key.kind in TYPES and self._is_type_of(key, column):
            moves = scene.way(column) is Way.ALTER and scene.is_changed(column, "type")
            return None if moves else f"{'.'.join(column.identity)} is of this type; move it to another type first"
        if replaced and not is_generated(scene.old(column)):
            return None
        if is_generated(scene.old(column)):
            self._anew(column, key)
        elif text(scene.old(column), "default") is not None:
            scene.redefaulted.add(column)
            scene.ways.setdefault(column, Way.ALTER)
        return None

    def _is_type_of(self, key: Key, column: Key) -> bool:
        return TypeName.of(required(self.scene.old(column), "type")).base == qualified(*key.identity)

    def _has_columns(self, key: Key) -> bool:
        return any(user.kind == "column" for user in self.scene.before.dependants(key))

    def _retype(self, column: Key) -> None:
        scene = self.scene
        for other in sorted(scene.before.dependants(column)):
            if scene.destroyed(other):
                # It has to be gone before the type changes, so it cannot stand beside its new self.
                scene.closed.add(other)
                continue
            if self._rejoins(other, column):
                continue
            generated = other.kind == "column" and is_generated(scene.old(other))
            if other.kind in _BOUND_TO_TYPE or generated or self._breaks_foreign_key(column, other):
                self._anew(other, column)

    def _breaks_foreign_key(self, column: Key, other: Key) -> bool:
        scene = self.scene
        if other.kind != "constraint" or text(scene.old(other), "type") != "f":
            return False
        if scene.swapped_type(column) is not None:
            return True
        return not same_index_order(required(scene.old(column), "type"), required(scene.new(column), "type"))


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
