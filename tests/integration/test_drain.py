"""Draining a DEFAULT partition: what comes out, who sees what meanwhile, and what a kill leaves."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
import pytest
from airside.partitions.beside import Exchange
from airside.partitions.crowded import crowded
from airside.partitions.drain import Drained, drain
from airside.partitions.run import drain as run_drain
from airside.partitions.run import roll
from airside.schema.core.errors import LockNotAcquired, Refused
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import Server
from psycopg import sql

from .drained import NOW, Clients, declared, events_of, fill

ROWS = 3000
LEAVES = ["events_2026_09", "events_2026_10", "events_2026_11", "events_2026_12", "events_default"]

Connection = psycopg.Connection[Any]


@pytest.fixture
def connection(server: Server, database: str) -> Iterator[Connection]:
    with server.connect(database, autocommit=True) as connection:
        fill(connection, ROWS)
        yield connection


def run(connection: Connection, database: str, deadline: float = 60) -> Drained:
    patience = Patience(LockBudget(0.05, deadline))
    return drain(connection, events_of(connection, database), patience, now=NOW)


def one(connection: Connection, statement: str) -> Any:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    return row[0]


DIGEST = (
    "SELECT (count(*), sum(hashtextextended((id, at, customer_id, amount, changes, doubled, note)::text, 0)))::text"
)


def whole(connection: Connection) -> None:
    """What holds at the end of every drain."""
    leaves = connection.execute(
        "SELECT c.relname FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid"
        " WHERE i.inhparent = 'events'::regclass ORDER BY 1"
    ).fetchall()
    assert [leaf for (leaf,) in leaves if leaf in LEAVES] == LEAVES
    assert one(connection, "SELECT count(*) FROM events_default") == 0
    # before 18 VALIDATE leaves the rows that stand for single partitions as they are
    assert one(connection, "SELECT bool_and(convalidated) FROM pg_constraint WHERE contype = 'f' AND conparentid = 0")
    assert one(connection, "SELECT count(*) FROM pg_constraint WHERE conname = 'tickets_event'") == 1
    # nothing is left of the work but the ledger
    assert (
        one(connection, "SELECT count(*) FROM pg_class WHERE relname ~ '^(airside_(rest|drained)_[0-9]+|drain_)$'") == 0
    )
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0
    assert one(connection, "SELECT count(*) FROM pg_proc WHERE pronamespace = 'airside'::regnamespace") == 0
    assert one(
        connection,
        "SELECT bool_and(relrowsecurity) FROM pg_class WHERE relname IN ('events_2026_10', 'events_default')",
    )


def test_every_row_is_in_the_partition_of_its_month(connection: Connection, database: str) -> None:
    before = one(connection, f"{DIGEST} FROM events")
    assert run(connection, database) == Drained(ROWS, tuple(LEAVES[1:4]), 0)
    whole(connection)
    assert one(connection, f"{DIGEST} FROM events") == before
    assert crowded(connection, [events_of(connection, database)]) == {}
    assert run(connection, database) == Drained(0, (), 0)
    # triggers, keys and the identity go on as before
    connection.execute("UPDATE events SET amount = 1 WHERE id = 1")
    assert one(connection, "SELECT changes FROM events WHERE id = 1") == 1
    connection.execute("INSERT INTO events (at) VALUES ('2026-10-05')")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM events WHERE id = 10")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("INSERT INTO events (at, customer_id) VALUES ('2026-10-05', -1)")
    connection.execute("DELETE FROM tickets; DELETE FROM customers WHERE id = 5")
    assert one(connection, "SELECT count(*) FROM events WHERE customer_id = 5") == 0


def test_rows_without_a_period_stay_and_are_told(connection: Connection, database: str) -> None:
    connection.execute("INSERT INTO events (at) VALUES ('infinity'), ('-infinity'), ('2040-05-05')")
    done = run(connection, database)
    assert (done.rows, done.left) == (ROWS + 1, 2)
    assert "events_2040_05" in done.leaves
    assert run(connection, database) == Drained(0, (), 2)


def test_partitions_of_strange_times_are_few(connection: Connection, database: str) -> None:
    connection.execute("DELETE FROM tickets; DELETE FROM events")
    connection.execute("INSERT INTO events (at) SELECT '1990-01-01'::date + 40 * n FROM generate_series(1, 60) AS n")
    done = run(connection, database)
    assert (len(done.leaves), done.rows, done.left) == (24, 24, 36)


def test_only_what_other_partitions_leave_of_a_period_is_made(connection: Connection, database: str) -> None:
    connection.execute("DELETE FROM tickets; DELETE FROM events WHERE at < '2026-10-10'")
    connection.execute(
        "CREATE TABLE odd PARTITION OF events FOR VALUES FROM ('2026-10-01 00:00+00') TO ('2026-10-10 00:00+00');"
        "CREATE TABLE events_2026_11 (taken int)"
    )
    done = run(connection, database)
    assert set(done.leaves) == {"events_2026_10", "events_2026_11_2", "events_2026_12"}
    assert one(connection, "SELECT count(*) FROM events_default") == 0


def test_clients_see_each_row_once_all_the_time(server: Server, connection: Connection, database: str) -> None:
    with Clients(server, database, ROWS) as clients:
        time.sleep(0.3)
        run(connection, database)
        time.sleep(0.3)
    assert clients.faults == []
    assert clients.done > 50
    whole(connection)
    assert one(connection, "SELECT sum(amount) FROM events") == ROWS * 100


def test_a_snapshot_from_before_the_copy_is_waited_for(server: Server, connection: Connection, database: str) -> None:
    with server.connect(database) as old, ThreadPoolExecutor(1) as pool:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        draining = pool.submit(run, connection, database)
        time.sleep(1.5)
        assert not draining.done()
        # it has not looked at the table yet, and must find in it what was there when it began
        with server.connect(database, autocommit=True) as other:
            other.execute("INSERT INTO events (at) VALUES ('2026-10-05')")
            other.execute("UPDATE events SET amount = amount + 1 WHERE id = 7")
        assert old.execute("SELECT count(*), sum(amount) FROM events").fetchone() == (ROWS, ROWS * 100)
        old.commit()
        assert draining.result().left == 0
    assert one(connection, "SELECT (count(*), sum(amount))::text FROM events") == f"({ROWS + 1},{ROWS * 100 + 101}.00)"


def test_a_row_that_somebody_holds_is_not_lost(server: Server, connection: Connection, database: str) -> None:
    with server.connect(database) as holder, ThreadPoolExecutor(1) as pool:
        holder.execute("SELECT FROM events WHERE id IN (1, 2, 2999) FOR UPDATE")
        draining = pool.submit(run, connection, database)
        time.sleep(0.7)
        holder.execute("UPDATE events SET amount = 5 WHERE id = 2")
        holder.execute("DELETE FROM events WHERE id = 2999")
        holder.commit()
        draining.result()
    assert connection.execute("SELECT id, amount FROM events WHERE id IN (1, 2, 2999) ORDER BY id").fetchall() == [
        (1, 100),
        (2, 5),
    ]


def test_deletes_that_do_not_see_the_copy_are_made_up_for(
    server: Server, connection: Connection, database: str
) -> None:
    """A REPEATABLE READ transaction from before the copy deletes a row: its trigger does not see the copy."""
    with server.connect(database) as old, ThreadPoolExecutor(1) as pool:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        draining = pool.submit(run, connection, database)
        time.sleep(1.5)
        old.execute("DELETE FROM events WHERE id = 3")
        old.commit()
        draining.result()
    assert one(connection, "SELECT count(*) FROM events") == ROWS - 1
    whole(connection)


def test_triggers_that_change_the_row_once_more_are_followed(connection: Connection, database: str) -> None:
    connection.execute(
        "CREATE FUNCTION again() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " IF pg_trigger_depth() < 2 THEN UPDATE events SET amount = 777 WHERE id = NEW.id; END IF; RETURN NULL; END $$;"
        "CREATE TRIGGER aaa AFTER INSERT OR UPDATE ON events FOR EACH ROW EXECUTE FUNCTION again()"
    )
    _interrupted(connection, database)
    connection.execute("UPDATE events SET customer_id = 1 WHERE id < 10")
    connection.execute("INSERT INTO events (at, customer_id) VALUES ('2026-10-01', 77)")
    before = one(connection, f"{DIGEST} FROM events")
    run(connection, database)
    assert one(connection, f"{DIGEST} FROM events") == before
    assert one(connection, "SELECT count(*) FROM events WHERE amount = 777") == 10


def _interrupted(connection: Connection, database: str) -> None:
    """A drain that gets as far as it can while an old transaction is open."""
    with psycopg.connect(**connection.info.get_parameters(), password=connection.info.password) as old:
        old.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        old.execute("SELECT 1")
        with pytest.raises(LockNotAcquired, match="from before the copy"):
            run(connection, database, deadline=1)


def test_an_interrupted_drain_is_kept_up_to_date_and_ends_well(connection: Connection, database: str) -> None:
    _interrupted(connection, database)
    connection.execute("UPDATE events SET amount = 7 WHERE id <= 100; DELETE FROM events WHERE id BETWEEN 201 AND 209")
    connection.execute("INSERT INTO events (at) VALUES ('2026-12-24'), ('2031-01-01')")
    connection.execute("UPDATE events SET id = -5 WHERE id = 5")
    before = one(connection, f"{DIGEST} FROM events")
    assert crowded(connection, [events_of(connection, database)])
    run(connection, database)
    whole(connection)
    assert one(connection, f"{DIGEST} FROM events") == before


def test_who_has_rights_on_the_table_alone_goes_on(server: Server, connection: Connection, database: str) -> None:
    role = sql.Identifier(f"app_{database}")
    connection.execute(sql.SQL("CREATE ROLE {}").format(role))
    try:
        connection.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON events TO {}").format(role))
        connection.execute("ALTER TABLE events_default ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        _interrupted(connection, database)
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
            connection.execute("INSERT INTO events (at) VALUES ('2026-12-24'), ('2031-01-01')")
            connection.execute("UPDATE events SET amount = 7 WHERE id <= 100")
            connection.execute("DELETE FROM events WHERE id = 201")
        run(connection, database)
        whole(connection)
        with connection.transaction():
            connection.execute(sql.SQL("SET LOCAL ROLE {}").format(role))
            assert one(connection, "SELECT (count(*), sum(amount))::text FROM events") == "(3001,290800.00)"
    finally:
        connection.execute(sql.SQL("DROP OWNED BY {}; DROP ROLE {}").format(role, role))


def test_a_table_emptied_meanwhile_is_empty(connection: Connection, database: str) -> None:
    _interrupted(connection, database)
    connection.execute("TRUNCATE events, tickets")
    connection.execute("INSERT INTO events (at) VALUES ('2026-10-05')")
    run(connection, database)
    assert one(connection, "SELECT count(*) FROM events") == 1
    assert one(connection, "SELECT count(*) FROM events_default") == 0


def test_a_column_added_meanwhile_is_there(connection: Connection, database: str) -> None:
    _interrupted(connection, database)
    connection.execute("ALTER TABLE events ADD COLUMN more int DEFAULT 3; UPDATE events SET more = 4 WHERE id = 1")
    run(connection, database)
    assert one(connection, "SELECT sum(more) FROM events") == 3 * ROWS + 1


def test_types_without_a_hash(connection: Connection, database: str) -> None:
    connection.execute("ALTER TABLE events ADD COLUMN place point DEFAULT '(1,2)', ADD COLUMN raw json DEFAULT '{}'")
    before = one(connection, f"{DIGEST} FROM events")
    run(connection, database)
    assert one(connection, f"{DIGEST} FROM events") == before


def test_refused_before_anything_is_touched(connection: Connection, database: str) -> None:
    connection.execute(
        "ALTER TABLE tickets DROP CONSTRAINT tickets_event; ALTER TABLE events DROP CONSTRAINT events_pkey"
    )
    with pytest.raises(Refused, match="no primary key"):
        run(connection, database)
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0


def test_foreign_keys_under_another_name_and_to_a_partitioned_table(connection: Connection, database: str) -> None:
    connection.execute(
        "CREATE TABLE shops (id int PRIMARY KEY) PARTITION BY RANGE (id);"
        "CREATE TABLE shops_1 PARTITION OF shops FOR VALUES FROM (0) TO (10);"
        "CREATE TABLE shops_2 PARTITION OF shops FOR VALUES FROM (10) TO (20);"
        "INSERT INTO shops VALUES (1), (11);"
        "ALTER TABLE events ADD COLUMN shop_id int DEFAULT 1;"
        "ALTER TABLE events_default ADD CONSTRAINT of_its_own FOREIGN KEY (shop_id) REFERENCES shops;"
        "ALTER TABLE events ADD CONSTRAINT events_shop FOREIGN KEY (shop_id) REFERENCES shops"
    )
    run(connection, database)
    whole(connection)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("INSERT INTO events (at, shop_id) VALUES ('2026-10-05', 12)")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("DELETE FROM shops WHERE id = 1")
    connection.execute("DELETE FROM shops WHERE id = 11")


def test_a_partitioned_table_that_refers_to_it(connection: Connection, database: str) -> None:
    connection.execute(
        "CREATE TABLE more_tickets (id int, event_id bigint, event_at timestamptz,"
        " FOREIGN KEY (event_id, event_at) REFERENCES events) PARTITION BY RANGE (id);"
        "CREATE TABLE more_tickets_1 PARTITION OF more_tickets FOR VALUES FROM (0) TO (100);"
        "INSERT INTO more_tickets SELECT 1, id, at FROM events WHERE id = 10"
    )
    if connection.info.server_version < 180000:
        with pytest.raises(Refused, match="before PostgreSQL 18"):
            run(connection, database)
        assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0
        return
    run(connection, database)
    whole(connection)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        connection.execute("INSERT INTO more_tickets VALUES (2, -1, '2026-10-05')")


def test_the_old_partition_takes_no_more_rows(
    connection: Connection, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the exchange and the drop somebody writes into it by its name: nobody would see the row."""
    exchange = Exchange.run

    def meanwhile(self: Exchange, patience: Patience) -> tuple[str, ...]:
        self.connection.execute("CREATE VIEW in_the_way AS SELECT * FROM events_default")
        return exchange(self, patience)

    with monkeypatch.context() as patched:
        patched.setattr(Exchange, "run", meanwhile)
        with pytest.raises(
            Refused, match="whose rows were moved, cannot be dropped: view in_the_way depends on"
        ) as said:
            run(connection, database)
    assert "drop what depends on it" in str(said.value)
    old = one(connection, "SELECT relname FROM pg_class WHERE relname ~ '^airside_drained_[0-9]+$'")
    for statement in (f"INSERT INTO {old} (at) VALUES (now())", f"DELETE FROM {old}", f"TRUNCATE {old}"):
        with pytest.raises(psycopg.errors.RaiseException, match="takes no more rows"):
            connection.execute(statement.encode())
    connection.execute("DROP VIEW in_the_way")
    run(connection, database)
    whole(connection)


