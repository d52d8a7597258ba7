"""A column loses its default, and the running release leaves the column out of its INSERTs."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import CatalogObject
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import alterations, column, culprit, definition, observed, refused, told

NAME = "drop-default"
_DROPS = (pg_query_pb2.AT_DropIdentity, pg_query_pb2.AT_DropExpression)


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[tuple[str, str]] = set()
    for effect, command, relation in alterations(step):
        drops = command.subtype == pg_query_pb2.AT_ColumnDefault and definition(command).WhichOneof("node") is None
        if not drops and command.subtype not in _DROPS:
            continue
        told_of.add((relation, command.name))
        if not observed(step) and _is_new(step, relation, command.name):
            continue
        now = column(step.after, relation, command.name)
        item = step.after[now] if now is not None and not refused(step) else None
        if item is None and observed(step) and not refused(step) and column(step.before, relation, command.name):
            continue
        if item is None or not _fills_itself(item):
            yield from _finding(step, effect, relation, command.name, item)
    if observed(step) and not refused(step):
        yield from _hidden(step, told_of)


def _is_new(step: Step, relation: str, name: str) -> bool:
    """By the text alone: a nullable column that the same migration adds."""
    for _, command, other in alterations(step):
        added = definition(command).column_def
        if command.subtype == pg_query_pb2.AT_AddColumn and other == relation and added.colname == name:
            return all(item.constraint.contype != pg_query_pb2.CONSTR_NOTNULL for item in added.constraints)
    return False


def _finding(
    step: Step, effect: Effect | None, relation: str, name: str, item: CatalogObject | None
) -> Iterator[Finding]:
    required = item is not None and bool(item.properties.get("not_null"))
    if not required and observed(step) and column(step.before, relation, name) is None:
        return
    yield told(
        NAME, step, effect, f"{relation}.{name} has no default any more: INSERTs of the running release that leave"
        " it out"
        + (" fail, as it is NOT NULL" if required else " write NULL"),
        "keep the default until every running release gives the column a value", relation=relation,
        severity="error" if required else "warning",
    )  # fmt: skip


def _fills_itself(item: CatalogObject) -> bool:
    return any(item.properties.get(name) for name in ("default", "identity", "generated"))


def _hidden(step: Step, told_of: set[tuple[str, str]]) -> Iterator[Finding]:
    """Defaults that went without being named, such as with the sequence that gave them."""
    for key, item in step.before.objects.items():
        now = step.after.objects.get(key) if key.kind == "column" else None
        relation = ".".join(key.identity[:2])
        if now is None or (relation, key.identity[2]) in told_of or _fills_itself(now) or not _fills_itself(item):
            continue
        yield from _finding(step, culprit(step, relation), relation, key.identity[2], now)


RULE = Rule(NAME, "Without its default a column breaks the INSERTs that leave it out.", judge)
