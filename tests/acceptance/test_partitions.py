"""`airside partitions plan|roll|expire` as a user runs them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

from .shop import Shop

MODULE = '''"""A shop that keeps events by the month, and orders by the day."""

from datetime import date

from airside.schema.core import Database, RangePartitions, partitioned
from sqlalchemy import Column, DateTime, Integer, MetaData, Table

metadata = MetaData()
for name, period, more in (("events", "month", dict(retention=3, at_end="drop")), ("orders", "day", dict())):
    policy = RangePartitions(
        "at", period, name + "_{{year}}_{{month:02}}_{{day:02}}", start=date(2026, 1, 1), ahead=2, **more
    )
    Table(
        name,
        metadata,
        Column("id", Integer, primary_key=True, autoincrement=False),
        Column("at", DateTime(timezone=True), primary_key=True),
        postgresql_partition_by=policy.clause,
        info=partitioned(policy),
    )
database = Database("{name}", metadata=metadata)
'''
TABLES = """
CREATE TABLE events (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE orders (id int, at timestamptz, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
"""
FIRST = "to_char(date_trunc('month', now()) - interval '{} months', 'YYYY_MM_DD')"


class Keeper:
    """`airside partitions COMMAND` on the shop."""

    def __init__(self, shop: Shop) -> None:
        self.shop, self.name = shop, shop.project.name

    def __call__(self, command: str, *arguments: str, code: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.shop.airside("partitions", command, self.name, *arguments, cwd=self.shop.project.folder, code=code)

    def document(self, command: str, *arguments: str, code: int = 0) -> dict[str, Any]:
        (record,) = json.loads(self(command, *arguments, "--json", code=code).stdout)["databases"]
        return record

    def leaves(self, table: str) -> list[str]:
        rows = self.shop.execute(
            f"SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = '{table}'::regclass"
        )
        return sorted(name for (name,) in rows)

    def old(self, months: int) -> str:
        """A partition of so many months ago, with a row, made by hand; its name."""
        ((name,),) = self.shop.execute(f"SELECT 'events_' || {FIRST.format(months)}")
        self.shop.execute(
            f"DO $$ BEGIN EXECUTE format('CREATE TABLE public.{name} PARTITION OF events FOR VALUES FROM (%L) TO (%L)',"
            f" (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '{months} months') AT TIME ZONE 'UTC',"
            f" (date_trunc('month', now() AT TIME ZONE 'UTC') - interval '{months - 1} months') AT TIME ZONE 'UTC');"
            f" END $$"
        )
        self.shop.execute(f"ALTER TABLE {name} OWNER TO {self.name}_owner")
        self.shop.execute(f"INSERT INTO events VALUES (1, now() - interval '{months} months')")
        return name


@pytest.fixture
def keeper(shop: Shop) -> Iterator[Keeper]:
    project = shop.project
    (project.folder / f"{project.module}.py").write_text(MODULE.format(name=project.name))
    project.revision(1, TABLES, "SELECT 1;\n")
    shop("provision")
    return Keeper(shop)


def test_what_provisioning_made_needs_nothing_and_what_is_missing_is_made(keeper: Keeper) -> None:
    assert "nothing to do" in keeper("roll").stdout
    assert "nothing to do" in keeper("plan").stdout
    before = keeper.leaves("events")
    lost = before[-1]
    keeper.shop.execute(f"ALTER TABLE events DETACH PARTITION {lost}; DROP TABLE {lost}")
    planned = keeper("plan").stdout
    assert f"roll: create {lost} of events FROM" in planned
    assert f'ATTACH PARTITION "public"."{lost}"' in keeper("roll", "--dry-run").stdout
    assert keeper.leaves("events") == before[:-1]  # neither of them changed anything
    (done,) = keeper.document("roll")["done"]
    assert (done["action"], done["table"]) == ("create", "events")
    assert keeper.leaves("events") == before


def test_the_end_of_a_partition(keeper: Keeper) -> None:
    kept, past = keeper.leaves("events")[0], keeper.old(5)
    assert f"expire: detach {past} from events concurrently" in keeper("plan").stdout
    assert "CONCURRENTLY" in keeper("expire", "--dry-run").stdout
    assert past in keeper.leaves("events")
    assert f"detach {past} from events concurrently" in keeper("expire").stdout
    assert past not in keeper.leaves("events")
    assert kept in keeper.leaves("events")
    assert "dropped after" in keeper("expire").stdout
    assert keeper.shop.execute(f"SELECT count(*) FROM {past}") == [(1,)]
    assert f"drop {past}" in keeper("expire", "--grace", "0").stdout
    assert keeper.shop.execute(f"SELECT to_regclass('{past}')") == [(None,)]
    keeper("expire", "--grace", "soon", code=2)


def test_a_table_of_its_name_is_left_alone_and_the_others_are_made(keeper: Keeper) -> None:
    lost, also = keeper.leaves("events")[-1], keeper.leaves("orders")[-1]
    for table, leaf in (("events", lost), ("orders", also)):
        keeper.shop.execute(f"ALTER TABLE {table} DETACH PARTITION {leaf}; DROP TABLE {leaf}")
    keeper.shop.execute(f"CREATE TABLE public.{lost} (mine int)")
    assert f"{lost} exists and is no partition of events" in keeper("plan", code=1).stdout
    done = keeper("roll", code=4)
    assert f"public.{lost} exists and is no partition of events. Next: attach it" in done.stderr
    assert "Traceback" not in done.stderr
    assert also in keeper.leaves("orders")
    assert keeper.document("roll", code=4)["refused"][0]["what"].startswith(f"public.{lost} exists")


def test_a_lock_that_never_comes_is_an_error_that_says_what_to_do(keeper: Keeper) -> None:
    lost = keeper.leaves("events")[-1]
    keeper.shop.execute(f"ALTER TABLE events DETACH PARTITION {lost}; DROP TABLE {lost}")
    with keeper.shop.server.connect(keeper.name) as connection:
        connection.execute("LOCK TABLE events IN SHARE UPDATE EXCLUSIVE MODE")
        done = keeper("roll", "--lock-wait", "0.5", code=3)
        assert "no lock in" in done.stderr
        record = keeper.document("roll", "--lock-wait", "0.5", code=3)
    (failed,) = record["failed"]
    assert failed["type"] == "LockNotAcquired"
    assert record["locks"]["in_vain"] >= 1
    assert record["locks"]["longest_try"] < 1
    keeper("roll")
    assert lost in keeper.leaves("events")


def test_ctrl_c_is_one_line_and_the_next_run_finishes(keeper: Keeper) -> None:
    past = keeper.old(6)
    with keeper.shop.server.connect(keeper.name) as reader:
        reader.execute("SELECT count(*) FROM events")
        # its snapshot keeps the detach from being finished
        run = subprocess.Popen(
            [sys.executable, "-m", "airside.cli", "partitions", "expire", keeper.name],
            cwd=keeper.shop.project.folder,
            env={**os.environ, "AIRSIDE_URL": keeper.shop.server.url("postgres", show_password=True)},
            stderr=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 30
        pending = "SELECT count(*) FROM pg_inherits WHERE inhdetachpending"
        while keeper.shop.execute(pending) == [(0,)] and time.monotonic() < deadline:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=30)
    assert run.returncode == 130, errors
    assert errors.count("\n") == 1, errors
    assert "interrupted. Next: run the command again; what was done stands" in errors
    assert "finish the detach" in keeper("expire").stdout
    assert keeper.shop.execute(pending) == [(0,)]
    assert past not in keeper.leaves("events")


def test_databases_without_partitions_need_not_be_there(shop: Shop) -> None:
    shop.project.declare()
    for command in ("plan", "roll", "expire"):
        done = shop.airside("partitions", command, shop.project.name, "--json", cwd=shop.project.folder)
        assert json.loads(done.stdout) == {"databases": []}
