"""What a revision and its down do to the rows that were there."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.kinds import Kind
from airside.migrations.checks.roundtrip import RoundTrip
from airside.server import Server

from .round_trips import walked

TABLE = (
    """
    CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad');
    CREATE TABLE things (
        id integer PRIMARY KEY, name varchar(50) NOT NULL, note text, price numeric(10,2) NOT NULL, size integer,
        at timestamptz NOT NULL, local timestamp NOT NULL, mood mood NOT NULL, doc jsonb NOT NULL, raw bytea NOT NULL,
        token uuid NOT NULL, tags text[] NOT NULL, span int4range NOT NULL, ratio double precision NOT NULL
    );
    INSERT INTO things VALUES
        (1, 'Zürich 東京', NULL, 1.25, 1, '2026-07-01 10:00:00.123456+00', '2026-07-01 10:00', 'sad', '{"a": 1}',
         '\\x00ff', '00000000-0000-4000-8000-000000000001', '{a,"b c"}', '[1,5)', 0.1),
        (2, ' trailing ', 'n', 12345678.99, NULL, '2026-01-01 10:00+00', '2026-01-01 10:00', 'ok', '[]',
         '\\x', '00000000-0000-4000-8000-000000000002', '{}', 'empty', 1.5),
        (3, 'x', '', 0, 40000, '1990-01-01 00:00+00', '1990-01-01 00:00', 'glad', '{"b": [null]}',
         '\\x01', '00000000-0000-4000-8000-000000000003', '{NULL}', '[9,)', 'NaN');
    """,
    "DROP TABLE things; DROP TYPE mood;",
)


def told(trip: RoundTrip) -> list[tuple[str, Kind, int]]:
    return [(loss.difference.name, loss.difference.kind, loss.difference.rows) for loss in trip.losses]


LOSSY = [
    pytest.param(
        "ALTER TABLE things ALTER price TYPE numeric(10,0)", "ALTER TABLE things ALTER price TYPE numeric(10,2)",
        [("public.things.price", "lost precision", 2)], id="numeric-scale",
    ),
    pytest.param(
        "ALTER TABLE things ALTER name TYPE varchar(3) USING left(name, 3)",
        "ALTER TABLE things ALTER name TYPE varchar(50)",
        [("public.things.name", "truncated text", 2)], id="varchar",
    ),
    pytest.param(
        "ALTER TABLE things ALTER at TYPE timestamp USING at AT TIME ZONE 'Europe/Oslo'",
        "ALTER TABLE things ALTER at TYPE timestamptz USING at AT TIME ZONE 'UTC'",
        [("public.things.at", "shifted time zone", 3)], id="time-zone",
    ),
    pytest.param(
        "SET TimeZone = 'Europe/Oslo'; ALTER TABLE things ALTER local TYPE timestamptz",
        "SET TimeZone = 'UTC'; ALTER TABLE things ALTER local TYPE timestamp",
        [("public.things.local", "shifted time zone", 3)], id="session-zone",
    ),
    pytest.param(
        "ALTER TABLE things ALTER at TYPE timestamptz(0)", "ALTER TABLE things ALTER at TYPE timestamptz",
        [("public.things.at", "lost precision", 1)], id="microseconds",
    ),
    pytest.param(
        "ALTER TABLE things ALTER size TYPE smallint USING least(size, 32767)",
        "ALTER TABLE things ALTER size TYPE integer",
        [("public.things.size", "default overwritten", 1), ("public.things.size", "changed value", 1)], id="smallint",
    ),
    pytest.param(
        "UPDATE things SET note = 'none' WHERE note IS NULL; ALTER TABLE things ALTER note SET NOT NULL",
        "ALTER TABLE things ALTER note DROP NOT NULL",
        [("public.things.note", "default overwritten", 1)], id="null-to-default",
    ),
    pytest.param(
        "UPDATE things SET mood = 'ok' WHERE mood = 'sad'", "SELECT 1",
        [("public.things.mood", "other enum value", 1)], id="enum-merge",
    ),
    pytest.param(
        "ALTER TABLE things ALTER mood TYPE text; DROP TYPE mood",
        "CREATE TYPE mood AS ENUM ('glad', 'ok', 'sad'); ALTER TABLE things ALTER mood TYPE mood USING mood::mood",
        [("public.things.mood", "changed order of enum", 3)], id="enum-order",
    ),
    pytest.param(
        "ALTER TABLE things ALTER ratio TYPE real", "ALTER TABLE things ALTER ratio TYPE double precision",
        [("public.things.ratio", "lost precision", 1)], id="double",
    ),
    pytest.param(
        "ALTER TABLE things ADD first text, ADD last text;"
        "UPDATE things SET first = split_part(name, ' ', 1), last = split_part(name, ' ', 2);"
        "ALTER TABLE things DROP name",
        "ALTER TABLE things ADD name varchar(50);"
        "UPDATE things SET name = concat_ws(' ', nullif(first, ''), nullif(last, ''));"
        "ALTER TABLE things ALTER name SET NOT NULL, DROP first, DROP last",
        [("public.things.name", "changed value", 1)], id="split-columns",
    ),
    pytest.param(
        "DELETE FROM things WHERE note = ''", "SELECT 1", [("public.things", "lost rows", 1)], id="deleted",
    ),
    pytest.param("SELECT 1", "TRUNCATE things", [("public.things", "lost rows", 3)], id="truncated-by-down"),
    pytest.param(
        "ALTER TABLE things RENAME name TO title", "ALTER TABLE things RENAME title TO name;"
        "UPDATE things SET raw = '' WHERE id = 1",
        [("public.things.raw", "truncated text", 1)], id="down-writes",
    ),
    pytest.param(
        "ALTER TABLE things ALTER tags TYPE text USING coalesce(tags[1], 'none')",
        "ALTER TABLE things ALTER tags TYPE text[] USING ARRAY[tags]",
        [("public.things.tags", "changed value", 3)], id="array",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("up", "down", "expected"), LOSSY)
def test_a_loss_is_named(
    server: Server, database: str, tmp_path: Path, up: str, down: str, expected: list[tuple[str, Kind, int]]
) -> None:
    trip = walked(server, database, tmp_path, [TABLE, (up, down)])
    assert told(trip) == expected
    assert {finding.severity for finding in trip.findings()} == {"error"}
    assert {finding.revision for finding in trip.findings()} == {"0002"}
    marks = [finding.next_step.partition("data-loss ")[2].split(" ") for finding in trip.findings()]
    assert [name for _, name in marks] == [name for name, _, _ in expected]
    assert all(kind == ("table" if name.count(".") == 1 else "narrowing") for kind, name in marks)


LOSSLESS = [
    ("ALTER TABLE things ALTER price TYPE numeric(12,4)", "ALTER TABLE things ALTER price TYPE numeric(10,2)"),
    ("ALTER TABLE things ALTER name TYPE text", "ALTER TABLE things ALTER name TYPE varchar(50)"),
    (
        "ALTER TABLE things ALTER at TYPE timestamp USING at AT TIME ZONE 'UTC'",
        "ALTER TABLE things ALTER at TYPE timestamptz USING at AT TIME ZONE 'UTC'",
    ),
    ("ALTER TABLE things ALTER size TYPE bigint", "ALTER TABLE things ALTER size TYPE integer"),
    ("ALTER TABLE things ALTER mood TYPE text", "ALTER TABLE things ALTER mood TYPE mood USING mood::mood"),
    ("ALTER TABLE things ALTER doc TYPE text", "ALTER TABLE things ALTER doc TYPE jsonb USING doc::jsonb"),
    ("ALTER TABLE things ALTER raw TYPE text USING encode(raw, 'hex')",
     "ALTER TABLE things ALTER raw TYPE bytea USING decode(raw, 'hex')"),
    ("ALTER TABLE things ALTER token TYPE text", "ALTER TABLE things ALTER token TYPE uuid USING token::uuid"),
    ("ALTER TABLE things ALTER span TYPE text", "ALTER TABLE things ALTER span TYPE int4range USING span::int4range"),
    ("ALTER TABLE things ADD extra int; UPDATE things SET extra = id", "ALTER TABLE things DROP extra"),
    (
        "ALTER TABLE things ADD total numeric GENERATED ALWAYS AS (price * 2) STORED",
        "ALTER TABLE things DROP total",
    ),
    ("INSERT INTO things SELECT id + 10, name, note, price, size, at, local, mood, doc, raw, token, tags, span, ratio"
     " FROM things", "DELETE FROM things WHERE id > 10"),
    ("CREATE INDEX i ON things (name)", "DROP INDEX i"),
    (
        "CREATE TABLE kept AS SELECT id, note FROM things; ALTER TABLE things DROP note",
        "ALTER TABLE things ADD note text; UPDATE things SET note = kept.note FROM kept WHERE things.id = kept.id;"
        "DROP TABLE kept",
    ),
    ("ALTER TABLE things RENAME name TO title", "ALTER TABLE things RENAME title TO name"),
    ("ALTER TABLE things RENAME TO stuff", "ALTER TABLE stuff RENAME TO things"),
]  # fmt: skip


def test_what_comes_back_is_no_finding(server: Server, database: str, tmp_path: Path) -> None:
    assert told(walked(server, database, tmp_path, [TABLE, *LOSSLESS])) == []


def test_what_is_dropped_on_purpose_is_told_once_and_as_such(server: Server, database: str, tmp_path: Path) -> None:
    dropped = ("ALTER TABLE things DROP note", "ALTER TABLE things ADD note text")
    gone = ("DROP TABLE others", "CREATE TABLE others (id int PRIMARY KEY, label text)")
    others = ("CREATE TABLE others (id int PRIMARY KEY, label text)", "DROP TABLE others")
    trip = walked(server, database, tmp_path, [TABLE, others, dropped, gone])
    assert told(trip) == [("public.others", "lost rows", 3), ("public.things.note", "became NULL", 2)]
    assert [(finding.check, finding.severity, finding.revision) for finding in trip.findings()] == [
        ("irreversible", "warning", "0004"),
        ("irreversible", "warning", "0003"),
    ]


def test_a_column_made_again_with_other_random_values_is_lost(server: Server, database: str, tmp_path: Path) -> None:
    table = (
        "CREATE TABLE keyed (id int PRIMARY KEY, token uuid NOT NULL DEFAULT gen_random_uuid())",
        "DROP TABLE keyed",
    )
    dropped = (
        "ALTER TABLE keyed DROP token",
        "ALTER TABLE keyed ADD token uuid NOT NULL DEFAULT gen_random_uuid()",
    )
    [finding] = walked(server, database, tmp_path, [table, dropped]).findings()
    assert (finding.check, finding.relation) == ("irreversible", "public.keyed")


@pytest.mark.parametrize("file", ["up", "down"])
def test_a_loss_that_is_marked_is_accepted(server: Server, database: str, tmp_path: Path, file: str) -> None:
    mark = "-- airside: data-loss column public.things.note\n"
    up, down = "ALTER TABLE things DROP note", "ALTER TABLE things ADD note text"
    trip = walked(
        server,
        database,
        tmp_path,
        [TABLE, (mark + up if file == "up" else up, mark + down if file == "down" else down)],
    )
    assert told(trip) == []


def test_a_loss_is_told_for_the_revision_that_does_it(server: Server, database: str, tmp_path: Path) -> None:
    lossy = ("ALTER TABLE things ALTER price TYPE numeric(10,0)", "ALTER TABLE things ALTER price TYPE numeric(10,2)")
    renamed = ("ALTER TABLE things RENAME price TO cost", "ALTER TABLE things RENAME cost TO price")
    other = ("ALTER TABLE things ALTER name TYPE text", "ALTER TABLE things ALTER name TYPE varchar(50)")
    trip = walked(
        server,
        database,
        tmp_path,
        [TABLE, other, renamed, other, (lossy[0].replace("price", "cost"), lossy[1].replace("price", "cost"))],
    )
    assert [(loss.revision, loss.difference.name) for loss in trip.losses] == [("0005", "public.things.cost")]


def test_a_table_without_a_key_is_compared_row_by_row(server: Server, database: str, tmp_path: Path) -> None:
    table = (
        "CREATE TABLE plain (a int, b numeric(6,2), c text);"
        "INSERT INTO plain VALUES (1, 1.25, 'x'), (1, 1.25, 'x'), (2, 2, NULL)",
        "DROP TABLE plain",
    )
    lossy = ("ALTER TABLE plain ALTER b TYPE numeric(6,1)", "ALTER TABLE plain ALTER b TYPE numeric(6,2)")
    assert told(walked(server, database, tmp_path, [table, lossy])) == [("public.plain.b", "lost precision", 2)]


def test_partitioned_tables_and_identities(server: Server, database: str, tmp_path: Path) -> None:
    table = (
        "CREATE TABLE log (id bigint GENERATED ALWAYS AS IDENTITY, at date NOT NULL, v numeric(6,2),"
        " PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "DROP TABLE log",
    )
    same = ("CREATE INDEX log_v ON log (v)", "DROP INDEX log_v")
    lossy = ("ALTER TABLE log ALTER v TYPE numeric(6,0)", "ALTER TABLE log ALTER v TYPE numeric(6,2)")
    assert told(walked(server, database, tmp_path, [table, same, lossy])) == [("public.log.v", "lost precision", 1)]


def test_rows_hidden_by_forced_policies_are_compared(server: Server, database: str, tmp_path: Path) -> None:
    guarded = (
        "ALTER TABLE things ENABLE ROW LEVEL SECURITY; ALTER TABLE things FORCE ROW LEVEL SECURITY",
        "ALTER TABLE things NO FORCE ROW LEVEL SECURITY; ALTER TABLE things DISABLE ROW LEVEL SECURITY",
    )
    lossy = ("UPDATE things SET note = NULL", "SELECT 1")
    assert told(walked(server, database, tmp_path, [TABLE, guarded, lossy])) == [
        ("public.things.note", "became NULL", 2)
    ]


def test_a_trigger_that_stamps_rows_is_a_note(server: Server, database: str, tmp_path: Path) -> None:
    table = (
        "CREATE TABLE stamped (id int PRIMARY KEY, v int, updated_at timestamptz NOT NULL DEFAULT '2026-01-01');"
        "CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN NEW.updated_at := now(); RETURN NEW; END';"
        "CREATE TRIGGER stamp BEFORE UPDATE ON stamped FOR EACH ROW EXECUTE FUNCTION stamp()",
        "DROP TABLE stamped; DROP FUNCTION stamp",
    )
    backfill = ("ALTER TABLE stamped ADD w int; UPDATE stamped SET w = v", "ALTER TABLE stamped DROP w")
    trip = walked(server, database, tmp_path, [table, backfill])
    assert told(trip) == [("public.stamped.updated_at", "time of the run", 3)]
    assert [finding.severity for finding in trip.findings()] == ["note"]


def test_rows_that_were_made_and_deleted_are_not_missed(server: Server, database: str) -> None:
    trip = RoundTrip()
    assert trip.findings() == ()
    trip.forget([("public", "things")])
    assert trip.losses == []


EDGES = [
    (
        "ALTER TABLE wide ALTER name TYPE varchar(20) USING left(name, 20)",
        "ALTER TABLE wide ALTER name TYPE varchar(100)",
        ("public.wide.name", "truncated text", "up and down"),
    ),
    (
        "ALTER TABLE wide ALTER name TYPE text",
        "ALTER TABLE wide ALTER name TYPE varchar(100) USING left(name, 10)",
        ("public.wide.name", "truncated text", "up and down"),
    ),
    (
        "ALTER TABLE wide ALTER price TYPE numeric(14,6)",
        "ALTER TABLE wide ALTER price TYPE numeric(10,2)",
        ("public.wide.price", "lost precision", "down and up"),
    ),
]


@pytest.mark.parametrize(("up", "down", "expected"), EDGES)
def test_values_at_the_edges_are_tried_in_a_transaction_that_is_rolled_back(
    server: Server, database: str, tmp_path: Path, up: str, down: str, expected: tuple[str, str, str]
) -> None:
    table = ("CREATE TABLE wide (id int PRIMARY KEY, name varchar(100), price numeric(10,2))", "DROP TABLE wide")
    assert told(walked(server, database, tmp_path, [table, (up, down)])) == []
    [loss] = walked(server, database, tmp_path, [table, (up, down)], edges=True).losses
    assert (loss.difference.name, loss.difference.kind, loss.way) == expected
    with server.connect(database) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_a_down_that_refuses_what_it_cannot_hold_is_no_finding(server: Server, database: str, tmp_path: Path) -> None:
    table = ("CREATE TABLE wide (id int PRIMARY KEY, name varchar(10), n int)", "DROP TABLE wide")
    widened = (
        "ALTER TABLE wide ALTER name TYPE varchar(100); ALTER TABLE wide ALTER n TYPE bigint",
        "ALTER TABLE wide ALTER name TYPE varchar(10); ALTER TABLE wide ALTER n TYPE int",
    )
    assert told(walked(server, database, tmp_path, [table, widened], edges=True)) == []


def test_what_new_rows_change_elsewhere_is_no_loss(server: Server, database: str, tmp_path: Path) -> None:
    counted = (
        "CREATE TABLE counted (id int PRIMARY KEY, n int NOT NULL);"
        "CREATE FUNCTION count_up() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN UPDATE counted SET n = -7 WHERE id = NEW.counted; RETURN NEW; END'",
        "DROP TABLE counted; DROP FUNCTION count_up",
    )
    parts = (
        "CREATE TABLE parts (id int PRIMARY KEY, counted int NOT NULL REFERENCES counted);"
        "CREATE TRIGGER up AFTER INSERT ON parts FOR EACH ROW EXECUTE FUNCTION count_up()",
        "DROP TABLE parts",
    )
    touched = ("ALTER TABLE counted ADD x int", "ALTER TABLE counted DROP x")
    again = ("ALTER TABLE counted ADD y int", "ALTER TABLE counted DROP y")
    assert told(walked(server, database, tmp_path, [counted, parts, touched, again])) == []


def test_tables_of_revisions_that_were_not_looked_at_are_read(server: Server, database: str, tmp_path: Path) -> None:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(TABLE[0].encode())
    lossy = ("UPDATE things SET note = NULL", "SELECT 1")
    assert told(walked(server, database, tmp_path, [lossy])) == [("public.things.note", "became NULL", 2)]


def test_what_a_revision_adds_goes_with_its_down(server: Server, database: str, tmp_path: Path) -> None:
    table = ("CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL)", "DROP TABLE people")
    added = (
        "ALTER TABLE people ADD upper text; UPDATE people SET upper = upper(name)",
        "ALTER TABLE people DROP upper",
    )
    assert told(walked(server, database, tmp_path, [table, added], edges=True)) == []
