"""Sets of a real pg_partman 4.7 adopted, watched and handed back; part_config of 5.x by its published columns.

A PostgreSQL 15 with the extension (Debian's postgresql-15-partman) is the session's server, or is started here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from airside.partitions.partman.carry import carry
from airside.partitions.partman.config import PartConfig, Partman, find_partman, read_config, rolled_by_partman
from airside.partitions.partman.foresee import differences
from airside.partitions.partman.hand import hand_back, take_over
from airside.partitions.state import Ladder, read_ladders
from airside.schema.core import RangePartitions
from airside.schema.core.errors import DeclarationError, LockNotAcquired, MissingExtension, MissingRight, Refused
from airside.schema.core.locks import LockBudget
from airside.schema.core.partitioning import Period, floor, step
from airside.schema.core.patience import Patience
from airside.server import Server, ephemeral, find
from psycopg import sql

from ..stranger import new_project

DEBIAN = Path("/usr/lib/postgresql/15/bin")
NOW = datetime.now(UTC)


def has_extension(server: Server) -> bool:
    with server.connect("postgres", autocommit=True) as connection:
        row = connection.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_partman'").fetchone()
    return row == (1,)


@pytest.fixture(scope="module")
def place(server: Server) -> Iterator[Server]:
    """A server that has pg_partman."""
    if has_extension(server):
        yield server
        return
    if not (DEBIAN / "initdb").is_file():
        pytest.skip(f"pg_partman is not on this server, and there is no PostgreSQL 15 in {DEBIAN}")
    with ephemeral(find({"AIRSIDE_PG_BIN": str(DEBIAN)})) as debian:
        if not has_extension(debian):
            pytest.skip("the PostgreSQL 15 of this machine lacks pg_partman (postgresql-15-partman)")
        yield debian


@dataclass(frozen=True)
class Partmanned:
    """A database with pg_partman, seen in UTC."""

    connection: psycopg.Connection[Any]
    partman: Partman

    def create(self, table: str, interval: str, *, key: str = "timestamptz", premake: int = 4) -> None:
        self.connection.execute("SET search_path = public")
        self.connection.execute(
            f"CREATE TABLE {table} (at {key} NOT NULL, id int, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)".encode()
        )
        self.connection.execute(
            "SELECT partman.create_parent(%s, 'at', 'native', %s, p_premake => %s)",
            [f"public.{table}", interval, premake],
        )

    def ladder(self, table: str) -> Ladder:
        return next(ladder for ladder in read_ladders(self.connection) if ladder.table == table)

    def leaves(self, table: str) -> list[tuple[str, str]]:
        return [(leaf.name, leaf.bound) for leaf in self.ladder(table).leaves]

    def config(self, table: str) -> PartConfig:
        config = read_config(self.connection, self.partman, "public", table)
        assert config is not None
        return config

    def policy(self, table: str) -> RangePartitions:
        policy = carry(self.config(table), self.ladder(table)).policy
        assert policy is not None
        return policy

    def set(self, table: str, **values: Any) -> None:
        for column, value in values.items():
            self.connection.execute(
                sql.SQL("UPDATE partman.part_config SET {} = %s WHERE parent_table = %s").format(
                    sql.Identifier(column)
                ),
                [value, f"public.{table}"],
            )

    def run_maintenance(self, table: str | None = None) -> None:
        self.connection.execute("SELECT partman.run_maintenance(%s)", [table and f"public.{table}"])

    def hand_back(self, table: str, policy: RangePartitions, *, write: bool = True, now: datetime = NOW) -> Any:
        config = read_config(self.connection, self.partman, "public", table)
        patience = Patience(LockBudget(0.05, 0.5))
        ladder = self.ladder(table)
        return hand_back(self.connection, self.partman, config, ladder, policy, now, patience, write=write)


@pytest.fixture
def managed(place: Server, request: pytest.FixtureRequest) -> Iterator[Partmanned]:
    name = f"partman_{abs(hash(request.node.nodeid)) % 10**9}"
    with place.connect("postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    with place.connect(name, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")
        yield Partmanned(connection, find_partman(connection))
    with place.connect("postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


INTERVALS: list[tuple[str, Period, str]] = [
    ("hourly", "hour", "timestamptz"),
    ("daily", "day", "timestamp"),
    ("weekly", "week", "timestamptz"),
    ("monthly", "month", "date"),
    ("quarterly", "quarter", "timestamptz"),
    ("yearly", "year", "timestamptz"),
]


@pytest.mark.parametrize(("interval", "period", "key"), INTERVALS)
def test_a_set_adopted_and_handed_back_keeps_its_partitions(
    managed: Partmanned, interval: str, period: Period, key: str
) -> None:
    now = datetime.now(UTC)
    managed.create("calls", interval, key=key)
    managed.connection.execute("INSERT INTO calls VALUES (now(), 1)")
    before, config = managed.leaves("calls"), managed.config("calls")
    carried = carry(config, managed.ladder("calls"))
    policy = managed.policy("calls")
    assert (policy.period, policy.ahead, policy.default, carried.lost) == (period, 4, True, ())
    wanted = [(child.name, f"FOR VALUES {child.bound}") for child in policy.children(now)]
    existing = [(leaf.name, leaf.lower) for leaf in managed.ladder("calls").leaves if leaf.lower]
    assert [name for name, _ in wanted] == [name for name, _ in existing]

    assert take_over(managed.connection, managed.partman, config, managed.ladder("calls"), Patience())
    assert rolled_by_partman(managed.connection) == frozenset()
    managed.run_maintenance()
    assert managed.leaves("calls") == before

    managed.hand_back("calls", policy, now=now)
    assert managed.leaves("calls") == before
    assert rolled_by_partman(managed.connection) == {("public", "calls")}
    assert managed.config("calls") == config
    managed.run_maintenance()
    assert managed.leaves("calls") == before
    events = managed.connection.execute("SELECT event, leaf FROM airside.partition_ledger ORDER BY id").fetchall()
    assert events == [("adopted", "public.calls"), ("handed_back", "public.calls")]


@pytest.mark.parametrize(("interval", "period", "key"), INTERVALS)
def test_a_set_that_pg_partman_never_knew_is_rolled_on_as_the_policy_says(
    managed: Partmanned, interval: str, period: Period, key: str
) -> None:
    now = datetime.now(UTC)
    managed.create("model", interval, key=key)
    start = step(floor(now, period), period, -2)
    named = managed.policy("model").name.replace("model", "calls")
    policy = RangePartitions(
        "at",
        period,
        named,
        start=start if period == "hour" else start.date(),
        key_type=managed.policy("model").key_type,
    )
    managed.connection.execute("SET search_path = public")
    managed.connection.execute(f"CREATE TABLE calls (at {key} NOT NULL) PARTITION BY RANGE (at)".encode())
    for child in policy.children(now):
        managed.connection.execute(f"CREATE TABLE {child.name} PARTITION OF calls FOR VALUES {child.bound}".encode())
    before = managed.leaves("calls")

    tried = managed.hand_back("calls", policy, write=False, now=now)
    assert read_config(managed.connection, managed.partman, "public", "calls") is None
    handed = managed.hand_back("calls", policy, now=now)
    assert handed == tried
    assert managed.leaves("calls") == before
    managed.run_maintenance("calls")
    after = managed.leaves("calls")
    # it rounds: from the middle of a period on it is half a period earlier than Airside
    assert tuple(name for name, _ in after if name not in dict(before)) == handed.makes_first
    assert len(handed.makes_first) <= 1
    lasting = policy.between(policy.first, step(floor(now, period), period, policy.ahead + 1 + len(handed.makes_first)))
    assert [name for name, _ in after] == [child.name for child in lasting]
    later = step(floor(now, period), period, 2)
    assert {name for name, _ in after} <= {child.name for child in policy.children(later)}


def moved(months: int) -> datetime:
    return step(floor(NOW, "month"), "month", months)


SITUATIONS: dict[str, tuple[dict[str, Any], tuple[datetime, ...]]] = {
    "empty": ({}, ()),
    "by the clock": ({"infinite_time_partitions": True}, ()),
    "rows now": ({"premake": 6}, (NOW,)),
    "rows long ago": ({}, (moved(-3),)),
    "rows ahead": ({}, (moved(3),)),
    "rows ahead, by the clock": ({"infinite_time_partitions": True}, (moved(3),)),
    "strayed rows": ({}, (NOW, moved(7))),
    "strayed rows, ignored": ({"ignore_default_data": True}, (NOW, moved(40))),
    "more by the clock": ({"infinite_time_partitions": True, "premake": 9}, (NOW,)),
    "kept for two months": ({"retention": "2 months", "retention_keep_table": False}, (NOW,)),
    "all ended but one": ({"retention": "-10 years"}, (NOW,)),
}


@pytest.mark.parametrize("situation", SITUATIONS)
def test_what_pg_partman_does_was_foreseen(managed: Partmanned, situation: str) -> None:
    values, rows = SITUATIONS[situation]
    managed.create("calls", "monthly")
    managed.set("calls", **values)
    for row in rows:
        managed.connection.execute("INSERT INTO calls VALUES (%s, 1)", [row])
    before, config = managed.leaves("calls"), managed.config("calls")
    # a policy that asks for nothing and ends nothing: every difference is what pg_partman does
    idle = replace(managed.policy("calls"), start=moved(90).date(), retention=None, at_end="keep")
    foreseen = differences(managed.connection, managed.partman, config, managed.ladder("calls"), idle, NOW)
    if situation == "strayed rows":
        # the partition that holds them cannot be made
        with pytest.raises(psycopg.errors.RaiseException, match="would be violated by some row"):
            managed.run_maintenance()
        assert max(difference.partition for difference in foreseen) == f"calls_p{moved(11):%Y_%m}"
        return
    managed.run_maintenance()
    after = managed.leaves("calls")
    assert {name for name, _ in after} - {name for name, _ in before} == {
        difference.partition for difference in foreseen if difference.do == "create"
    }
    assert {name for name, _ in before} - {name for name, _ in after} == {
        difference.partition for difference in foreseen if difference.do == "end"
    }


def test_differences_name_who_and_why(managed: Partmanned) -> None:
    managed.create("calls", "monthly")
    managed.set("calls", infinite_time_partitions=True, premake=7, retention="3 months")
    policy = replace(managed.policy("calls"), ahead=4, retention="1 month", at_end="drop")
    texts = [
        str(found)
        for found in differences(
            managed.connection, managed.partman, managed.config("calls"), managed.ladder("calls"), policy, NOW
        )
    ]
    assert f"pg_partman would create calls_p{moved(5):%Y_%m}, Airside would not: it counts 7 partitions" in texts[0]
    assert f"Airside would end calls_p{moved(-2):%Y_%m}, pg_partman would not: its retention is 3 months" in texts


def refused(managed: Partmanned, policy: RangePartitions, words: str, **more: Any) -> None:
    before = managed.connection.execute("TABLE partman.part_config").fetchall()
    with pytest.raises(DeclarationError, match=words):
        managed.hand_back("calls", policy, **more)
    assert managed.connection.execute("TABLE partman.part_config").fetchall() == before


def test_what_pg_partman_cannot_go_on_with_is_refused(managed: Partmanned) -> None:
    managed.create("calls", "monthly")
    policy = managed.policy("calls")
    refused(managed, replace(policy, name="calls_{year}_{month:02}"), "pg_partman names partitions calls_p")
    refused(managed, replace(policy, name="calls_p{year}{month:02}"), "4.x reads times from names")
    refused(managed, replace(policy, key="id"), "the policy by RANGE \\(id\\)")
    refused(managed, replace(policy, period="year", name="calls_p{year}", start=date(2026, 1, 1)), "which is no year")
    refused(managed, replace(policy, ahead=5), "is not there yet")
    managed.set("calls", control="id")
    refused(managed, policy, "what part_config holds of it: id")


def test_a_trial_that_makes_something_else_is_refused_and_leaves_nothing(managed: Partmanned) -> None:
    managed.create("calls", "monthly")
    policy, before = managed.policy("calls"), managed.leaves("calls")
    # an interval that part_config does not tell apart from the policy's by its period alone
    managed.set("calls", datetime_string="YYYY_MM_DD", infinite_time_partitions=True, automatic_maintenance="off")
    later = NOW - timedelta(days=200)
    with pytest.raises(Refused, match="which the policy does not know"):
        managed.hand_back("calls", replace(policy, ahead=9), now=later)
    assert managed.leaves("calls") == before
    assert not managed.config("calls").automatic


def test_an_archive_stays_with_airside(managed: Partmanned) -> None:
    managed.create("calls", "monthly")
    policy = replace(managed.policy("calls"), retention="2 months", at_end="archive")
    assert managed.hand_back("calls", policy, write=False).values["retention"] is None
    assert managed.hand_back("calls", replace(policy, at_end="drop")).values["retention"] == "2 months"
    assert not managed.config("calls").retention_keeps_table


def test_nothing_is_handed_over_while_maintenance_runs(managed: Partmanned, place: Server) -> None:
    managed.create("calls", "monthly")
    policy = managed.policy("calls")
    with place.connect(managed.connection.info.dbname) as other:
        other.execute("SELECT partman.run_maintenance()")
        with pytest.raises(LockNotAcquired, match="maintenance is under way"):
            managed.hand_back("calls", policy)
        with pytest.raises(LockNotAcquired, match="maintenance is under way"):
            take_over(managed.connection, managed.partman, managed.config("calls"), managed.ladder("calls"), Patience())
    assert managed.config("calls").automatic


def test_a_busy_table_is_not_waited_for_and_said_to_be_busy(managed: Partmanned, place: Server) -> None:
    managed.create("calls", "monthly")
    managed.set("calls", infinite_time_partitions=True)
    policy = replace(managed.policy("calls"), ahead=7)
    with place.connect(managed.connection.info.dbname) as other:
        other.execute("LOCK TABLE public.calls IN SHARE ROW EXCLUSIVE MODE")
        with pytest.raises(LockNotAcquired, match="handing public"):
            managed.hand_back("calls", policy, now=NOW - timedelta(days=120))


def test_missing_rights_and_a_missing_extension_are_said(managed: Partmanned, place: Server) -> None:
    managed.create("calls", "monthly")
    managed.connection.execute(
        "DROP ROLE IF EXISTS partman_nobody; CREATE ROLE partman_nobody; SET ROLE partman_nobody"
    )
    with pytest.raises(MissingRight) as raised:
        managed.config("calls")
    assert 'GRANT USAGE ON SCHEMA "partman" TO "partman_nobody"' in str(raised.value)
    assert rolled_by_partman(managed.connection) == frozenset()
    managed.connection.execute("RESET ROLE; DROP ROLE partman_nobody")
    with place.connect("postgres", autocommit=True) as connection, pytest.raises(MissingExtension):
        find_partman(connection)


def test_a_ladder_in_another_time_zone_is_no_policy(managed: Partmanned) -> None:
    managed.connection.execute("SET TimeZone = 'Europe/Berlin'")
    managed.create("calls", "daily")
    managed.connection.execute("SET TimeZone = 'UTC'")
    carried = carry(managed.config("calls"), managed.ladder("calls"))
    assert carried.policy is None
    assert "which is no day in UTC" in carried.lost[0]


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        ("SELECT partman.create_parent('public.calls', 'id', 'native', '1000')", "ranges of numbers (1000 each)"),
        (
            "SELECT partman.create_parent('public.calls', 'id', 'native', 'daily', p_epoch => 'seconds')",
            "the key counts seconds since 1970",
        ),
    ],
)
def test_numbers_are_no_policy(managed: Partmanned, prepare: str, words: str) -> None:
    managed.connection.execute("CREATE TABLE public.calls (id bigint NOT NULL) PARTITION BY RANGE (id)")
    managed.connection.execute(prepare.encode())
    carried = carry(managed.config("calls"), managed.ladder("calls"))
    assert carried.policy is None
    assert words in carried.lost[0]


def test_sub_partitioning_is_no_policy(managed: Partmanned) -> None:
    managed.create("calls", "monthly")
    managed.connection.execute(
        "SELECT partman.create_sub_parent('public.calls', 'id', 'native', '1000', p_native_check => 'yes')"
    )
    carried = carry(managed.config("calls"), managed.ladder("calls"))
    assert carried.policy is None
    assert "sub-partitioning" in carried.lost[0]


COLUMNS_OF_5 = """
    parent_table text PRIMARY KEY, control text NOT NULL, time_encoder text, time_decoder text,
    partition_interval text NOT NULL, partition_type text NOT NULL, premake int NOT NULL DEFAULT 4,
    automatic_maintenance text NOT NULL DEFAULT 'on', template_table text, retention text, retention_schema text,
    retention_keep_index boolean NOT NULL DEFAULT true, retention_keep_table boolean NOT NULL DEFAULT true,
    epoch text NOT NULL DEFAULT 'none', constraint_cols text[], optimize_constraint int NOT NULL DEFAULT 30,
    infinite_time_partitions boolean NOT NULL DEFAULT false, datetime_string text, jobmon boolean NOT NULL DEFAULT true,
    sub_partition_set_full boolean NOT NULL DEFAULT false, undo_in_progress boolean NOT NULL DEFAULT false,
    inherit_privileges boolean DEFAULT false, constraint_valid boolean NOT NULL DEFAULT true,
    ignore_default_data boolean NOT NULL DEFAULT true, date_trunc_interval text, maintenance_order int,
    retention_keep_publication boolean NOT NULL DEFAULT false, maintenance_last_run timestamptz
