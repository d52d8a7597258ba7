"""The generator: what its functions promise, whole batches, going on, digests, orphans, emptying."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from airside.schema.core import Database
from airside.schema.core.errors import LockNotAcquired, Refused, StatementFailed
from airside.seeds.environment import mark
from airside.seeds.generated import Driver, GeneratedSystem, Reference, Scope, Undigested
from airside.seeds.generated.digest import Digest, digests
from airside.seeds.generated.generate import Batch, generate, totals
from airside.seeds.generated.orphans import compare
from airside.seeds.generated.reset import reset, to_empty
from airside.seeds.generated.run import Run, recorded
from airside.seeds.generated.session import prepare
from airside.seeds.owner import as_owner
from airside.server import Server
from psycopg import sql
from sqlalchemy import BigInteger, Column, DateTime, MetaData, Table, Text

RUN = Run(250, 1, datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))

TABLES = """
CREATE TABLE users (id bigserial PRIMARY KEY, name text NOT NULL);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, tenant text NOT NULL, at timestamptz NOT NULL);
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;
ALTER TABLE orders FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON orders USING (tenant = current_setting('app.tenant', true));
CREATE TABLE log (id bigint PRIMARY KEY, order_id bigint, written_at timestamptz NOT NULL DEFAULT clock_timestamp());
CREATE FUNCTION written() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN INSERT INTO log (id, order_id) VALUES (NEW.id, NEW.id); RETURN NEW; END';
CREATE TRIGGER written AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION written();
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''append-only''; END';
CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON log FOR EACH ROW EXECUTE FUNCTION refuse();
CREATE TRIGGER keep_all BEFORE TRUNCATE ON log FOR EACH STATEMENT EXECUTE FUNCTION refuse();
ALTER TABLE log ENABLE ALWAYS TRIGGER keep_all;
"""
SHARED = """
CREATE FUNCTION pg_temp.orders() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT pg_temp.scale() * 2';
CREATE FUNCTION pg_temp.tenants() RETURNS SETOF text LANGUAGE sql IMMUTABLE AS 'VALUES (''a''), (''b'')';
"""
USERS = """\
-- airside: per user
INSERT INTO users (id, name) SELECT n + 1, pg_temp.first_name('user', n) FROM pg_temp.numbers(%(lo)s, %(hi)s) AS n
"""
ORDERS = """\
-- airside: per order, as each tenant
INSERT INTO orders (id, user_id, tenant, at)
SELECT n, 1 + pg_temp.skewed('order', n, pg_temp.scale()), current_setting('app.tenant'),
    pg_temp.moment('order', n, pg_temp.since(), pg_temp.until())
