"""For any two schemas: the plan from the one applied to it gives exactly the other, and the way back the first."""

from __future__ import annotations

import uuid
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from airside.schema.core.catalog import inspect
from airside.schema.core.compare import compare
from airside.schema.core.plan import Plan, plan
from airside.server import Server
from hypothesis import HealthCheck, Phase, given, settings
from psycopg import sql

from .random_schemas import Schema, schemas

READER = "random_reader"


@pytest.fixture(scope="module", autouse=True)
def reader(server: Server) -> None:
    with server.connect(autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [READER]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(READER)))


@contextmanager
def built(server: Server, schema: Schema) -> Generator[psycopg.Connection[Any]]:
    name = f"random_{uuid.uuid4().hex[:12]}"
    with server.connect(autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        try:
            with server.connect(name, autocommit=True) as connection:
                for statement in schema.script():
                    connection.execute(statement.encode())
                yield connection
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def apply(connection: psycopg.Connection[Any], drafted: Plan) -> None:
    assert drafted.unplanned == ()
    for stage in drafted.stages:
        if stage.transactional:
            with connection.transaction():
                for statement in stage.statements:
                    connection.execute(statement.sql.encode())
        else:
            for statement in stage.statements:
                connection.execute(statement.sql.encode())


def there_and_back(server: Server, first: Schema, second: Schema) -> None:
    with built(server, first) as one, built(server, second) as two:
        before, wanted = inspect(one, dependencies=True), inspect(two, dependencies=True)
        assert compare(before, before) == ()
        apply(one, plan(before, wanted))
        after = inspect(one, dependencies=True)
        assert compare(after, wanted) == ()
        assert plan(after, wanted).stages == ()
        apply(one, plan(after, before, online=False))
        assert compare(inspect(one), before) == ()


def examples(request: pytest.FixtureRequest) -> int:
    return 400 if request.config.getoption("--soak") else 8


@pytest.mark.soak
def test_any_schema_leads_to_any_other_and_back(server: Server, request: pytest.FixtureRequest) -> None:
    # shrinking means many databases: only in the long version
    phases = [Phase.explicit, Phase.reuse, Phase.generate]

    @settings(
        max_examples=examples(request),
        derandomize=True,
        phases=phases,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(schemas(), schemas())
    def property_holds(first: Schema, second: Schema) -> None:
        there_and_back(server, first, second)

    property_holds()
