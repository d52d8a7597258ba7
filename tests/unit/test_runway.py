"""Until when inserts find a partition, and what is said about a ladder."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from airside.partitions.judge import MANY, TOO_MANY, Fault, Measure, TableStatus, judge
from airside.partitions.runway import absent, gaps, runway
from airside.partitions.state import Ladder, Leaf
from airside.schema.core.partitioning import HashPartitions, ListPartitions, PartitionPolicy, RangePartitions, step
from hypothesis import given
from hypothesis import strategies as st

POLICY = RangePartitions("at", "month", "events_{year}_{month:02}", start=date(2026, 1, 1), ahead=3)
NOW = datetime(2026, 11, 21, 5, tzinfo=UTC)


def leaf(lower: datetime | None, upper: datetime | None, bound: str = "", **more: object) -> Leaf:
    made = Leaf(1, "public", f"events_{lower:%Y_%m}" if lower else "events_x", bound, "r", False, False, -1, 0)
    return replace(made, lower=lower, upper=upper, checked=True, oid=hash((lower, upper, bound)) % 10**6, **more)  # type: ignore[arg-type]


def ladder(*leaves: Leaf, policy: PartitionPolicy | None = POLICY) -> Ladder:
    return Ladder(7, "public", "events", "r", "RANGE (at)", "at", "timestamp with time zone", policy, leaves)


def months(since: int, until: int) -> list[Leaf]:
    """Leaves for the months since..until of 2026, until exclusive; 13 is January 2027."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    return [leaf(step(first, "month", n - 1), step(first, "month", n)) for n in range(since, until)]


def status(found: Ladder, *faults: Fault, rows: int = 0, exact: bool = True) -> TableStatus:
    return judge(found, {item.oid: Measure(rows, exact, 8192) for item in found.leaves}, faults, NOW)


def kinds(found: Ladder, *faults: Fault, rows: int = 0, exact: bool = True) -> set[str]:
    return {problem.kind for problem in status(found, *faults, rows=rows, exact=exact).problems}


def test_a_full_ladder_is_long_enough() -> None:
    ahead = runway(ladder(*months(1, 15)), NOW)
    assert ahead is not None
    assert (ahead.covered, ahead.until, ahead.periods, ahead.short) == (
        True,
        datetime(2027, 3, 1, tzinfo=UTC),
        3,
        False,
    )
    assert kinds(ladder(*months(1, 15))) == set()


def test_one_period_less_is_short() -> None:
    ahead = runway(ladder(*months(1, 14)), NOW)
    assert ahead is not None
    assert (ahead.periods, ahead.short) == (2, True)
    assert kinds(ladder(*months(1, 14))) == {"short_runway"}


def test_the_runway_ends_at_a_gap_however_far_the_last_bound_is() -> None:
    found = ladder(*months(1, 13), *months(14, 40))
    ahead = runway(found, NOW)
    assert ahead is not None
    assert (ahead.until, ahead.periods) == (datetime(2027, 1, 1, tzinfo=UTC), 1)
    assert gaps(found) == ((datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)),)
    assert status(found).short


def test_a_gap_at_now_is_short() -> None:
    found = ladder(*months(1, 11), *months(12, 20))
    assert status(found).short
    assert "no_partition_now" in kinds(found)


def test_a_partition_pending_a_detach_takes_no_rows() -> None:
    november, *others = months(11, 20)
    found = ladder(*months(1, 11), replace(november, pending=True), *others)
    assert {"no_partition_now", "pending_detach"} <= kinds(found)


def test_maxvalue_and_minvalue_have_no_end() -> None:
    found = ladder(leaf(None, None, "FOR VALUES FROM (MINVALUE) TO (MAXVALUE)"))
    ahead = runway(found, NOW)
    assert ahead is not None
    assert (ahead.covered, ahead.until, ahead.short) == (True, None, False)


def test_without_a_policy_nothing_is_short() -> None:
    assert not status(ladder(*months(1, 3), policy=None)).short


def test_numbers_are_no_times() -> None:
    assert runway(ladder(leaf(None, None, "FOR VALUES FROM (1) TO (10)"), policy=None), NOW) is None


def test_default_with_and_without_rows() -> None:
    default = leaf(None, None, "DEFAULT", is_default=True)
    assert kinds(ladder(*months(1, 15), default)) == {"default"}
    assert kinds(ladder(*months(1, 15), default), rows=5) == {"default_rows"}
    assert kinds(ladder(*months(1, 15), default), exact=False) == {"default_rows"}


def test_past_retention_is_counted_and_no_problem() -> None:
    kept = replace(POLICY, retention=3, at_end="drop")
    found = status(ladder(*months(6, 15), policy=kept))
    assert (found.count("past"), found.count("live"), found.count("now"), found.count("runway")) == (2, 3, 1, 3)
    assert found.problems == ()


def test_faults_missing_checks_and_too_many_partitions() -> None:
    unchecked = [replace(item, checked=False) for item in months(1, 15)]
    assert kinds(ladder(*unchecked)) == {"no_range_check"}
    faults = (Fault(7, "no_row_security", None, ["a"]), Fault(7, "index_invalid", "i", ["a"]), Fault(8, "x", None, []))
    assert kinds(ladder(*months(1, 15)), *faults) == {"no_row_security", "index_invalid"}
    assert kinds(ladder(*months(1, MANY + 2))) == {"many_partitions"}
    assert kinds(ladder(*months(1, TOO_MANY + 2))) == {"too_many_partitions"}


@pytest.mark.parametrize(
    ("policy", "bounds"),
    [
        (HashPartitions("id", 2, "users_{remainder}"), ["WITH (modulus 2, remainder 0)"]),
        (ListPartitions("kind", {"a": ("x", None), "users_1": ("y",)}), ["IN ('x', NULL)"]),
    ],
)
def test_a_missing_part_refuses_rows(policy: PartitionPolicy, bounds: list[str]) -> None:
    found = ladder(*(leaf(None, None, f"FOR VALUES {bound}") for bound in bounds), policy=policy)
    assert absent(found, NOW) == ("users_1",)
    assert status(found).short


@given(
    st.sets(st.integers(-30, 30)),
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.integers(1, 6),
)
def test_every_moment_up_to_the_end_of_the_runway_is_covered_and_the_end_is_not(
    present: set[int], now: datetime, ahead: int
) -> None:
    first = datetime(2026, 6, 1, tzinfo=UTC)
    leaves = [leaf(step(first, "month", n), step(first, "month", n + 1)) for n in sorted(present)]
    found = runway(ladder(*leaves, policy=replace(POLICY, ahead=ahead)), now)
    assert found is not None
    assert found.until is not None

    def covered(moment: datetime) -> bool:
        return any(item.lower <= moment < item.upper for item in leaves if item.lower and item.upper)

    assert found.covered == covered(now)
    assert not covered(found.until)
    moment = now
    while moment < found.until:
        assert covered(moment)
        moment += timedelta(days=7)
    wanted = list(replace(POLICY, ahead=ahead).between(now, step(now.replace(day=1), "month", ahead + 1)))
    needed = [child.lower for child in wanted][: ahead + 1]
    assert found.short == (not all(covered(max(lower, now)) for lower in needed if lower))