HANGING = {
    "trigger mine": (
        "CREATE TRIGGER mine AFTER INSERT ON events_default FOR EACH ROW EXECUTE FUNCTION count_change()",
        "DROP TRIGGER mine ON events_default",
    ),
    "policy mine": ("CREATE POLICY mine ON events_default USING (true)", "DROP POLICY mine ON events_default"),
    "foreign key mine": (
        "ALTER TABLE events_default ADD CONSTRAINT mine FOREIGN KEY (changes) REFERENCES customers NOT VALID",
        "ALTER TABLE events_default DROP CONSTRAINT mine",
    ),
    "foreign key others_event_id_event_at_fkey of others": (
        "CREATE TABLE others (event_id bigint, event_at timestamptz,"
        " FOREIGN KEY (event_id, event_at) REFERENCES events_default)",
        "ALTER TABLE others DROP CONSTRAINT others_event_id_event_at_fkey",
    ),
    "view mine": ("CREATE VIEW mine AS SELECT at FROM events_default", "DROP VIEW mine"),
    "materialized view mine": (
        "CREATE MATERIALIZED VIEW mine AS SELECT at FROM events_default",
        "DROP MATERIALIZED VIEW mine",
    ),
    "rule mine of events_default": (
        "CREATE RULE mine AS ON INSERT TO events_default DO ALSO NOTHING",
        "DROP RULE mine ON events_default",
    ),
    "function mine()": (
        "CREATE FUNCTION mine() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM events_default; END",
        "DROP FUNCTION mine()",
    ),
    "publication mine": ("CREATE PUBLICATION mine FOR TABLE events_default", "DROP PUBLICATION mine"),
    "grant of SELECT to PUBLIC": (
        "GRANT SELECT ON events_default TO PUBLIC",
        "REVOKE SELECT ON events_default FROM PUBLIC",
    ),
    "grant on its column note": (
        "GRANT UPDATE (note) ON events_default TO PUBLIC",
        "REVOKE UPDATE (note) ON events_default FROM PUBLIC",
    ),
}


