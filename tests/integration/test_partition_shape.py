"""A new partition is like its parent, whatever LIKE leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest
from airside.partitions.actions import Refuse
from airside.schema.core import HashPartitions, RangePartitions
from airside.schema.core.partitioning import ListPartitions
from airside.server import Server

from .partition_ground import NOW, declaring, expired, leaves, one, owned, rolled

MONTHS = RangePartitions("at", "month", "t_{year}_{month:02}", date(2026, 11, 1), ahead=1)


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(database, autocommit=True) as opened:
        yield opened


def test_everything_that_a_parent_has_its_new_partition_has(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(
        server,
        database,
        "CREATE TABLE u (id int PRIMARY KEY)",
        """CREATE TABLE t (
            id bigint GENERATED ALWAYS AS IDENTITY,
            at timestamptz NOT NULL DEFAULT now(),
            u int REFERENCES u,
            n int NOT NULL CHECK (n > 0),
            twice int GENERATED ALWAYS AS (n * 2) STORED,
            note text COLLATE "C" DEFAULT 'x',
            dropped int,
            PRIMARY KEY (id, at)
        ) PARTITION BY RANGE (at)""",
        "ALTER TABLE t DROP COLUMN dropped",
        "CREATE UNIQUE INDEX t_unique ON t (n, at) INCLUDE (note)",
        "CREATE INDEX ON t (lower(note)) WHERE n > 5",
        "CREATE STATISTICS t_stats ON n, note FROM t",
        "COMMENT ON TABLE t IS 'what it is'; COMMENT ON COLUMN t.n IS 'a number'",
        "ALTER TABLE t ALTER COLUMN note SET STORAGE EXTERNAL, ALTER COLUMN n SET STATISTICS 321",
        "ALTER TABLE t ALTER COLUMN n SET (n_distinct = 7)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_unique",
        "ALTER TABLE t ENABLE ROW LEVEL SECURITY",
        """CREATE TABLE t_first PARTITION OF t FOR VALUES FROM ('2026-11-01 00:00+00') TO ('2026-12-01 00:00+00')
            WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.01, toast.autovacuum_enabled = false)""",
        "CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touched()",
    ):
        report = rolled(server, declaring(database, t=MONTHS))
        assert report.exit_code == 0, report.errors()
        assert leaves(connection, "t") == ["t_2026_12", "t_first"]
        oid = "'t_2026_12'::regclass"
        found = one(
            connection,
            f"""SELECT c.reloptions, t.reloptions, c.relrowsecurity, c.relreplident::text, obj_description(c.oid),
                col_description(c.oid, 4), pg_get_userbyid(c.relowner), c.relacl
            FROM pg_class AS c JOIN pg_class AS t ON t.oid = c.reltoastrelid WHERE c.oid = {oid}""",
        )
        assert found == (
            ["fillfactor=70", "autovacuum_vacuum_scale_factor=0.01"],
            ["autovacuum_enabled=false"],
            True,
            "i",
            "what it is",
            "a number",
            f"{database}_owner",
            None,
        )
        assert one(connection, f"SELECT count(*) FROM pg_index WHERE indrelid = {oid} AND indisreplident") == 1
        assert one(connection, f"SELECT count(*) FROM pg_inherits WHERE inhrelid IN"
                   f" (SELECT indexrelid FROM pg_index WHERE indrelid = {oid})") == 3  # fmt: skip
        assert one(connection, f"SELECT count(*) FROM pg_statistic_ext WHERE stxrelid = {oid}") == 1
        columns = connection.execute(
            f"SELECT attname, attstattarget, attoptions, attstorage::text FROM pg_attribute"
            f" WHERE attrelid = {oid} AND attname IN ('n', 'note') ORDER BY 1"
        ).fetchall()
        assert columns[0][1:3] == (321, ["n_distinct=7"])
        assert columns[1][3] == "e"
        rows = connection.execute(
            f"SELECT conname, contype::text, conparentid <> 0 FROM pg_constraint WHERE conrelid = {oid}"
            " AND contype IN ('c', 'f') ORDER BY 1"
        ).fetchall()
        assert rows == [("t_2026_12_rng", "c", False), ("t_n_check", "c", False), ("t_u_fkey", "f", True)]
        assert one(connection, f"SELECT count(*) FROM pg_trigger WHERE tgrelid = {oid} AND tgname = 'touch'") == 1
        connection.execute("INSERT INTO u VALUES (1); INSERT INTO t (at, u, n) VALUES ('2026-12-05', 1, 6)")
        assert one(connection, "SELECT twice FROM t_2026_12") == 12
        # the second run of a partition that is there has nothing to do
        assert rolled(server, declaring(database, t=MONTHS)).done == []


KEYS = {
    "timestamptz": ("timestamptz", "month", "'2026-11-21 12:00+00'"),
    "timestamp": ("timestamp(3)", "hour", "'2026-11-21 12:00'"),
    "date": ("date", "week", "'2026-11-21'"),
    "uuidv7": ("uuid", "day", replace(MONTHS, key_type="uuidv7").literal(NOW).replace("-0000-0000-", "-7abc-8def-")),
}


@pytest.mark.parametrize("key_type", KEYS)
def test_keys_of_every_type_are_rolled_and_ended(
    server: Server, database: str, connection: psycopg.Connection[Any], key_type: Any
) -> None:
    sql_type, period, value = KEYS[key_type]
    name = "t_{year}_{month:02}_{day:02}_{hour:02}"
    start = datetime(2026, 11, 16, tzinfo=UTC).date() if period != "month" else date(2026, 11, 1)
    policy = RangePartitions("k", period, name, start, ahead=2, key_type=key_type)
    with owned(server, database, f"CREATE TABLE t (k {sql_type} PRIMARY KEY) PARTITION BY RANGE (k)"):
        if period == "hour":
            policy = replace(policy, retention=3)
        declared = declaring(database, t=policy)
        report = rolled(server, declared)
        assert report.exit_code == 0, report.errors()
        assert rolled(server, declared).done == []
        connection.execute(f"INSERT INTO t VALUES ({value})")
        # a kept check lets a later attach scan nothing
        checks = one(
            connection, "SELECT count(*) FROM pg_constraint WHERE conname LIKE 't\\_%\\_rng' AND contype = 'c'"
        )
        assert checks == len(leaves(connection, "t"))
        later = NOW + timedelta(days=200)
        ended = declaring(database, t=replace(policy, retention=1, at_end="drop"))
        report = expired(server, ended, later)
        assert report.exit_code == 0, report.errors()
        assert leaves(connection, "t") == []
        assert one(connection, "SELECT count(*) FROM pg_class WHERE relname LIKE 't\\_20%' AND relkind = 'r'") == 0


def test_hash_list_and_an_insisted_default(server: Server, database: str, connection: psycopg.Connection[Any]) -> None:
    with owned(
        server,
        database,
        "CREATE TABLE h (id int PRIMARY KEY) PARTITION BY HASH (id)",
        "CREATE TABLE l (kind text) PARTITION BY LIST (kind)",
        "CREATE TABLE old_l PARTITION OF l FOR VALUES IN ('it''s', NULL)",
        "CREATE TABLE t (at timestamptz) PARTITION BY RANGE (at)",
    ):
        declared = declaring(
            database,
            h=HashPartitions("id", 3, "h_{remainder}"),
            l=ListPartitions("kind", {"l_a": ("a\\b", "it's"), "l_b": (None, "b")}),
            t=replace(MONTHS, default=True),
        )
        report = rolled(server, declared)
        assert report.exit_code == 0, report.errors()
        assert leaves(connection, "h") == ["h_0", "h_1", "h_2"]
        assert leaves(connection, "l") == ["l_a", "l_b", "old_l"]
        assert leaves(connection, "t") == ["t_2026_11", "t_2026_12", "t_default"]
        connection.execute("INSERT INTO l VALUES ('a\\b'), ('b'), (NULL), ('it''s')")
        assert one(connection, "SELECT array_agg(kind) FROM l_a") == ["a\\b"]
        assert rolled(server, declared).done == []


def test_what_others_made_is_left_and_only_gaps_are_filled(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(
        server,
        database,
        "CREATE TABLE t (at timestamptz) PARTITION BY RANGE (at)",
        "CREATE TABLE before PARTITION OF t FOR VALUES FROM (MINVALUE) TO ('2026-11-10 03:00:00.5+00')",
        "CREATE TABLE week PARTITION OF t FOR VALUES FROM ('2026-11-16 00:00+00') TO ('2026-11-23 00:00+00')",
        "CREATE TABLE t_2026_12 PARTITION OF t FOR VALUES FROM ('2030-01-01 00:00+00') TO (MAXVALUE)",
    ):
        declared = declaring(database, t=MONTHS)
        report = rolled(server, declared)
        assert report.exit_code == 0, report.errors()
        assert [skip.subject for skip in report.skipped] == []  # all that was said is done by the last look
        assert leaves(connection, "t") == ["before", "t_2026_11", "t_2026_11_2", "t_2026_12", "t_2026_12_2", "week"]
        connection.execute(
            "INSERT INTO t SELECT generate_series('2026-10-30'::timestamptz, '2026-12-31 23:00+00', '1 hour')"
        )
        assert rolled(server, declared).done == []


def test_one_table_that_cannot_be_rolled_stops_no_other(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    with owned(
        server,
        database,
        "CREATE TABLE a (at timestamptz) PARTITION BY RANGE (date_trunc('day', at AT TIME ZONE 'UTC'))",
        "CREATE TABLE b (at timestamptz)",
        "CREATE TABLE d (at timestamptz) PARTITION BY RANGE (at); CREATE TYPE d_2026_11 AS ENUM ()",
        "CREATE TABLE e (at timestamptz) PARTITION BY RANGE (at)",
    ):
        policies = {name: replace(MONTHS, name=name + "_{year}_{month:02}") for name in "abcde"}
        report = rolled(server, declaring(database, **policies))
        assert leaves(connection, "e") == ["e_2026_11", "e_2026_12"]
        assert leaves(connection, "d") == ["d_2026_12"]
        assert sorted(str(refusal) for refusal in report.refused if isinstance(refusal, Refuse)) == [
            "a is partitioned by RANGE of an expression or several columns, and its policy says RANGE (at)",
            "b is a plain table",
            "c does not exist",
        ]
        (failure,) = report.failed
        assert "d_2026_11" in str(failure.error)
        assert report.exit_code == 3


def test_a_name_of_63_bytes_and_one_that_needs_quotes(
    server: Server, database: str, connection: psycopg.Connection[Any]
) -> None:
    long = "ü" * 27 + "_{year}_{month:02}"
    with owned(server, database, 'CREATE TABLE "Tä ble" ("At" timestamptz) PARTITION BY RANGE ("At")'):
        declared = declaring(database, **{"Tä ble": replace(MONTHS, key="At", name=long)})
        assert rolled(server, declared).exit_code == 0
        assert len(leaves(connection, '"Tä ble"')) == 2
        assert rolled(server, declared).done == []
        end = declaring(database, **{"Tä ble": replace(MONTHS, key="At", name=long, retention=1, at_end="drop")})
        assert expired(server, end, NOW + timedelta(days=99)).exit_code == 0
        assert leaves(connection, '"Tä ble"') == []
