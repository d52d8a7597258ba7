"""Nodes of DDL, the order between them, and the stages they fall into."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ..catalog.model import Key
from .model import Stage, Statement

_MAX_RAISES = 4


@dataclass(slots=True, eq=False)
class Node:
    """Statements that run together. `before` holds the nodes that come first; a hard one is in an earlier stage."""

    key: Key
    step: str
    rank: tuple[int, int, tuple[str, ...]]
    statements: list[Statement]
    transactional: bool = True
    before: dict[Node, bool] = field(default_factory=dict["Node", bool])

    def needs(self, other: Node, *, hard: bool = False) -> None:
        """Put `other` before this node; `hard`: into an earlier stage."""
        if other is not self:
            self.before[other] = self.before.get(other, False) or hard


def stages(nodes: Sequence[Node], pairs: Iterable[tuple[Node, Node]], *, split: bool) -> tuple[Stage, ...]:
    """The nodes as the fewest stages; `pairs` (a drop and the creation that replaces it) share one where they can.

    With `split` false all is one transaction.
    """
    order = ordered(nodes)
    if not split:
        return (_stage(True, order),) if order else ()
    keep = list(pairs)
    layouts = [_levels(order, keep, first_transactional=first) for first in (True, False)]
    best = min(layouts, key=lambda levels: len(set(levels.values())))
    found: list[Stage] = []
    for level in sorted(set(best.values())):
        members = ordered([node for node in order if best[node] == level])
        found.append(_stage(members[0].transactional, members))
    return tuple(found)


def ordered(nodes: Sequence[Node]) -> list[Node]:
    """The nodes in an order that keeps every edge; among the free ones the lowest rank first.

    A cycle is broken at its lowest rank: the proof on a real server then says what does not work.
    """
    inside = set(nodes)
    waiting = {node: sum(1 for other in node.before if other in inside) for node in nodes}
    followers: dict[Node, list[Node]] = {node: [] for node in nodes}
    for node in nodes:
        for other in node.before:
            if other in inside:
                followers[other].append(node)
    serial = {node: number for number, node in enumerate(nodes)}
    ready = [(node.rank, serial[node], node) for node in nodes if not waiting[node]]
    heapq.heapify(ready)
    result: list[Node] = []
    left = dict.fromkeys(sorted(nodes, key=lambda node: (node.rank, serial[node])))
    while left:
        node = heapq.heappop(ready)[2] if ready else next(iter(left))
        if node not in left:
            continue
        del left[node]
        result.append(node)
        for follower in followers[node]:
            waiting[follower] -= 1
            if not waiting[follower] and follower in left:
                heapq.heappush(ready, (follower.rank, serial[follower], follower))
    return result


def cycles(edges: dict[Key, set[Key]]) -> Iterator[frozenset[Key]]:
    """Strongly connected components of more than one key (Tarjan, without recursion)."""
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    stack: list[Key] = []
    on_stack: set[Key] = set()
    for root in sorted(edges):
        if root in index:
            continue
        work: list[tuple[Key, Iterator[Key]]] = [(root, iter(sorted(edges[root])))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            key, targets = work[-1]
            target = next((t for t in targets if t in edges and (t not in index or t in on_stack)), None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == index[key]:
                    members = _unwind(stack, on_stack, key)
                    if len(members) > 1:
                        yield members
            elif target in index:
                low[key] = min(low[key], index[target])
            else:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(sorted(edges[target]))))


def _unwind(stack: list[Key], on_stack: set[Key], root: Key) -> frozenset[Key]:
    members: set[Key] = set()
    while True:
        key = stack.pop()
        on_stack.discard(key)
        members.add(key)
        if key == root:
            return frozenset(members)


def _levels(order: Sequence[Node], pairs: Sequence[tuple[Node, Node]], *, first_transactional: bool) -> dict[Node, int]:
    """Levels alternate between transactional and not; a pair is lifted to one level, as long as that settles."""
    floor = dict.fromkeys(order, 0)
    raises: dict[tuple[Node, Node], int] = {}
    while True:
        levels = _lowest(order, floor, first_transactional=first_transactional)
        lifted = False
        for pair in pairs:
            drop, create = pair
            if levels[drop] >= levels[create] or drop.transactional != create.transactional:
                continue
            raises[pair] = raises.get(pair, 0) + 1
            if raises[pair] <= _MAX_RAISES:
                floor[drop], lifted = levels[create], True
            elif raises[pair] == _MAX_RAISES + 1:
                floor[drop], lifted = 0, True
        if not lifted:
            return _squeezed(order, levels)


def _lowest(order: Sequence[Node], floor: dict[Node, int], *, first_transactional: bool) -> dict[Node, int]:
    levels: dict[Node, int] = {}
    for node in order:
        level = floor[node]
        for other, hard in node.before.items():
            if other in levels:
                level = max(level, levels[other] + hard)
        fits = (level % 2 == 0) == (node.transactional == first_transactional)
        levels[node] = level if fits else level + 1
    return levels


def _squeezed(order: Sequence[Node], levels: dict[Node, int]) -> dict[Node, int]:
    """Move whole levels up into the next of their sort, where no edge forbids it."""
    used = sorted(set(levels.values()))
    for level in used:
        members = {node for node in order if levels[node] == level}
        higher = [other for other in used if other > level and (other - level) % 2 == 0]
        if not higher or not members:
            continue
        target = higher[0]
        free = all(
            other not in members or node in members or levels[node] > target or (levels[node] == target and not hard)
            for node in order
            for other, hard in node.before.items()
        )
        if free:
            levels.update(dict.fromkeys(members, target))
    return levels


def _stage(transactional: bool, nodes: Iterable[Node]) -> Stage:
    statements = [statement for node in nodes for statement in node.statements]
    unique = [s for s, following in pairwise([*statements, None]) if s is not None and s != following]
    return Stage(transactional, tuple(unique))
