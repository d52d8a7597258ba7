"""The catalog differ against Alembic's autogenerate and alembic_utils, on cases of two schemas each.

    python bench/differ.py [--server-bin DIR] [--only SUBSTRING] [--tool ours,alembic,alembic_utils] [--json]

A case is found when its differences are reported (ours: exactly the expected ones), planned when statements were
made and ran on the old schema, proven up when the catalog was then exactly the new one, and down when the way back
led to exactly the old one. Exits 1 when ours misses its aims: everything found, no false alarm, at least 95 % planned
and proven in both directions, the rest refused by name.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from differ_lib.cases import Case, load
from differ_lib.ground import Ground, Side, ground
from differ_lib.outcome import Outcome, Score, failed, score, table

Judge = Callable[[Outcome, Side, Side], None]
# Ours comes last: it changes the databases, the others roll back.
TOOLS = {"alembic": "autogenerate", "alembic_utils": "entities", "ours": "ours"}


def main() -> int:
    arguments = _arguments()
    logging.getLogger("alembic").setLevel(logging.ERROR)
    started = time.perf_counter()
    with ground(arguments.server_bin) as place:
        cases = load(place.major, arguments.only)
        outcomes = _run(place, cases, [name for name in TOOLS if name in arguments.tool.split(",")])
        major = place.major
    scores = [score(name, seen) for name, seen in outcomes.items()]
    failures = [outcome for outcome in outcomes.get("ours", []) if failed(outcome)]
    seconds = time.perf_counter() - started
    if arguments.json:
        print(json.dumps(_report(major, cases, scores, outcomes, seconds), indent=2))
    else:
        _print(major, cases, scores, failures, seconds)
    return 0 if all(one.aims_met for one in scores if one.tool == "ours") else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--server-bin", type=Path, metavar="DIR", help="PostgreSQL's programs (the embedded ones)")
    parser.add_argument("--only", default="", metavar="SUBSTRING", help="cases whose name contains this")
    parser.add_argument("--tool", default=",".join(TOOLS), metavar="NAMES", help="which tools (%(default)s)")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser.parse_args()


def _run(place: Ground, cases: Sequence[Case], tools: Sequence[str]) -> dict[str, list[Outcome]]:
    judges: dict[str, Judge] = {name: importlib.import_module(f"differ_lib.{TOOLS[name]}").judge for name in tools}
    outcomes: dict[str, list[Outcome]] = {name: [] for name in tools}
    for case in cases:
        with place.sides(case) as (old, new):
            for name in tools:
                outcomes[name].append(_judged(judges[name], Outcome(case), old, new))
    return outcomes


def _judged(judge: Judge, outcome: Outcome, old: Side, new: Side) -> Outcome:
    started = time.perf_counter()
    try:
        judge(outcome, old, new)
    except Exception as error:
        outcome.crashed = True
        first = (str(error).splitlines() or [""])[0]
        outcome.notes.append(f"crashed: {type(error).__name__}: {first}")
    outcome.seconds = time.perf_counter() - started
    return outcome


def _report(
    major: int, cases: Sequence[Case], scores: Sequence[Score], outcomes: dict[str, list[Outcome]], seconds: float
) -> dict[str, Any]:
    failures = {
        name: {outcome.case.name: outcome.notes for outcome in seen if failed(outcome)}
        for name, seen in outcomes.items()
    }
    return {
        "major": major,
        "cases": len(cases),
        "seconds": round(seconds, 1),
        "scores": [asdict(one) for one in scores],
        "failures": failures,
    }


def _print(
    major: int, cases: Sequence[Case], scores: Sequence[Score], failures: Sequence[Outcome], seconds: float
) -> None:
    equal = sum(not case.changes for case in cases)
    print(f"PostgreSQL {major}, {len(cases)} cases, {equal} of them equal, {seconds:.0f} s\n")
    print(table(scores))
    for outcome in failures:
        print(f"\n{outcome.case.name}: {outcome.case.title}")
        for note in outcome.notes:
            print(f"  {note}")


if __name__ == "__main__":
    sys.exit(main())
