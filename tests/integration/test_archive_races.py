"""Statuses flip, orders move across months and new children arrive while the archive runs: nothing is lost or doubled.

The functions that the documents show lose rows in the same situations; they are kept here, adapted as far as they can
run, to show that these tests find it.
"""

from __future__ import annotations

import random
import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from airside.partitions.archive.rows import RowRun
from psycopg import errors

from .archive_sample import database
from .archiving import (
    NOW,
    OLD,
    YOUNG,
    add_item,
    add_order,
    add_parcel,
    assert_whole,
    counts,
    digests,
    fill,
    handled,
    sample_database,
)
from .declared import Connection, ServerLike, empty_database, insert, one, owner_connection, update, wait_until_blocked

CUTOFF = NOW.replace(year=NOW.year - 1)
LATER = OLD.replace(month=6)

# Lines 1294 to 1309 of the one document, with the columns that both tables have and the tables' names changed; the
# other's (000, lines 534 to 545) is the same without the status.
DOCUMENT = """
CREATE OR REPLACE FUNCTION archive_as_documented() RETURNS void AS $$
BEGIN
    INSERT INTO orders_archive
    SELECT id, placed_at, status, note FROM orders
    WHERE status IN ('done', 'cancelled')
      AND placed_at < '2025-11-21'::timestamptz;

    DELETE FROM orders
    WHERE status IN ('done', 'cancelled')
      AND placed_at < '2025-11-21'::timestamptz;
END;
$$ LANGUAGE plpgsql
"""
# The documents' children hang on a booking with ON DELETE CASCADE.
CASCADE = """
ALTER TABLE items DROP CONSTRAINT items_order_id_order_placed_at_fkey;
ALTER TABLE items ADD CONSTRAINT items_order_id_order_placed_at_fkey FOREIGN KEY (order_id, order_placed_at)
    REFERENCES orders (id, placed_at) ON UPDATE CASCADE ON DELETE CASCADE
"""


@pytest.fixture(scope="module")
def template(server: ServerLike) -> Iterator[str]:
    with sample_database(server) as name:
        yield name


@pytest.fixture
def name(server: ServerLike, template: str) -> Iterator[str]:
    with empty_database(server, database.roles.owner, template=template) as made:
        yield made


@pytest.fixture
def db(server: ServerLike, name: str) -> Iterator[Connection]:
    with owner_connection(server, database, name) as connection:
        yield connection


def everywhere(db: Connection, order: uuid.UUID) -> list[str]:
    """In which of the two tables an order stands."""
    tables = ("orders", "orders_archive")
    return [table for table in tables for _ in range(one(db, f"SELECT count(*) FROM {table} WHERE id = %s", order))]


def documented(db: Connection) -> None:
    db.execute(CASCADE)
    db.execute(DOCUMENT)


def between(server: ServerLike, name: str, db: Connection, meanwhile: str, order: uuid.UUID) -> None:
    """Run the documented function, and `meanwhile` by somebody else after its INSERT has looked and before its DELETE.

    An entry with the key of another row, which somebody has not committed, holds the INSERT there.
    """
    gate = insert(db, "orders", id=uuid.uuid4(), placed_at=OLD, status="done", note="gate")
    with server.connect(name) as holder, server.connect(name) as job, server.connect(name, autocommit=True) as agent:
        insert(holder, "orders_archive", id=gate, placed_at=OLD, status="done", note="held")
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(job.execute, "SELECT archive_as_documented()")
            wait_until_blocked(agent, job)
            agent.execute(meanwhile.encode(), {"order": order})
            holder.rollback()
            running.result(timeout=20)
        job.commit()


def test_the_documented_function_loses_a_status(server: ServerLike, name: str, db: Connection) -> None:
    """What is done again between its two statements is deleted, and was never copied."""
    documented(db)
    order = add_order(db, status="open", items=0)
    between(server, name, db, "UPDATE orders SET status = 'done' WHERE id = %(order)s", order)
    assert everywhere(db, order) == []


def test_the_documented_function_loses_a_change(server: ServerLike, name: str, db: Connection) -> None:
    documented(db)
    order = add_order(db, items=0)
    between(server, name, db, "UPDATE orders SET note = 'paid back' WHERE id = %(order)s", order)
    assert everywhere(db, order) == ["orders_archive"]
    assert one(db, "SELECT note FROM orders_archive WHERE id = %s", order) == "n"


def test_the_documented_function_doubles_what_comes_back(server: ServerLike, name: str, db: Connection) -> None:
    documented(db)
    order = add_order(db, items=0)
    between(server, name, db, "UPDATE orders SET status = 'open' WHERE id = %(order)s", order)
    assert everywhere(db, order) == ["orders", "orders_archive"]


