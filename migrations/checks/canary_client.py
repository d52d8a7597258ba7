"""A client of the canary: a process that asks one kind of statement over and over, and writes down how long each took.

It imports little, and works alone, so that what the migrating process does takes none of its time. Its parent speaks
to it in lines of JSON; when the parent is gone, it ends.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg

WATCHING = "watch"
"""The kind that asks nothing and looks which of the others wait for a lock."""
APPLICATION = "airside canary "
"""Begins the application name of each client; its kind follows."""
_PAUSE = 0.002
_WARM_UP = 8
"""So often before anything counts: psycopg prepares a statement the sixth time, as it does for a release that runs."""
_WAITING = (
    "SELECT substr(application_name, 16) FROM pg_catalog.pg_stat_activity WHERE wait_event_type = 'Lock'"
    " AND datname = pg_catalog.current_database() AND application_name LIKE 'airside canary %'"
)


class Client:
    """One connection and what it runs. A sample is when a statement began (monotonic clock) and how long it took."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._connection: psycopg.Connection[Any] | None = None
        self._conninfo: dict[str, Any] = {}
        self._statements: list[tuple[str, str, list[list[str]] | None]] = []
        self._number = 0
        self._samples: list[tuple[float, float]] = []
        self._errors: list[tuple[str, str, str]] = []
        self._seen: list[tuple[float, str]] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def connect(self, conninfo: dict[str, Any], statements: Sequence[Mapping[str, Any]], first: int) -> None:
        self.close()
        self._conninfo = conninfo
        self._number = first
        self._statements = [(item["table"], item["text"], item["arguments"]) for item in statements]
        for _ in range(_WARM_UP * len(self._statements)):
            self._ask()

    def start(self) -> None:
        self._samples, self._errors, self._seen = [], [], []
        self._stop.clear()
        self._thread = threading.Thread(target=self._watch if self._kind == WATCHING else self._load, daemon=True)
        self._thread.start()

    def stop(self) -> dict[str, Any]:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        return {"samples": self._samples, "errors": self._errors, "seen": self._seen}

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _load(self) -> None:
        while self._statements and not self._stop.wait(_PAUSE):
            self._ask()

    def _watch(self) -> None:
        while not self._stop.wait(_PAUSE):
            for (kind,) in self._connected().execute(_WAITING).fetchall():
                self._seen.append((time.monotonic(), kind))

    def _ask(self) -> None:
        table, text, arguments = self._statements[self._number % len(self._statements)]
        given = [str(self._number)] if arguments is None else arguments[self._number % len(arguments)]
        self._number += 1
        began = time.monotonic()
        try:
            cursor = self._connected().execute(text.encode(), given)
            if cursor.description is not None:
                cursor.fetchall()
        except psycopg.Error as error:
            self._errors.append((table, error.sqlstate or "", error.diag.message_primary or str(error)))
            if self._connection is not None and self._connection.broken:
                self.close()
        self._samples.append((began, time.monotonic() - began))

    def _connected(self) -> psycopg.Connection[Any]:
        if self._connection is None:
            given = {**self._conninfo, "application_name": APPLICATION + self._kind}
            self._connection = psycopg.Connection.connect(autocommit=True, **cast("dict[str, Any]", given))
        return self._connection


def main() -> None:
    """Entry point of the process; its kind is the last argument."""
    client = Client(sys.argv[-1])
    for line in sys.stdin:
        given = cast("dict[str, Any]", json.loads(line))
        match given.pop("do"):
            case "connect":
                client.connect(**given)
                answer: dict[str, Any] = {}
            case "start":
                client.start()
                answer = {}
            case "stop":
                answer = client.stop()
            case _:
                client.close()
                answer = {}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    # a statement that waits for a lock would be waited for
    os._exit(0)
