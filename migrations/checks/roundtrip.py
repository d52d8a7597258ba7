"""The way back and forth preserves rows: what a revision and its down do to those that were there before.

The history is walked once up and once down, as it is anyway. The rows before each revision are remembered on the way
up, and compared with those after its down on the way back. What a later revision had damaged before is not told again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import psycopg

from ...schema.core.catalog import Catalog, Key
from .contents import Contents, Rows, Shape, Table, read, shapes
from .differences import Cell, Difference, changed, fresh, named, reordered
from .effects import Lock, Touched
from .model import Finding, Step
from .row_losses import Loss, Way, finding, not_compared

Again = Callable[[Step, Collection[Table]], Iterable["Trial"]]
"""Tries both files of a revision once more, on rows made for it in some tables: see `trial.py`."""

_LONG = 2000.0
"""Milliseconds: a revision that takes longer is not tried again."""
_TYPES = ("enum", "domain", "composite", "range")
_MARK = re.compile(r"(?:--|#)\s*airside:\s*data-loss\s+(?:table|column|narrowing)\s+(\S.*?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Trial:
    """Rows before and after a way there and back that was tried in a transaction that was rolled back."""

    way: Way
    before: Contents
    after: Contents


@dataclass(frozen=True, slots=True)
class _Passage:
    """A revision on the way up: rows before and after it, and how they are read."""

    step: Step
    before: Contents
    after: Contents
    shapes: Mapping[Table, Shape]
    shapes_after: Mapping[Table, Shape]


@dataclass
class RoundTrip:
    """Walks along with a history; `losses` is what it found so far.

    Call `before` when the rows are in and the revision has not begun, and `after` when it is done, up and down; both
    read in the open transaction, if there is one, and leave no trace. `forget` tables whose made-up rows were deleted.
    `catalog` is the one that was seen last.
    """

    losses: list[Loss] = field(default_factory=list[Loss])
    too_large: set[Table] = field(default_factory=set[Table])
    catalog: Catalog | None = None
    _shapes: Mapping[Table, Shape] = field(default_factory=dict[Table, Shape])
    _now: dict[Table, Rows] = field(default_factory=dict[Table, Rows])
    _start: dict[Table, Rows] = field(default_factory=dict[Table, Rows])
    _passages: dict[str, _Passage] = field(default_factory=dict[str, _Passage])

    def before(self, connection: psycopg.Connection[Any], catalog: Catalog | None = None) -> None:
        """Tables that were empty when last seen may have been filled since.

        `catalog` is what there is, where revisions have run that `after` was not told of.
        """
        if catalog is not None and catalog is not self.catalog:
            self.catalog, self._shapes, self._now = catalog, shapes(catalog), {}
        empty = {table for table in self._shapes if not self._holds(table)}
        self._read(connection, empty)
        if any(self._holds(table) for table in empty):
            # triggers on the rows that have come may have changed others
            self._read(connection, self._shapes.keys() - empty)
        self._start = dict(self._now)

    def after(self, connection: psycopg.Connection[Any], step: Step, again: Again | None = None) -> None:
        """The revision has run. With `again`, both its files are tried on edge values as well."""
        earlier = self._shapes if self.catalog is step.before else shapes(step.before)
        self.catalog, self._shapes = step.after, shapes(step.after)
        self._now = {table: rows for table, rows in self._now.items() if table in self._shapes}
        stale = affected(step, self._shapes)
        self._read(connection, stale | (self._shapes.keys() - self._now.keys()))
        if step.direction == "up":
            self._passages[step.revision] = _Passage(step, self._start, dict(self._now), earlier, self._shapes)
        elif passage := self._passages.pop(step.revision, None):
            self._compare(passage, step)
            if again is not None:
                self._try_again(passage, step, again)
        # a revision without statements begins with nothing filled
        self._start = dict(self._now)

    def forget(self, tables: Collection[Table]) -> None:
        """Rows that were made for the check and have been deleted are missed nowhere."""
        for contents in (self._now, self._start):
            for table in tables:
                contents.pop(table, None)
        for revision, passage in self._passages.items():
            self._passages[revision] = replace(
                passage, before=_without(passage.before, tables), after=_without(passage.after, tables)
            )

    def _holds(self, table: Table) -> bool:
        return table in self._now and self._now[table].rows != ()

    def _read(self, connection: psycopg.Connection[Any], tables: Collection[Table]) -> None:
        if wanted := {table: self._shapes[table] for table in tables}:
            found = read(connection, wanted)
            self._now |= found
            self.too_large |= {table for table, rows in found.items() if rows.rows is None}

    def _compare(self, passage: _Passage, down: Step) -> None:
        damaged = changed(passage.after, self._start)
        cells = fresh(changed(passage.before, self._now), damaged, passage.before, passage.after)
        enums = _enums(passage.step.before)
        differences = (
            *named(cells, passage.shapes, enums, passage.before, now=datetime.now(UTC)),
            *reordered(enums, _enums(down.after), passage.shapes, passage.before),
        )
        marks = _marks(passage.step.file, down.file)
        self.losses += [
            Loss(down.revision, down.file, "up and down", item, _is_dropped(item, passage))
            for item in differences
            if not _is_marked(item, marks)
        ]

    def _try_again(self, passage: _Passage, down: Step, again: Again) -> None:
        tables = at_risk(passage.step, down, passage.shapes, passage.shapes_after)
        if not tables or _milliseconds(passage.step, down) > _LONG:
            return
        marks = _marks(passage.step.file, down.file)
        known = {(loss.revision, loss.difference.table, loss.difference.column) for loss in self.losses}
        for trial in again(down, tables):
            cells = changed(trial.before, trial.after)
            there, catalog = passage.shapes, passage.step.before
            if trial.way == "down and up":
                # what the revision adds goes with its down
                cells = tuple(cell for cell in cells if cell.column is None or _has(passage.shapes, cell))
                there, catalog = passage.shapes_after, passage.step.after
            for item in named(cells, there, _enums(catalog), trial.before, now=datetime.now(UTC)):
                place = (down.revision, item.table, item.column)
                if place not in known and not _is_marked(item, marks):
                    known.add(place)
                    dropped = trial.way == "up and down" and _is_dropped(item, passage)
                    self.losses.append(Loss(down.revision, down.file, trial.way, item, dropped))

    def findings(self) -> tuple[Finding, ...]:
        """What was found, for a reader."""
        return (*map(finding, self.losses), *map(not_compared, sorted(self.too_large)))


def affected(step: Step, there: Mapping[Table, Shape]) -> set[Table]:
    """The tables whose rows a step may have changed; all where its statements were not seen. Pure."""
    altered = set(_altered(step.before, step.after))
    if step.unseen or any(key.kind in _TYPES for key in altered):
        return set(there)
    names = {name for effect in step.effects for item in effect.touched if _changes_rows(item) for name in _names(item)}
    names |= {".".join(key.identity[:2]) for key in altered}
    return {table for table in there if ".".join(table) in names}


def _altered(before: Catalog, after: Catalog) -> Iterator[Key]:
    """The tables, columns and types that are not the same."""
    for key in before.objects.keys() | after.objects.keys():
        if (key.kind in ("table", "column") or key.kind in _TYPES) and before.get(key) != after.get(key):
            yield key


def _names(item: Touched) -> tuple[str, ...]:
    return (item.relation,) if item.root is None else (item.relation, item.root)


def _changes_rows(item: Touched) -> bool:
    """ATTACH and DETACH move rows of a partitioned table under SHARE UPDATE EXCLUSIVE and write none."""
    strong = item.taken in (Lock.SHARE_UPDATE_EXCLUSIVE, Lock.EXCLUSIVE, Lock.ACCESS_EXCLUSIVE)
    return strong or item.rewritten or item.created or item.dropped or item.written > 0


def at_risk(up: Step, down: Step, before: Mapping[Table, Shape], after: Mapping[Table, Shape]) -> set[Table]:
    """The tables there before and after, of which a revision writes rows or changes stored columns. Pure."""
    kept = before.keys() & after.keys()
    written = {
        name
        for step in (up, down)
        for effect in step.effects
        for item in effect.touched
        if (item.written or item.rewritten) and not item.created and not item.dropped
        for name in _names(item)
    }
    types = {".".join(key.identity) for key in _altered(up.before, up.after) if key.kind in _TYPES}
    return {
        table
        for table in kept
        if ".".join(table) in written
        or before[table].columns != after[table].columns
        or types & {kind.replace('"', "") for kind in before[table].columns.values()}
    }


def _milliseconds(*steps: Step) -> float:
    return sum(effect.milliseconds for step in steps for effect in step.effects)


def _has(there: Mapping[Table, Shape], cell: Cell) -> bool:
    return cell.table in there and cell.column in there[cell.table].columns


def _without(contents: Contents, tables: Collection[Table]) -> Contents:
    return {table: rows for table, rows in contents.items() if table not in tables}


def _enums(catalog: Catalog) -> dict[str, Sequence[str]]:
    return {
        ".".join(key.identity): cast("list[str]", item.properties["labels"])
        for key, item in catalog.items()
        if key.kind == "enum"
    }


def _is_dropped(item: Difference, passage: _Passage) -> bool:
    """Whether the revision itself dropped the table or column, and its down made it again without any value."""
    there = passage.after.get(item.table)
    if item.column is None:
        return there is None
    if there is not None and item.column in there.columns:
        return False
    # its own rows may have been deleted since, and those of a trial be all
    rows = passage.before.get(item.table)
    held = [row[rows.columns.index(item.column)] for row in rows.rows or ()] if rows else []
    made_anew = item.kind in ("became NULL", "default overwritten") or (
        item.kind == "changed value" and "(" in passage.shapes[item.table].defaults.get(item.column, "")
    )
    return made_anew and item.rows >= sum(value is not None for value in held)


def _marks(*files: str) -> set[str]:
    """What the files themselves say is lost: `-- airside: data-loss column public.users.note`."""
    texts = (Path(file).read_text(encoding="utf-8") for file in dict.fromkeys(files) if Path(file).is_file())
    return {match.replace('"', "") for text in texts for match in _MARK.findall(text)}


def _is_marked(item: Difference, marks: set[str]) -> bool:
    return ".".join(item.table) in marks or item.name in marks
