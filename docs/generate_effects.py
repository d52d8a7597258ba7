"""Run the statements of effects.toml on PostgreSQL and write down what they did, beside what its documentation says.

    python docs/generate_effects.py                     observes on the version at hand, keeps the others' figures
    AIRSIDE_PG_BIN=.../15/bin python docs/generate_effects.py

Writes effects.json (what each version showed) and effects.md (the table).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from pathlib import Path

import psycopg
from airside.migrations.checks.effects import Effect, Lock, Touched
from airside.migrations.checks.observe import Observer
from airside.migrations.outside import runs_outside
from airside.schema.core.sql import parse_script
from airside.server import Scratch, Server, ephemeral, scratch

FOLDER = Path(__file__).parent
FORMS, TABLES = FOLDER / "effects.toml", FOLDER / "effects.sql"
OBSERVED, PAGE = FOLDER / "effects.json", FOLDER / "effects.md"
SPACE = "airside_space"

Observation = Mapping[str, str]
"""What a statement did to each table: its lock, then `scanned` and `rewritten` where it was."""

_INTRODUCTION = """\
# What statements do

Written by `docs/generate_effects.py`; a test compares it with the PostgreSQL at hand. Each statement ran on the tables
of [effects.sql](effects.sql), and this is what PostgreSQL showed: the lock on the table that it is about, locks on
other tables, whether the rows were read (scan) or written anew (rewrite) under that lock, and whom it keeps waiting.
Beside it stands what the documentation of PostgreSQL says. A statement has one row where all versions do the same;
where they do not, each has its own, marked `≠`. *Silent* means that the documentation names no lock for it.

A lock that blocks reads or writes is harmless while it is short and no long transaction stands before it: give every
statement a `lock_timeout`. With a scan or a rewrite it lasts as long as the table is large.
"""
_HEAD = (
    "| statement | PostgreSQL | table | lock | scan | rewrite | blocks | other relations | documentation |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A statement, and what is documented of it: locks by table (`says`), work on the rows, and the place."""

    statement: str
    section: str = ""
    table: str = "t"
    given: str = ""
    since: int = 0
    says: Mapping[str, str] = field(default_factory=dict[str, str])
    work: str = ""
    place: str = ""
    differs: str = ""

    @property
    def key(self) -> str:
        return f"{self.statement} -- after {self.given}" if self.given else self.statement


@cache
def forms() -> tuple[Form, ...]:
    """The statements of effects.toml."""
    told = tomllib.loads(FORMS.read_text(encoding="utf-8"))
    places = told["places"]
    return tuple(Form(**{**form, "place": places[form["place"]] if "place" in form else ""}) for form in told["forms"])


def recorded() -> dict[str, dict[str, Observation]]:
    """By form and major version, what was observed."""
    return json.loads(OBSERVED.read_text(encoding="utf-8")) if OBSERVED.is_file() else {}


def observe(server: Server) -> dict[str, Observation]:
    """What each form does on this server. Raises AssertionError when PostgreSQL refuses one."""
    wanted = [form for form in forms() if form.since <= server.major]
    with _tablespace(server), scratch(server, label="effects") as template:
        with template.connect(autocommit=True) as connection:
            for statement in parse_script(TABLES.read_text(encoding="utf-8"), origin=TABLES.name):
                connection.execute(statement.sql.encode())
        found: dict[str, Observation] = {}
        for form in wanted:
            if form.given or _outside(form):
                with scratch(server, template=template.name, label="effects") as own:
                    found[form.key] = _observed(own, form)
            else:
                # it is rolled back, so the next finds the tables as they were
                found[form.key] = _observed(template, form)
        return found


@contextmanager
def _tablespace(server: Server) -> Generator[None]:
    with server.connect(autocommit=True) as connection:
        connection.execute("SET allow_in_place_tablespaces = on")
        connection.execute(f"CREATE TABLESPACE {SPACE} LOCATION ''".encode())
        try:
            yield
        finally:
            connection.execute(f"DROP TABLESPACE {SPACE}".encode())


def _outside(form: Form) -> bool:
    [statement] = parse_script(form.statement, origin="form")
    return runs_outside(statement.tree)


def _observed(place: Scratch, form: Form) -> Observation:
    with place.connect(autocommit=True) as connection:
        for statement in parse_script(form.given, origin="given"):
            connection.execute(statement.sql.encode())
    with place.connect(autocommit=True) as connection:
        observer = Observer(lambda text: connection.execute(text.encode()).fetchall(), place.connect)
        if not _outside(form):
            connection.execute("BEGIN")
        observer.begin(form.statement)
        try:
            connection.execute(form.statement.encode())
        except psycopg.Error as error:
            raise AssertionError(f"{form.statement}: {error}") from error
        effect = observer.end(where="", revision="", direction="up")
        connection.execute("ROLLBACK")
    return dict(_told(effect))