FROM pg_temp.numbers(%(lo)s, %(hi)s) AS n
WHERE pg_temp.pick('tenant', n, ARRAY['a', 'b']) = current_setting('app.tenant')
"""


@pytest.fixture
def system(database: str, tmp_path: Path) -> GeneratedSystem:
    (tmp_path / database).mkdir()
    (tmp_path / "shared.sql").write_text(SHARED)
    (tmp_path / database / "01_users.sql").write_text(USERS)
    (tmp_path / database / "02_orders.sql").write_text(ORDERS)
    return GeneratedSystem(
        str(tmp_path / "__init__.py"),
        (Driver("user", "scale", batch=100), Driver("order", "orders", batch=60)),
        scope=Scope("tenant", "app.tenant", "tenants"),
        references=(Reference.of(f"{database}.orders(user_id)", f"{database}.users(id)"),),
        undigested=(Undigested(f"{database}.log(written_at)", "a trigger sets it to now"),),
    )


@pytest.fixture
def shop(server: Server, database: str) -> Iterator[Database]:
    metadata = MetaData()
    Table("users", metadata, Column("id", BigInteger, primary_key=True), Column("name", Text))
    Table(
        "orders",
        metadata,
        Column("id", BigInteger, primary_key=True),
        *(Column(name, Text) for name in ("user_id", "tenant")),
        Column("at", DateTime(timezone=True)),
    )
    Table("log", metadata, *(Column(name, Text) for name in ("id", "order_id", "written_at")))
    made = Database(database, metadata)
    owner = sql.Identifier(made.roles.owner)
    with server.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {}").format(owner))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(database), owner))
    with as_owner(server, made) as connection:
        connection.execute(TABLES)
        mark(connection, "development")
    yield made
    with server.connect(database, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP OWNED BY {} CASCADE").format(owner))
        connection.execute(sql.SQL("ALTER DATABASE {} OWNER TO CURRENT_USER").format(sql.Identifier(database)))
        connection.execute(sql.SQL("DROP ROLE {}").format(owner))


def fill(
    server: Server, shop: Database, system: GeneratedSystem, run: Run = RUN, *, stop_after: int | None = None
) -> list[Batch]:
    """Generate; with `stop_after`, only that many batches."""
    batches: list[Batch] = []
    stop = threading.Event()

    def observe(batch: Batch) -> None:
        if batch.rows:
            batches.append(batch)
        if len(batches) == stop_after:
            stop.set()

    generate(server, shop, system, run, observer=observe, stop=stop)
    return batches


@pytest.fixture
def functions(server: Server, system: GeneratedSystem) -> Iterator[psycopg.Connection[Any]]:
    with server.connect(autocommit=True) as connection:
        prepare(connection, system, RUN)
        yield connection


def one(connection: psycopg.Connection[Any], statement: str) -> Any:
    row = connection.execute(statement).fetchone()
    assert row is not None
    return row[0] if len(row) == 1 else row


def test_what_is_drawn_lies_where_it_should(functions: psycopg.Connection[Any]) -> None:
    numbers = "FROM pg_temp.numbers(0, 20000) AS n"
    low, high, mean = one(functions, f"SELECT min(u), max(u), avg(u) {numbers}, pg_temp.unit('x', n) AS u")
    assert 0 <= low < 0.01 < 0.99 < high < 1
    assert mean == pytest.approx(0.5, abs=0.01)
    assert one(functions, f"SELECT min(b), max(b) {numbers}, pg_temp.between('x', n, -3, 4) AS b") == (-3, 4)
    least, most, first = one(
        functions,
        f"SELECT min(s), max(s), (count(*) FILTER (WHERE s = 0))::float / 20000 {numbers},"
        " pg_temp.skewed('x', n, 100) AS s",
    )
    assert (least, most) == (0, 99)
    assert first == pytest.approx(0.16, abs=0.02)
    assert one(functions, f"SELECT count(DISTINCT pg_temp.pick('x', n, ARRAY['a', NULL, 'c'])) {numbers}") == 2
    earliest, latest = one(
        functions, f"SELECT min(m), max(m) {numbers}, pg_temp.moment('x', n, pg_temp.since(), pg_temp.until()) AS m"
    )
    assert RUN.since <= earliest <= latest < RUN.until
    assert one(functions, f"SELECT avg(pg_temp.chance('x', n, 0.2)::int)::float {numbers}") == pytest.approx(
        0.2, abs=0.02
    )


def test_ids_and_codes_are_unique_and_ids_are_of_version_8(functions: psycopg.Connection[Any]) -> None:
    numbers = "FROM pg_temp.numbers(0, 50000) AS n"
    assert one(functions, f"SELECT count(DISTINCT pg_temp.id('x', n)), count(DISTINCT pg_temp.code(n)) {numbers}") == (
        50000,
        50000,
    )
    shape = "^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
    assert one(functions, f"SELECT bool_and(pg_temp.id('x', n)::text ~ '{shape}') {numbers}")
    assert one(functions, f"SELECT bool_and(pg_temp.code(n) ~ '^[2-9A-HJ-NP-Z]{{6}}$') {numbers}")


def test_another_kind_or_random_seed_draws_something_else(
    server: Server, functions: psycopg.Connection[Any], system: GeneratedSystem
) -> None:
    assert one(functions, "SELECT pg_temp.hash('a', 1) <> pg_temp.hash('b', 1)")
    hashes = "SELECT array_agg(pg_temp.hash('x', n)) FROM pg_temp.numbers(0, 5) AS n"
    with server.connect(autocommit=True) as same, server.connect(autocommit=True) as other:
        prepare(same, system, RUN)
        prepare(other, system, replace(RUN, random_seed=2))
        assert one(same, hashes) == one(functions, hashes)
        assert not set(one(other, hashes)) & set(one(functions, hashes))


def test_the_functions_are_put_in_line(functions: psycopg.Connection[Any]) -> None:
    calls = (
        "pg_temp.id('x', n)",
        "pg_temp.pick('x', n, ARRAY['a', 'b'])",
        "pg_temp.skewed('x', n, 9)",
        "pg_temp.code(n)",
        "pg_temp.moment('x', n, pg_temp.since(), pg_temp.until())",
        "pg_temp.last_name('x', n)",
    )
    plan = functions.execute(f"EXPLAIN (VERBOSE) SELECT {', '.join(calls)} FROM pg_temp.numbers(0, 9) AS n").fetchall()
    assert "pg_temp" not in "\n".join(line for (line,) in plan)


def test_a_run_makes_all_rows_once_and_moves_the_sequence_on(
    server: Server, shop: Database, system: GeneratedSystem
) -> None:
    assert totals(server, shop, system, RUN) == {"user": 250, "order": 500}
    batches = fill(server, shop, system)
    assert [(batch.driver, batch.done) for batch in batches[:3]] == [("user", 100), ("user", 200), ("user", 250)]
    assert sum(batch.rows for batch in batches) == 750
    found = {digest.table: digest.rows for digest in digests(server, shop, system, RUN)}
    assert found == {"users": 250, "orders": 500, "log": 500}
    with as_owner(server, shop) as connection:
        assert one(connection, "INSERT INTO users (name) VALUES ('one more') RETURNING id") == 251
        assert all(entry.complete and entry.run == RUN for entry in recorded(connection))
    assert fill(server, shop, system) == []


def test_what_stopped_goes_on_and_ends_in_the_same_rows(
    server: Server, shop: Database, system: GeneratedSystem
) -> None:
    fill(server, shop, system)
    undisturbed = digests(server, shop, system, RUN)
    reset(server, shop)
    for _ in range(20):
        if not fill(server, shop, system, stop_after=1):
            break
    assert digests(server, shop, system, RUN) == undisturbed


def test_two_at_once_take_turns(server: Server, shop: Database, system: GeneratedSystem) -> None:
    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: fill(server, shop, system), range(2)))
    assert sum(batch.rows for batches in both for batch in batches) == 750
    together = digests(server, shop, system, RUN)
    reset(server, shop)
    fill(server, shop, system)
    assert digests(server, shop, system, RUN) == together


def test_a_step_that_fails_leaves_whole_batches(server: Server, shop: Database, system: GeneratedSystem) -> None:
    with as_owner(server, shop) as connection:
        connection.execute("ALTER TABLE orders ADD CHECK (id < 100)")
    with pytest.raises(StatementFailed, match="step 02_orders failed for order 60 to 120") as failed:
        fill(server, shop, system)
    assert failed.value.where == shop.name
    with as_owner(server, shop) as connection:
        assert {entry.driver: entry.next for entry in recorded(connection)} == {"order": 60, "user": 250}
        connection.execute("ALTER TABLE orders DROP CONSTRAINT orders_id_check")
    assert sum(batch.rows for batch in fill(server, shop, system)) == 440


def test_another_run_is_refused_by_the_database_itself(server: Server, shop: Database, system: GeneratedSystem) -> None:
    fill(server, shop, system, stop_after=1)
    with pytest.raises(Refused, match="random seed 1"):
        fill(server, shop, system, replace(RUN, random_seed=2))


def digest_of(found: tuple[Digest, ...], table: str) -> Digest:
    return next(digest for digest in found if digest.table == table)


def test_digests_see_every_change_but_what_is_left_out(server: Server, shop: Database, system: GeneratedSystem) -> None:
    fill(server, shop, system)
    before = digests(server, shop, system, RUN)
    with as_owner(server, shop) as connection:
        connection.execute("ALTER TABLE log DISABLE TRIGGER keep; UPDATE log SET written_at = now()")
        connection.execute("UPDATE users SET name = 'somebody' WHERE id = 1")
        connection.execute("SET app.tenant = 'b'; DELETE FROM orders WHERE id = (SELECT max(id) FROM orders)")
    after = digests(server, shop, system, RUN)
    assert digest_of(after, "log") == digest_of(before, "log")
    assert digest_of(after, "users").rows == 250
    assert digest_of(after, "users").digest != digest_of(before, "users").digest
    assert digest_of(after, "orders").rows == 499
    with as_owner(server, shop) as connection:
        connection.execute("ALTER TABLE log DROP CONSTRAINT log_pkey; INSERT INTO log SELECT * FROM log")
    doubled = digest_of(digests(server, shop, system, RUN), "log")
    assert doubled.rows == 1000
    assert doubled.digest != "0" * 16


def test_orphans_are_counted_under_every_tenant(server: Server, shop: Database, system: GeneratedSystem) -> None:
    fill(server, shop, system)
    reference = system.references[0]
    found = compare(server, {shop.name: shop}, system, RUN, reference)
    assert found.keys > 50
    assert found.orphans == 0
    assert found.example is None
    with as_owner(server, shop) as connection:
        connection.execute("DELETE FROM users WHERE id = 1")
    found = compare(server, {shop.name: shop}, system, RUN, reference)
    assert (found.orphans, found.example) == (2, "1"), "both tenants have orders of the first user"


def test_what_the_condition_excludes_refers_to_nothing(server: Server, shop: Database, system: GeneratedSystem) -> None:
    fill(server, shop, system)
    with as_owner(server, shop) as connection:
        connection.execute("INSERT INTO log (id, order_id) VALUES (-1, NULL), (-2, 12345)")
    for where, orphans in (("true", 1), ("order_id <> 12345", 0)):
        reference = Reference.of(f"{shop.name}.log(order_id)", f"{shop.name}.log(id)", where)
        assert compare(server, {shop.name: shop}, system, RUN, reference).orphans == orphans


def guards(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT tgname, tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    return [(str(name), str(state)) for name, state in rows]


def test_reset_empties_and_leaves_the_guards_as_they_were(
    server: Server, shop: Database, system: GeneratedSystem
) -> None:
    fill(server, shop, system)
    with as_owner(server, shop) as connection:
        before = guards(connection)
        connection.execute(
            "CREATE TABLE airside.reference (table_name text); INSERT INTO airside.reference VALUES ('x')"
        )
    assert set(to_empty(server, shop)) == {"users", "orders", "log"}
    assert set(reset(server, shop)) == {"users", "orders", "log"}
    with as_owner(server, shop) as connection:
        assert guards(connection) == before
        assert ("keep_all", "A") in before
        assert recorded(connection) == ()
        for table in ("users", "log"):
            assert one(connection, f"SELECT count(*) FROM {table}") == 0
        assert one(connection, "INSERT INTO users (name) VALUES ('first') RETURNING id") == 1
        connection.execute("UPDATE airside.reference SET table_name = 'users'")
    assert "users" not in reset(server, shop)
    with as_owner(server, shop) as connection:
        assert one(connection, "SELECT count(*) FROM users") == 1


@pytest.mark.parametrize("environment", ["staging", "production", None])
def test_reset_is_refused_outside_development(server: Server, shop: Database, environment: str | None) -> None:
    with as_owner(server, shop) as connection:
        connection.execute("INSERT INTO users (name) VALUES ('somebody')")
        connection.execute("DELETE FROM airside.environment")
        if environment:
            connection.execute("INSERT INTO airside.environment (name) VALUES (%s)", [environment])
    for refused in (reset, to_empty):
        with pytest.raises(Refused, match=environment or "no mark"):
            refused(server, shop)
    with as_owner(server, shop) as connection:
        assert one(connection, "SELECT count(*) FROM users") == 1


def test_reset_does_not_wait_for_long(server: Server, shop: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("airside.seeds.generated.reset._LOCK_TIMEOUT", "100ms")
    with as_owner(server, shop) as reader, reader.transaction():
        reader.execute("SELECT count(*) FROM users")
        with pytest.raises(LockNotAcquired, match="in use"):
            reset(server, shop)
    with as_owner(server, shop) as connection:
        assert ("keep_all", "A") in guards(connection)


def test_reset_does_not_touch_what_an_undeclared_table_refers_to(
    server: Server, shop: Database, system: GeneratedSystem
) -> None:
    fill(server, shop, system)
    with as_owner(server, shop) as connection:
        connection.execute("CREATE TABLE guests (user_id bigint REFERENCES users)")
    with pytest.raises(Refused, match="guests"):
        reset(server, shop)
    with as_owner(server, shop) as connection:
        assert connection.execute("SELECT count(*) FROM users").fetchone() == (RUN.scale,)
