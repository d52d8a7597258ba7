"""The sample database of the archive tests, its rows, and what must be true of them at the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from airside.partitions.archive.due import DueRows, due_rows, row_rules
from airside.partitions.archive.rows import Handled, RowRun, handle_rows
from airside.schema.core import Database
from psycopg import sql

from .archive_sample import database
from .declared import Connection, ServerLike, declared_database, insert, one, owner_connection

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
OLD = datetime(2025, 3, 10, tzinfo=UTC)
YOUNG = datetime(2026, 10, 10, tzinfo=UTC)
MOVED = ("orders", "items", "parcels")


class Named(Database):
    """A declaration and its roles, for a database of another name."""

    def __init__(self, declared: Database, name: str) -> None:
        for field, value in vars(declared).items():
            object.__setattr__(self, field, value)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "_roles", declared.roles)

    @property
    def roles(self):  # type: ignore[no-untyped-def]
        return self._roles


@contextmanager
def sample_database(server: ServerLike) -> Iterator[str]:
    """The name of a fresh sample database with monthly partitions from 2025 on."""
    with declared_database(server, database) as name:
        with owner_connection(server, database, name) as connection:
            add_months(connection)
        yield name


def add_months(connection: Connection, parents: tuple[str, ...] = ("orders", "events")) -> None:
    """Partitions by month for 2025 and 2026, each with a kept CHECK as the roller makes them."""
    for parent, key in (("orders", "placed_at"), ("events", "at")):
        for number in range(24) if parent in parents else ():
            lower = datetime(2025 + number // 12, number % 12 + 1, 1, tzinfo=UTC)
            upper = datetime(2025 + (number + 1) // 12, (number + 1) % 12 + 1, 1, tzinfo=UTC)
            names = {
                "leaf": sql.Identifier(f"{parent}_{lower:%Y_%m}"),
                "parent": sql.Identifier(parent),
                "check": sql.Identifier(f"{parent}_{lower:%Y_%m}_rng"),
                "key": sql.Identifier(key),
                "lower": sql.Literal(lower),
                "upper": sql.Literal(upper),
            }
            for statement in (
                "CREATE TABLE {leaf} (LIKE {parent} INCLUDING ALL)",
                "ALTER TABLE {leaf} ADD CONSTRAINT {check}"
                " CHECK ({key} IS NOT NULL AND {key} >= {lower} AND {key} < {upper})",
                "ALTER TABLE {parent} ATTACH PARTITION {leaf} FOR VALUES FROM ({lower}) TO ({upper})",
            ):
                connection.execute(sql.SQL(statement).format(**names))


_numbers = iter(range(1, 10**9))


def add_order(
    db: Connection, placed_at: datetime = OLD, *, status: str = "done", items: int = 1, parcels: int = 1
) -> uuid.UUID:
    order = uuid.uuid4()
    insert(db, "orders", id=order, placed_at=placed_at, status=status, note="n")
    db.execute("INSERT INTO order_registry (order_id) VALUES (%s)", [order])
    for _ in range(items):
        item = add_item(db, order, placed_at)
        for _ in range(parcels):
            add_parcel(db, item)
    return order


def add_item(db: Connection, order: uuid.UUID, placed_at: datetime = OLD) -> int:
    return insert(db, "items", id=next(_numbers), order_id=order, order_placed_at=placed_at, what="book")


def add_parcel(db: Connection, item: int) -> int:
    return insert(db, "parcels", id=next(_numbers), item_id=item, weight=7)


def fill(db: Connection, orders: int, *, minutes: int = 60) -> None:
    """Many old orders with an item and a parcel each, so many minutes apart."""
    db.execute(
        "INSERT INTO orders SELECT gen_random_uuid(), %s::timestamptz + n * %s, 'done', 'n' || n"
        " FROM generate_series(1, %s) AS n",
        [datetime(2025, 1, 2, tzinfo=UTC), timedelta(minutes=minutes), orders],
    )
    db.execute("INSERT INTO order_registry SELECT id FROM orders")
    db.execute("INSERT INTO items SELECT -row_number() OVER (), id, placed_at, 'book' FROM orders")
    db.execute("INSERT INTO parcels SELECT id, id, 7 FROM items")


def due(connection: Connection, table: str, declared: Database = database, now: datetime = NOW) -> DueRows:
    """What is due of a table by its one rule."""
    [chosen] = row_rules(declared, only=table)
    return due_rows(connection, declared, chosen, now)


def handled(connection: Connection, table: str = "orders", run: RowRun | None = None) -> Handled:
    """What a run did by the rule of a table."""
    return handle_rows(connection, database, due(connection, table), run or RowRun())


def counts(db: Connection, suffix: str = "") -> list[int]:
    return [one(db, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table + suffix))) for table in MOVED]


def digests(db: Connection) -> list[tuple[int, object]]:
    """Per moved table how many rows there are in both places together, and a digest of what they hold."""
    columns = {"orders": "id, placed_at, status, note", "items": "id, order_id, what", "parcels": "id, item_id, weight"}
    found: list[tuple[int, object]] = []
    for table, listed in columns.items():
        both = f"(SELECT {listed} FROM {table} UNION ALL SELECT {listed} FROM {table}_archive) AS t"
        digest = f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM {both}"
        row = db.execute(digest.encode()).fetchone()
        assert row is not None
        found.append((row[0], row[1]))
    return found


def assert_whole(db: Connection) -> None:
    """Every row stands once, children stand where their order does, and the registry says which are archived."""
    for table in MOVED:
        twice = f"SELECT count(*) FROM {table} INNER JOIN {table}_archive USING (id)"
        assert one(db, twice) == 0, table
    for suffix in ("", "_archive"):
        lonely = (
            f"SELECT (SELECT count(*) FROM items{suffix} WHERE order_id NOT IN (SELECT id FROM orders{suffix}))"
            f" + (SELECT count(*) FROM parcels{suffix} WHERE item_id NOT IN (SELECT id FROM items{suffix}))"
        )
        assert one(db, lonely) == 0, suffix
    known = "SELECT array_agg(order_id ORDER BY order_id) FROM order_registry WHERE archived_at IS NOT NULL"
    assert one(db, known) == one(db, "SELECT array_agg(id ORDER BY id) FROM orders_archive")
