"""What files alone say, without a server: their statements, the tables these name, and what rules read in that.

Imports neither SQLAlchemy nor psycopg: a pre-commit hook waits for the imports longer than for all the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import count
from pathlib import Path
from typing import Literal

from postgast import pg_query_pb2

from ...schema.core.catalog import Catalog
from ...schema.core.errors import AirsideError
from ...schema.core.registry import Entry
from ..lint import lint
from ..outside import one_transaction
from ..sqlfile import SqlFile, read_sql_file, sibling
from .effects import Effect, Touched
from .model import Context, Finding, Step
from .named import brought, named
from .rules import step_rules

_BEGINNINGS = (
    pg_query_pb2.TRANS_STMT_BEGIN,
    pg_query_pb2.TRANS_STMT_START,
)
_UNKNOWN = Catalog(objects={}, major=0, owner="")


def static_findings(entry: Entry, context: Context) -> tuple[Finding, ...]:
    """What the files of a database's revisions show: whether they are whole, and what rules find in their statements.

    A revision in Python is named: nothing can be told of it without a run.
    """
    files: list[Path] = []
    unread: list[Finding] = []
    for stub in sorted(entry.migrations.glob("*.py")):
        ways = [path for path in (sibling(stub, "up"), sibling(stub, "down")) if path.is_file()]
        files += ways
        if not ways:
            unread.append(_unread(stub))
    return (*lint(entry), *unread, *judged(static_steps(_readable(files)), context))


def judged(steps: Iterable[Step], context: Context) -> Iterator[Finding]:
    """What the rules say of steps, each rule of the directions that it is asked for."""
    rules = step_rules()
    for step in steps:
        for rule in rules:
            if step.direction in rule.directions:
                yield from rule.judge(step, context)


def static_steps(files: Iterable[SqlFile | Path]) -> tuple[Step, ...]:
    """A step for each file. Effects hold no locks, scans or rewrites, and of relations those that a statement names.

    Raises DeclarationError, naming `file:line`, when a path cannot be read or parsed.
    """
    read = (file if isinstance(file, SqlFile) else read_sql_file(file) for file in files)
    return tuple(_step(file) for file in read)


def _readable(paths: Sequence[Path]) -> Iterator[SqlFile]:
    for path in paths:
        try:
            yield read_sql_file(path)
        except AirsideError:
            # lint names what is wrong with it
            continue


def _unread(stub: Path) -> Finding:
    return Finding(
        "static",
        str(stub),
        "the revision is Python: what it runs was not looked at",
        "airside check, which runs it, without --static",
        severity="note",
        revision=_revision(stub),
    )


def _step(file: SqlFile) -> Step:
    direction: Literal["up", "down"] = "down" if file.path.name.endswith(".down.sql") else "up"
    revision = _revision(file.path)
    return Step(revision, direction, str(file.path), tuple(_effects(file, revision, direction)), _UNKNOWN, _UNKNOWN)


def _revision(path: Path) -> str:
    return path.name.split("_", 1)[0] if path.name.endswith((".up.sql", ".down.sql", ".py")) else path.stem


def _effects(file: SqlFile, revision: str, direction: str) -> Iterator[Effect]:
    numbers = count(1)
    wrapped = file.transactional and one_transaction(statement.tree for statement in file.statements)
    within = next(numbers) if wrapped else None
    made: set[str] = set()
    for statement in file.statements:
        if within is None:
            made = set()
        yield Effect(
            sql=statement.sql,
            where=f"{file.path}:{statement.line}",
            revision=revision,
            direction=direction,
            transaction=within or next(numbers),
            transactional=within is not None,
            touched=tuple(_touched(statement.tree, made)),
            comments=statement.comments,
            _tree=[statement.tree],
        )
        made.update(brought(statement.tree, made))
        if statement.tree.WhichOneof("node") == "transaction_stmt":
            within = next(numbers) if statement.tree.transaction_stmt.kind in _BEGINNINGS else None


def _touched(node: pg_query_pb2.Node, made: Set[str]) -> Iterator[Touched]:
    for relation in dict.fromkeys(named(node)):
        yield Touched(relation.name, relation.kind, created=relation.new or relation.name in made)