@pytest.mark.parametrize("what", HANGING)
def test_what_hangs_on_the_default_partition_alone_is_refused_first(
    connection: Connection, database: str, what: str
) -> None:
    make, undo = HANGING[what]
    connection.execute(make.encode())
    with pytest.raises(Refused, match="hangs what a new one would not have") as said:
        run(connection, database)
    assert said.value.what.endswith(f": {what}")
    assert said.value.next_step is not None
    assert "run the command again" in said.value.next_step
    assert one(connection, "SELECT count(*) FROM pg_class WHERE relname ~ '^(airside_|drain_)'") == 0
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0
    connection.execute(undo.encode())
    run(connection, database)
    whole(connection)


def test_rights_that_the_table_gives_too_are_kept_by_name(connection: Connection, database: str) -> None:
    """As GRANT ... ON ALL TABLES leaves them."""
    connection.execute("GRANT SELECT, INSERT ON events, events_default TO PUBLIC")
    run(connection, database)
    whole(connection)
    rights = "SELECT relacl::text FROM pg_class WHERE relname = 'events_default'"
    assert "=ar/" in one(connection, rights)


def test_rows_that_refer_to_nothing_stop_it_and_are_counted(
    server: Server, connection: Connection, database: str
) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute("UPDATE events SET customer_id = 555 WHERE id IN (1, 2, 3)")
    connection.execute("RESET session_replication_role")
    before = one(connection, f"{DIGEST} FROM events")
    with pytest.raises(Refused, match="events_default has 3 rows without a match in customers") as said:
        run(connection, database)
    assert "events_customer_id_fkey" in said.value.what
    assert said.value.next_step is not None
    offending = re.search(r"\((SELECT \* .*)\), then run", said.value.next_step)
    assert offending is not None
    assert len(connection.execute(offending[1].encode()).fetchall()) == 3
    assert one(connection, f"{DIGEST} FROM events") == before
    # who works on such a row is not stopped by our copies
    with server.connect(database, autocommit=True) as other:
        other.execute("UPDATE events SET amount = 7 WHERE id = 1")
    connection.execute("UPDATE events SET customer_id = 5 WHERE customer_id = 555")
    run(connection, database)
    whole(connection)
    assert one(connection, "SELECT count(*) FROM events") == ROWS


