"""What `airside seed` says and refuses: dry runs, siblings, orphans, environments, wrong words."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from airside.server import Server, ephemeral

from .seeding import SPAN, SYSTEM, Run, environment_of, provision, seeder


@pytest.fixture(scope="module")
def own_server() -> Iterator[Server]:
    """A server of our own, with the databases of a system that are marked development."""
    with ephemeral() as started:
        provision(started, SYSTEM)
        yield started


@pytest.fixture
def seed(environment: dict[str, str]) -> Run:
    return seeder(environment)


def has_begun(server: Server) -> bool:
    """Whether the database of users has a record of a run."""
    with server.connect("user_service_db") as connection:
        row = connection.execute("SELECT to_regclass('airside.seeding') IS NOT NULL").fetchone()
        return row == (True,)


def test_dry_runs_change_nothing(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset")
    would = seed(own_server, SYSTEM, "--scale", "40", "--dry-run")
    assert would.stdout.count("would generate scale 40") == 6
    assert not has_begun(own_server)
    seed(own_server, "user_service_db", "--scale", "40", *SPAN)
    would = json.loads(seed(own_server, SYSTEM, "--reset", "--scale", "50", "--dry-run", "--json").stdout)
    assert would["dry_run"]
    assert {record["generated"]["numbers"].get("user", 50) for record in would["databases"]} == {50}
    with own_server.connect("user_service_db") as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (40,)


def test_a_sibling_joins_later_with_the_same_run(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset")
    seed(own_server, "review_service_db", "--scale", "300", "--random-seed", "7", *SPAN)
    done = seed(own_server, SYSTEM, "--scale", "300", "--json")
    assert not any(reference["orphans"] for reference in json.loads(done.stdout)["references"])
    seed(own_server, "user_service_db", "--reset")
    refused = seed(own_server, "user_service_db", "--scale", "301", code=4)
    assert "scale 300, random seed 7" in refused.stderr


def test_searches_lie_where_partitions_keep_them(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset")
    # ninety days before this day is the first of a month, three months before it are not
    seed(own_server, "search_service_db", "--scale", "100", "--from", "2025-11-21", "--to", "2026-05-30")
    with own_server.connect("search_service_db") as connection:
        found = connection.execute("SELECT min(created_at) >= '2026-03-01+00', count(*) FROM search_history").fetchone()
    assert found == (True, 800)


def test_an_orphan_is_a_finding(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset", "--scale", "100", *SPAN)
    with own_server.connect("user_service_db", autocommit=True) as connection:
        connection.execute(
            "DELETE FROM user_payment_methods; DELETE FROM users WHERE id IN (SELECT id FROM users LIMIT 50)"
        )
    found = seed(own_server, SYSTEM, "--append", code=1)
    assert "user_service_db.users(id)" in found.stderr
    assert "refer to nothing" in found.stderr


def mark(server: Server, name: str) -> None:
    with server.connect("review_service_db", autocommit=True) as connection:
        connection.execute("UPDATE airside.environment SET name = %s", [name])


def test_what_is_not_development_is_protected(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset")
    refused = {
        "production": (("--scale", "10"), ("--append",), ("--fixtures",), ("--reset",)),
        "staging": (("--reset", "--scale", "10"), ("--fixtures",)),
    }
    try:
        for name, commands in refused.items():
            mark(own_server, name)
            for arguments in commands:
                done = seed(own_server, SYSTEM, *arguments, code=4)
                assert f"review_service_db: the database is marked {name}" in done.stderr
                assert not done.stdout, "nothing was done to any database"
        assert "generated" in seed(own_server, SYSTEM, "--scale", "10").stdout
    finally:
        mark(own_server, "development")


def test_wrong_words_are_explained(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset")
    for arguments, said in (
        ((), "--reference, --fixtures, --scale N, --append, --reset"),
        (("--random-seed", "3"), "--scale N or --append"),
        (("--from", "2026-01-01"), "--scale N or --append"),
        (("--reset", "--append"), "--append would go on with"),
        (("--append",), "no generated data to go on with"),
        (("--scale", "5", "--from", "2026-02-01", "--to", "2026-02-01"), "is empty"),
        (("--scale", "5", "--from", "2020-02-01"), "begin on 2025-11-01"),
        (("--scale", "5", "--to", "9999-12-31"), "reaches too far"),
        (("--scale", "5", "--to", "0001-01-01"), "1970 or later"),
    ):
        assert said in seed(own_server, SYSTEM, *arguments, code=2).stderr


def test_nothing_is_emptied_for_a_command_that_cannot_go_on(own_server: Server, seed: Run) -> None:
    seed(own_server, SYSTEM, "--reset", "--scale", "5", *SPAN)
    for span in (("--from", "2030-01-01", "--to", "2029-01-01"), ("--from", "2020-02-01"), ("--to", "9999-12-31")):
        seed(own_server, SYSTEM, "--reset", "--scale", "5", *span, code=2)
    # the others of the system hold another run
    seed(own_server, "user_service_db", "--reset", "--scale", "6", *SPAN, code=4)
    with own_server.connect("user_service_db") as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (5,)


def test_a_database_behind_head_is_upgraded_first(own_server: Server, seed: Run) -> None:
    with own_server.connect("review_service_db", autocommit=True) as connection:
        head = connection.execute("SELECT version_num FROM airside.alembic_version").fetchone()
        connection.execute("UPDATE airside.alembic_version SET version_num = '0003'")
        try:
            for arguments in (("--scale", "5"), ("--fixtures",), ("--reset",), ("--reference",)):
                done = seed(own_server, SYSTEM, *arguments, code=3)
                assert "review_service_db: the database is at revision 0003, not at head" in done.stderr
                assert "airside upgrade review_service_db" in done.stderr
                assert not done.stdout, "nothing was done to any database"
        finally:
            connection.execute("UPDATE airside.alembic_version SET version_num = %s", head)


def test_a_system_without_a_generator_is_named(own_server: Server, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(
        "from airside.schema.core import Database\nfrom sqlalchemy import MetaData\n"
        "database = Database('shop_db', metadata=MetaData())\n"
    )
    (tmp_path / "airside.toml").write_text(
        '[[databases]]\nsystem = "shop"\nname = "shop_db"\nmodule = "shop"\nmigrations = "migrations"\n'
    )
    given = environment_of(own_server, environment)
    for command in (("provision", "shop", "--environment", "development"), ("seed", "shop", "--scale", "3")):
        done = subprocess.run(
            [sys.executable, "-m", "airside.cli", *command],
            cwd=tmp_path,
            env=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 2
    assert "no data can be generated" in done.stderr
