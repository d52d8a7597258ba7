"""`airside check` beside squawk and beside plain `alembic upgrade head`, all in one run.

    python bench/checks.py [--json] [--only corpus|static|whole]

corpus  every case of tests/corpus: an unsafe one is found when the rules that it expects find something, a safe one
        passes when nothing found is an error or a warning. squawk gets the same migrations as files; there an unsafe
        one counts as found when any rule at all says something. Its rules that ask every file for timeouts, or for
        another style, are left out: with them nothing would pass. (aims: 95 % found, 2 % false alarms)
static  the SQL files of all fourteen databases, one process each, start included (aim: at most 20 times squawk)
whole   `airside check` of the fourteen against `alembic upgrade head` for each in turn (aim: at most 3 times)
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

from airside.migrations.checks.model import Context, Finding  # noqa: E402
from airside.migrations.checks.static import judged as findings_of  # noqa: E402
from airside.migrations.checks.static import static_steps  # noqa: E402
from airside.schema.core.registry import Entry, load_registry  # noqa: E402
from airside.server import Server, ephemeral  # noqa: E402
from provisioning import empty, forget  # noqa: E402

from tests.integration.corpus import Case, cases, complaint, judged  # noqa: E402

BIN = Path(sys.executable).parent
RUNS = 5
WHOLE_RUNS = 3
RECALL, ALARMS = 0.95, 0.02
STATIC, WHOLE = 20.0, 3.0
# said of nearly every file, whatever it does
EVERYWHERE = (
    "require-lock-timeout",
    "require-statement-timeout",
    "require-timeout-settings",
    "prefer-robust-stmts",
)
STYLE = ("prefer-", "ban-char-field", "identifier-too-long")


@dataclass
class Tally:
    """Cases of one tool: how many unsafe ones there are and were found, how many safe ones there are and alarmed."""

    unsafe: int = 0
    found: int = 0
    safe: int = 0
    alarmed: int = 0
    missed: list[str] = field(default_factory=list[str])
    alarms: list[str] = field(default_factory=list[str])

    def count(self, case: Case, *, met: bool) -> None:
        if case.is_safe:
            self.safe += 1
            self.alarmed += not met
            self.alarms += [] if met else [case.name]
        else:
            self.unsafe += 1
            self.found += met
            self.missed += [] if met else [case.name]

    @property
    def recall(self) -> float:
        return self.found / self.unsafe if self.unsafe else 1.0

    @property
    def false_alarms(self) -> float:
        return self.alarmed / self.safe if self.safe else 0.0


Tallies = dict[str, dict[str, Tally]]
"""By tool, then by topic; the topic `` is all of them."""


def corpus(server: Server) -> Tallies:
    """Ours, ours without a server, then squawk as it comes and with --assume-in-transaction."""
    chosen = [case for case in cases() if case.runs_on(server.major)]
    tallies: Tallies = defaultdict(lambda: defaultdict(Tally))
    for case in chosen:
        count(tallies["airside"], case, met=complaint(case, judged(server, case)) is None)
    for case, findings in from_files_alone(chosen):
        count(tallies["airside --static"], case, met=complaint(case, findings) is None)
    version = f"--pg-version={server.major}.0"
    for name, options in (("squawk", [version]), ("squawk in transaction", [version, "--assume-in-transaction"])):
        said = squawk(chosen, options)
        for case in chosen:
            count(tallies[name], case, met=bool(said[case.name]) != case.is_safe)
    return tallies


def from_files_alone(chosen: Iterable[Case]) -> Iterator[tuple[Case, list[Finding]]]:
    """What the rules find without a server, and without the schema that is there."""
    with tempfile.TemporaryDirectory() as folder:
        for case in chosen:
            path = Path(folder) / f"{case.topic}--{case.path.stem}.sql"
            path.write_text(case.migration, encoding="utf-8")
            context = Context(runner_sets_timeouts=not case.timeouts_in_file)
            yield case, list(findings_of(static_steps([path]), context))


def count(by_topic: dict[str, Tally], case: Case, *, met: bool) -> None:
    for topic in ("", case.topic):
        by_topic[topic].count(case, met=met)


def squawk(chosen: Iterable[Case], options: list[str]) -> Counter[str]:
    """How much squawk says of each case, but for what it says of every file and for style."""
    said: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        files = {Path(folder) / f"{case.topic}--{case.path.stem}.sql": case for case in chosen}
        for path, case in files.items():
            path.write_text(case.migration.lstrip("\n"), encoding="utf-8")
        done = subprocess.run(
            [BIN / "squawk", "--reporter=json", *options, *map(str, files)], capture_output=True, text=True, check=False
        )
        for item in json.loads(done.stdout):
            rule = item["rule_name"]
            if rule not in EVERYWHERE and not rule.startswith(STYLE):
                said[files[Path(item["file"])].name] += 1
    return said


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def static() -> tuple[float, float]:
    """Median seconds of `airside check --static all` and of squawk on the same files."""
    files = sorted(ROOT.glob("migrations/*/*/*.up.sql")) + sorted(ROOT.glob("migrations/*/*/*.down.sql"))
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def ours() -> None:
        subprocess.run(
            [sys.executable, "-m", "airside.cli", "check", "--static", "all"],
            cwd=ROOT, env=environment, capture_output=True, check=False,
        )  # fmt: skip

    def theirs() -> None:
        subprocess.run([BIN / "squawk", "--reporter=json", *files], capture_output=True, check=False)

    ours()
    theirs()
    pairs = [(timed(ours), timed(theirs)) for _ in range(RUNS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def whole(server: Server, entries: tuple[Entry, ...]) -> tuple[float, float]:
    """Median seconds of `airside check all`, and of `alembic upgrade head` for each database in turn."""
    environment = {**os.environ, "AIRSIDE_URL": server.url("postgres", show_password=True)}
    command = [sys.executable, "-m", "airside.cli", "check", "all"]

    def ours() -> None:
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            raise RuntimeError(done.stderr)

    def alembic() -> None:
        for entry in entries:
            subprocess.run(
                [BIN / "alembic", "-c", str(ROOT / "alembic.ini"), "-n", entry.name, "upgrade", "head"],
                env=environment, check=True, capture_output=True,
            )  # fmt: skip

    taken: list[tuple[float, float]] = []
    for _ in range(WHOLE_RUNS):
        forget(server, entries)
        # what alembic does not make is there before its clock starts
        for entry in entries:
            empty(server, entry)
        theirs = timed(alembic)
        forget(server, entries)
        taken.append((timed(ours), theirs))
    return statistics.median(pair[0] for pair in taken), statistics.median(pair[1] for pair in taken)


def print_corpus(tallies: Tallies) -> None:
    tools = list(tallies)
    head = " ".join(f"{tool:>22}" for tool in tools)
    print(f"{'unsafe: found of, safe: alarms of':36} {head}")
    for topic in sorted(tallies[tools[0]]):
        cells = (tallies[tool][topic] for tool in tools)
        row = " ".join(f"{t.found:>7}/{t.unsafe:<4} {t.alarmed:>4}/{t.safe:<4}" for t in cells)
        print(f"{topic or 'all':36}  {row}")
    for tool in tools:
        of_all = tallies[tool][""]
        print(f"{tool:24} recall {of_all.recall:6.1%}   false alarms {of_all.false_alarms:6.1%}")
    for name in tallies["airside"][""].missed:
        print(f"missed: {name}")
    for name in tallies["airside"][""].alarms:
        print(f"false alarm: {name}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", choices=["corpus", "static", "whole"])
    options = parser.parse_args()
    wanted = {options.only} if options.only else {"corpus", "static", "whole"}
    told: dict[str, object] = {}
    kept = True
    with ephemeral() as server:
        if "corpus" in wanted:
            tallies = corpus(server)
            ours = tallies["airside"][""]
            kept &= ours.recall >= RECALL and ours.false_alarms <= ALARMS
            told["corpus"] = {
                tool: {topic or "all": asdict(tally) for topic, tally in by_topic.items()}
                for tool, by_topic in tallies.items()
            }
            if not options.json:
                print_corpus(tallies)
        for name, aim, measure in (
            ("static", STATIC, static),
            ("whole", WHOLE, lambda: whole(server, load_registry(ROOT).entries)),
        ):
            if name not in wanted:
                continue
            seconds, peer = measure()
            kept &= seconds / peer <= aim
            told[name] = {"seconds": seconds, "peer": peer, "ratio": seconds / peer, "aim": aim}
            if not options.json:
                verdict = "ok" if seconds / peer <= aim else "MISSED"
                figures = f"{seconds:8.3f} s {peer:8.3f} s  ratio {seconds / peer:6.2f}  aim {aim:g}"
                print(f"{name:8} {figures}  {verdict}")
    if options.json:
        print(json.dumps(told, indent=2))
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
