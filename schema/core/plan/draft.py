"""The collection of nodes that the actions write into."""

from __future__ import annotations

from ..catalog.model import Key
from .graph import Node
from .model import Loss, Statement
from .read import text
from .scene import Scene
from .ties import RELATIONS

# What is created first when nothing else decides; dropped in reverse.
_ORDER = (
    "schema",
    "extension",
    "enum",
    "domain",
    "composite",
    "range",
    "sequence",
    "table",
    "column",
    "constraint",
    "index",
    "function",
    "aggregate",
    "view",
    "materialized_view",
    "statistics",
    "rule",
    "trigger",
    "policy",
    "publication",
    "event_trigger",
    "grant",
    "comment",
    "security_label",
    "default_privilege",
)
_RANK = {kind: number for number, kind in enumerate(_ORDER)}


class Draft:
    """Nodes by what they do to their object.

    `gives`: others may use the object after these. `takes`: the object is gone after these. `uses_old` and
    `uses_new`: what the object needs in the one or the other catalog must (still, already) be there. `reshapes`:
    what is to be dropped is dropped before these.
    """

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.nodes: list[Node] = []
        self.gives: dict[Key, list[Node]] = {}
        self.takes: dict[Key, list[Node]] = {}
        self.uses_old: list[Node] = []
        self.uses_new: list[Node] = []
        self.reshapes: set[Node] = set()
        self.rights: dict[Key, list[Node]] = {}
        self.own: dict[Key, list[Node]] = {}
        self._wishes: list[tuple[str, Node, Key]] = []

    def create(self, key: Key, *statements: Statement | str, concurrently: bool = False) -> Node:
        """Bring an object into being."""
        node = self._add(key, "create", statements, concurrently=concurrently)
        self.gives.setdefault(key, []).append(node)
        self.uses_new.append(node)
        return node

    def set_aside(self, key: Key, *statements: Statement | str) -> Node:
        """Give up the name of an object that is dropped by `clean_up` later."""
        node = self._add(key, "aside", statements, concurrently=False)
        self.takes.setdefault(key, []).append(node)
        self.uses_old.append(node)
        return node

    def clean_up(self, key: Key, *statements: Statement | str) -> Node:
        """Drop what was set aside; who needs it before says so."""
        return self._add(key, "clean up", statements, concurrently=False)

    def exchange(self, key: Key, *statements: Statement | str, concurrently: bool = False) -> Node:
        """Put an object in the place of its old self: it is gone and there in one go."""
        node = self.create(key, *statements, concurrently=concurrently)
        self.takes.setdefault(key, []).append(node)
        self.uses_old.append(node)
        return node

    def drop(self, key: Key, *statements: Statement | str, concurrently: bool = False) -> Node:
        """Take an object away."""
        node = self._add(key, "drop", statements, concurrently=concurrently)
        self.takes.setdefault(key, []).append(node)
        self.uses_old.append(node)
        return node

    def alter(self, key: Key, *statements: Statement | str, reshapes: bool = False, concurrently: bool = False) -> Node:
        """Change an object in place; with `reshapes` what depends on it waits for the change."""
        node = self._add(key, "alter", statements, concurrently=concurrently)
        if reshapes:
            self.gives.setdefault(key, []).append(node)
            self.reshapes.add(node)
        self.uses_old.append(node)
        self.uses_new.append(node)
        return node

    def follow(self, key: Key, step: str, *statements: Statement | str, concurrently: bool = False) -> Node:
        """A later step for an object; nothing waits for it but what is told to."""
        node = self._add(key, step, statements, concurrently=concurrently)
        self.uses_new.append(node)
        return node

    def part(self, key: Key, *statements: Statement | str) -> Node:
        """Undo what binds an object to something that goes, before it goes."""
        node = self._add(key, "part", statements, concurrently=False)
        self.uses_old.append(node)
        return node

    def nodes_of(self, key: Key) -> tuple[Node, ...]:
        """What has been written for an object so far."""
        return tuple(self.own.get(key, ()))

    def after_given(self, node: Node, key: Key) -> None:
        """The node runs when `key` is there."""
        self._wishes.append(("given", node, key))

    def before_given(self, node: Node, key: Key) -> None:
        """The node runs before `key`, if it is made, is there."""
        self._wishes.append(("not yet", node, key))

    def after_gone(self, node: Node, key: Key) -> None:
        """The node runs when `key`, if it goes, is gone."""
        self._wishes.append(("gone", node, key))

    def before_gone(self, node: Node, key: Key) -> None:
        """The node runs while `key` is still there."""
        self._wishes.append(("still", node, key))

    def after_steps(self, node: Node, key: Key) -> None:
        """The node runs when every step for `key` is done."""
        self._wishes.append(("steps", node, key))

    def after_owner(self, node: Node, key: Key) -> None:
        """The node runs when `key` has its owner."""
        self._wishes.append(("owner", node, key))

    def link_wishes(self) -> None:
        """Turn what nodes asked for into edges, when all nodes are written."""
        for wish, node, key in self._wishes:
            match wish:
                case "still":
                    for other in self.takers(key):
                        other.needs(node)
                    continue
                case "not yet":
                    for other in self.givers(key):
                        other.needs(node)
                    continue
                case "given":
                    others = self.givers(key)
                case "gone":
                    others = self.takers(key)
                case "owner":
                    others = tuple(other for other in self.nodes_of(key) if other.step == "owner")
                case _:
                    others = self.nodes_of(key)
            for other in others:
                node.needs(other)

    def givers(self, key: Key) -> tuple[Node, ...]:
        """The nodes after which `key` is there as desired."""
        return tuple(self.gives.get(self.scene.absorbed.get(key, key), ()))

    def takers(self, key: Key) -> tuple[Node, ...]:
        """The nodes after which `key` is gone."""
        if key in self.takes:
            return tuple(self.takes[key])
        if key not in self.scene.vanishing:
            return ()
        carriers = sorted(self.scene.before.carriers(key))
        # A column of a child goes with its own table, even where the parent's goes too.
        relations = [carrier for carrier in carriers if carrier.kind in RELATIONS and self.scene.destroyed(carrier)]
        return tuple(node for carrier in relations or carriers for node in self.takers(carrier))

    def _add(self, key: Key, step: str, statements: tuple[Statement | str, ...], *, concurrently: bool) -> Node:
        written = [Statement(item) if isinstance(item, str) else item for item in statements]
        node = Node(key, step, self._rank(key, step), written, transactional=not concurrently)
        self.nodes.append(node)
        self.own.setdefault(key, []).append(node)
        return node

    def _rank(self, key: Key, step: str) -> tuple[int, int, tuple[str, ...]]:
        number = _RANK.get(key.kind, len(_ORDER))
        if step in ("drop", "part"):
            return (0, -number, key.identity)
        return (1, number, self._place(key))

    def _place(self, key: Key) -> tuple[str, ...]:
        if key.kind == "column" and key in self.scene.desired:
            position = int(text(self.scene.desired[key], "position") or 0)
            return (*key.identity[:2], f"{position:05}")
        return key.identity


def lossy(sql: str, kind: str, *name: str, comment: str | None = None) -> Statement:
    """A statement that takes something away for good."""
    return Statement(sql, (Loss(kind, ".".join(name)),), comment)
