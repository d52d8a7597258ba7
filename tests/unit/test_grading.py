"""Findings graded by the size of their table."""

from __future__ import annotations

from typing import get_args

import pytest
from airside.migrations.checks.grading import (
    BY_SIZE,
    FEW_WRITES,
    LARGE_BYTES,
    LARGE_ROWS,
    SMALL_BYTES,
    SMALL_ROWS,
    described,
    graded,
    is_large,
    is_small,
)
from airside.migrations.checks.model import Context, Finding, SequenceUse, Severity, TableStatistics
from airside.migrations.checks.rules import every_rule
from hypothesis import given
from hypothesis import strategies as st

SMALL = TableStatistics(800, 200 * 1024, 0.1)
MIDDLE = TableStatistics(200_000, 90 * 2**20, 3.0)
LARGE = TableStatistics(41_200_000, 12 * 2**30, 35.0)
SEVERITIES = get_args(Severity)
sizes = st.builds(
    TableStatistics,
    st.floats(0, 1e12),
    st.integers(0, 2**50),
    st.none() | st.floats(0, 1e6),
)


def finding(check: str, severity: Severity, observed: str | None = None) -> Finding:
    return Finding(check, "f:1", "it blocks", "do otherwise", severity, observed=observed, relation="public.orders")


def severity(check: str, given_severity: Severity, size: TableStatistics) -> Severity:
    return graded(finding(check, given_severity), Context(statistics={"public.orders": size})).severity


@pytest.mark.parametrize(
    ("check", "before", "size", "after"),
    [
        ("index-not-concurrent", "error", SMALL, "note"),
        ("foreign-key-without-index", "warning", SMALL, "note"),
        ("index-not-concurrent", "error", MIDDLE, "error"),
        ("foreign-key-without-index", "warning", MIDDLE, "warning"),
        ("foreign-key-without-index", "warning", LARGE, "error"),
        ("prefix-redundant-index", "note", MIDDLE, "note"),
        ("prefix-redundant-index", "note", LARGE, "warning"),
        ("index-not-concurrent", "note", LARGE, "note"),
        ("small-key", "note", LARGE, "note"),
        # losses and broken releases are as bad with three rows
        ("drop-column", "error", SMALL, "error"),
        ("rename", "error", SMALL, "error"),
        ("unlogged-table", "warning", LARGE, "warning"),
    ],
)
def test_severity_follows_size_where_harm_does(
    check: str, before: Severity, size: TableStatistics, after: Severity
) -> None:
    assert severity(check, before, size) == after


@pytest.mark.parametrize(
    "size",
    [
        TableStatistics(SMALL_ROWS, 0, 0),
        TableStatistics(0, SMALL_BYTES, 0),
        TableStatistics(0, 0, FEW_WRITES),
        TableStatistics(0, 0, None),
    ],
)
def test_a_table_that_is_large_or_busy_in_one_way_or_not_known_is_not_small(size: TableStatistics) -> None:
    assert not is_small(size)
    assert is_small(SMALL)


def test_a_table_is_large_by_rows_or_by_bytes() -> None:
    assert is_large(TableStatistics(LARGE_ROWS))
    assert is_large(TableStatistics(1, LARGE_BYTES))
    assert not is_large(TableStatistics(LARGE_ROWS - 1, LARGE_BYTES - 1))


def test_without_statistics_of_the_table_a_finding_stays() -> None:
    told = finding("index-not-concurrent", "error")
    assert graded(told, Context()) is told
    assert graded(told, Context(statistics={"public.other": LARGE})) is told
    counted = TableStatistics(0, sequence=SequenceUse(1, 2, 3))
    assert graded(told, Context(statistics={"public.orders": counted})) is told


def test_the_size_is_told_beside_what_was_observed() -> None:
    context = Context(statistics={"public.orders": LARGE})
    told = "orders holds about 41 million rows (12 GB), 35 written a second"
    assert graded(finding("drop-column", "error"), context).observed == told
    assert (
        graded(finding("table-rewrite", "error", "ACCESS EXCLUSIVE"), context).observed == f"ACCESS EXCLUSIVE; {told}"
    )


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (TableStatistics(0, 0), "holds about 0 rows (0 kB)"),
        (TableStatistics(1, 8192), "holds about 1 row (8 kB)"),
        (TableStatistics(812.4, 65_536), "holds about 812 rows (64 kB)"),
        (TableStatistics(9_961, 1_500_000), "holds about 10,000 rows (1.4 MB)"),
        (TableStatistics(999_700, 2**30), "holds about 1 million rows (1 GB)"),
        (TableStatistics(1_260_000, 1000 * 2**20), "holds about 1.3 million rows (1 GB)"),
        (TableStatistics(3.2e9, 5 * 2**40, 0.4), "holds about 3.2 billion rows (5 TB)"),
        (TableStatistics(10, 8192, 12_345.6), "holds about 10 rows (8 kB), 12,346 written a second"),
    ],
)
def test_sizes_are_said_in_round_numbers(size: TableStatistics, text: str) -> None:
    assert described(size) == text


@given(st.sampled_from([*sorted(BY_SIZE), "drop-column", "rename"]), st.sampled_from(SEVERITIES), sizes, sizes)
def test_a_larger_table_is_never_judged_more_mildly(
    check: str, before: Severity, one: TableStatistics, other: TableStatistics
) -> None:
    larger = TableStatistics(
        max(one.rows, other.rows),
        max(one.bytes, other.bytes),
        None if one.writes is None or other.writes is None else max(one.writes, other.writes),
    )
    grave = list(reversed(SEVERITIES))
    assert grave.index(severity(check, before, larger)) >= grave.index(severity(check, before, one))


@given(sizes)
def test_every_size_has_words(size: TableStatistics) -> None:
    assert described(size).startswith("holds about ")
    assert not (is_small(size) and is_large(size))


def test_rules_that_are_graded_by_size_exist() -> None:
    assert {rule.name for rule in every_rule()} >= BY_SIZE
