"""Scratch databases: made, used, and dropped whatever happens."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from airside.schema.core.errors import (
    MissingExtension,
    MissingRight,
    NotProvisioned,
    WrongMajorVersion,
)
from airside.server import (
    Server,
    require,
    scratch,
    sweep,
)

from .processes import python, refusal


def databases(server: Server) -> set[str]:
    with server.connect() as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database").fetchall()}


@pytest.fixture
def role(server: Server) -> Iterator[str]:
    with server.connect(autocommit=True) as connection:
        connection.execute("CREATE ROLE scratch_tester LOGIN")
    yield "scratch_tester"
    with server.connect(autocommit=True) as connection:
        connection.execute("DROP ROLE scratch_tester")


def test_scratch_is_made_and_dropped(server: Server, role: str) -> None:
    with scratch(server, owner=role, label="Exotic-Travel, prod") as made:
        assert made.name.startswith("airside_scratch_exotic_travel_prod_")
        with made.connect() as connection:
            assert connection.execute("SHOW synchronous_commit").fetchone() == ("off",)
            owner = connection.execute(
                "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            assert owner == (role,)
    assert made.name not in databases(server)


def test_scratch_from_a_template(server: Server) -> None:
    with scratch(server) as model:
        with model.connect(autocommit=True) as connection:
            connection.execute("CREATE TABLE here ()")
        with scratch(server, template=model.name) as made, made.connect() as connection:
            assert connection.execute("SELECT to_regclass('here')::text").fetchone() == ("here",)


@pytest.mark.parametrize("reason", [ZeroDivisionError, KeyboardInterrupt, SystemExit])
def test_scratch_is_dropped_whatever_happens(server: Server, reason: type[BaseException]) -> None:
    left_open: list[psycopg.Connection[object]] = []
    names: list[str] = []

    def work() -> None:
        with scratch(server) as made:
            names.append(made.name)
            left_open.append(made.connect())
            raise reason

    with pytest.raises(reason):
        work()
    assert names[0] not in databases(server)


def test_a_killed_maker_leaves_nothing_for_long(server: Server) -> None:
    code = "import sys, time; from airside.server import resolve, scratch\n"
    code += (
        "with scratch(resolve(sys.argv[1]), label='killed') as made:\n print(made.name, flush=True)\n time.sleep(60)"
    )
    process = python(code, server.url("postgres", show_password=True))
    assert process.stdout
    name = process.stdout.readline().strip()
    with scratch(server):
        assert name in databases(server), "a living scratch database was swept"
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while name not in sweep(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert name not in databases(server)
    assert sweep(server) == []


def test_names_that_only_look_like_scratch_are_left_alone(server: Server) -> None:
    with server.connect(autocommit=True) as connection:
        connection.execute("CREATE DATABASE airside_scratch_notes")
        assert sweep(server) == []
        connection.execute("DROP DATABASE airside_scratch_notes")


def test_scratch_survives_a_lost_keeper(server: Server) -> None:
    with scratch(server) as made, server.connect(autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'airside scratch'"
        )
    assert made.name not in databases(server)


def test_what_is_required(server: Server, role: str) -> None:
    require(server, server.major, ["plpgsql"])
    assert isinstance(refusal(lambda: require(server, 9, [])), WrongMajorVersion)
    missing = refusal(lambda: require(server, None, ["plpgsql", "no_such_extension"]))
    assert isinstance(missing, MissingExtension)
    assert "no_such_extension" in missing.what
    assert "plpgsql" not in missing.what


def test_rights_that_scratch_needs(server: Server, role: str) -> None:
    if server.password:
        pytest.skip("the server asks for a password that the role does not have")
    limited = replace(server, user=role)
    lacking = refusal(lambda: require(limited, None, []))
    assert isinstance(lacking, MissingRight)
    assert "CREATEDB" in str(lacking)

    def attempt(**options: str) -> None:
        with scratch(limited, **options):
            pass

    assert "CREATEDB" in str(refusal(attempt))
    with server.connect(autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {role} CREATEDB")
    attempt()
    assert isinstance(refusal(lambda: attempt(owner=server.user or "")), MissingRight)
    assert isinstance(refusal(lambda: attempt(owner="no_such_role")), NotProvisioned)
    assert isinstance(refusal(lambda: attempt(template="no_such_template")), NotProvisioned)
