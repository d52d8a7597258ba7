"""A column may hold NULL from now on, which the running release does not expect."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog
from ..model import Context, Finding, Rule, Step
from ..places import alterations, column, culprit, observed, refused, told

NAME = "drop-not-null"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[tuple[str, str]] = set()
    for effect, command, relation in alterations(step):
        if command.subtype == pg_query_pb2.AT_DropNotNull and _is_not_null(step.before, relation, command.name):
            told_of.add((relation, command.name))
            yield told(
                NAME, step, effect, _message(relation, command.name), _SAFE, relation=relation, severity="warning"
            )
    if not observed(step) or refused(step):
        return
    for key, item in step.before.objects.items():
        relation = ".".join(key.identity[:2])
        if key.kind != "column" or (relation, key.identity[-1]) in told_of or not item.properties.get("not_null"):
            continue
        now = step.after.objects.get(key)
        if now is not None and not now.properties.get("not_null"):
            yield told(
                NAME, step, culprit(step, relation), _message(relation, key.identity[2]), _SAFE, relation=relation,
                severity="warning",
            )  # fmt: skip


def _is_not_null(catalog: Catalog, relation: str, name: str) -> bool:
    key = column(catalog, relation, name)
    return key is None or bool(catalog[key].properties.get("not_null"))


def _message(relation: str, name: str) -> str:
    return f"{relation}.{name} may be NULL from now on, and the running release reads it as if it never were"


_SAFE = "first release code that can read NULL there; write NULLs only after that"
RULE = Rule(NAME, "Without its NOT NULL a column shows NULLs to code that expects none.", judge, "warning")
