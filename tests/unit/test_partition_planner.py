"""The planner as a pure function: whatever is there, nothing is missing, nothing overlaps, nothing ends too early."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from airside.partitions.actions import (
    Action,
    Attach,
    Create,
    Detach,
    Drop,
    DropForeignKey,
    Finalize,
    ForeignKey,
    Refuse,
    Skip,
    Table,
    steps,
)
from airside.partitions.closure import closures
from airside.partitions.ledger import Detached, range_details
from airside.partitions.planner import GRACE, State, plan_expire, plan_roll
from airside.partitions.runway import spans
from airside.partitions.state import Ladder, Leaf, bound_moment
from airside.partitions.wanted import listed
from airside.schema.core.partitioning import HashPartitions, ListPartitions, PartitionPolicy, RangePartitions, floor
from hypothesis import given
from hypothesis import strategies as st

START = date(2024, 1, 1)
TYPES = {
    "timestamptz": "timestamp with time zone",
    "timestamp": "timestamp without time zone",
    "date": "date",
    "uuidv7": "uuid",
}
NAMES = {
    "hour": "t_{year}_{month:02}_{day:02}_{hour:02}",
    "day": "t_{year}_{month:02}_{day:02}",
    "week": "t_{year}_w{week:02}",
    "month": "t_{year}_{month:02}",
    "quarter": "t_{year}_q{quarter}",
    "year": "t_{year}",
}
PERIOD = {
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(weeks=1),
    "month": timedelta(days=31),
    "quarter": timedelta(days=92),
    "year": timedelta(days=366),
}
MIDDAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
MONTHS = RangePartitions("at", "month", NAMES["month"], date(2026, 1, 1), retention=3, at_end="drop")


@st.composite
def policies(draw: st.DrawFn) -> RangePartitions:
    key_type = draw(st.sampled_from(sorted(TYPES)))
    period = draw(st.sampled_from([name for name in NAMES if key_type != "date" or name != "hour"]))
    retention = draw(st.none() | st.integers(1, 5) | st.sampled_from(["1 day", "40 days", "2 months", "1 year"]))
    return RangePartitions(
        "at",
        period,
        NAMES[period],
        floor(datetime(2025, 1, 1, tzinfo=UTC), period).date(),
        ahead=draw(st.integers(1, 4)),
        retention=retention,
        at_end=draw(st.sampled_from(["keep", "detach", "drop", "archive"])),
        key_type=key_type,
        default=draw(st.booleans()),
    )


def moments(policy: RangePartitions) -> st.SearchStrategy[datetime]:
    """Not too many periods after the start, for ladders that fit on a page."""
    start = policy.first
    return st.timedeltas(timedelta(0), 12 * PERIOD[policy.period]).map(lambda after: start + after)


def ladder_of(policy: PartitionPolicy, leaves: tuple[Leaf, ...] = (), *, oid: int = 1, table: str = "t") -> Ladder:
    strategy = {RangePartitions: "r", HashPartitions: "h", ListPartitions: "l"}[type(policy)]
    key_type = TYPES[policy.key_type] if isinstance(policy, RangePartitions) else "text"
    return Ladder(oid, "public", table, strategy, policy.clause, policy.key, key_type, policy, leaves)


def leaf_of(oid: int, name: str, bound: str, policy: PartitionPolicy, **changes: object) -> Leaf:
    leaf = Leaf(oid, "public", name, bound, "r", bound == "DEFAULT", False, -1, 0)
    if isinstance(policy, RangePartitions) and bound.startswith("FOR VALUES FROM"):
        lower, upper = bound.removeprefix("FOR VALUES FROM (").removesuffix(")").split(") TO (")
        moments = [bound_moment(side, TYPES[policy.key_type], policy) for side in (lower, upper)]
        leaf = replace(leaf, lower=moments[0], upper=moments[1])
    return replace(leaf, **changes)


class World:
    """A database as a value, on which plans are carried out."""

    def __init__(self, state: State, now: datetime) -> None:
        self.state, self.now, self._oid = state, now, 1000

    def apply(self, plan: tuple[Action, ...]) -> None:
        for step in steps(plan):
            self._apply(step)

    def _apply(self, step: object) -> None:
        match step:
            case Create(parent, child, _, _, _):
                self._oid += 1
                ladder = self._ladder(parent)
                assert ladder.policy is not None
                bound = child.bound if child.bound == "DEFAULT" else f"FOR VALUES {child.bound}"
                self._attach(ladder, leaf_of(self._oid, child.name, bound, ladder.policy))
                self._change(taken={**self.state.taken, ("public", child.name): self._oid})
            case Attach(parent, leaf, child):
                ladder = self._ladder(parent)
                assert ladder.policy is not None
                self._attach(ladder, leaf_of(leaf.oid, leaf.name, f"FOR VALUES {child.bound}", ladder.policy))
                self._change(detached=tuple(old for old in self.state.detached if old.oid != leaf.oid))
            case Finalize(parent, leaf, bound, lower, upper) | Detach(parent, leaf, bound, lower, upper):
                ladder = self._ladder(parent)
                self._replace(replace(ladder, leaves=tuple(old for old in ladder.leaves if old.oid != leaf.oid)))
                name = f"public.{ladder.table}"
                gone = Detached(leaf.oid, "public", leaf.name, name, self.now, "us", range_details(bound, lower, upper))
                self._change(detached=(*self.state.detached, gone))
                if upper is not None:
                    before = self.state.ended.get(ladder.oid, upper)
                    self._change(ended={**self.state.ended, ladder.oid: max(before, upper)})
            case DropForeignKey(_, _, key):
                self._change(foreign_keys=tuple(old for old in self.state.foreign_keys if old != key))
            case Drop(_, leaf, _, _, _):
                self._change(detached=tuple(old for old in self.state.detached if old.oid != leaf.oid))
                taken = {name: oid for name, oid in self.state.taken.items() if oid != leaf.oid}
                self._change(taken=taken)
            case _:
                raise AssertionError(step)

    def _ladder(self, parent: Table) -> Ladder:
        return next(ladder for ladder in self.state.ladders if ladder.oid == parent.oid)

    def _attach(self, ladder: Ladder, leaf: Leaf) -> None:
        self._replace(replace(ladder, leaves=(*ladder.leaves, leaf)))

    def _replace(self, ladder: Ladder) -> None:
        self._change(ladders=tuple(ladder if old.oid == ladder.oid else old for old in self.state.ladders))

    def _change(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)

    @property
    def only(self) -> Ladder:
        (ladder,) = self.state.ladders
        return ladder


def world(policy: PartitionPolicy, *bounds: str, now: datetime = MIDDAY, **changes: object) -> World:
    leaves = tuple(leaf_of(10 + n, f"old_{n}", bound, policy) for n, bound in enumerate(bounds))
    taken = {("public", leaf.name): leaf.oid for leaf in leaves}
    return World(replace(State((ladder_of(policy, leaves),), taken=taken), **changes), now)


def assert_sound(ladder: Ladder) -> None:
    """No two partitions overlap, and no two have one name."""
    for before, after in pairwise(spans(ladder)):
        assert before.upper <= after.lower, (before, after)
    names = [leaf.name for leaf in ladder.leaves]
    assert len(set(names)) == len(names)


def covered(ladder: Ladder, since: datetime, until: datetime) -> bool:
    for span in spans(ladder):
        if span.lower <= since < span.upper:
            since = span.upper
    return since >= until


def wanted_until(policy: RangePartitions, now: datetime) -> datetime:
    until = policy.children(now)[-1].upper
    assert until is not None
    return until


@st.composite
def strange_ladders(draw: st.DrawFn, policy: RangePartitions) -> tuple[str, ...]:
    """Bounds that no policy made: other periods, other midnights, open ends, gaps, finer than a second."""
    days = draw(st.lists(st.integers(0, 800), min_size=0, max_size=12, unique=True))
    hours = draw(st.sampled_from([0, 3, 23])) if policy.key_type != "date" else 0
    cuts = sorted(policy.first + timedelta(days=day, hours=hours) for day in days)
    fraction = {"timestamptz": ".5+00", "timestamp": ".25", "uuidv7": "7abc"}.get(policy.key_type)
    literals = [policy.literal(cut) for cut in cuts]
    if fraction and draw(st.booleans()):
        literals = [_finer(literal, fraction) for literal in literals]
    if draw(st.booleans()) and literals:
        literals[0] = "MINVALUE"
    if draw(st.booleans()) and literals:
        literals[-1] = "MAXVALUE"
    return tuple(
        f"FOR VALUES FROM ({lower}) TO ({upper})" for lower, upper in pairwise(literals) if draw(st.booleans())
    )


def _finer(literal: str, fraction: str) -> str:
    if fraction == "7abc":
        return literal.replace("-0000-0000-", "-7abc-8000-")
    return literal.removesuffix("'").removesuffix("+00") + fraction + "'"


@given(st.data())
def test_nothing_is_missing_nothing_overlaps_and_the_second_plan_is_empty(data: st.DataObject) -> None:
    policy = data.draw(policies())
    now = data.draw(moments(policy))
    there = world(policy, *data.draw(strange_ladders(policy)), now=now)
    before = set(there.only.leaves)
    there.apply(plan_roll(there.state, now))
    assert_sound(there.only)
    assert before <= set(there.only.leaves)
    assert covered(there.only, now, wanted_until(policy, now))
    children = policy.children(now)
    assert children[0].lower is not None
    assert covered(there.only, children[0].lower, now)
    assert (there.only.default is not None) == policy.default
    assert plan_roll(there.state, now) == ()


@given(st.data())
def test_rows_inside_retention_are_never_touched(data: st.DataObject) -> None:
    policy = data.draw(policies())
    now = data.draw(moments(policy))
    grace = data.draw(st.sampled_from([timedelta(0), timedelta(days=1), GRACE]))
    there = world(policy, *data.draw(strange_ladders(policy)), now=now)
    there.apply(plan_roll(there.state, now))
    for later in (now, now + timedelta(days=40), now + timedelta(days=500)):
        there.now = later
        cutoff = policy.cutoff(later)
        for _ in range(3):
            plan = plan_expire(there.state, later, grace)
            for step in steps(plan):
                assert isinstance(step, Detach | Drop)
                assert cutoff is not None
                assert step.upper is not None
                assert step.upper <= cutoff
                assert policy.at_end == "drop" or (policy.at_end == "detach" and isinstance(step, Detach))
            there.apply(plan)
            assert_sound(there.only)
        assert steps(plan_expire(there.state, later, grace)) == ()
        if cutoff is not None and policy.at_end in ("drop", "detach"):
            assert not [span for span in spans(there.only) if span.upper <= cutoff and not span.leaf.is_default]


@pytest.mark.parametrize(
    ("end", "goes"),
    [("0000-0000-0000", True), ("7000-8000-0000", True), ("7000-8000-0001", False), ("7abc-8000-0000", False)],
)
def test_a_bound_finer_than_a_millisecond_ends_no_row_of_that_millisecond(end: str, goes: bool) -> None:
    policy = replace(MONTHS, key_type="uuidv7")
    cutoff = policy.cutoff(MIDDAY)
    assert cutoff is not None
    lower, upper = policy.literal(policy.first), policy.literal(cutoff).replace("0000-0000-0000", end)
    there = world(policy, f"FOR VALUES FROM ({lower}) TO ({upper})")
    assert bool(list(steps(plan_expire(there.state, MIDDAY, GRACE)))) is goes


@given(st.data())
def test_roll_and_expire_do_not_undo_each_other(data: st.DataObject) -> None:
    policy = data.draw(policies())
    now = data.draw(moments(policy))
    there = world(policy, *data.draw(strange_ladders(policy)), now=now)
    for _ in range(3):
        there.apply(plan_roll(there.state, now))
        there.apply(plan_expire(there.state, now, timedelta(0)))
    assert steps(plan_roll(there.state, now)) == ()
    assert steps(plan_expire(there.state, now, timedelta(0))) == ()


@given(st.data())
def test_a_clock_that_goes_back_makes_nothing_again_and_ends_nothing(data: st.DataObject) -> None:
    policy = data.draw(policies())
    now = data.draw(moments(policy))
    there = world(policy, now=now)
    there.apply(plan_roll(there.state, now, span=(policy.first, now)))
    there.apply(plan_roll(there.state, now))
    there.apply(plan_expire(there.state, now, timedelta(0)))
    there.apply(plan_expire(there.state, now, timedelta(0)))
    back = now - data.draw(st.timedeltas(timedelta(0), 4 * PERIOD[policy.period]))
    if back < policy.first:
        return
    assert steps(plan_expire(there.state, back, timedelta(0))) == ()
    cutoff = policy.cutoff(back)
    for step in steps(plan_roll(there.state, back)):
        assert isinstance(step, Create | Attach)
        assert step.child.upper is not None
        if isinstance(step, Create):
            # rows of now have a place at any time, whatever was ended before
            assert step.child.upper > floor(back, policy.period)
        else:
            # rows that are inside their retention by this clock, which may be the one that is right
            assert cutoff is None or step.child.upper > cutoff


def test_a_clock_that_went_ahead_is_made_good_while_the_grace_period_lasts() -> None:
    there = world(MONTHS)
    there.apply(plan_roll(there.state, MIDDAY))
    before = {leaf.name for leaf in there.only.leaves}
    wrong = MIDDAY + timedelta(days=150)
    there.now = wrong
    there.apply(plan_expire(there.state, wrong))
    assert {leaf.name for leaf in there.only.leaves} < before
    there.now = MIDDAY
    assert steps(plan_expire(there.state, MIDDAY)) == ()
    there.apply(plan_roll(there.state, MIDDAY))
    assert {leaf.name for leaf in there.only.leaves} == before
    assert there.state.detached == ()


@contextmanager
def local_time(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
        time.tzset()


@given(st.data())
def test_no_zone_and_no_daylight_saving_changes_a_plan(data: st.DataObject) -> None:
    from zoneinfo import ZoneInfo

    policy = data.draw(policies())
    now = data.draw(moments(policy))
    there = world(policy, now=now)
    plan = plan_roll(there.state, now)
    for zone in ("America/New_York", "Europe/Berlin", "Pacific/Apia", "Asia/Kathmandu"):
        with local_time(zone):
            assert plan_roll(there.state, now) == plan
            assert plan_roll(there.state, now.astimezone(ZoneInfo(zone))) == plan
            assert plan_expire(there.state, now.astimezone(ZoneInfo(zone))) == plan_expire(there.state, now)


def test_what_is_left_between_strangers_is_filled_and_said() -> None:
    there = world(
        MONTHS,
        "FOR VALUES FROM (MINVALUE) TO ('2026-08-01 03:00:00+00')",
        "FOR VALUES FROM ('2026-09-07 00:00:00+00') TO ('2026-09-14 00:00:00+00')",
    )
    plan = plan_roll(there.state, MIDDAY)
    made = [(step.child.name, step.child.bound) for step in steps(plan) if isinstance(step, Create)]
    assert ("t_2026_09", "FROM ('2026-09-01 00:00:00+00') TO ('2026-09-07 00:00:00+00')") in made
    assert ("t_2026_09_2", "FROM ('2026-09-14 00:00:00+00') TO ('2026-10-01 00:00:00+00')") in made
    assert ("t_2026_08", "FROM ('2026-08-01 03:00:00+00') TO ('2026-09-01 00:00:00+00')") in made
    assert {skip.subject for skip in plan if isinstance(skip, Skip)} == {"old_0", "old_1"}


def test_rows_of_now_come_first() -> None:
    plan = steps(plan_roll(world(replace(MONTHS, retention=None)).state, MIDDAY))
    names = [step.child.name for step in plan if isinstance(step, Create)]
    assert names[0] == "t_2026_11"
    assert names[-1] == "t_2026_10"


def test_a_name_that_another_relation_has_is_refused_and_the_rest_is_made() -> None:
    there = world(MONTHS, taken={("public", "t_2026_12"): 77})
    plan = plan_roll(there.state, MIDDAY)
    (refused,) = [action for action in plan if isinstance(action, Refuse)]
    assert refused.subject == "public.t_2026_12"
    assert refused.protects
    assert "t_2026_12" not in {step.child.name for step in steps(plan) if isinstance(step, Create)}
    left = replace(there.state, prepared=frozenset({77}))
    found = [step for step in steps(plan_roll(left, MIDDAY)) if isinstance(step, Create) and step.leftover]
    assert [(step.child.name, step.leftover) for step in found] == [("t_2026_12", 77)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"key": "made_at"}, "is partitioned by"),
        ({"strategy": "l"}, "is partitioned by"),
        ({"key_type": "date"}, "has a key of type date"),
        ({"key": None}, "is partitioned by"),
    ],
)
def test_a_table_that_is_partitioned_in_another_way_is_left_alone(change: Mapping[str, object], words: str) -> None:
    ladder = replace(ladder_of(MONTHS, (leaf_of(1, "a", "FOR VALUES IN ('x')", MONTHS),)), **change)
    for plan in (plan_roll(State((ladder,)), MIDDAY), plan_expire(State((ladder,)), MIDDAY)):
        (refused,) = plan
        assert isinstance(refused, Refuse)
        assert words in refused.reason


def test_a_broken_detach_is_finished_before_its_range_is_made_again() -> None:
    there = world(MONTHS)
    there.apply(plan_roll(there.state, MIDDAY))
    leaf = next(leaf for leaf in there.only.leaves if leaf.name == "t_2026_12")
    pending = replace(there.only, leaves=tuple(replace(old, pending=old == leaf) for old in there.only.leaves))
    there = World(replace(there.state, ladders=(pending,)), MIDDAY)
    (finish,) = plan_roll(there.state, MIDDAY)
    assert isinstance(finish, Finalize)
    there.apply((finish,))
    (back,) = plan_roll(there.state, MIDDAY)
    assert isinstance(back, Attach)
    there.apply((back,))
    assert plan_roll(there.state, MIDDAY) == ()


def test_expire_finishes_every_broken_detach_first() -> None:
    bound = "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')"
    ladder = ladder_of(MONTHS, (leaf_of(1, "a", bound, MONTHS), leaf_of(2, "b", "DEFAULT", MONTHS)))
    ladder = replace(ladder, leaves=(*ladder.leaves, replace(ladder.leaves[0], oid=3, name="c", pending=True)))
    finish, detach = steps(plan_expire(State((ladder,)), MIDDAY))
    assert isinstance(finish, Finalize)
    assert isinstance(detach, Detach)
    assert not detach.concurrently  # a DEFAULT forbids it


def key(name: str, table: int, referred: int, *, indexed: bool = True) -> ForeignKey:
    tables = [Table(oid, "public", f"t{oid}") for oid in (table, referred)]
    return ForeignKey(hash(name) % 999, name, tables[0], ("a", "B"), tables[1], ("id", "at"), indexed)


def test_a_key_without_an_index_is_refused_with_the_index_to_make() -> None:
    there = world(MONTHS, "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')")
    state = replace(there.state, foreign_keys=(key("k", 7, 1, indexed=False),))
    (refused,) = plan_expire(state, MIDDAY)
    assert isinstance(refused, Refuse)
    assert refused.next_step == 'CREATE INDEX CONCURRENTLY ON t7 (a, "B")'
    assert not plan_expire(replace(state, ladders=(replace(there.only, leaves=()),)), MIDDAY)


def test_a_leaf_to_which_rows_refer_stays_with_its_reason_and_the_others_go() -> None:
    there = world(
        MONTHS,
        "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')",
        "FOR VALUES FROM ('2026-02-01 00:00:00+00') TO ('2026-03-01 00:00:00+00')",
    )
    plan = plan_expire(replace(there.state, referenced={10: "rows of x refer to it"}, held=frozenset({99})), MIDDAY)
    assert [type(action) for action in plan] == [Skip, Detach]
    plan = plan_expire(replace(there.state, held=frozenset({10, 11})), MIDDAY)
    assert [type(action) for action in plan] == [Skip, Skip]


def test_what_is_archived_by_policy_is_never_ended_by_expire() -> None:
    policy = replace(MONTHS, at_end="archive")
    there = world(policy, "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')")
    there.apply(plan_expire(replace(there.state, ladders=(ladder_of(MONTHS, there.only.leaves),)), MIDDAY))
    assert there.state.detached
    later = replace(there.state, ladders=(ladder_of(policy),))
    assert steps(plan_expire(later, MIDDAY + timedelta(days=30), timedelta(0))) == ()


def test_foreign_keys_of_a_leaf_go_before_it_and_before_what_they_refer_to() -> None:
    parents = ladder_of(MONTHS, oid=1, table="parents")
    children = ladder_of(MONTHS, oid=2, table="children")
    bound = "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')"
    details = range_details(bound, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    gone = Detached(20, "public", "c", "public.children", MIDDAY - timedelta(days=1), "us", details)
    keys = (key("to_parents", 20, 1), key("to_others", 20, 9))
    state = State((children, parents), detached=(gone,), foreign_keys=keys)
    assert [str(step) for step in steps(plan_expire(state, MIDDAY))] == ["drop foreign key to_parents of c"]
    plan = [str(step) for step in steps(plan_expire(state, MIDDAY + timedelta(days=8)))]
    assert plan == [
        "drop foreign key to_parents of c",
        "drop foreign key to_others of c",
        "drop c, once of children",
    ]


def test_children_end_before_parents_and_begin_after_them() -> None:
    ladders = tuple(ladder_of(MONTHS, oid=oid, table=f"t{oid}") for oid in (1, 2, 3, 4))
    keys = (key("a", 3, 2), key("b", 2, 1), key("c", 8, 4))
    found = closures(ladders, keys)
    assert [(closure.parents, closure.key) for closure in found] == [((3, 2, 1), 1), ((4,), 4)]
    circle = closures(ladders, (*keys, key("d", 1, 3)))
    assert sorted(circle[0].parents) == [1, 2, 3]
    state = State(ladders, closures=found)
    made = [step.parent.oid for step in steps(plan_roll(state, MIDDAY))]
    assert made.index(1) < made.index(2) < made.index(3)
    assert [ladder.oid for ladder in state.declared(children_first=True)][:3] == [3, 2, 1]


def test_a_key_of_a_leaf_joins_the_closure_of_its_table() -> None:
    bound = "FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2026-02-01 00:00:00+00')"
    ladders = (ladder_of(MONTHS, (leaf_of(30, "a", bound, MONTHS),), oid=1), ladder_of(MONTHS, oid=2, table="u"))
    assert len(closures(ladders, ())) == 2
    (closure,) = closures(ladders, (key("k", 30, 2),))
    assert closure.tables == {1, 2}


@given(st.sampled_from([1, 2, 4, 8]), st.data())
def test_hash_partitions_fill_what_no_other_modulus_covers(modulus: int, data: st.DataObject) -> None:
    policy = HashPartitions("id", 4, "t_{remainder}")
    remainders = data.draw(st.sets(st.integers(0, modulus - 1)))
    bounds = [f"FOR VALUES WITH (modulus {modulus}, remainder {n})" for n in sorted(remainders)]
    there = world(policy, *bounds)
    plan = plan_roll(there.state, MIDDAY)
    made = {step.child.name for step in steps(plan) if isinstance(step, Create)}
    refused = {action.subject for action in plan if isinstance(action, Refuse)}
    expected, overlapping = set[str](), set[str]()
    for n in range(4):
        mine = [rest for rest in range(8) if rest % 4 == n and any(rest % modulus == taken for taken in remainders)]
        if not mine:
            expected.add(f"t_{n}")
        elif len(mine) < 2:
            overlapping.add(f"t_{n}")
    assert (made, refused) == (expected, overlapping)
    there.apply(plan)
    assert steps(plan_roll(there.state, MIDDAY)) == ()


@given(
    st.lists(st.none() | st.text(min_size=1) | st.integers(), min_size=1, max_size=9, unique_by=str),
    st.integers(0, 8),
    st.integers(0, 8),
)
def test_list_partitions_take_the_values_that_no_other_has(
    values: list[str | int | None], first: int, second: int
) -> None:
    first, second = sorted((first, second))
    sets = {"a": tuple(values[:first]), "b": tuple(values[first:second]), "c": tuple(values[second:])}
    policy = ListPartitions("kind", {name: listed_ for name, listed_ in sets.items() if listed_})
    (bound, *_) = [child.bound for child in policy.children(MIDDAY)]
    assert set(listed(f"FOR VALUES {bound}")) == {
        None if value is None else str(value) for value in next(iter(policy.partitions.values()))
    }
    there = world(policy, f"FOR VALUES {ListPartitions('kind', {'x': (values[0],)}).children(MIDDAY)[0].bound}")
    there.apply(plan_roll(there.state, MIDDAY))
    found = [value for leaf in there.only.leaves for value in listed(leaf.bound)]
    assert sorted(map(str, found)) == sorted(map(str, values))
    assert plan_roll(there.state, MIDDAY) == ()


def test_partitions_for_a_span_are_made_whatever_retention_says() -> None:
    there = world(MONTHS)
    span = (datetime(2024, 3, 31, 23, tzinfo=UTC), datetime(2024, 5, 1, tzinfo=UTC))
    names = [step.child.name for step in steps(plan_roll(there.state, MIDDAY, span=span)) if isinstance(step, Create)]
    assert names == ["t_2024_03", "t_2024_04"]


@pytest.mark.parametrize(
    ("literal", "key_type"),
    [
        ("'2026-03-01 00:00:00.5+00'", "timestamp(3) with time zone"),
        ("'2026-03-01 00:00:00.5+00'", "timestamp with time zone"),
        ("'2026-03-01 00:00:00.5'", "timestamp(3) without time zone"),
        ("'2026-03-01 00:00:00.5'", "timestamp without time zone"),
    ],
)
def test_bounds_of_keys_with_a_precision_are_read(literal: str, key_type: str) -> None:
    assert bound_moment(literal, key_type) == datetime(2026, 3, 1, 0, 0, 0, 500_000, tzinfo=UTC)
