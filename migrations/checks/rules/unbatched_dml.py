"""An UPDATE, DELETE or copy that grows with the table, in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from postgast import pg_query_pb2

from ..bounded import reads_few, unique_keys
from ..effects import Effect
from ..embedded import repeated
from ..holding import DML, Writing, kind_of_node, scanned, writings, written_by
from ..model import Context, Finding, Rule, Severity, Step, about
from ..places import is_old, is_opaque, kind_of, made_here, place, routines, shown, statements
from . import ddl_with_backfill

NAME = "unbatched-dml"
_REPEATED = 2
_COMMITS = re.compile(r"\bcommit\b", re.IGNORECASE)
_SAFE = (
    "change the rows in batches over the primary key (WHERE id BETWEEN ... or id IN (SELECT ... LIMIT 1000)), each"
    " batch"
    " in a transaction of its own, outside of the schema's migration"
)


def judge(step: Step, context: Context) -> Iterator[Finding]:
    told_of = {finding.statement for finding in ddl_with_backfill.RULE.judge(step, context)}
    seen: set[int] = set()
    for writing in writings(step):
        if writing.effect.sql in told_of or id(writing.effect) in seen or _commits(step, writing.effect):
            continue
        severity = _severity(writing)
        if severity is not None:
            seen.add(id(writing.effect))
            yield about(
                NAME,
                writing.effect,
                f"one statement changes {writing.reach} of {writing.relation}: {_harm(writing)}",
                _SAFE,
                relation=writing.relation,
                observed=shown(writing.effect),
                severity=severity,
            )
    yield from _locked_rows(step)
    yield from _row_by_row(step)
    yield from _looped(step, seen)
    known = {id(writing.effect) for writing in writings(step)}
    made = made_here(step)
    for effect in step.effects:
        written = written_by(effect, made)
        hidden = is_opaque(effect) and id(effect) not in known and kind_of(effect) not in DML
        if written and hidden and effect.sql not in told_of and not _commits(step, effect):
            yield about(
                NAME,
                effect,
                f"the statement wrote rows of {', '.join(written)}, and what it runs cannot be read: it may reach"
                " all of"
                " them in one transaction",
                _SAFE,
                relation=written[0],
                observed=shown(effect),
                severity="warning",
            )


def _row_by_row(step: Step) -> Iterator[Finding]:
    """A program that reads all rows of a table and changes each, as many statements as rows, in one transaction."""
    read = [
        effect for effect, tree in statements(step, "select_stmt") if effect.tree is tree and _reads_all(step, effect)
    ]
    seen: dict[tuple[int, str], int] = {}
    for writing in writings(step):
        effect = writing.effect
        key = (effect.transaction, effect.sql)
        seen[key] = seen.get(key, 0) + 1
        if (
            seen[key] == _REPEATED
            and "$" in effect.sql
            and writing.reach == "few rows"
            and _is_before(step, read, effect)
        ):
            yield about(
                NAME,
                effect,
                f"rows are read and changed one by one ({writing.relation}): the transaction has as many statements"
                " as the"
                " table has rows, and keeps them all locked",
                _SAFE,
                relation=writing.relation,
                observed=shown(effect),
                severity="warning",
            )


def _looped(step: Step, seen: set[int]) -> Iterator[Finding]:
    """Batches of a DO block that does not commit between them: one transaction over the whole table all the same."""
    for writing in writings(step):
        effect = writing.effect
        changes = kind_of_node(writing.tree) in ("update_stmt", "delete_stmt")
        if not changes or kind_of(effect) != "do_stmt" or id(effect) in seen or _commits(step, effect):
            continue
        for tree, over in repeated(effect.sql):
            if tree == writing.tree and (over is None or _is_long(step, effect, over)):
                seen.add(id(effect))
                yield about(
                    NAME,
                    effect,
                    f"the loop changes {writing.relation} piece by piece, but in one transaction: every row stays"
                    " locked until the last is done",
                    "COMMIT after each batch, in a block that runs outside a transaction"
                    " (-- airside: transaction = off)",
                    relation=writing.relation,
                    observed=shown(effect),
                    severity="warning",
                )
                break


def _is_long(step: Step, effect: Effect, query: pg_query_pb2.Node) -> bool:
    """Whether a query gives as many rows as a table has that was there before."""
    tables = [item.range_var for item in query.select_stmt.from_clause if item.WhichOneof("node") == "range_var"]
    places = [place(step, effect, table) for table in tables]
    return any(is_old(step, name) and not reads_few(query, unique_keys(step.before, name)) for name in places)


def _is_before(step: Step, read: Sequence[Effect], effect: Effect) -> bool:
    return bool(read) and step.effects.index(read[0]) < step.effects.index(effect)


def _reads_all(step: Step, effect: Effect) -> bool:
    return effect.tree is not None and any(
        item.kind in "rp" and not reads_few(effect.tree, unique_keys(step.before, item.relation))
        for item in scanned(step, effect)
    )


def _locked_rows(step: Step) -> Iterator[Finding]:
    """SELECT ... FOR UPDATE locks rows like an UPDATE of them."""
    for effect, tree in statements(step, "select_stmt"):
        select = tree.select_stmt
        tables = [item.range_var for item in select.from_clause if item.WhichOneof("node") == "range_var"]
        if effect.tree is not tree or not select.locking_clause or not tables:
            continue
        relation = place(step, effect, tables[0])
        if is_old(step, relation) and not reads_few(tree, unique_keys(step.before, relation)):
            yield about(
                NAME,
                effect,
                f"the statement locks rows of {relation} without a bound: writers of them wait until it commits",
                "lock a batch: ORDER BY the key, LIMIT, FOR UPDATE SKIP LOCKED",
                relation=relation,
                severity="warning",
            )


def _severity(writing: Writing) -> Severity | None:
    if writing.reach == "few rows":
        return None
    if kind_of_node(writing.tree) == "insert_stmt":
        return "warning" if writing.reach == "every row" else None
    return "error" if writing.reach == "every row" else "warning"


def _harm(writing: Writing) -> str:
    if kind_of_node(writing.tree) == "insert_stmt":
        return "a long transaction, which keeps VACUUM from cleaning up everywhere"
    return "they stay locked against other writers until it commits, and each leaves a dead row behind"


def _commits(step: Step, effect: Effect) -> bool:
    """A block or procedure outside a transaction that commits as it goes."""
    if not is_opaque(effect) or effect.transactional:
        return False
    called = routines(step).items() if kind_of(effect) == "call_stmt" else ()
    texts = [effect.sql, *(text for name, text in called if name in effect.sql)]
    return any(_COMMITS.search(text) for text in texts)


RULE = Rule(NAME, "One statement changes rows without a bound.", judge, directions=("up", "down"))
