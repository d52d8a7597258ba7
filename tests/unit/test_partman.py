"""Names and policies that pg_partman and Airside both understand; where a ladder of hours or weeks begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from airside.partitions.partman.carry import carry, misfits
from airside.partitions.partman.config import PartConfig, Span
from airside.partitions.partman.naming import pattern, template
from airside.partitions.state import Ladder, Leaf
from airside.schema.core import RangePartitions
from airside.schema.core.partitioning import Period, floor, step
from hypothesis import given
from hypothesis import strategies as st

MONTHS = RangePartitions("at", "month", "calls_p{year}_{month:02}", start=date(2026, 1, 1), ahead=4)
CONFIG = PartConfig(
    parent="public.calls",
    control="at",
    kind="native",
    interval=Span(1, 0, 0, "1 mon"),
    premake=4,
    datetime_string="YYYY_MM",
    epoch="none",
    automatic=True,
    infinite=True,
    ignores_default=False,
    retention=None,
    retention_keeps_table=True,
    retention_schema=None,
    subdivides=False,
    template_adds=(),
    prefix="_p",
    rest={},
)


def ladder(policy: RangePartitions, until: datetime, key_type: str = "timestamp with time zone") -> Ladder:
    leaves = tuple(
        Leaf(n, "public", child.name, f"FOR VALUES {child.bound}", "r", False, False, -1, 0, child.lower, child.upper)
        for n, child in enumerate(policy.between(policy.first, until))
    )
    return Ladder(1, "public", "calls", "r", policy.clause, policy.key, key_type, policy, leaves)


LIVE = ladder(MONTHS, datetime(2026, 6, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("datetime_string", "named"),
    [
        ("YYYY", "t_p{year}"),
        ("YYYY_MM", "t_p{year}_{month:02}"),
        ('YYYY"q"Q', "t_p{year}q{quarter}"),
        ('IYYY"w"IW', "t_p{year}w{week:02}"),
        ("YYYY_MM_DD", "t_p{year}_{month:02}_{day:02}"),
        ("YYYY_MM_DD_HH24MI", "t_p{year}_{month:02}_{day:02}_{hour:02}00"),
        ("YYYYMMDD", "t_p{year}{month:02}{day:02}"),
        ("YYYYMMDD_HH24MISS", "t_p{year}{month:02}{day:02}_{hour:02}0000"),
    ],
)
def test_every_pattern_of_pg_partman_has_a_template(datetime_string: str, named: str) -> None:
    assert template("t", datetime_string) == named


@pytest.mark.parametrize("datetime_string", ["", "Mon YYYY", "YYYY_DDD", "YYYY_IW", "YYYY_MM_DD_HH"])
def test_other_patterns_have_none(datetime_string: str) -> None:
    assert template("t", datetime_string) is None


@given(
    table=st.text("abp_{}xyz", min_size=1, max_size=70),
    datetime_string=st.sampled_from(["YYYY", "YYYY_MM", 'YYYY"q"Q', 'IYYY"w"IW', "YYYY_MM_DD", '"y"YYYY-MM_DD_HH24']),
)
def test_a_template_leads_back_to_its_pattern_and_into_names_that_fit(table: str, datetime_string: str) -> None:
    named = template(table, datetime_string)
    assert named is not None
    assert pattern(table, named) == datetime_string
    period: Period = "hour" if "HH24" in datetime_string else "week" if "IW" in datetime_string else "year"
    if "HH24" not in datetime_string and "MM" in datetime_string:
        period = "day" if "DD" in datetime_string else "month"
    if '"q"' in datetime_string:
        period = "quarter"
    policy = RangePartitions("at", period, named, start=floor(datetime(2026, 1, 1, tzinfo=UTC), period).date())
    name = policy.child_name(policy.first)
    assert name.startswith(table[: 63 - 2 - 13])
    assert len(name) <= 63


@pytest.mark.parametrize(
    "name",
    [
        "calls_{year}_{month:02}",
        "other_p{year}_{month:02}",
        "calls_p{year}_{month}",
        "calls_p{year}_p{month:02}",
        'calls_p{year}"{month:02}',
    ],
)
def test_names_that_pg_partman_cannot_give_have_no_pattern(name: str) -> None:
    assert pattern("calls", name) is None


def test_a_set_becomes_the_policy_that_made_it() -> None:
    carried = carry(CONFIG, LIVE)
    assert carried.policy == MONTHS
    assert carried.lost == ()
    kept = carry(replace(CONFIG, retention=Span(0, 90, 0, "90 days")), LIVE).policy
    dropped = carry(replace(CONFIG, retention=Span(14, 0, 0, "14 mons"), retention_keeps_table=False), LIVE).policy
    assert (kept and (kept.retention, kept.at_end)) == ("90 days", "detach")
    assert (dropped and (dropped.retention, dropped.at_end)) == ("1 year 2 months", "drop")


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (replace(CONFIG, kind="partman"), "inheritance and triggers"),
        (replace(CONFIG, kind="time-custom"), "inheritance and triggers"),
        (replace(CONFIG, kind="list"), "one number for each partition"),
        (replace(CONFIG, subdivides=True), "sub-partitioning"),
        (replace(CONFIG, epoch="seconds"), "seconds since 1970"),
        (replace(CONFIG, interval=None, rest={"partition_interval": "10000"}), r"ranges of numbers \(10000 each\)"),
        (replace(CONFIG, interval=Span(0, 10, 0, "10 days")), "10 days is no period"),
        (replace(CONFIG, interval=Span(0, 7, 0, "7 days")), "is no week in UTC"),
        (replace(CONFIG, control="other"), "pg_partman was told other"),
        (replace(CONFIG, datetime_string="YYYY_Mon"), "have no template"),
        (replace(CONFIG, rest={"undo_in_progress": True}), "under way"),
        (replace(CONFIG, rest={"async_partitioning_in_progress": "x"}), "under way"),
        (replace(CONFIG, rest={"time_encoder": "public.my_encoder"}), "written into at by public.my_encoder"),
    ],
)
def test_what_no_policy_can_say_is_named(config: PartConfig, words: str) -> None:
    carried = carry(config, LIVE)
    assert carried.policy is None
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(carried.lost)


def test_bounds_of_another_time_zone_are_no_policy() -> None:
    moved = tuple(
        replace(leaf, lower=leaf.lower - timedelta(hours=1), upper=leaf.upper - timedelta(hours=1))
        for leaf in LIVE.leaves
        if leaf.lower and leaf.upper
    )
    carried = carry(CONFIG, replace(LIVE, leaves=moved))
    assert carried.policy is None
    assert "which is no month in UTC" in carried.lost[0]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (replace(CONFIG, retention=Span(1, 0, 0, "1 mon"), retention_schema="old"), "into schema old"),
        (replace(CONFIG, retention=Span(0, 0, 90, "00:01:30")), "not made of months, days and hours"),
        (replace(CONFIG, template_adds=("indexes",), rest={"template_table": "partman.x"}), "indexes of the template"),
        (replace(CONFIG, rest={"constraint_cols": ["a", "b"]}), "constraints on a, b"),
        (replace(CONFIG, rest={"publications": ["p"]}), "publications p"),
        (replace(CONFIG, rest={"drop_cascade_fk": True}), "drop_cascade_fk"),
    ],
)
def test_what_a_policy_leaves_out_is_named_and_nothing_ends_because_of_it(config: PartConfig, words: str) -> None:
    carried = carry(config, LIVE)
    assert carried.policy is not None
    assert carried.policy.at_end == "keep"
    assert any(words in lost for lost in carried.lost)


def test_a_policy_that_contradicts_the_live_set_is_noticed() -> None:
    assert misfits(MONTHS, LIVE) == ()
    quarters = replace(MONTHS, period="quarter", name="calls_p{year}q{quarter}")
    assert "is no quarter in UTC" in misfits(replace(quarters, start=date(2026, 1, 1)), LIVE)[0]
    assert "the policy by RANGE (other)" in misfits(replace(MONTHS, key="other"), LIVE)[0]
    assert "the policy says date" in misfits(replace(MONTHS, key_type="date"), LIVE)[0]


def test_hours_may_begin_within_a_day() -> None:
    first = datetime(2026, 11, 21, 5, tzinfo=UTC)
    hours = RangePartitions("at", "hour", "calls_p{year}{month:02}{day:02}_{hour:02}", start=first, ahead=2)
    assert [child.lower for child in hours.children(first)] == [step(first, "hour", n) for n in range(3)]


def test_weeks_named_by_their_first_day_have_its_year_and_numbered_ones_that_of_the_week() -> None:
    monday = datetime(2025, 12, 29, tzinfo=UTC)
    by_day = RangePartitions("at", "week", "c_p{year}{month:02}{day:02}", start=monday.date())
    by_number = replace(by_day, name="c_p{year}w{week:02}")
    assert by_day.child_name(monday) == "c_p20251229"
    assert by_number.child_name(monday) == "c_p2026w01"