def test_rows_that_others_miss_stop_it_after_the_exchange(connection: Connection, database: str) -> None:
    """A ticket for an event that is not there: the key is put back, and cannot be validated."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("INSERT INTO tickets (event_id, event_at) VALUES (-7, '2026-10-05')")
    connection.execute("RESET session_replication_role")
    with pytest.raises(Refused, match=r"tickets has 1 row without a match in events, .* tickets_event asks"):
        run(connection, database)
    assert one(connection, "SELECT count(*) FROM events") == ROWS
    connection.execute("DELETE FROM tickets WHERE event_id = -7")
    run(connection, database)
    whole(connection)


def test_rows_that_break_an_unchecked_check_stop_it_and_are_counted(connection: Connection, database: str) -> None:
    connection.execute("ALTER TABLE events ADD CONSTRAINT dear CHECK (amount > 50) NOT VALID")
    connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    connection.execute("ALTER TABLE events DROP CONSTRAINT dear; UPDATE events SET amount = 5 WHERE id IN (4, 5)")
    connection.execute("ALTER TABLE events ENABLE TRIGGER ALL")
    connection.execute("ALTER TABLE events ADD CONSTRAINT dear CHECK (amount > 50) NOT VALID")
    with pytest.raises(Refused, match="events_default has 2 rows against the CHECK dear of events"):
        run(connection, database)
    assert one(connection, "SELECT count(*) FROM events") == ROWS
    connection.execute("UPDATE events SET amount = 100 WHERE id IN (4, 5)")
    run(connection, database)
    whole(connection)


def test_bad_rows_of_one_table_do_not_end_the_run(connection: Connection, database: str) -> None:
    connection.execute("SET session_replication_role = replica")
    connection.execute("UPDATE events SET customer_id = 555 WHERE id = 1")
    connection.execute("RESET session_replication_role")
    report = roll(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW)
    assert report.exit_code == 4
    assert "events_default has 1 row" in str(report.failed[0].error)


def test_roll_drains_what_stands_in_its_way(connection: Connection, database: str) -> None:
    connection.execute("INSERT INTO events (at) VALUES ('2040-05-05')")
    report = roll(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW)
    report.raise_worst()
    assert [type(done.step).__name__ for done in report.done] == ["Drain", "Create"]
    assert report.done[0].result == "3,001 rows to 4 partitions"
    again = roll(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW)
    assert (again.done, again.exit_code) == ([], 0)
    # what no policy expects is not in the way
    connection.execute("INSERT INTO events (at) VALUES ('2041-05-05')")
    assert roll(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW).done == []
    report = run_drain(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW)
    assert report.done[0].result == "1 row to 1 partition"


def test_roll_clears_up_after_a_drain_that_was_cut_off(connection: Connection, database: str) -> None:
    _interrupted(connection, database)
    connection.execute("DELETE FROM tickets; DELETE FROM events")
    roll(connection, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW).raise_worst()
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0


def test_what_was_copied_from_a_default_that_is_gone_is_taken_back(connection: Connection, database: str) -> None:
    _interrupted(connection, database)
    connection.execute("DELETE FROM tickets; ALTER TABLE events DETACH PARTITION events_default")
    connection.execute(
        "CREATE TABLE another PARTITION OF events DEFAULT; INSERT INTO events (at) VALUES ('2026-10-05')"
    )
    run(connection, database)
    assert one(connection, "SELECT count(*) FROM events") == 1
    assert one(connection, "SELECT count(*) FROM events_default") == ROWS
    assert one(connection, "SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'airside%'") == 0
    assert one(connection, "SELECT count(*) FROM pg_class WHERE relname ~ '^(airside_|drain_)'") == 0


def test_two_at_once(server: Server, connection: Connection, database: str) -> None:
    def work(_: int) -> None:
        with server.connect(database, autocommit=True) as mine:
            run_drain(mine, declared(database), patience=Patience(LockBudget(0.05, 60)), now=NOW).raise_worst()

    with Clients(server, database, ROWS) as clients, ThreadPoolExecutor(2) as pool:
        list(pool.map(work, range(2)))
    assert clients.faults == []
    whole(connection)


CHILD = """
import sys
from datetime import UTC, datetime
from airside.partitions.run import drain
from airside.schema.core.locks import LockBudget
from airside.schema.core.patience import Patience
from airside.server import resolve
sys.path.insert(0, sys.argv[3])
from tests.integration.drained import NOW, declared
with resolve(sys.argv[1]).connect(sys.argv[2], autocommit=True) as connection:
    print("ready", flush=True)
    drain(connection, declared(sys.argv[2]), patience=Patience(LockBudget(0.05, 60)), now=NOW).raise_worst()
