"""Part one: whom the maintenance keeps waiting, and for how long."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from airside.server import Server

from .load import Load, clients, load
from .scene import DATABASE, Scene, beginnings, build, copy, drop
from .tools import BASELINE, TOOLS, Tool

TEMPLATE = "bench_bookings"
CONDITIONS = {"calm": 0.0, "1.5 s": 1.5, "6 s": 6.0}
LONGEST = 100.0
SHARE = 0.1


@dataclass
class Outcome:
    """The runs of one tool under one condition; seconds and milliseconds."""

    seconds: list[float] = field(default_factory=list[float])
    longest: list[float] = field(default_factory=list[float])
    worst: list[str] = field(default_factory=list[str])
    stalls: list[int] = field(default_factory=list[int])
    statements: int = 0
    failed: int = 0
    errors: list[str] = field(default_factory=list[str])

    @property
    def median(self) -> float:
        return statistics.median(self.longest)


Results = dict[tuple[str, str], Outcome]


def measure(server: Server, repeat: int, rows: int, conditions: Sequence[str], say: Callable[[str], None]) -> Results:
    """Every tool under every condition, in turn, so that a busy moment of the machine hits all alike."""
    scene = Scene(datetime.now(UTC))
    build(server, TEMPLATE, scene, rows=rows)
    results: Results = {}
    for run in range(repeat):
        for condition in conditions:
            for tool in (BASELINE, *TOOLS):
                outcome = results.setdefault((tool.name, condition), Outcome())
                _measure(server, scene, tool, CONDITIONS[condition], outcome)
                say(
                    f"run {run + 1}, {condition}: {tool.name} {outcome.seconds[-1]:.2f} s,"
                    f" longest {outcome.longest[-1]:.0f} ms ({outcome.worst[-1]})"
                )
    drop(server)
    drop(server, TEMPLATE)
    return results


def _measure(server: Server, scene: Scene, tool: Tool, held: float, outcome: Outcome) -> None:
    copy(server, TEMPLATE)
    tool.prepare(server, scene)
    error = ""
    with load(server, DATABASE, clients(held), scene.month) as seen:
        started = time.perf_counter()
        try:
            tool.run(server, scene)
        except Exception as raised:
            error = f"{tool.name}: {type(raised).__name__}: {' '.join(str(raised).split())[:200]}"
        seconds = time.perf_counter() - started
    if not error and tool is not BASELINE and (left := beginnings(server) ^ scene.wanted):
        error = f"{tool.name}: {len(left)} partitions are not as wanted"
    _note(outcome, seen, seconds, error)


def _note(outcome: Outcome, seen: Load, seconds: float, error: str) -> None:
    outcome.seconds.append(seconds)
    outcome.longest.append(seen.longest)
    outcome.worst.append(seen.worst)
    outcome.stalls.append(seen.total("stalls"))
    outcome.statements += seen.total("statements")
    outcome.failed += seen.total("failed")
    outcome.errors += [error] if error else []
    outcome.errors += [found.error for found in seen.seen.values() if found.error]


def rows(results: Results, conditions: Sequence[str]) -> list[list[str]]:
    """For each condition and tool what it took and who waited; `x` is its stall as a multiple of Airside's."""
    table = [["long transactions", "tool", "s", "longest stall ms", "x", "of", ">200 ms", "failed"]]
    for condition in conditions:
        ours = results[TOOLS[0].name, condition].median
        for tool in (BASELINE, *TOOLS):
            outcome = results[tool.name, condition]
            table.append(
                [
                    condition if tool is BASELINE else "",
                    tool.name,
                    f"{statistics.median(outcome.seconds):.2f}",
                    f"{outcome.median:.0f}",
                    f"{outcome.median / ours:.1f}",
                    outcome.worst[outcome.longest.index(max(outcome.longest))],
                    str(max(outcome.stalls)),
                    str(outcome.failed),
                ]
            )
    return table


def aims(results: Results, conditions: Sequence[str]) -> list[tuple[str, bool]]:
    """The aims, each with whether it is met."""
    ours, partman = TOOLS[0].name, TOOLS[1].name
    found: list[tuple[str, bool]] = []
    for condition in conditions:
        mine, theirs = results[ours, condition], results[partman, condition]
        if CONDITIONS[condition]:
            found.append(
                (f"{condition}: longest stall {mine.median:.0f} ms, at most {LONGEST:.0f}", mine.median <= LONGEST)
            )
            share = mine.median / theirs.median
            found.append((f"{condition}: {share:.1%} of pg_partman's, at most {SHARE:.0%}", share <= SHARE))
        else:
            best = min(results[tool.name, condition].median for tool in TOOLS[1:])
            noise = max(results[BASELINE.name, condition].longest)
            found.append(
                (
                    f"{condition}: longest stall {mine.median:.0f} ms, no worse than the best of the others"
                    f" ({best:.0f}, and {noise:.0f} without maintenance)",
                    mine.median <= max(best, noise),
                )
            )
        found.append((f"{condition}: {mine.failed} failed statements, {len(mine.errors)} errors", not mine.errors))
    return found
