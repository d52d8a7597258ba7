"""Indexes: built and dropped CONCURRENTLY on tables that are in use."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft
from ..model import Statement
from ..quote import qualified, quote_ident, shortened
from ..read import flag, items, required, rows, text
from ..scene import Decision, Scene, Way
from .columns import changed_options

_NAME = r'(?:"(?:[^"]|"")*"|[^\s".(]+)'
_DEFINITION = re.compile(
    rf"CREATE (?P<unique>UNIQUE )?INDEX {_NAME} ON (?P<table>{_NAME}\.{_NAME}) (?:USING btree )?(?P<rest>.*)\Z",
    re.DOTALL,
)
_WITH = re.compile(r" WITH \((?P<options>[^()]*)\)(?= TABLESPACE| WHERE|\Z)")


@dataclass(frozen=True, slots=True)
class Definition:
    """A CREATE INDEX text taken apart, so that it can be written under another name."""

    unique: bool
    table: str
    rest: str
    tablespace: str | None

    @classmethod
    def of(cls, index: CatalogObject) -> Definition:
        """Raises ValueError when the text is not what pg_get_indexdef prints."""
        found = _DEFINITION.match(required(index, "definition"))
        if found is None:
            raise ValueError(f"not an index definition: {required(index, 'definition')}")
        return cls(found["unique"] is not None, found["table"], found["rest"], text(index, "tablespace"))

    def written(self, name: str, *, concurrently: bool) -> str:
        how = "CONCURRENTLY IF NOT EXISTS " if concurrently else ""
        rest = self.rest
        if self.tablespace is not None:
            head, where, tail = rest.partition(" WHERE ")
            rest = f"{head} TABLESPACE {quote_ident(self.tablespace)}{where}{tail}"
        return f"CREATE {'UNIQUE ' if self.unique else ''}INDEX {how}{quote_ident(name)} ON {self.table} {rest}"

    @property
    def options(self) -> tuple[str, ...]:
        found = _WITH.search(self.rest)
        return tuple(part.replace("'", "") for part in found["options"].split(", ")) if found else ()

    @property
    def without_options(self) -> tuple[bool, str, str, str | None]:
        return self.unique, self.table, _WITH.sub("", self.rest), self.tablespace


def decide(scene: Scene, change: Change) -> Decision:
    """Options and statistics targets are altered; anything else is built anew."""
    old, new = scene.old(change.key), scene.new(change.key)
    if flag(old, "invalid"):
        return Way.RECREATE
    same = Definition.of(old).without_options == Definition.of(new).without_options
    return Way.ALTER if same and items(old, "table") == items(new, "table") else Way.RECREATE


def create(draft: Draft, key: Key) -> None:
    """CREATE INDEX; one that replaces a valid one is built beside it first."""
    scene = draft.scene
    index = scene.new(key)
    schema, name = key.identity
    definition = Definition.of(index)
    online = is_online(scene, key)
    if online and scene.way(key) is Way.RECREATE and key not in scene.closed and _same_table(scene, key):
        _replace(draft, key, definition)
    else:
        comment = "built without blocking writers" if online else None
        sql = definition.written(name, concurrently=online)
        draft.create(key, Statement(sql, comment=comment), concurrently=online)
        if scene.way(key) is Way.RECREATE and key not in scene.vanishing:
            _drop(draft, key, online=online and key not in scene.closed)
    targets = [_target(qualified(schema, name), *item) for item in sorted(_targets(index).items())]
    if targets:
        draft.after_given(draft.follow(key, "statistics", *targets), key)


def drop(draft: Draft, key: Key) -> None:
    """DROP INDEX; the drop of one that is built anew belongs to its creation."""
    if draft.scene.way(key) is Way.DROP:
        _drop(draft, key, online=is_online(draft.scene, key))


def alter(draft: Draft, key: Key) -> None:
    """Options and statistics targets."""
    scene = draft.scene
    name = qualified(*key.identity)
    old, new = scene.old(key), scene.new(key)
    for clause in changed_options(Definition.of(old).options, Definition.of(new).options):
        draft.alter(key, f"ALTER INDEX {name} {clause}")
    before, after = _targets(old), _targets(new)
    for position in sorted(before.keys() | after.keys()):
        if before.get(position) != after.get(position):
            draft.alter(key, _target(name, position, after.get(position, "-1")))


def is_online(scene: Scene, key: Key) -> bool:
    """Whether the index is on a table or materialized view that is in use and stays so."""
    if not scene.online or key in scene.closed:
        return False
    catalog, ties = (scene.desired, scene.after) if scene.created(key) else (scene.current, scene.before)
    relation = ties.relation(*items(catalog[key], "table"))
    if relation is None:
        return False
    if relation.kind == "materialized_view":
        return relation in scene.current and not scene.created(relation) and not scene.destroyed(relation)
    return scene.is_online(relation)


def _same_table(scene: Scene, key: Key) -> bool:
    old = scene.old(key)
    same = items(old, "table") == items(scene.new(key), "table")
    return same and not flag(old, "invalid") and key not in scene.vanishing


def _replace(draft: Draft, key: Key, definition: Definition) -> None:
    schema, name = key.identity
    beside = shortened(name, "__new")
    build = definition.written(beside, concurrently=True)
    steps = (
        Statement(build, comment=f"built beside {name}, which serves until then"),
        Statement(f"DROP INDEX CONCURRENTLY IF EXISTS {qualified(schema, name)}"),
        Statement(f"ALTER INDEX IF EXISTS {qualified(schema, beside)} RENAME TO {quote_ident(name)}"),
    )
    draft.exchange(key, *steps, concurrently=True)


def _drop(draft: Draft, key: Key, *, online: bool) -> None:
    name = qualified(*key.identity)
    sql = f"DROP INDEX CONCURRENTLY IF EXISTS {name}" if online else f"DROP INDEX {name}"
    draft.drop(key, sql, concurrently=online)


def _targets(index: CatalogObject) -> dict[int, str]:
    return {int(str(row[0])): str(row[1]) for row in rows(index, "statistics")}


def _target(name: str, position: int, target: str) -> str:
    return f"ALTER INDEX {name} ALTER COLUMN {position} SET STATISTICS {target}"
