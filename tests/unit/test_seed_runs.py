"""Which run a seed command makes or goes on with, and what a system declares for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from airside.cli.seeding.ladder import usual_span
from airside.schema.core import Database, RangePartitions, partitioned
from airside.schema.core.errors import DeclarationError, Refused, UsageError
from airside.schema.core.registry import load_registry
from airside.seeds.generated import Driver, GeneratedSystem, Reference, Scope, Undigested
from airside.seeds.generated.declaration import Columns
from airside.seeds.generated.orphans import looked_up
from airside.seeds.generated.resume import Asked, require_same, settle
from airside.seeds.generated.run import Progress, Run
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, DateTime, MetaData, Table

SPAN = (datetime(2025, 11, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
RUN = Run(100, 1, *SPAN)
HALF = Progress("user", 50, 100, "recipe", 100, 1, *SPAN)
WHOLE = replace(HALF, next=100)


def test_a_new_run_takes_what_was_said_and_the_usual_for_the_rest() -> None:
    run = settle(Asked(scale=100), "shop", {"a": (), "b": ()}, SPAN, targets=["a"])
    assert run == RUN
    since = datetime(2026, 1, 1, tzinfo=UTC)
    run = settle(Asked(scale=7, random_seed=0, since=since), "shop", {"a": ()}, SPAN, targets=["a"])
    assert run == Run(7, 0, since, SPAN[1])


@pytest.mark.parametrize(
    "asked",
    [
        Asked(append=True),
        Asked(scale=1, since=SPAN[1]),
        Asked(scale=1, until=SPAN[0]),
        Asked(scale=1, since=datetime(2016, 10, 1, tzinfo=UTC)),
        Asked(scale=1, since=datetime(9999, 1, 1, tzinfo=UTC), until=datetime(9999, 12, 31, tzinfo=UTC)),
    ],
    ids=["nothing to go on with", "from too late", "to too early", "too long", "too far away"],
)
def test_a_run_that_cannot_begin_is_a_usage_error(asked: Asked) -> None:
    with pytest.raises(UsageError):
        settle(asked, "shop", {"a": ()}, SPAN, targets=["a"])


def test_a_sibling_joins_the_recorded_run_whatever_day_it_is() -> None:
    later = (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))
    assert settle(Asked(scale=100), "shop", {"a": (WHOLE,), "b": ()}, later, targets=["b"]) == RUN


@pytest.mark.parametrize(
    "asked",
    [Asked(scale=101), Asked(scale=100, random_seed=2), Asked(scale=100, since=SPAN[1]), Asked(append=True, scale=99)],
)
def test_another_run_than_the_recorded_one_is_refused(asked: Asked) -> None:
    with pytest.raises(Refused, match="would not agree") as refused:
        settle(asked, "shop", {"a": (WHOLE,)}, SPAN, targets=["a"])
    assert "--append" in str(refused.value)
    assert "--reset" in str(refused.value)


def test_an_unfinished_run_asks_for_append_and_goes_on_with_it() -> None:
    records = {"a": (WHOLE, HALF), "b": ()}
    with pytest.raises(Refused, match="did not come to its end") as refused:
        settle(Asked(scale=100), "shop", records, SPAN, targets=["a", "b"])
    assert "--append" in str(refused.value)
    assert settle(Asked(append=True), "shop", records, SPAN, targets=["a", "b"]) == RUN
    assert settle(Asked(scale=100), "shop", records, SPAN, targets=["b"]) == RUN


def test_databases_that_hold_different_runs_are_refused() -> None:
    with pytest.raises(Refused, match=r"scale 100.* scale 9"):
        settle(Asked(scale=100), "shop", {"a": (WHOLE,), "b": (replace(WHOLE, scale=9),)}, SPAN, targets=["a"])


def test_a_run_that_another_generator_began_is_not_gone_on_with() -> None:
    require_same("a", (HALF,), RUN, "recipe")
    require_same("a", (WHOLE,), RUN, "another")
    with pytest.raises(Refused, match="another version"):
        require_same("a", (HALF,), RUN, "another")
    with pytest.raises(Refused, match="scale 100"):
        require_same("a", (WHOLE,), replace(RUN, scale=3), "recipe")


@given(st.sets(st.text(max_size=3)), st.sets(st.text(max_size=3)))
def test_every_key_is_looked_up(child: set[str], parent: set[str]) -> None:
    found = dict(looked_up(iter(sorted(child)), iter(sorted(parent))))
    assert found == {key: key in parent for key in child}


def test_the_usual_span_is_a_year_within_the_partitions_that_are_kept() -> None:
    metadata = MetaData()
    kept = RangePartitions("at", "month", "kept_{year}_{month:02}", start=date(2026, 1, 1))
    dropped = RangePartitions(
        "at", "month", "dropped_{year}_{month:02}", start=date(2026, 5, 1), retention=3, at_end="drop"
    )
    for name, policy in (("kept", kept), ("dropped", dropped)):
        Table(name, metadata, Column("at", DateTime(timezone=True)), info=partitioned(policy))
    now = datetime(2026, 2, 28, 13, tzinfo=UTC)
    today = datetime(2026, 2, 28, tzinfo=UTC)
    assert usual_span([Database("d", MetaData())], now) == (datetime(2025, 2, 28, tzinfo=UTC), today)
    assert usual_span([Database("d", metadata)], now) == (datetime(2026, 1, 1, tzinfo=UTC), today)
    assert usual_span([Database("d", MetaData())], now, datetime(2024, 5, 1, tzinfo=UTC)) == (
        datetime(2023, 5, 1, tzinfo=UTC),
        today,
    )
    leap = datetime(2028, 2, 29, tzinfo=UTC)
    assert usual_span([Database("d", metadata)], leap)[0] == datetime(2027, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("text", ["users(id)", "db.users", "db.users()", "db.users(id", "db.public.users(id)"])
def test_columns_are_spelled_in_one_way(text: str) -> None:
    with pytest.raises(DeclarationError):
        Columns.of(text)


def test_columns_and_what_digests_leave_out() -> None:
    reference = Reference.of("a.orders(user_id, day)", "b.users(id, day)")
    assert reference.child == Columns("a", "orders", ("user_id", "day"))
    assert str(reference) == "a.orders(user_id, day) -> b.users(id, day)"
    system = GeneratedSystem(__file__, (), undigested=(Undigested("a.orders(at, by)", "a trigger sets them"),))
    assert system.undigested_columns("a", "orders") == {"at", "by"}
    assert system.undigested_columns("b", "orders") == set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shop_db").mkdir()
    (tmp_path / "shared.sql").write_text("")
    return tmp_path


def system_in(folder: Path) -> GeneratedSystem:
    drivers = (Driver("user", "scale"), Driver("order", "orders"))
    scope = Scope("tenant", "app.tenant", "tenants")
    return GeneratedSystem(str(folder / "__init__.py"), drivers, scope=scope)


def test_steps_say_what_they_are_about(folder: Path) -> None:
    (folder / "shop_db" / "02_orders.sql").write_text("-- airside: per order, as each tenant\nINSERT INTO orders")
    (folder / "shop_db" / "01_users.sql").write_text("-- airside: per user\nINSERT INTO users")
    system = system_in(folder)
    steps = system.steps("shop_db")
    assert [(step.name, step.driver, step.scoped) for step in steps] == [
        ("01_users", "user", False),
        ("02_orders", "order", True),
    ]
    assert [driver.name for driver in system.drivers_of("shop_db")] == ["user", "order"]
    assert system.steps("other_db") == ()


@pytest.mark.parametrize(
    "line", ["INSERT INTO users", "-- airside: per guest\n", "-- airside: per user, as each user\n"]
)
def test_a_step_that_does_not_say_what_it_is_about_is_refused(folder: Path, line: str) -> None:
    (folder / "shop_db" / "01_users.sql").write_text(line)
    with pytest.raises(DeclarationError, match="what the step is about"):
        system_in(folder).steps("shop_db")


def test_what_is_declared_fits_the_declared_databases() -> None:
    from airside.cli.seeding.jobs import generator

    for name, entries in load_registry().systems().items():
        system = generator(name)
        assert system is not None, name
        tables = {entry.name: entry.load().metadata.tables for entry in entries}
        named = [side for reference in system.references for side in (reference.child, reference.parent)]
        named += [Columns.of(entry.columns) for entry in system.undigested]
        for columns in named:
            assert set(columns.columns) <= set(tables[columns.database][columns.table].columns.keys()), str(columns)
        assert set(system.horizon_days) <= set(tables)
        assert all(system.steps(entry.name) for entry in entries), name
