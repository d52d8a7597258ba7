"""Tenants behind PgBouncer in transaction mode, as the design document runs it (row 002-04)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import cycle, islice

import psycopg
import pytest
from airside.schema.travel_hub import TENANT_SETTING, tenant
from psycopg import sql

from .declared import Connection, ServerLike
from .pooler import PGBOUNCER, transaction_pool
from .travel_hub import APP, add_tenant, hub_database

pytestmark = pytest.mark.skipif(PGBOUNCER is None, reason="there is no pgbouncer on PATH or in /usr/sbin")

READS = 3000
CLIENTS = 8
CONNECTIONS = 3
BOOKINGS = 5

SetTenant = Callable[[Connection, uuid.UUID], AbstractContextManager[None]]


@dataclass
class Tally:
    """What clients saw: reads, those with rows of somebody else, those without rows of their own, backends used."""

    reads: int = 0
    leaks: int = 0
    misses: int = 0
    backends: set[int] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        self.reads += other.reads
        self.leaks += other.leaks
        self.misses += other.misses
        self.backends |= other.backends


@dataclass(frozen=True)
class Pool:
    conninfo: str
    tenants: tuple[uuid.UUID, ...]


@dataclass(frozen=True)
class Hub:
    """A database, its tenants, and a login role with the rights of the app role."""

    name: str
    tenants: tuple[uuid.UUID, ...]
    login: str
    password: str


@pytest.fixture(scope="module")
def hub(server: ServerLike) -> Iterator[Hub]:
    login, password = f"hub_login_{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    with hub_database(server) as name:
        with server.connect(name) as connection:
            tenants = tuple(add_tenant(connection, f"tenant{number}") for number in range(4))
            connection.execute(
                "INSERT INTO bookings (tenant_id, booking_reference)"
                " SELECT id, left(md5(id::text || n), 20) FROM tenants, generate_series(1, %s) AS n",
                [BOOKINGS],
            )
            create = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}")
            connection.execute(create.format(sql.Identifier(login), sql.Literal(password), sql.Identifier(APP)))
        yield Hub(name, tenants, login, password)
        with server.connect(name) as connection:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(login)))


@pytest.fixture
def pool(server: ServerLike, hub: Hub) -> Iterator[Pool]:
    """A pool of its own for each test: what a client leaves on a connection stays there."""
    with transaction_pool(server, hub.name, hub.login, hub.password, size=CONNECTIONS) as conninfo:
        yield Pool(conninfo, hub.tenants)


@contextmanager
def plain_set(connection: Connection, tenant_id: uuid.UUID) -> Iterator[None]:
    """What the document says to do: SET, per connection."""
    name = sql.SQL(".").join(map(sql.Identifier, TENANT_SETTING.split(".")))
    connection.execute(sql.SQL("SET {} = {}").format(name, sql.Literal(str(tenant_id))))
    yield


def read(pool: Pool, reads: int, set_tenant: SetTenant) -> Tally:
    """Many clients at once, each for one tenant after the other and now and then for none."""
    total = Tally()
    with ThreadPoolExecutor(CLIENTS) as clients:
        jobs = [clients.submit(_client, pool, number, reads // CLIENTS, set_tenant) for number in range(CLIENTS)]
        for job in jobs:
            total.add(job.result())
    return total


def _client(pool: Pool, number: int, reads: int, set_tenant: SetTenant) -> Tally:
    tally = Tally()
    turns = islice(cycle((*pool.tenants, None)), number, number + reads)
    # a prepared statement would stay on a backend that the next transaction does not meet again
    with psycopg.connect(pool.conninfo, autocommit=True, prepare_threshold=None) as connection:
        for wanted in turns:
            with connection.transaction():
                if wanted is None:
                    seen = _seen(connection, tally)
                else:
                    with set_tenant(connection, wanted):
                        seen = _seen(connection, tally)
            mine = [found for found in seen if found == wanted]
            tally.reads += 1
            tally.leaks += len(mine) != len(seen)
            tally.misses += len(mine) != (2 * BOOKINGS if wanted else 0)
    return tally


def _seen(connection: Connection, tally: Tally) -> list[uuid.UUID]:
    rows = connection.execute(
        "SELECT pg_backend_pid(),"
        " array(SELECT tenant_id FROM bookings UNION ALL SELECT tenant_id FROM v_booking_details)"
    ).fetchone()
    assert rows is not None
    tally.backends.add(rows[0])
    return rows[1]


def test_002_04_pooled_reads_never_see_another_tenant(pool: Pool) -> None:
    tally = read(pool, READS, tenant)
    assert (tally.reads, tally.leaks, tally.misses) == (READS, 0, 0)
    assert 1 < len(tally.backends) <= CONNECTIONS < CLIENTS


def test_002_04_a_plain_set_is_caught_to_leak(pool: Pool) -> None:
    """The control: the same reads find the leak where there is one."""
    tally = read(pool, READS // 10, plain_set)
    assert tally.leaks > 0


def test_002_04_a_tenant_does_not_outlive_its_transaction_on_a_shared_connection(pool: Pool) -> None:
    tally = Tally()
    with (
        psycopg.connect(pool.conninfo, autocommit=True, prepare_threshold=None) as first,
        psycopg.connect(pool.conninfo, autocommit=True, prepare_threshold=None) as second,
    ):
        for wanted in pool.tenants:
            with first.transaction(), tenant(first, wanted):
                assert set(_seen(first, tally)) == {wanted}
            with pytest.raises(psycopg.errors.DivisionByZero), first.transaction(), tenant(first, wanted):
                first.execute("SELECT 1 / 0")
            assert _seen(second, tally) == []
