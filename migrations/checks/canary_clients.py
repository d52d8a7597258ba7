"""The clients of the canary, each a process of its own, and what they recorded."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, cast

from .canary_client import WATCHING
from .workload import KINDS, Statement

_RUN = "from airside.migrations.checks.canary_client import main; main()"
_NUMBERS = 20_000_000
_FOR_EACH = 1_000_000


@dataclass(frozen=True, slots=True)
class ClientError:
    """What clients were told instead of a result, how often, and on which table. No `sqlstate`: a lost connection."""

    table: str
    sqlstate: str
    message: str
    count: int


@dataclass(frozen=True, slots=True)
class Recording:
    """What one kind of statement met with: seconds each took, its errors, and whether it waited for a lock.

    `waited` is the longest that a statement took during which it was seen to wait for a lock, in seconds.
    """

    kind: str
    count: int = 0
    median: float = 0.0
    longest: float = 0.0
    waited: float = 0.0
    errors: tuple[ClientError, ...] = ()


@dataclass(slots=True)
class Clients:
    """A process for each kind of statement, and one that watches them. A context manager: they end with it."""

    _processes: dict[str, subprocess.Popen[str]] = field(default_factory=dict[str, "subprocess.Popen[str]"])
    _number: int = _NUMBERS

    def __enter__(self) -> Clients:
        try:
            for kind in (*KINDS, WATCHING):
                # a Ctrl-C is for the parent, which ends them
                self._processes[kind] = subprocess.Popen(
                    [sys.executable, "-c", _RUN, kind],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    start_new_session=True,
                )
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            with suppress(BrokenPipeError), process:
                pass

    def connect(self, conninfo: Mapping[str, str], statements: Sequence[Statement]) -> None:
        """Get ready, on a database: connect, prepare, warm up."""
        self._number += _FOR_EACH
        self._ask(
            {
                kind: {
                    "do": "connect",
                    "conninfo": dict(conninfo),
                    "statements": [
                        {"table": item.table, "text": item.text, "arguments": item.arguments}
                        for item in statements
                        if item.kind == kind
                    ],
                    "first": self._number,
                }
                for kind in self._processes
            }
        )

    def start(self) -> None:
        self._ask({kind: {"do": "start"} for kind in self._processes})

    def stop(self) -> tuple[Recording, ...]:
        """End the load; what was recorded since `start`, by kind."""
        told = self._ask({kind: {"do": "stop"} for kind in self._processes})
        seen = cast("list[tuple[float, str]]", told.pop(WATCHING)["seen"])
        return tuple(
            _recording(kind, answer, [moment for moment, waiting in seen if waiting == kind])
            for kind, answer in told.items()
            if answer["samples"]
        )

    def disconnect(self) -> None:
        """Leave the database."""
        self._ask({kind: {"do": "close"} for kind in self._processes})

    def _ask(self, commands: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
        for kind, command in commands.items():
            print(json.dumps(command), file=self._processes[kind].stdin, flush=True)
        return {kind: self._answer(kind) for kind in commands}

    def _answer(self, kind: str) -> dict[str, Any]:
        line = cast("Any", self._processes[kind].stdout).readline()
        if not line:
            raise RuntimeError(f"the client for {kind} has ended")
        return cast("dict[str, Any]", json.loads(line))


def _recording(kind: str, answer: Mapping[str, Any], waits: Sequence[float]) -> Recording:
    samples = cast("list[tuple[float, float]]", answer["samples"])
    lengths = [length for _, length in samples]
    return Recording(
        kind,
        len(samples),
        statistics.median(lengths),
        max(lengths),
        max((length for began, length in samples if any(began <= at <= began + length for at in waits)), default=0.0),
        tuple(_errors(cast("list[tuple[str, str, str]]", answer["errors"]))),
    )


def _errors(told: Sequence[tuple[str, str, str]]) -> Iterator[ClientError]:
    first: dict[tuple[str, str], str] = {}
    for table, sqlstate, message in told:
        first.setdefault((table, sqlstate), message)
    for (table, sqlstate), count in Counter((table, sqlstate) for table, sqlstate, _ in told).items():
        yield ClientError(table, sqlstate, first[table, sqlstate], count)
