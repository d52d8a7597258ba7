"""The corpus: migrations that are known to be safe or not, and what the rules say of them.

A case is a file of `tests/corpus/<topic>/`:

    -- expects: rule-a, rule-b          (or: -- safe)
    -- versions: 17-                    (optional: PostgreSQL 17 and later; `-17`, `15-17`)
    -- timeouts: file                   (optional: the file itself has to set lock_timeout, no runner does)
    -- given
    CREATE TABLE ...;
    -- migration
    ALTER TABLE ...;

`given` runs first, each empty table then gets rows. An unsafe case is met when every rule that it expects found
something, a safe one when nothing found is an error or a warning.
"""

from __future__ import annotations

import atexit
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from airside.migrations.checks.model import Context, Finding
from airside.migrations.checks.rows import fill
from airside.migrations.checks.rules import step_rules
from airside.migrations.checks.script import Script, observed_scripts
from airside.server import Server

from .ground import Ground

FOLDER = Path(__file__).parents[1] / "corpus"
_PARTS = re.compile(
    r"(?P<head>.*?)^-- given *$(?P<given>.*?)^-- migration *\n(?P<migration>.*)", re.DOTALL | re.MULTILINE
)
_LINE = re.compile(r"-- (?P<word>expects|safe|versions|timeouts)(?:: *(?P<value>.+?))? *")
_VERSIONS = re.compile(r"(?P<first>\d*)(?P<to>-?)(?P<last>\d*)")


@dataclass(frozen=True, slots=True)
class Case:
    """One file of the corpus. `expects` is empty for a safe one; `first` and `last` are major versions."""

    path: Path
    expects: frozenset[str]
    given: str
    migration: str
    first: int = 0
    last: int = 1000
    timeouts_in_file: bool = False

    @property
    def name(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    @property
    def topic(self) -> str:
        return self.path.parent.name

    @property
    def is_safe(self) -> bool:
        return not self.expects

    def runs_on(self, major: int) -> bool:
        return self.first <= major <= self.last


@cache
def cases(folder: Path = FOLDER) -> tuple[Case, ...]:
    """Every case, by topic and name. Raises ValueError naming the file that is none."""
    return tuple(map(read_case, sorted(folder.glob("*/*.sql"))))


def read_case(path: Path) -> Case:
    """Raises ValueError when the file is not of the form above."""
    text = path.read_text(encoding="utf-8")
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise ValueError(f"{path}: no `-- given` followed by `-- migration`")
    said: dict[str, str] = {}
    for line in parts["head"].splitlines():
        match = _LINE.fullmatch(line.strip())
        if match is not None:
            said[match["word"]] = match["value"] or ""
        elif line.strip() and not line.startswith("--  "):
            raise ValueError(f"{path}: {line!r} is no line of a case's head")
    if ("safe" in said) == ("expects" in said):
        raise ValueError(f"{path}: say either `-- expects: RULE, ...` or `-- safe`")
    if said.get("timeouts", "file") != "file":
        raise ValueError(f"{path}: timeouts can only be `file`")
    first, last = _versions(path, said.get("versions", "-"))
    # keeps the lines of the file: findings name them
    above = "\n" * text.count("\n", 0, parts.start("migration"))
    return Case(
        path,
        frozenset(re.split(r"[\s,]+", said["expects"])) if "expects" in said else frozenset(),
        "\n" * text.count("\n", 0, parts.start("given")) + parts["given"],
        above + parts["migration"],
        first,
        last,
        "timeouts" in said,
    )


def _versions(path: Path, text: str) -> tuple[int, int]:
    match = _VERSIONS.fullmatch(text)
    if match is None or not (match["first"] or match["to"]):
        raise ValueError(f"{path}: versions {text!r} are not of the form 17-, -17, 15-17 or 17")
    first, last = int(match["first"] or 0), int(match["last"] or 1000)
    return first, last if match["to"] else first


@cache
def _ground(server: Server) -> Ground:
    ground = Ground(server)
    atexit.register(ground.close)
    return ground


def judged(server: Server, case: Case) -> tuple[Finding, ...]:
    """What the rules find in a case on this server."""
    steps = observed_scripts(
        server,
        [Script(str(case.path), case.migration)],
        fill,
        given=Script(str(case.path), case.given),
        place=_ground(server).place,
    )
    context = Context(runner_sets_timeouts=not case.timeouts_in_file, major=server.major)
    return tuple(
        finding
        for step in steps
        for rule in step_rules()
        if step.direction in rule.directions
        for finding in rule.judge(step, context)
    )


def complaint(case: Case, findings: Iterable[Finding]) -> str | None:
    """What is wrong with the findings of a case; None when it is met."""
    found = list(findings)
    loud = [item for item in found if item.severity != "note"]
    if case.is_safe:
        return "".join(f"\n{item.check} ({item.severity}): {item.message}" for item in loud) or None
    missing = case.expects - {item.check for item in found}
    if not missing:
        return None
    return f"not found: {', '.join(sorted(missing))}; found: {', '.join(sorted({i.check for i in found})) or 'nothing'}"
