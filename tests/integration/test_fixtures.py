"""Development fixtures: refused elsewhere, added once, joined up, with triggers and policies on."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, LiteralString

import pytest
from airside.cli.provision import provision_entry
from airside.schema.core.database import Database
from airside.schema.core.errors import Refused, StatementFailed
from airside.schema.core.registry import load_registry
from airside.seeds.environment import ENVIRONMENTS, Environment, mark
from airside.seeds.fixtures import files_of, load
from airside.seeds.generated.orphans import compare
from airside.seeds.generated.run import Run
from airside.seeds.owner import as_owner
from airside.server import Server

from .declared import acting_as, lacking, skip_without_extensions
from .provisioned import provisioned

NOW = datetime.now(UTC)
REGISTRY = load_registry()
DATABASES = {entry.name: entry.load() for entry in REGISTRY.entries}
WITH_FIXTURES = [name for name in DATABASES if files_of(name)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Every database that this PostgreSQL can hold, provisioned and marked development, with its fixtures."""
    everywhere = [name for name, database in DATABASES.items() if "pgcrypto" not in database.extensions]
    with provisioned(tmp_path_factory.mktemp("cache"), *everywhere) as made:
        for entry in REGISTRY.entries:
            database = DATABASES[entry.name]
            if entry.name not in everywhere and not lacking(made, database):
                provision_entry(made, entry)
            elif entry.name not in everywhere:
                continue
            with as_owner(made, database) as connection:
                mark(connection, "development")
            planned = load(made, database, NOW, dry_run=True)
            assert load(made, database, NOW) == planned
            assert bool(files_of(database.name)) == planned.changed
        yield made


def rows(server: Server, database: str, statement: LiteralString) -> list[tuple[Any, ...]]:
    """As a superuser, whom no policy binds."""
    with server.connect(database, autocommit=True) as connection:
        return connection.execute(statement).fetchall()


def test_every_system_has_fixtures() -> None:
    systems = {entry.system for entry in REGISTRY.entries}
    assert {entry.system for entry in REGISTRY.entries if files_of(entry.name)} == systems


def test_those_of_flight_schedule_are_what_its_document_lists(server: Server) -> None:
    names = [path.stem.partition("_")[2] for path in files_of("flight_schedule_pro")]
    assert names == ["dev_users", "dev_bookings", "dev_availability"]
    roles = dict(rows(server, "flight_schedule_pro", "SELECT role, count(*) FROM users GROUP BY role"))
    assert roles == {"ADMIN": 1, "INSTRUCTOR": 2, "STUDENT": 4}
    statuses = {status for (status,) in rows(server, "flight_schedule_pro", "SELECT status FROM bookings")}
    assert statuses == {"CONFIRMED", "AT_RISK", "RESCHEDULING", "CANCELLED", "COMPLETED"}
    assert rows(server, "flight_schedule_pro", "SELECT count(*) FROM availability_patterns") == [(18,)]


@pytest.mark.parametrize("name", WITH_FIXTURES)
@pytest.mark.parametrize("days", [0, 40])
def test_loading_again_adds_nothing(server: Server, name: str, days: int) -> None:
    skip_without_extensions(server, DATABASES[name])
    again = load(server, DATABASES[name], NOW + timedelta(days))
    assert again.added
    assert not again.changed


def test_what_was_deleted_comes_back(server: Server) -> None:
    with server.connect("review_service_db", autocommit=True) as connection:
        connection.execute("DELETE FROM review_votes")
    added = load(server, DATABASES["review_service_db"], NOW).added
    assert added == {"reviews": 0, "review_votes": 1}


@pytest.mark.parametrize("system", REGISTRY.systems())
def test_the_databases_of_a_system_agree(server: Server, system: str) -> None:
    generated = importlib.import_module(f"airside.seeds.generated.{system}").system
    databases = {entry.name: DATABASES[entry.name] for entry in REGISTRY.resolve(system)}
    for database in databases.values():
        skip_without_extensions(server, database)
    found = [compare(server, databases, generated, Run(1, 1, NOW, NOW), one) for one in generated.references]
    assert {str(one.reference): one.example for one in found if one.orphans} == {}


def test_triggers_see_every_row(server: Server) -> None:
    assert rows(server, "booking_db", "SELECT count(*) FROM booking_registry") == [(3,)]
    assert rows(server, "payment_service_db", "SELECT count(*) FROM payment_registry") == [(3,)]
    assert rows(server, "user_db", "SELECT count(*) FROM user_email_registry") == [(3,)]
    assert rows(server, "global_travel_hub", "SELECT message_count FROM chat_sessions") == [(5,)]
    audited = rows(server, "exotic_travel_prod", "SELECT resource_type, count(*) FROM audit_logs GROUP BY 1 ORDER BY 1")
    assert audited == [("bookings", 4), ("users", 4)]
    assert rows(server, "exotic_travel_prod", "SELECT rating FROM destinations WHERE review_count = 1") == [(5,)]


@pytest.mark.parametrize(("tenant", "users"), [("fixture-skyline", 3), ("fixture-harbour", 2)])
def test_a_tenant_sees_its_own_rows(server: Server, tenant: str, users: int) -> None:
    database = DATABASES["global_travel_hub"]
    with server.connect(database.name) as connection:
        (found,) = connection.execute("SELECT id::text FROM tenants WHERE slug = %s", [tenant]).fetchone() or ("",)
        with acting_as(connection, database.roles.app):
            connection.execute("SELECT set_config('app.current_tenant_id', %s, true)", [found])
            assert connection.execute("SELECT count(*) FROM users").fetchone() == (users,)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two databases without a mark."""
    with provisioned(tmp_path_factory.mktemp("cache"), "exotic_travel", "flight_db") as made:
        yield made


def test_refused_on_anything_but_development(other: Server) -> None:
    database = DATABASES["exotic_travel_prod"]

    def refused(reason: str, *, dry_run: bool) -> None:
        with pytest.raises(Refused, match=reason) as error:
            load(other, database, NOW, dry_run=dry_run)
        assert error.value.exit_code == 4

    marks: tuple[Environment | None, ...] = (None, *ENVIRONMENTS)
    for name in marks:
        if name is not None:
            with as_owner(other, database) as connection:
                mark(connection, name)
        for dry_run in (True, False):
            if name == "development":
                load(other, database, NOW, dry_run=True)
            else:
                refused(f"marked {name}" if name else "no mark", dry_run=dry_run)
    assert rows(other, database.name, "SELECT count(*) FROM users") == [(0,)]


def flights_marked(other: Server) -> Database:
    database = DATABASES["flight_db"]
    with as_owner(other, database) as connection:
        mark(connection, "development")
    return database


def test_a_row_that_cannot_be_added_takes_all_back_and_is_named(other: Server) -> None:
    database = flights_marked(other)
    with other.connect(database.name, autocommit=True) as connection:
        connection.execute("TRUNCATE airports CASCADE")
        with pytest.raises(StatementFailed) as failed:
            load(other, database, NOW)
        assert failed.value.where == "flight_booking/flight_db/1_flights.sql:3"
        assert "airside seed flight_db --reference" in str(failed.value.next_step)
        assert connection.execute("SELECT count(*) FROM flights").fetchone() == (0,)


def test_names_of_files_order_them() -> None:
    for name in WITH_FIXTURES:
        numbers = [int(path.name.partition("_")[0]) for path in files_of(name)]
        assert numbers == list(range(1, len(numbers) + 1)), Path(name)
