"""What is dropped or retyped takes what stands on it along."""

from __future__ import annotations

from typing import NamedTuple

from ..catalog.model import Key
from .actions.type_use import exchange_refusal, holds_data, is_type_of
from .casts import same_index_order
from .read import required, text
from .registry import ACTIONS
from .scene import Scene, Way, is_generated
from .ties import ATTACHED, TYPES

# What PostgreSQL does not let stand on a column whose type changes.
_BOUND_TO_TYPE = frozenset({"view", "materialized_view", "rule", "policy", "trigger", "function", "aggregate"})
_REPLACED_BEFORE_DROP = frozenset({"view", "function", "publication", "column", "table", "extension", "policy", "rule"})
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


class Refused(NamedTuple):
    """A root change that cannot be planned, because of what depends on it."""

    root: Key
    reason: str


class Closure:
    """Spread what is dropped or retyped to what stands on it."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.cause: dict[Key, Key] = {}
        self.queue: list[Key] = sorted(key for key in scene.ways if self._spreads(key))
        self.seen: set[Key] = set()

    def run(self) -> Refused | None:
        """Spread until nothing is added; the root change and the reason where one has to be refused."""
        while self.queue:
            key = self.queue.pop(0)
            if key in self.seen:
                continue
            self.seen.add(key)
            reason = self._spread(key)
            if reason is not None:
                return Refused(self._root(key), reason)
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
        return self._renew(key, other)

    def _renew(self, key: Key, other: Key) -> str | None:
        """Make anew what holds no rows; exchange a type that does, if what it is built on is exchanged."""
        held = other.kind in TYPES and holds_data(self.scene, other)
        if held and self.scene.way(key) is Way.SWAP:
            return self._swap(other, key)
        if held or other.kind not in (*_ANEW, *TYPES):
            return f"{other} depends on {key}, and cannot be made anew without losing what it holds"
        self._anew(other, key)
        return None

    def _rejoins(self, publication: Key, part: Key) -> bool:
        """A published table leaves while a column of its list or filter is changed, and comes back."""
        scene = self.scene
        if publication.kind != "publication":
            return False
        if part.kind == "column" and part in scene.desired and scene.way(publication) in (None, Way.ALTER):
            scene.ways.setdefault(publication, Way.ALTER)
            scene.rejoining.setdefault(publication, set()).add(Key("table", part.identity[:2]))
        return True

    def _swap(self, key: Key, cause: Key) -> str | None:
        reason = exchange_refusal(self.scene, key)
        if reason is None and self.scene.way(key) is not Way.SWAP:
            self.scene.ways[key] = Way.SWAP
            self._reach(key, cause)
        return reason

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
        if key.kind in TYPES and is_type_of(scene, key, column):
            if scene.way(column) is Way.ALTER and scene.is_changed(column, "type"):
                return None
            if any(scene.created(Key(kind, key.identity)) for kind in TYPES):
                return self._swap(key, key)
            return f"{'.'.join(column.identity)} is of this type; move it to another type first"
        if replaced and not is_generated(scene.old(column)):
            return None
        if is_generated(scene.old(column)):
            self._anew(column, key)
        elif text(scene.old(column), "default") is not None:
            scene.redefaulted.add(column)
            scene.ways.setdefault(column, Way.ALTER)
        return None

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