def test_the_documented_function_loses_all_children(db: Connection) -> None:
    documented(db)
    add_order(db, items=2, parcels=2)
    db.execute("SELECT archive_as_documented()")
    assert (counts(db), counts(db, "_archive")) == ([0, 0, 0], [1, 0, 0])


@pytest.mark.parametrize(
    ("meanwhile", "place"),
    [
        ("UPDATE orders SET status = 'open' WHERE id = %(order)s", "orders"),
        ("UPDATE orders SET note = 'paid back' WHERE id = %(order)s", "orders_archive"),
        ("UPDATE orders SET placed_at = placed_at + interval '2 months' WHERE id = %(order)s", "orders_archive"),
        ("UPDATE orders SET placed_at = placed_at + interval '18 months' WHERE id = %(order)s", "orders"),
        ("INSERT INTO items VALUES (0, %(order)s, '2025-03-10 00:00+00', 'late')", "orders_archive"),
    ],
)
def test_what_happens_before_the_lock_is_what_is_archived(
    server: ServerLike, name: str, db: Connection, meanwhile: str, place: str
) -> None:
    """The same interleavings: an open transaction is left alone, and a committed one is seen."""
    order = add_order(db, items=2)
    with server.connect(name) as agent:
        agent.execute(meanwhile.encode(), {"order": order})
        assert handled(db).rows == 0
        agent.commit()
    before = digests(db)
    handled(db)
    assert everywhere(db, order) == [place]
    assert digests(db) == before
    assert_whole(db)


class Crowd:
    """Agents that change orders while others archive them, and how many children they added."""

    def __init__(self, server: ServerLike, name: str, orders: list[uuid.UUID]) -> None:
        self.server, self.name, self.orders = server, name, orders
        self.over = threading.Event()
        self.added = {"items": 0, "parcels": 0}
        self._counting = threading.Lock()

    def work(self, number: int) -> int:
        chance = random.Random(number)
        done = 0
        with self.server.connect(self.name, autocommit=True) as agent:
            while not self.over.is_set() or done < 20:
                done += 1
                try:
                    self._act(agent, chance, chance.choice(self.orders))
                except (errors.ForeignKeyViolation, errors.SerializationFailure, errors.DeadlockDetected):
                    continue
        return done

    def _act(self, agent: Connection, chance: random.Random, order: uuid.UUID) -> None:
        match chance.randrange(5):
            case 0:
                update(agent, "orders", order, status=chance.choice(["open", "done"]))
            case 1:
                update(agent, "orders", order, placed_at=chance.choice([OLD, LATER, YOUNG]))
            case 2:
                with agent.transaction():
                    update(agent, "orders", order, note="held")
                    self.over.wait(0.002)
            case 3:
                found = agent.execute("SELECT placed_at FROM orders WHERE id = %s", [order]).fetchone()
                if found:
                    add_item(agent, order, found[0])
                    self._count("items")
            case _:
                found = agent.execute("SELECT min(id) FROM items WHERE order_id = %s", [order]).fetchone()
                if found and found[0] is not None:
                    add_parcel(agent, found[0])
                    self._count("parcels")

    def _count(self, table: str) -> None:
        with self._counting:
            self.added[table] += 1


def test_nothing_is_lost_or_doubled_while_everybody_works(server: ServerLike, name: str, rounds: int) -> None:
    def archive(_: int) -> int:
        with owner_connection(server, database, name) as connection:
            return sum(handled(connection, run=RowRun(batch=7)).rows for _ in range(max(rounds // 2, 3)))

    with owner_connection(server, database, name) as db:
        fill(db, 150)
        crowd = Crowd(server, name, [row[0] for row in db.execute("SELECT id FROM orders")])
        with ThreadPoolExecutor(5) as pool:
            busy = [pool.submit(crowd.work, number) for number in range(3)]
            runs = [pool.submit(archive, number) for number in range(2)]
            try:
                moved = sum(run.result(timeout=120) for run in runs)
            finally:
                crowd.over.set()
            assert all(agent.result(timeout=30) > 0 for agent in busy)
        assert moved == one(db, "SELECT count(*) FROM orders_archive") > 0
        assert_whole(db)
        expected = [150, 150 + crowd.added["items"], 150 + crowd.added["parcels"]]
        assert [count for count, _ in digests(db)] == expected
        db.execute("UPDATE orders SET status = 'done', placed_at = %s", [OLD])
        handled(db)
        assert counts(db) == [0, 0, 0]
        assert counts(db, "_archive") == expected