"""


@pytest.fixture
def five(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    """What 5.2 keeps, in a schema of another name; its maintenance does nothing here."""
    with server.connect(database, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'; CREATE SCHEMA parts")
        connection.execute(f"CREATE TABLE parts.part_config ({COLUMNS_OF_5})".encode())
        connection.execute("CREATE TABLE parts.part_config_sub (sub_parent text PRIMARY KEY)")
        connection.execute(
            "CREATE FUNCTION parts.run_maintenance(text, analysing boolean DEFAULT false) RETURNS void"
            " LANGUAGE sql AS 'SELECT'"
        )
        yield connection


FIVE = Partman("parts", "5.2.4")


@pytest.mark.parametrize(
    ("interval", "datetime_string", "period", "name"),
    [
        ("1 mon", "YYYYMMDD", "month", "calls_p{year}{month:02}{day:02}"),
        ("7 days", "YYYYMMDD", "week", "calls_p{year}{month:02}{day:02}"),
        ("01:00:00", "YYYYMMDD_HH24MISS", "hour", "calls_p{year}{month:02}{day:02}_{hour:02}0000"),
    ],
)
def test_part_config_of_5_becomes_a_policy_and_comes_back(
    five: psycopg.Connection[Any], interval: str, datetime_string: str, period: Period, name: str
) -> None:
    now = datetime.now(UTC)
    start = floor(now, period)
    policy = RangePartitions("id", period, name, start=start if period == "hour" else start.date(), key_type="uuidv7")
    five.execute("CREATE TABLE calls (id uuid PRIMARY KEY) PARTITION BY RANGE (id)")
    for child in policy.children(now):
        five.execute(f"CREATE TABLE {child.name} PARTITION OF calls FOR VALUES {child.bound}".encode())
    five.execute(
        "INSERT INTO parts.part_config (parent_table, control, partition_interval, partition_type, premake, retention,"
        " retention_keep_table, datetime_string, infinite_time_partitions, time_encoder)"
        " VALUES ('public.calls', 'id', %s, 'range', 3, '90 days', false, %s, true, 'parts.uuid7_time_encoder')",
        [interval, datetime_string],
    )
    config = read_config(five, FIVE, "public", "calls")
    assert config is not None
    carried = carry(config, read_ladders(five)[0])
    assert carried.policy == replace(policy, retention="90 days", at_end="drop")
    assert carried.lost == ()

    five.execute("DELETE FROM parts.part_config")
    hand_back(five, FIVE, None, read_ladders(five)[0], carried.policy, now, Patience(), write=True)
    back = read_config(five, FIVE, "public", "calls")
    assert back is not None
    assert carry(back, read_ladders(five)[0]).policy == carried.policy
    assert (back.kind, back.rest["time_encoder"]) == ("range", '"parts"."uuid7_time_encoder"')


def test_the_command_takes_over_watches_and_hands_back(
    place: Server, tmp_path: Path, airside: Callable[..., Any]
) -> None:
    project = new_project(tmp_path)
    url = place.url("postgres", show_password=True)

    def run(*arguments: str, code: int = 0) -> str:
        done = airside("partitions", "adopt", project.name, *arguments, cwd=tmp_path, code=code, AIRSIDE_URL=url)
        return done.stdout + done.stderr

    def roll(code: int = 0) -> str:
        done = airside("partitions", "roll", project.name, cwd=tmp_path, code=code, AIRSIDE_URL=url)
        return done.stdout + done.stderr

    airside("provision", project.name, cwd=tmp_path, AIRSIDE_URL=url)
    owner = project.entry.load().roles.owner
    with place.connect(project.name, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman")
        connection.execute("CREATE TABLE public.calls (at timestamptz NOT NULL) PARTITION BY RANGE (at)")
        connection.execute("SELECT partman.create_parent('public.calls', 'at', 'native', 'monthly')")
        connection.execute("UPDATE partman.part_config SET retention = '2 years', infinite_time_partitions = true")
        managed = Partmanned(connection, find_partman(connection))
        for name, _ in [("calls", ""), *managed.leaves("calls")]:
            connection.execute(
                sql.SQL("ALTER TABLE public.{} OWNER TO {}").format(sql.Identifier(name), sql.Identifier(owner))
            )
        assert "GRANT USAGE ON SCHEMA" in run("calls", code=3)
        for grant in ("USAGE ON SCHEMA partman", "ALL ON ALL TABLES IN SCHEMA partman"):
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.SQL(grant), sql.Identifier(owner)))  # type: ignore[arg-type]
        before = managed.leaves("calls")

        assert "the models declare no policy" in run("calls", "--write", code=2)
        document = json.loads(run("calls", "--json"))
        assert document["declaration"] in run("calls")
        project.declare(
            "\n\nfrom sqlalchemy import Column, DateTime, Table\n"
            + document["declaration"]
            + '\nTable("calls", Base.metadata, Column("at", DateTime(timezone=True), nullable=False),'
            + " postgresql_partition_by=CALLS.clause, info=partitioned(CALLS))\n"
        )
        changed = document["declaration"].replace('"2 years"', '"1 month"').replace('at_end="detach"', 'at_end="drop"')
        assert changed != document["declaration"]
        assert "taken over from pg_partman 4.7.2" in run("calls", "--write")
        assert "already taken over" in run("calls", "--write")
        assert managed.leaves("calls") == before
        assert "could be handed to pg_partman" in run("calls", "--hand-back")
        assert not managed.config("calls").automatic
        assert "automatic_maintenance = on" in run("calls", "--hand-back", "--write")
        assert managed.config("calls").automatic
        assert managed.leaves("calls") == before

        connection.execute(f"DROP TABLE public.calls_p{moved(4):%Y_%m}".encode())
        assert "is rolled by pg_partman" in roll(code=1)
        run("calls", "--write")
        assert f"calls_p{moved(4):%Y_%m}" in roll()
        assert dict(managed.leaves("calls")) == dict(before)
        run("calls", "--hand-back", "--write")

        connection.execute("UPDATE partman.part_config SET premake = 12")
        assert f"pg_partman would create calls_p{moved(6):%Y_%m}" in run("calls", "--watch", code=1)
        connection.execute("UPDATE partman.part_config SET infinite_time_partitions = false, premake = 4")
        connection.execute("INSERT INTO public.calls VALUES (now())")
        assert "would do the same now" in run("calls", "--watch")
        assert managed.leaves("calls") == before

        source = tmp_path / f"{project.module}.py"
        source.write_text(source.read_text().replace(document["declaration"], changed))
        assert "the declared policy is not what the set is: Airside would end" in run("calls", "--write", code=1)
        assert managed.config("calls").automatic
        assert "--watch changes nothing" in run("calls", "--watch", "--write", code=2)
    with place.connect("postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(project.name)))
        for role in ("owner", "app", "readonly"):
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(f"{project.name}_{role}")))
