"""What the rows of a database differ in after a way there and back, and what kind of loss that is. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from .contents import Contents, Row, Rows, Shape, Table
from .kinds import Judged, Kind, unquoted


@dataclass(frozen=True, slots=True)
class Cell:
    """A value of a row that is another one afterwards; without `column` the row is gone."""

    table: Table
    key: Row
    column: str | None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """Values of one column (or rows of one table) that are not what they were, with an example."""

    table: Table
    column: str | None
    kind: Kind
    rows: int
    before: str | None = None
    after: str | None = None
    example: str = ""

    @property
    def name(self) -> str:
        return ".".join((*self.table, *([self.column] if self.column else [])))


def changed(before: Contents, after: Contents) -> tuple[Cell, ...]:
    """The cells of `before` that are not the same in `after`, in the tables and columns that both have.

    Rows are told apart by the table's key; without one those that are equal are paired off, then the most similar.
    """
    return tuple(
        cell
        for table in sorted(before.keys() & after.keys())
        if before[table] is not after[table]
        for cell in _of_table(table, before[table], after[table])
    )


def _of_table(table: Table, before: Rows, after: Rows) -> Iterator[Cell]:
    columns = [name for name in before.columns if name in after.columns]
    if before.rows is None or after.rows is None or not columns:
        return
    was, now = _picked(before, columns), _picked(after, columns)
    key = [columns.index(name) for name in before.key] if set(before.key) <= set(columns) else []
    if not key:
        for gone, other in _paired(*_leftover(was, now)):
            yield from _cells(table, columns, gone if other is None else (), gone, other)
        return
    by_key = {tuple(row[at] for at in key): row for row in now}
    missing: list[Row] = []
    for row in was:
        found = by_key.pop(tuple(row[at] for at in key), None)
        if found is None:
            missing.append(row)
        elif found != row:
            yield from _cells(table, columns, tuple(row[at] for at in key), row, found)
    for gone, other in _paired(missing, list(by_key.values())) if missing else ():
        yield from _cells(table, columns, tuple(gone[at] for at in key), gone, other)


def _picked(rows: Rows, columns: Sequence[str]) -> list[Row]:
    places = [rows.columns.index(name) for name in columns]
    return [tuple(row[at] for at in places) for row in rows.rows or ()]


def _leftover(was: Sequence[Row], now: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    gone, fresh = Counter(was), Counter(now)
    return list((gone - fresh).elements()), list((fresh - gone).elements())


def _paired(gone: Sequence[Row], candidates: list[Row]) -> Iterator[tuple[Row, Row | None]]:
    """Each row with the one that it became: at least half of the columns are equal, or there is only one column."""
    remaining = list(candidates)
    for row in gone:
        best = max(remaining, key=lambda other: _alike(row, other), default=None)
        if best is not None and (2 * _alike(row, best) >= len(row) or len(row) == 1):
            remaining.remove(best)
            yield row, best
        else:
            yield row, None


def _alike(row: Row, other: Row) -> int:
    return sum(one == two for one, two in zip(row, other, strict=True))


def _cells(table: Table, columns: Sequence[str], key: Row, row: Row, found: Row | None) -> Iterator[Cell]:
    if found is None:
        yield Cell(table, key, None)
        return
    for name, was, now in zip(columns, row, found, strict=True):
        if was != now:
            yield Cell(table, key or row, name, was, now)


def fresh(cells: Iterable[Cell], damaged: Collection[Cell], before: Contents, after: Contents) -> tuple[Cell, ...]:
    """The cells that were not damaged by a later revision already.

    `before` and `after` the revision there are other tables and columns; `cells` are named as before, `damaged` as
    after. What is renamed is damaged where the row is damaged under a name that was not there before.
    """
    exact = {(cell.table, cell.key, cell.column) for cell in damaged}
    rows = {(cell.table, cell.key) for cell in damaged if cell.column is None}
    in_new_tables = {cell.key for cell in damaged if cell.table not in before}
    in_new_columns = {(cell.table, cell.key) for cell in damaged if not _is_there(cell, before)}

    def known(cell: Cell) -> bool:
        if cell.table not in after:
            return cell.key in in_new_tables
        place = (cell.table, cell.key)
        if not _is_there(cell, after):
            return place in rows or place in in_new_columns
        return (*place, cell.column) in exact or place in rows

    return tuple(cell for cell in cells if not known(cell))


def _is_there(cell: Cell, contents: Contents) -> bool:
    return cell.table in contents and (cell.column is None or cell.column in contents[cell.table].columns)


def named(
    cells: Iterable[Cell],
    shapes: Mapping[Table, Shape],
    enums: Mapping[str, Sequence[str]],
    contents: Contents,
    *,
    now: datetime,
) -> tuple[Difference, ...]:
    """The cells grouped by table and column under the kind of their loss.

    `contents` are the rows before; `enums` the labels of each enum type, as `schema.name`; `now` when it happened.
    """
    groups: dict[tuple[Table, str | None], list[Cell]] = {}
    for cell in cells:
        groups.setdefault((cell.table, cell.column), []).append(cell)
    found: list[Difference] = []
    for (table, column), group in groups.items():
        key = contents[table].key
        if column is None:
            found.append(Difference(table, None, "lost rows", len(group), example=_example(key, group[0].key)))
            continue
        judged = Judged(column, shapes[table].columns[column], shapes[table].defaults.get(column), enums, now)
        kinds: dict[Kind, list[Cell]] = {}
        for kind, cell in zip(judged.kinds([(cell.before, cell.after) for cell in group]), group, strict=True):
            kinds.setdefault(kind, []).append(cell)
        found += [
            Difference(table, column, kind, len(some), some[0].before, some[0].after, _example(key, some[0].key))
            for kind, some in kinds.items()
        ]
    return tuple(found)


def _example(key: Sequence[str], values: Row) -> str:
    return ", ".join(f"{name} = {value}" for name, value in zip(key, values, strict=False)) if key else ""


def reordered(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]], shapes: Mapping[Table, Shape],
    contents: Contents,
) -> tuple[Difference, ...]:  # fmt: skip
    """The columns with rows whose enum has the same labels as before in another order: what sorts them differs."""
    moved = {
        name
        for name, labels in before.items()
        if name in after and (kept := [label for label in after[name] if label in labels])
        and kept != [label for label in labels if label in kept]
    }  # fmt: skip
    return tuple(
        Difference(
            table, column, "changed order of enum", len(contents[table].rows or ()),
            " < ".join(before[name]), " < ".join(after[name]),
        )
        for table, shape in shapes.items()
        for column, kind in shape.columns.items()
        if (name := unquoted(kind)) in moved and table in contents and contents[table].rows
    )  # fmt: skip
