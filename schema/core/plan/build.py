"""From two catalogs to a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ..catalog.model import Catalog, Key
from . import renames
from .actions import columns, grants, others, security, tables, types
from .actions.exchange import exchange_types
from .decide import settle
from .draft import Draft
from .graph import Node, stages
from .model import Plan, Stage, Statement, Unplanned
from .read import text
from .readable import readable
from .registry import ACTIONS
from .scene import Scene, Way

_RELATION_NAMES = frozenset(
    {"table", "view", "materialized_view", "sequence", "index", "composite", "foreign_table", "constraint"}
)
_TYPE_NAMES = frozenset({"table", "view", "materialized_view", "composite", "enum", "domain", "range", "foreign_table"})
_ROUTINE_NAMES = frozenset({"function", "aggregate"})
_NAMED_IN_BODIES = frozenset({*_TYPE_NAMES, *_ROUTINE_NAMES, "sequence", "column"})
_CHECKED_LANGUAGES = frozenset({"sql", "plpgsql"})
_WORD = re.compile(r"[\w$]+")
_UNCHECKED = Statement(
    "SET LOCAL check_function_bodies = off",
    comment="a function below names what is created after it",
)


def plan(current: Catalog, desired: Catalog, *, online: bool = True) -> Plan:
    """The statements that lead from `current` to `desired`; both catalogs need their `dependencies`.

    `online` takes the forms that block least, in as few stages as they need; without it all is one transaction.
    What cannot be planned is in `unplanned`. Raises ValueError for catalogs of different major versions.
    """
    names = renames.find(current, desired)
    scene = Scene(renames.renamed(current, names) if names else current, desired, online=online)
    settle(scene)
    draft = Draft(scene)
    _write(draft)
    pairs = _link(draft)
    late = _order_functions(draft)
    found = list(stages(draft.nodes, pairs, split=online))
    found = [_with_unchecked_bodies(stage, late) for stage in found]
    if names:
        found = _with_renames(found, names)
    found = [Stage(stage.transactional, tuple(map(_as_written, stage.statements))) for stage in found]
    unplanned = tuple(
        Unplanned(scene.changes[key], reason) for key, reason in sorted(scene.refused.items()) if key in scene.changes
    )
    return Plan(tuple(found), unplanned, current.fingerprint, desired.fingerprint)


def _as_written(statement: Statement) -> Statement:
    return replace(statement, sql=readable(statement.sql))


def _write(draft: Draft) -> None:
    scene = draft.scene
    for key, way in sorted(scene.ways.items()):
        actions = ACTIONS[key.kind]
        if way.destroys and key not in scene.vanishing:
            actions.drop(draft, key)
        if way.creates and key not in scene.absorbed:
            actions.create(draft, key)
        if way is Way.ALTER:
            actions.alter(draft, key)
    for key in sorted(scene.redefaulted):
        columns.redefault(draft, key)
    exchange_types(draft)
    for key in sorted(scene.desired):
        if key.kind == "table" and not scene.created(key) and key not in scene.refused:
            tables.restore_anchors(draft, key)
        way = scene.way(key)
        if way is not None and way is not Way.DROP:
            security.set_owner(draft, key)
    grants.plan_grants(draft)
    _write_attached(draft)


def _write_attached(draft: Draft) -> None:
    scene = draft.scene
    for key in sorted(scene.current.keys() | scene.desired.keys()):
        if key in scene.refused or key.kind not in ("comment", "security_label", "default_privilege"):
            continue
        target = scene.after.target(key) if key.kind != "default_privilege" and key in scene.desired else None
        renewed = target is not None and scene.renewed(target)
        lost = key not in scene.desired and key.kind != "default_privilege" and _is_gone(scene, key)
        if (key not in scene.changes and not renewed) or lost:
            continue
        if key.kind == "comment":
            others.comment(draft, key)
        elif key.kind == "security_label":
            security.label(draft, key)
        elif not _schema_goes(scene, key):
            grants.default_privilege(draft, key)


def _is_gone(scene: Scene, key: Key) -> bool:
    target = scene.before.target(key)
    return target is not None and (scene.destroyed(target) or scene.way(target) is Way.SWAP)


def _schema_goes(scene: Scene, key: Key) -> bool:
    return bool(key.identity[1]) and scene.destroyed(Key("schema", (key.identity[1],)))


def _link(draft: Draft) -> list[tuple[Node, Node]]:
    scene = draft.scene
    draft.link_wishes()
    brought: dict[Key, list[Key]] = {}
    for key, unit in scene.absorbed.items():
        brought.setdefault(unit, []).append(key)
    for node in draft.uses_new:
        for key in (node.key, *brought.get(node.key, ())):
            for need in scene.after.needs(key):
                for giver in draft.givers(need):
                    node.needs(giver)
    for node in draft.uses_old:
        for need in scene.before.needs(node.key):
            _link_old(draft, node, need)
    for key in scene.vanishing:
        for need in scene.before.needs(key):
            for taker in draft.takers(need):
                for mine in draft.takers(key):
                    taker.needs(mine)
    _link_names(draft)
    _link_labels(draft)
    _link_rights(draft)
    return list(_link_recreated(draft))


def _link_old(draft: Draft, node: Node, need: Key) -> None:
    if draft.scene.way(need) is Way.SWAP and node in draft.uses_new:
        moved = draft.scene.swapped_type(node.key) is not None
        if moved or need in draft.scene.after.needs(node.key):
            return
    for taker in draft.takers(need):
        taker.needs(node)
    if node in draft.takes.get(node.key, ()) or node.step == "part":
        for giver in draft.gives.get(need, ()):
            if giver in draft.reshapes and giver is not node:
                giver.needs(node)


def _link_recreated(draft: Draft) -> Iterator[tuple[Node, Node]]:
    for key, way in sorted(draft.scene.ways.items()):
        if way is not Way.RECREATE:
            continue
        for giver in draft.givers(key):
            for taker in draft.takers(key):
                giver.needs(taker)
                yield taker, giver


def _link_names(draft: Draft) -> None:
    leaving: dict[tuple[str, ...], list[Node]] = {}
    for key in draft.scene.ways:
        if draft.scene.leaves(key):
            for name in _names(key):
                leaving.setdefault(name, []).extend(draft.takers(key))
    for key in draft.scene.ways:
        if draft.scene.created(key):
            for name in _names(key):
                for node in (*draft.givers(key), *_early_builds(draft, key)):
                    for taker in leaving.get(name, ()):
                        node.needs(taker)


def _early_builds(draft: Draft, key: Key) -> Iterator[Node]:
    """An index that a constraint is made from takes the name first, unless it is built under another."""
    if key.kind == "constraint" and key not in draft.scene.current:
        yield from (
            node for node in draft.nodes_of(key) if node.step == "index" and "__new" not in node.statements[0].sql
        )


def _names(key: Key) -> Iterator[tuple[str, ...]]:
    """The names an object takes up, by the name space they are in."""
    if key.kind in _RELATION_NAMES:
        yield ("relation", key.identity[0], key.identity[-1])
    if key.kind in _TYPE_NAMES:
        yield ("type", *key.identity[:2])
    if key.kind in _ROUTINE_NAMES:
        yield ("routine", *key.identity)


def _link_labels(draft: Draft) -> None:
    """A label of an enum can be used when the transaction that adds it is over."""
    scene = draft.scene
    for enum, way in sorted(scene.ways.items()):
        if enum.kind != "enum" or way is not Way.ALTER:
            continue
        labels = types.labels_added(scene, enum)
        for key in scene.ways:
            thing = scene.desired.get(key)
            if not labels or thing is None or key == enum:
                continue
            uses = key.kind == "function" or enum in scene.after.needs(key)
            if uses and types.names_label(thing, labels):
                for node in draft.nodes_of(scene.absorbed.get(key, key)):
                    for adding in draft.nodes_of(enum):
                        if node in draft.uses_new:
                            node.needs(adding, hard=True)


def _link_rights(draft: Draft) -> None:
    """A materialized view is filled with the rights of those who own what it reads."""
    scene = draft.scene
    for key in scene.ways:
        if key.kind != "materialized_view" or not scene.created(key):
            continue
        read: set[Key] = set()
        work = [key]
        while work:
            needs = scene.after.needs(work.pop()) - read
            read |= needs
            work.extend(needs)
        for node in (node for need in sorted(read) for node in draft.rights.get(need, ())):
            for giver in draft.givers(key):
                if not _leads_to(node, giver):
                    giver.needs(node)


def _order_functions(draft: Draft) -> dict[int, set[int]]:
    """Put functions after what their bodies name, which pg_depend does not know.

    Gives the functions for which that is not possible, each with what it names: by identity of their statements.
    """
    scene = draft.scene
    by_name: dict[str, list[Node]] = {}
    for key in scene.ways:
        if key.kind in _NAMED_IN_BODIES and key in scene.desired:
            for node in draft.givers(key):
                by_name.setdefault(key.identity[2 if key.kind == "column" else 1], []).append(node)
    late: dict[int, set[int]] = {}
    for node in draft.nodes:
        if node.key.kind != "function" or node not in draft.uses_new or node.step == "owner":
            continue
        function = scene.new(node.key)
        if text(function, "language") not in _CHECKED_LANGUAGES:
            continue
        for word in sorted(set(_WORD.findall(text(function, "definition") or ""))):
            for other in by_name.get(word, ()):
                if other is node:
                    continue
                if _leads_to(other, node):
                    late.setdefault(id(node.statements[0]), set()).add(id(other.statements[0]))
                else:
                    node.needs(other)
    return late


def _leads_to(node: Node, target: Node) -> bool:
    """Whether `target` comes before `node` already."""
    seen: set[Node] = set()
    work = [node]
    while work:
        here = work.pop()
        if here is target:
            return True
        if here not in seen:
            seen.add(here)
            work.extend(here.before)
    return False


def _with_unchecked_bodies(stage: Stage, late: dict[int, set[int]]) -> Stage:
    if not any(id(statement) in late for statement in stage.statements):
        return stage
    return Stage(stage.transactional, (_UNCHECKED, *stage.statements))


def _with_renames(found: list[Stage], names: dict[Key, Key]) -> list[Stage]:
    statements = tuple(Statement(renames.statement(old, new)) for old, new in sorted(names.items()))
    if found and found[0].transactional:
        return [Stage(True, (*statements, *found[0].statements)), *found[1:]]
    return [Stage(True, statements), *found]
