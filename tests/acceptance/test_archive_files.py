"""`airside archive list`, `verify` and `restore` as a user runs them, on files and on a second database."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from ..integration.declared import Connection, empty_database, one
from .yard import Yard, keep_months

DIGEST = "SELECT count(*) || ':' || coalesce(sum(hash_record_extended(r, 0)), 0) FROM readings AS r"


@pytest.fixture
def filed(yard: Yard, db: Connection, tmp_path: Path) -> tuple[Yard, Path, str]:
    """Two months in files, their partitions dropped; with the digest of what was there."""
    db.execute(
        "INSERT INTO readings SELECT n, TIMESTAMPTZ '2025-03-01 00:00+00' + n * interval '12 hours', n"
        " FROM generate_series(0, 99) AS n"
    )
    digest = one(db, DIGEST)
    keep_months(db, "readings", "2025_03", "2025_04")
    yard("run", "--table", "readings", "--to", str(tmp_path), "--grace", "0")
    yard("run", "--table", "readings", "--to", str(tmp_path), "--grace", "0")
    assert one(db, "SELECT count(*) FROM readings") == 0
    return yard, tmp_path, digest


def listed(yard: Yard, *arguments: str) -> list[dict[str, object]]:
    done = yard.airside("archive", "list", *(arguments or (yard.name,)), "--json", cwd=yard.folder)
    return json.loads(done.stdout)["archives"]


def test_from_list_to_restore(filed: tuple[Yard, Path, str], db: Connection) -> None:
    yard, place, digest = filed
    lines = [line for line in listed(yard) if line["rows"]]
    assert {line["state"] for line in lines} == {"dropped"}
    assert sum(int(str(line["rows"])) for line in lines) == 100
    assert {line["location"] for line in listed(yard, str(place))} >= {line["location"] for line in lines}
    assert "readings_2025_03" in yard("list").stdout

    assert "whole: 62 rows of readings_2025_03" in yard("verify").stdout
    assert "whole" in yard("verify", "--deep").stdout
    assert "whole" in yard.airside("archive", "verify", str(place), "--deep", cwd=yard.folder).stdout

    cases = {
        ("readings", "1999"): "no archive is readings 1999",
        ("readings", "2025"): "archives are readings 2025: #",
        (): "it is not said which archive",
    }
    for arguments, said in cases.items():
        assert said in yard("restore", *arguments, code=2).stderr

    planned = yard("restore", "readings", "2025-03", "--dry-run").stdout
    assert "would restore 62 rows" in planned
    assert one(db, "SELECT to_regclass('readings_2025_03') IS NULL")
    for line in lines:
        assert "attached to readings" in yard("restore", "readings", str(line["partition"])).stdout
    assert one(db, DIGEST) == digest
    assert "is there already" in yard("restore", "readings", "2025-03").stdout
    assert yard.document("plan", "--table", "readings")["partitions"] == []


def test_beside_harmed_and_from_a_place(filed: tuple[Yard, Path, str], db: Connection) -> None:
    yard, place, digest = filed
    where = ("--from", str(place))
    beside = yard("restore", "readings", "readings_2025_03", *where, "--as", "march").stdout
    assert "62 rows restored as public.march" in beside
    assert one(db, "SELECT count(*) FROM march") == 62

    (file,) = place.rglob("readings_2025_03*.parquet")
    whole = file.read_bytes()
    file.write_bytes(whole[:-1])
    for command in (("verify",), ("restore", "readings", "2025-03")):
        done = yard(*command, code=4)
        assert "bytes instead of" in done.stderr
        assert "Traceback" not in done.stderr
    assert one(db, "SELECT to_regclass('readings_2025_03') IS NULL")
    file.write_bytes(whole)

    # another server, which knows nothing of the archive
    db.execute("DELETE FROM airside.archives")
    for month in ("2025-03", "2025-04"):
        yard("restore", "readings", month, *where)
    assert one(db, DIGEST) == digest


def test_a_second_database(yard: Yard, db: Connection) -> None:
    db.execute("CREATE EXTENSION postgres_fdw")
    db.execute("INSERT INTO readings SELECT n, '2025-03-02 00:00+00', n FROM generate_series(1, 10) AS n")
    keep_months(db, "readings", "2025_03")
    digest = one(db, DIGEST)
    with empty_database(yard.server, f"{yard.name}_owner") as cold:
        url = yard.server.url(cold, show_password=True)
        yard("run", "--table", "readings", "--to", url, "--grace", "0")
        assert one(db, "SELECT count(*) FROM readings") == 0
        assert one(db, "SELECT count(*) FROM airside.readings_all") == 10
        db.execute(f"SET ROLE {yard.name}_app")
        assert one(db, "SELECT count(*) FROM airside.readings_all") == 10
        db.execute("RESET ROLE")
        assert "whole: 10 rows of readings_2025_03" in yard("verify").stdout
        yard("run", "--table", "readings", "--to", url)
        assert one(db, "SELECT to_regclass('readings_2025_03') IS NULL")
        assert "attached to readings" in yard("restore", "readings", "2025-03").stdout
        assert one(db, DIGEST) == digest
        assert one(db, "SELECT count(*) FROM airside.readings_all") == 10
        with psycopg.connect(url) as far:
            assert far.execute("SELECT count(*) FROM public.readings").fetchone() == (10,)


def test_verify_reads_archive_tables_and_second_databases_too(yard: Yard, db: Connection) -> None:
    db.execute("CREATE EXTENSION postgres_fdw")
    db.execute("INSERT INTO readings SELECT n, '2025-03-02 00:00+00', n FROM generate_series(1, 10) AS n")
    db.execute("INSERT INTO events SELECT n, '2025-03-02 00:00+00', NULL FROM generate_series(1, 7) AS n")
    keep_months(db, "readings", "2025_03")
    keep_months(db, "events", "2025_03", "2025_04")
    with empty_database(yard.server, f"{yard.name}_owner") as cold:
        url = yard.server.url(cold, show_password=True)
        yard("run", "--to", url, "--grace", "0")
        said = yard("verify").stdout
        assert "whole: 7 rows of events_2025_03" in said
        assert "whole: 10 rows of readings_2025_03" in said
        for harm, problem in (
            (
                "UPDATE events_cold SET person_id = NULL, at = at + interval '1 hour' WHERE id = 3",
                "the digest of the rows",
            ),
            ("DELETE FROM events_cold WHERE id = 3", "6 rows instead of 7"),
        ):
            db.execute(harm.encode())
            harmed = yard("verify", code=4)
            assert problem in harmed.stderr
            assert "whole: 10 rows of readings_2025_03" in harmed.stdout
        with psycopg.connect(url) as far:
            far.execute("UPDATE readings SET value = -1 WHERE id = 3")
        harmed = yard("verify", "--json", code=4)
        problems = {item["partition"]: item["problems"] for item in json.loads(harmed.stdout)["archives"]}
        assert problems["events_2025_03"] == ["6 rows instead of 7"]
        assert "does not hold what was archived" in problems["readings_2025_03"][0]
    # it is gone: told, and the others are read all the same
    harmed = yard("verify", code=4)
    assert "readings_2025_03" in harmed.stderr
    assert "whole: 0 rows of events_2025_04" in harmed.stdout
