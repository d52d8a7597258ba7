"""What can be told from the files alone. Pure but for reading them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from postgast import pg_query_pb2

from ..schema.core.errors import AirsideError
from ..schema.core.registry import Entry
from ..schema.core.sql import ScriptStatement
from .checks.model import Finding
from .outside import runs_outside
from .potential import declared_losses, parsed_losses
from .sqlfile import SqlFile, read_sql_file, sibling


def lint(entry: Entry) -> tuple[Finding, ...]:
    """Every revision of a database: files complete, parsed, and fit for how they run."""
    stubs = sorted(entry.migrations.glob("*.py"))
    found: list[Finding] = [*_orphans(entry, stubs), *_repeated_ids(entry, stubs)]
    for stub in stubs:
        if "run_sql(" not in stub.read_text(encoding="utf-8"):
            continue
        for direction in ("up", "down"):
            found += _lint_file(sibling(stub, direction))
    return tuple(found)


def _orphans(entry: Entry, stubs: Iterable[Path]) -> Iterator[Finding]:
    known = {sibling(stub, direction) for stub in stubs for direction in ("up", "down")}
    for path in sorted(entry.migrations.glob("*.sql")):
        if path not in known:
            yield Finding("lint", str(path), "no revision runs this file", "rename it to its revision, or delete it")


def _repeated_ids(entry: Entry, stubs: Iterable[Path]) -> Iterator[Finding]:
    ids = Counter(stub.name.split("_", 1)[0] for stub in stubs)
    for revision, count in sorted(ids.items()):
        if count > 1:
            yield Finding(
                "lint",
                f"{entry.migrations}/{revision}_*.py",
                f"{count} revisions are called {revision}; Alembic would keep one of them",
                "renumber the later one, and its `down_revision`",
            )


def _lint_file(path: Path) -> Iterator[Finding]:
    try:
        file = read_sql_file(path)
    except AirsideError as error:
        yield Finding("lint", error.where or str(path), error.what, error.next_step or "correct the file")
        return
    for statement in file.statements:
        where = f"{path}:{statement.line}"
        yield from _lint_statement(file, statement, where)
        unmarked = set(parsed_losses(statement)) - set(declared_losses(statement))
        for loss in sorted(unmarked, key=lambda loss: loss.name):
            yield Finding(
                "lint",
                where,
                f"the statement loses {loss.kind} {loss.name} and is not marked",
                f"write above it: -- airside: data-loss {loss.kind} {loss.name}",
            )


def _lint_statement(file: SqlFile, statement: ScriptStatement, where: str) -> Iterator[Finding]:
    kind = statement.tree.WhichOneof("node") or ""
    if kind == "transaction_stmt":
        yield Finding("lint", where, "transactions are begun and ended by the runner", "delete the statement")
    elif file.transactional and runs_outside(statement.tree):
        yield Finding(
            "lint",
            where,
            "the statement cannot run in a transaction",
            "move it to a revision of its own that begins with: -- airside: transaction = off",
        )
    elif not file.transactional and not _is_rerunnable(statement.tree):
        yield Finding(
            "lint",
            where,
            "outside a transaction a statement may run twice, and this one would fail the second time",
            "write IF NOT EXISTS or IF EXISTS, or move it to a revision with a transaction",
        )


def _is_rerunnable(node: pg_query_pb2.Node) -> bool:
    kind = node.WhichOneof("node")
    if kind == "index_stmt":
        return node.index_stmt.if_not_exists
    if kind == "drop_stmt":
        return node.drop_stmt.missing_ok
    if kind == "create_stmt":
        return node.create_stmt.if_not_exists
    if kind == "alter_enum_stmt":
        return node.alter_enum_stmt.skip_if_new_val_exists
    if kind == "alter_table_stmt":
        # VALIDATE CONSTRAINT and the like repeat harmlessly; adding a column or constraint does not
        adding = (pg_query_pb2.AT_AddColumn, pg_query_pb2.AT_AddConstraint, pg_query_pb2.AT_AddIndex)
        return all(
            item.alter_table_cmd.subtype not in adding or item.alter_table_cmd.missing_ok
            for item in node.alter_table_stmt.cmds
        )
    return kind not in ("insert_stmt", "create_function_stmt", "view_stmt", "create_trig_stmt", "rename_stmt") or (
        kind == "create_function_stmt" and node.create_function_stmt.replace
    )