def _told(effect: Effect) -> Iterator[tuple[str, str]]:
    tables = [item for item in effect.others() if item.kind in "rpmv"]
    indexes = [item for item in effect.others() if item.kind in "iI" and _is_telling(item, tables)]
    for item in sorted([*tables, *indexes], key=lambda item: item.relation):
        done = [str(item.taken)] if item.taken else ["no lock"]
        done += ["scanned"] if item.scanned else []
        done += ["rewritten"] if item.rewritten else []
        yield item.relation.removeprefix("public."), ", ".join(done)


def _is_telling(index: Touched, tables: Iterable[Touched]) -> bool:
    """Locks of indexes are of interest where they are stronger than those of any table."""
    strongest = max((item.taken for item in tables if item.taken), default=Lock.ACCESS_SHARE)
    return not index.dropped and index.taken is not None and index.taken > strongest


def verdict(form: Form, observation: Observation) -> str:
    """`agrees`, `agrees; silent on ...`, `silent`, or `differs: ...`."""
    wrong = [
        f"{table} {_lock(observation.get(table, 'no lock'))}, documented {lock}"
        for table, lock in form.says.items()
        if _lock(observation.get(table, "no lock")) != lock
    ]
    if form.work and _work(observation.get(form.table, "")) != form.work:
        wrong.append(f"{form.table} {_work(observation.get(form.table, ''))}, documented {form.work}")
    if wrong:
        return f"differs: {'; '.join(wrong)}"
    unsaid = [table for table in observation if table not in form.says]
    if not form.says:
        return "silent"
    return f"agrees; silent on {', '.join(unsaid)}" if unsaid else "agrees"


def _lock(done: str) -> str:
    return done.split(", ")[0]


def _work(done: str) -> str:
    return "rewrite" if "rewritten" in done else "scan" if "scanned" in done else "none"


def page(observed: Mapping[str, Mapping[str, Observation]]) -> str:
    """The whole of effects.md."""
    parts = [_INTRODUCTION]
    for section, several in groupby(forms(), key=lambda form: form.section):
        rows = [row for form in several for row in _rows(form, observed.get(form.key, {}))]
        parts.append("\n".join([f"## {section}\n", _HEAD, *rows]) + "\n")
    parts.append(_differences(observed))
    return "\n".join(parts)


def _rows(form: Form, by_version: Mapping[str, Observation]) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for version, observation in sorted(by_version.items()):
        groups.setdefault(json.dumps(observation, sort_keys=True), []).append(version)
    for text, versions in groups.items():
        yield _row(form, json.loads(text), ", ".join(versions) + (" ≠" if len(groups) > 1 else ""))


def _row(form: Form, observation: Observation, versions: str) -> str:
    own = observation.get(form.table, "no lock")
    lock = _lock(own)
    blocks = "" if lock == "no lock" else ", ".join(Lock[lock.replace(" ", "_")].blocks)
    others = "; ".join(f"{table}: {done}" for table, done in observation.items() if table != form.table)
    said = verdict(form, observation)
    statement = f"`{form.statement}`" + (f" after `{form.given}`" if form.given else "")
    cells = [
        statement.replace("|", r"\|"),
        versions,
        form.table,
        lock,
        "yes" if "scanned" in own else "",
        "yes" if "rewritten" in own else "",
        blocks,
        others,
        f"{said.partition(': ')[0]}: {form.place}" if form.place else said,
    ]
    return f"| {' | '.join(cells)} |"


def _differences(observed: Mapping[str, Mapping[str, Observation]]) -> str:
    lines = ["## Where PostgreSQL does other than documented\n"]
    for form in forms():
        said = {version: verdict(form, seen) for version, seen in sorted(observed.get(form.key, {}).items())}
        for text, versions in groupby(
            sorted(said, key=lambda version: said[version]), key=lambda version: said[version]
        ):
            if text.startswith("differs"):
                what = text.partition(": ")[2]
                lines.append(f"- `{form.statement}` ({', '.join(versions)}): {what}. {form.differs}")
    return "\n".join(lines) + "\n"


def main() -> None:
    with ephemeral() as server:
        version, found = str(server.major), observe(server)
    kept = recorded()
    merged = {
        form.key: dict(
            sorted({**kept.get(form.key, {}), **({version: found[form.key]} if form.key in found else {})}.items())
        )
        for form in forms()
    }
    OBSERVED.write_text(json.dumps(merged, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(merged), encoding="utf-8")


if __name__ == "__main__":
    main()
