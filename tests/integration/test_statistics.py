"""Sizes of tables, read from a live database."""

from __future__ import annotations

from pathlib import Path

import pytest
from airside.migrations.checks.final import final_of
from airside.migrations.checks.model import Context, SequenceUse, TableStatistics
from airside.migrations.checks.rules import final_rules
from airside.migrations.checks.statistics import read_statistics, write_statistics
from airside.schema.core.catalog import inspect
from airside.schema.core.errors import LockNotAcquired, NotProvisioned
from airside.server import Server

GIVEN = """
CREATE SCHEMA other;
CREATE TABLE plain (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text);
INSERT INTO plain (note) SELECT repeat('x', 100) FROM generate_series(1, 5000);
CREATE TABLE other."Odd name" (id bigserial);
CREATE TABLE parts (id int, at date) PARTITION BY RANGE (at);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM ('2026-02-01') TO ('2026-03-01') PARTITION BY HASH (id);
CREATE TABLE parts_2a PARTITION OF parts_2 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parts_2b PARTITION OF parts_2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT g, '2026-01-10' FROM generate_series(1, 700) AS g;
INSERT INTO parts SELECT g, '2026-02-10' FROM generate_series(1, 300) AS g;
CREATE MATERIALIZED VIEW seen AS SELECT id FROM plain WHERE id <= 100;
CREATE SEQUENCE unused;
CREATE SEQUENCE turns MAXVALUE 3 CYCLE;
SELECT nextval('turns');
CREATE SEQUENCE wide;
CREATE TABLE narrow (id smallint DEFAULT nextval('wide'));
ALTER SEQUENCE wide OWNED BY narrow.id;
SELECT setval('wide', 30000);
ANALYZE;
"""


@pytest.fixture
def filled(server: Server, database: str) -> str:
    with server.connect(database, autocommit=True) as connection:
        connection.execute(GIVEN)
        connection.execute("SELECT pg_stat_force_next_flush()")
    return database


def read(server: Server, database: str) -> dict[str, TableStatistics]:
    return dict(read_statistics(server.url(database, show_password=True)))


def test_every_table_is_told_with_its_rows_bytes_and_writes(server: Server, filled: str) -> None:
    found = read(server, filled)
    tables = {name: round(item.rows) for name, item in found.items() if item.sequence is None}
    assert tables == {
        "public.plain": 5000,
        "other.Odd name": 0,
        # of all partitions and theirs
        "public.parts": 1000,
        "public.seen": 100,
        "public.narrow": 0,
    }
    with server.connect(filled) as connection:
        [size] = connection.execute("SELECT pg_total_relation_size('plain')").fetchone() or ()
        [parts] = (
            connection.execute(
                "SELECT sum(pg_total_relation_size(relid)) FROM pg_partition_tree('parts') WHERE isleaf"
            ).fetchone()
            or ()
        )
    assert found["public.plain"].bytes == size
    assert found["public.parts"].bytes == parts
    plain, parts_written = found["public.plain"].writes, found["public.parts"].writes
    assert plain
    assert parts_written
    assert plain == pytest.approx(5 * parts_written)


def test_sequences_end_where_they_or_their_column_do(server: Server, filled: str) -> None:
    found = {name: item.sequence for name, item in read(server, filled).items() if item.sequence}
    # what was never asked, or begins again, does not end
    assert found == {
        "public.plain_id_seq": SequenceUse(1, 5000, 2_147_483_647, "public.plain.id"),
        "public.wide": SequenceUse(1, 30_000, 32_767, "public.narrow.id"),
    }


def test_temporary_tables_and_sequences_of_others_are_left_alone(server: Server, filled: str) -> None:
    before = read(server, filled).keys()
    with server.connect(filled, autocommit=True) as other:
        other.execute("CREATE TEMPORARY TABLE mine (id serial); INSERT INTO mine DEFAULT VALUES")
        other.execute("CREATE UNLOGGED TABLE quick (id serial); INSERT INTO quick DEFAULT VALUES")
        assert read(server, filled).keys() - before == {"public.quick", "public.quick_id_seq"}


