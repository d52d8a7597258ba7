"""Clients of the tables while partitions come and go: each in a process, one statement after the other, each timed."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Any, LiteralString

import psycopg
from airside.server import Server

PACE = 0.004
"""Seconds between two statements of a client."""
BREATH = 0.3
"""Seconds between two long transactions of a client."""
LONG_STALL = 200.0
CUSTOMERS = 10_000


@dataclass(frozen=True)
class Client:
    """`statement` with the parameters customer and month; `count` of them at once. With `held` it is the first of a
    transaction that stays open for so many seconds. `expected` is the one number that it has to return.
    """

    statement: LiteralString
    count: int = 1
    held: float = 0.0
    expected: int | None = None


@dataclass
class Seen:
    """What a class of clients saw: times in milliseconds. `wrong` are answers that cannot be."""

    statements: int = 0
    longest: float = 0.0
    stalls: int = 0
    failed: int = 0
    wrong: int = 0
    error: str = ""

    def add(self, other: Seen) -> None:
        self.statements += other.statements
        self.longest = max(self.longest, other.longest)
        self.stalls += other.stalls
        self.failed += other.failed
        self.wrong += other.wrong
        self.error = self.error or other.error


@dataclass
class Load:
    """What the clients saw between `started` and the end, by class."""

    seen: dict[str, Seen] = field(default_factory=dict[str, Seen])

    @property
    def longest(self) -> float:
        return max(seen.longest for seen in self.seen.values())

    @property
    def worst(self) -> str:
        return max(self.seen, key=lambda name: self.seen[name].longest)

    def total(self, what: str) -> int:
        return sum(getattr(seen, what) for seen in self.seen.values())


def clients(held: float) -> dict[str, Client]:
    """Two inserters, readers of one and of every partition, readers and writers of the referenced table; with `held`
    also a reader of every partition and a writer of the referenced table that keep their transactions open.
    """
    every: LiteralString = "SELECT count(*) FROM bookings WHERE customer_id = %(customer)s"
    update: LiteralString = "UPDATE customers SET seen = seen + 1 WHERE id = %(customer)s"
    found = {
        "insert": Client("INSERT INTO bookings (customer_id, booked_at) VALUES (%(customer)s, now())", count=2),
        "read one partition": Client(
            "SELECT count(*) FROM bookings WHERE customer_id = %(customer)s AND booked_at >= %(month)s"
            " AND booked_at < %(month)s + interval '1 day'"
        ),
        "read every partition": Client(every),
        "update referenced": Client(update),
        "read referenced": Client("SELECT seen FROM customers WHERE id = %(customer)s"),
    }
    if held:
        found["read every partition, held"] = Client(every, held=held)
        # a row that nobody else updates: only DDL is to wait for it
        found["update referenced, held"] = Client("UPDATE customers SET seen = seen + 1 WHERE id = 0", held=held)
    return found


@contextmanager
def load(server: Server, database: str, wanted: Mapping[str, Client], month: Any) -> Generator[Load]:
    """Run the clients while the block runs. They are measured from when all of them are at work to its end."""
    # a new interpreter for each client would take longer than what is measured
    context = multiprocessing.get_context("fork")
    results: Queue[tuple[str, Seen]] = context.Queue()
    begun, stop = context.Event(), context.Event()
    ready = context.Semaphore(0)
    url = server.url(database, show_password=True)
    processes = [
        context.Process(target=_work, args=(name, client, url, month, number, begun, stop, ready, results), daemon=True)
        for name, client in wanted.items()
        for number in range(client.count)
    ]
    found = Load()
    for process in processes:
        process.start()
    try:
        for _ in processes:
            ready.acquire(timeout=60)
        begun.set()
        time.sleep(0.5)
        yield found
        time.sleep(0.2)
    finally:
        stop.set()
        for _ in processes:
            name, seen = results.get(timeout=60)
            found.seen.setdefault(name, Seen()).add(seen)
        for process in processes:
            process.join()


def _work(
    name: str,
    client: Client,
    url: str,
    month: Any,
    number: int,
    begun: Event,
    stop: Event,
    ready: Any,
    results: Queue[tuple[str, Seen]],
) -> None:
    seen = Seen()
    choose = random.Random(number)
    with psycopg.connect(url, autocommit=True, application_name=name) as connection:
        with contextlib.suppress(psycopg.Error):
            _step(connection, client, {"customer": 1, "month": month})
        ready.release()
        begun.wait()
        while not stop.is_set():
            parameters = {"customer": choose.randint(1, CUSTOMERS), "month": month}
            _timed(connection, client, parameters, seen, stop)
            time.sleep(BREATH if client.held else PACE)
    results.put((name, seen))


def _timed(
    connection: psycopg.Connection[Any], client: Client, parameters: dict[str, Any], seen: Seen, stop: Event
) -> None:
    with connection.transaction() if client.held else contextlib.nullcontext():
        started = time.perf_counter()
        try:
            answer = _step(connection, client, parameters)
        except psycopg.Error as error:
            seen.failed += 1
            seen.error = seen.error or f"{type(error).__name__}: {str(error).splitlines()[0]}"
            answer = client.expected
        milliseconds = (time.perf_counter() - started) * 1000
        seen.statements += 1
        seen.longest = max(seen.longest, milliseconds)
        seen.stalls += milliseconds > LONG_STALL
        seen.wrong += client.expected is not None and answer != client.expected
        if client.held:
            stop.wait(client.held)


def _step(connection: psycopg.Connection[Any], client: Client, parameters: dict[str, Any]) -> int | None:
    cursor = connection.execute(client.statement, parameters)
    row = cursor.fetchone() if cursor.description else None
    return int(row[0]) if row else None