"""


@pytest.mark.soak
def test_killed_at_any_moment(server: Server, connection: Connection, database: str, rounds: int) -> None:
    root = str(__file__).split("/tests/")[0]
    arguments = [sys.executable, "-c", CHILD, server.url(database, show_password=True), database, root]
    pause = 1.2
    with Clients(server, database, ROWS) as clients:
        for number in range(rounds):
            with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
                assert child.stdout is not None
                child.stdout.readline()
                started = time.monotonic()
                try:
                    code = child.wait(random.uniform(0, pause))
                    assert code == 0, child.stderr and child.stderr.read()
                    # it got to the end: another ladder to be drained
                    pause = max(time.monotonic() - started, 0.3)
                    _another(connection, number)
                except subprocess.TimeoutExpired:
                    child.kill()
            assert clients.faults == []
    run(connection, database)
    whole(connection)
    assert one(connection, "SELECT sum(amount) FROM events") == ROWS * 100


def _another(connection: Connection, number: int) -> None:
    """Rows that nothing refers to go to a month that has no partition yet."""
    for _ in range(20):
        # the clients change the same rows
        with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure):
            connection.execute(
                "UPDATE events SET at = '2030-01-10 00:00+00'::timestamptz + %s * interval '1 month'"
                " + random() * interval '20 days' WHERE id %% 10 IN (2, 3, 4)",
                [number],
            )
            return