def test_a_sequence_near_its_end_is_found(server: Server, filled: str, tmp_path: Path) -> None:
    [rule] = [item for item in final_rules() if item.name == "sequence-near-end"]
    file = tmp_path / "airside.statistics.json"
    write_statistics(file, filled, read(server, filled))
    with server.connect(filled) as connection:
        final = final_of(connection, inspect(connection))
    for statistics in (read(server, filled), read_statistics(str(file))):
        [told] = rule.judge(final, Context(statistics=statistics))
        assert (told.where, told.severity, told.relation) == ("sequence public.wide", "error", "public.narrow")
        assert "92%" in told.message
    assert not list(rule.judge(final, Context()))


def test_half_of_the_numbers_is_a_warning(server: Server, filled: str) -> None:
    [rule] = [item for item in final_rules() if item.name == "sequence-near-end"]
    told: dict[int, list[str]] = {}
    with server.connect(filled, autocommit=True) as connection:
        final = final_of(connection, inspect(connection))
        for last in (1, 16_000, 16_385, 26_000, 27_000):
            connection.execute("SELECT setval('wide', %s)", [last])
            told[last] = [item.severity for item in rule.judge(final, Context(statistics=read(server, filled)))]
    assert told == {1: [], 16_000: [], 16_385: ["warning"], 26_000: ["warning"], 27_000: ["error"]}


def test_reading_waits_for_nobody_long_and_writes_nothing(server: Server, filled: str) -> None:
    with server.connect(filled) as other:
        other.execute("LOCK TABLE plain IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(LockNotAcquired, match="locked"):
            read(server, filled)
    with server.connect(filled) as other:
        # what anybody may do meanwhile keeps nobody waiting
        other.execute("INSERT INTO plain (note) VALUES ('more')")
        assert read(server, filled)["public.plain"].rows >= 5000


def test_a_database_of_the_asked_name_goes_before_that_of_the_address(
    server: Server, filled: str, database: str, tmp_path: Path
) -> None:
    elsewhere = server.url("postgres", show_password=True)
    assert "public.plain" in read_statistics(elsewhere, filled)
    with pytest.raises(NotProvisioned, match="nowhere_to_be_found"):
        read_statistics(elsewhere, "nowhere_to_be_found")
    # it has another name there
    assert "public.plain" in read_statistics(server.url(filled, show_password=True), "nowhere_to_be_found")


def test_statistics_of_another_database_are_told(server: Server, filled: str) -> None:
    [rule] = [item for item in final_rules() if item.name == "statistics-mismatch"]
    with server.connect(filled) as connection:
        final = final_of(connection, inspect(connection))
    of_it = read(server, filled)
    assert not list(rule.judge(final, Context()))
    assert not list(rule.judge(final, Context(statistics=of_it)))
    # tables that production does not have yet
    assert not list(rule.judge(final, Context(statistics={name: of_it[name] for name in list(of_it)[:2]})))
    [told] = rule.judge(
        final,
        Context(statistics={"public.else": of_it["public.plain"], "public.plain_id_seq": of_it["public.plain_id_seq"]}),
    )
    assert "0 of 4 tables" in told.message


def test_a_database_without_tables_or_of_another_name_is_said(server: Server, database: str) -> None:
    with pytest.raises(NotProvisioned, match="no tables"):
        read(server, database)
    with pytest.raises(NotProvisioned, match="does not exist"):
        read_statistics(server.url("nowhere_to_be_found", show_password=True))


def test_a_reader_without_rights_on_rows_is_enough(server: Server, filled: str) -> None:
    role = f"reader_{filled}"
    with server.connect(filled, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    try:
        asked = server.with_settings(role=role)
        found = dict(read_statistics(asked.url(filled, show_password=True)))
        assert round(found["public.plain"].rows) == 5000
        # how far a sequence has counted is told to those who may read it
        assert not [name for name, item in found.items() if item.sequence]
    finally:
        with server.connect(filled, autocommit=True) as connection:
            connection.execute(f"DROP ROLE {role}".encode())
