"""`global_travel_hub` as provisioning makes it: roles that pass policies, and tables that somebody else owns (002)."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from airside.migrations.drift import drift
from airside.migrations.provision import Provisioned, plan_provision, provision
from airside.migrations.session import Session
from airside.partitions.create import create_missing
from airside.schema.core.errors import MissingRight
from airside.schema.core.registry import load_registry
from airside.server import Server, ephemeral, find
from psycopg import sql

from .declared import acting_as, one
from .travel_hub import APP, BACKUP, OWNER, REFRESH, Rows, add_rows

ENTRY = load_registry().one("travel_hub.global_travel_hub")
DATABASE = ENTRY.load()


@pytest.fixture(scope="module")
def alone() -> Iterator[Server]:
    """A server of its own, on which nothing is provisioned yet: roles belong to all databases of a server."""
    with ephemeral() as started:
        yield started


@pytest.fixture(scope="module")
def server(alone: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same, provisioned."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIRSIDE_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        assert provisioned(alone).changed
        yield alone


@pytest.fixture(scope="module")
def hub(server: Server) -> tuple[Rows, Rows]:
    with server.connect(ENTRY.name, autocommit=True) as connection:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(OWNER)))
        create_missing(connection, DATABASE, datetime.now(UTC))
    with server.connect(ENTRY.name) as connection:
        return add_rows(connection, "one"), add_rows(connection, "two")


def provisioned(server: Server) -> Provisioned:
    return provision(server, ENTRY, DATABASE, Session(ENTRY, server, ENTRY.name, DATABASE.roles))


def login(server: Server, attributes: str = "", member_of: str | None = None) -> Server:
    """The server as a fresh login role sees it."""
    name = f"login_{uuid.uuid4().hex[:8]}"
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN {}").format(sql.Identifier(name), sql.SQL(attributes)))  # type: ignore[arg-type]
        if member_of is not None:
            connection.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(member_of), sql.Identifier(name)))
    return replace(server, user=name, _version=[])


def changes(server: Server) -> list[str]:
    return [str(change) for change in drift(server, ENTRY, DATABASE).changes]


def dump(server: Server, *options: str) -> subprocess.CompletedProcess[str]:
    binaries = find()
    return subprocess.run(
        [binaries.tool("pg_dump"), "--data-only", "--schema=public", *options],
        env={**binaries.environment(), **server.environment(ENTRY.name)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_roles_that_pass_policies_are_not_for_everybody_to_create(alone: Server) -> None:
    deployer = login(alone, "CREATEROLE CREATEDB")
    with pytest.raises(MissingRight, match=f"{BACKUP} with BYPASSRLS and membership in pg_read_all_data") as caught:
        provisioned(deployer)
    assert "as a superuser" in str(caught.value)
    assert plan_provision(alone, ENTRY, DATABASE).roles == (*DATABASE.roles.names(), BACKUP, REFRESH)


def test_a_second_provision_has_nothing_to_do(server: Server) -> None:
    assert not provisioned(server).changed


def test_a_role_that_lost_what_it_needs_gets_it_back(server: Server) -> None:
    with server.connect(autocommit=True) as connection:
        connection.execute(sql.SQL("ALTER ROLE {} NOBYPASSRLS").format(sql.Identifier(BACKUP)))
        connection.execute(sql.SQL("REVOKE {} FROM {}").format(*map(sql.Identifier, (REFRESH, OWNER))))
    assert provisioned(server).roles == (BACKUP, REFRESH)
    assert not provisioned(server).changed


def test_002_06_a_backup_has_the_rows_of_all_tenants(server: Server, hub: tuple[Rows, Rows]) -> None:
    done = dump(login(server, member_of=BACKUP), f"--role={BACKUP}")
    assert done.returncode == 0, done.stderr
    for rows in hub:
        for row in (rows.tenant, *rows.ids.values()):
            assert str(row) in done.stdout


def test_002_06_a_backup_by_the_owner_is_refused_rather_than_half(server: Server, hub: tuple[Rows, Rows]) -> None:
    done = dump(server, f"--role={OWNER}")
    assert done.returncode != 0
    assert "row-level security" in done.stderr


def test_002_09_a_scheduler_refreshes_the_metrics_of_all_tenants(server: Server, hub: tuple[Rows, Rows]) -> None:
    scheduler = login(server, member_of=REFRESH)
    for _ in range(2):
        with scheduler.connect(ENTRY.name, autocommit=True) as connection:
            connection.execute("REFRESH MATERIALIZED VIEW CONCURRENTLY mv_daily_metrics")
    with server.connect(ENTRY.name) as connection:
        assert one(connection, "SELECT count(*) FROM mv_daily_metrics") == 2
        for rows in hub:
            with acting_as(connection, APP, current_tenant_id=rows.tenant):
                assert one(connection, "SELECT sum(bookings) FROM v_daily_metrics") == 1
        connection.rollback()


def test_002_21_tables_of_langgraph_are_no_drift_and_others_are(server: Server, hub: tuple[Rows, Rows]) -> None:
    assert changes(server) == []
    langgraph = login(server)
    with server.connect(ENTRY.name, autocommit=True) as connection:
        assert langgraph.user is not None
        role = sql.Identifier(langgraph.user)
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(sql.Identifier(ENTRY.name), role))
        connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(role))
        with langgraph.connect(ENTRY.name) as theirs:
            theirs.execute("CREATE TABLE checkpoints (thread_id text PRIMARY KEY, checkpoint jsonb NOT NULL)")
            theirs.execute("CREATE INDEX checkpoints_thread_id_idx ON checkpoints (thread_id)")
        rights_of_langgraph = changes(server)
        assert [change.split()[1] for change in rights_of_langgraph] == ["grant", "grant"]
        connection.execute(sql.SQL("REVOKE ALL ON SCHEMA public FROM {}").format(role))
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM {}").format(sql.Identifier(ENTRY.name), role))
        assert changes(server) == []
        connection.execute("CREATE TABLE public.checkpoint_notes (id integer)")
        assert any("checkpoint_notes" in change for change in changes(server))
        connection.execute("DROP TABLE public.checkpoint_notes, public.checkpoints")
    assert changes(server) == []


def test_drift_needs_no_superuser_once_the_roles_are_there(
    server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AIRSIDE_CACHE_DIR", str(tmp_path))
    assert changes(login(server, "CREATEDB", member_of=OWNER)) == []
