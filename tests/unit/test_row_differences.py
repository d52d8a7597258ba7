"""Comparing contents and naming what was lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from airside.migrations.checks.contents import Contents, Row, Rows, Shape
from airside.migrations.checks.differences import Cell, changed, fresh, named, reordered
from airside.migrations.checks.kinds import Judged, Kind
from hypothesis import given
from hypothesis import strategies as st

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TABLE = ("public", "t")
values = st.one_of(st.none(), st.text(max_size=6), st.sampled_from(["0", "1", "2026-01-01 10:00:00+00"]))
keyed = st.dictionaries(st.text(min_size=1, max_size=3), st.tuples(values, values), max_size=8)
plain = st.lists(st.tuples(values, values, values), max_size=8)


def with_key(rows: dict[str, Row]) -> Contents:
    return {TABLE: Rows(("id", "a", "b"), ("id",), tuple((key, *row) for key, row in rows.items()))}


def without_key(rows: list[Row]) -> Contents:
    return {TABLE: Rows(("a", "b", "c"), (), tuple(rows))}


@given(keyed, st.randoms())
def test_the_same_rows_in_any_order_are_no_difference(rows: dict[str, Row], random: object) -> None:
    again = dict(sorted(rows.items(), reverse=True))
    assert changed(with_key(rows), with_key(again)) == ()


@given(plain, st.permutations(range(8)))
def test_rows_without_a_key_are_a_multiset(rows: list[Row], order: list[int]) -> None:
    again = [rows[at] for at in order if at < len(rows)]
    assert changed(without_key(rows), without_key(again)) == ()


@given(keyed, keyed)
def test_rows_that_are_new_are_no_difference(rows: dict[str, Row], others: dict[str, Row]) -> None:
    assert changed(with_key(rows), with_key({**others, **rows})) == ()


@given(keyed, st.data())
def test_every_changed_value_is_found_where_it_is(rows: dict[str, Row], data: st.DataObject) -> None:
    damaged = {key: (data.draw(values), row[1]) for key, row in rows.items()}
    expected = {(key, "a", rows[key][0], row[0]) for key, row in damaged.items() if row[0] != rows[key][0]}
    found = {(cell.key[0], cell.column, cell.before, cell.after) for cell in changed(with_key(rows), with_key(damaged))}
    assert found == expected


@given(keyed, st.data())
def test_every_lost_row_is_found(rows: dict[str, Row], data: st.DataObject) -> None:
    kept = {key: row for key, row in rows.items() if data.draw(st.booleans())}
    cells = changed(with_key(rows), with_key(kept))
    assert sorted(str(cell.key[0]) for cell in cells) == sorted(rows.keys() - kept.keys())
    assert all(cell.column is None for cell in cells)


@given(plain, plain)
def test_each_row_without_a_key_is_missed_at_most_once(rows: list[Row], others: list[Row]) -> None:
    cells = changed(without_key(rows), without_key(others))
    assert len([cell for cell in cells if cell.column is None]) <= len(rows)
    assert (cells == ()) == (not [row for row in rows if rows.count(row) > others.count(row)])


@given(keyed, keyed)
def test_what_was_damaged_before_is_not_told_again(rows: dict[str, Row], damaged: dict[str, Row]) -> None:
    cells = changed(with_key(rows), with_key(damaged))
    assert fresh(cells, cells, with_key(rows), with_key(rows)) == ()
    assert fresh(cells, (), with_key(rows), with_key(rows)) == cells


def test_what_was_damaged_under_another_name_is_not_told_again() -> None:
    before = {TABLE: Rows(("id", "a"), ("id",), (("1", "x"),))}
    column = {TABLE: Rows(("id", "b"), ("id",), (("1", "x"),))}
    table = {("public", "u"): Rows(("id", "a"), ("id",), (("1", "x"),))}
    other = {**before, ("public", "o"): Rows(("id", "a"), ("id",), (("1", "x"),))}
    [cell] = changed(before, {TABLE: Rows(("id", "a"), ("id",), (("1", None),))})
    assert fresh([cell], [Cell(TABLE, ("1",), "b", "x", None)], before, column) == ()
    assert fresh([cell], [Cell(("public", "u"), ("1",), "a", "x", None)], before, table) == ()
    # a row of the same key elsewhere is another one
    elsewhere = Cell(("public", "o"), ("1",), "a", "x", None)
    assert fresh([cell], [elsewhere], other, column | {elsewhere.table: other[elsewhere.table]}) == (cell,)
    assert fresh([cell], [elsewhere], other, {elsewhere.table: other[elsewhere.table]}) == (cell,)


def test_a_table_too_large_to_be_read_is_not_compared() -> None:
    assert changed({TABLE: Rows(("id",), ("id",), None)}, {TABLE: Rows(("id",), ("id",), ())}) == ()


@pytest.mark.parametrize(
    ("type_", "before", "after", "kind"),
    [
        ("numeric(10,2)", "1.25", "1", "lost precision"),
        ("numeric(10,2)", "1.25", "1.00", "lost precision"),
        ("double precision", "0.1", "0.10000000149011612", "lost precision"),
        ("integer", "40000", "32767", "changed value"),
        ("numeric", "NaN", "0", "changed value"),
        ("timestamp with time zone", "2026-01-15 10:00:00+00", "2026-01-15 11:00:00+00", "shifted time zone"),
        ("timestamp with time zone", "2026-01-15 10:00:00+00", "2026-01-15 04:30:00+00", "shifted time zone"),
        ("timestamp without time zone", "2026-01-15 10:00:00.5", "2026-01-15 10:00:00", "lost precision"),
        ("timestamp without time zone", "2026-01-15 10:05:00", "2026-01-15 00:00:00", "lost precision"),
        ("timestamp without time zone", "2026-01-15 10:00:00", "2021-01-15 10:00:00", "changed value"),
        ("time without time zone", "10:00:00", "11:00:00", "shifted time zone"),
        ("date", "0044-03-15 BC", "2026-01-01", "changed value"),
        ("character varying(20)", "abcdef", "abc", "truncated text"),
        ("text", "x" * 300, "x" * 20, "truncated text"),
        ("text", "abc", "ABC", "changed value"),
        ("text", "abc", None, "became NULL"),
        ("text", None, "", "default overwritten"),
        ("text", "abc", "new", "default overwritten"),
        ("json", '{"a": 1,  "b": 2}', '{"b": 2, "a": 1}', "rewritten JSON"),
        ("json", '{"a": 1}', '{"a": 2}', "changed value"),
        ("text", "1", "1.0", "changed value"),
        ("public.mood", "sad", "ok", "other enum value"),
        ('public."Mood"', "sad", "ok", "other enum value"),
        ("timestamp with time zone", "2026-01-15 10:00:00+00", "2026-11-20 12:00:01+00", "changed value"),
    ],
)  # fmt: skip
def test_kinds_of_loss(type_: str, before: str | None, after: str | None, kind: Kind) -> None:
    judged = Judged("c", type_, "'new'::text", {"public.mood": ["sad", "ok"], "public.Mood": ["sad", "ok"]}, NOW)
    assert judged.kinds([(before, after)]) == [kind]


def test_the_time_that_a_trigger_writes_is_told_apart() -> None:
    judged = Judged("updated_at", "timestamp with time zone", None, {}, NOW)
    assert judged.kinds([("2026-01-15 10:00:00+00", "2026-11-20 12:00:01+00")]) == ["time of the run"]


def test_different_values_that_are_one_now_were_overwritten() -> None:
    judged = Judged("status", "text", None, {}, NOW)
    assert judged.kinds([("a", "z"), ("b", "z")]) == ["default overwritten"] * 2
    assert judged.kinds([("a", "z"), ("b", "y")]) == ["changed value"] * 2


@given(st.decimals(-(10**9), 10**9, places=3), st.integers(0, 2))
def test_rounding_is_a_loss_of_precision(value: Decimal, places: int) -> None:
    rounded = round(value, places)
    if rounded != value:
        assert Judged("c", "numeric", None, {}, NOW).kinds([(str(value), str(rounded))]) == ["lost precision"]


@given(st.datetimes(datetime(1950, 1, 1), datetime(2090, 1, 1)), st.integers(-14 * 4, 14 * 4).filter(bool))
def test_a_shift_by_quarters_of_an_hour_is_that_of_a_zone(moment: datetime, quarters: int) -> None:
    shifted = moment + timedelta(minutes=15 * quarters)
    kinds = Judged("c", "timestamp without time zone", None, {}, NOW).kinds([(str(moment), str(shifted))])
    # midnight is what a date leaves of a time
    midnight = shifted.time() == datetime.min.time()
    assert kinds == ["shifted time zone"] or (midnight and kinds == ["lost precision"])


def test_cells_are_grouped_by_column_and_kind() -> None:
    before = {TABLE: Rows(("id", "a"), ("id",), (("1", "x"), ("2", "y"), ("3", "z")))}
    after = {TABLE: Rows(("id", "a"), ("id",), (("1", None), ("2", None)))}
    shape = Shape({"id": "integer", "a": "text"}, ("id",), {}, ordinary=True, guarded=False)
    found = named(changed(before, after), {TABLE: shape}, {}, before, now=NOW)
    assert {(item.name, item.kind, item.rows, item.example) for item in found} == {
        ("public.t.a", "became NULL", 2, "id = 1"),
        ("public.t", "lost rows", 1, "id = 3"),
    }


def test_labels_in_another_order_are_told_where_there_are_rows() -> None:
    shape = Shape({"m": "public.mood"}, (), {}, ordinary=True, guarded=False)
    contents = {TABLE: Rows(("m",), (), (("sad",),))}
    before, after = {"public.mood": ["sad", "ok"]}, {"public.mood": ["ok", "new", "sad"]}
    [found] = reordered(before, after, {TABLE: shape}, contents)
    assert (found.name, found.before, found.after) == ("public.t.m", "sad < ok", "ok < new < sad")
    assert reordered(before, {"public.mood": ["new", "sad", "ok"]}, {TABLE: shape}, contents) == ()
    assert reordered(before, after, {TABLE: shape}, {TABLE: Rows(("m",), (), ())}) == ()
