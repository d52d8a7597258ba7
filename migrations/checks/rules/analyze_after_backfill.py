"""Many rows have changed, and the planner still works with the statistics from before."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..holding import writings
from ..model import Context, Finding, Rule, Step, about
from ..places import alterations, statements

NAME = "analyze-after-backfill"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    told_of: set[str] = set()
    positions = {id(effect): at for at, effect in enumerate(step.effects)}
    analyzing = [(positions[id(effect)], tree) for effect, tree in statements(step, "vacuum_stmt")]
    for effect, relation, why in _changed(step):
        at = positions[id(effect)]
        analyzed = any(later > at and _analyzes(tree, relation) for later, tree in analyzing)
        if relation not in told_of and not analyzed:
            told_of.add(relation)
            yield about(
                NAME,
                effect,
                f"{why}: until autovacuum comes by, plans over {relation} rest on the statistics from before",
                f"ANALYZE {relation} at the end, in a migration without a transaction or after it",
                relation=relation,
                severity="note",
            )


def _changed(step: Step) -> Iterator[tuple[Effect, str, str]]:
    for writing in writings(step):
        if writing.reach != "few rows":
            yield writing.effect, writing.relation, f"the statement changes {writing.reach} of {writing.relation}"
    for effect, command, relation in alterations(step):
        if command.subtype == pg_query_pb2.AT_AlterColumnType and any(
            item.rewritten and item.relation == relation for item in effect.touched
        ):
            yield effect, relation, f"{relation}.{command.name} has no statistics after the rewrite"


def _analyzes(tree: pg_query_pb2.Node, relation: str) -> bool:
    """ANALYZE, or VACUUM (ANALYZE), of the table or of all."""
    statement = tree.vacuum_stmt
    if statement.is_vacuumcmd and not any(item.def_elem.defname == "analyze" for item in statement.options):
        return False
    named = [item.vacuum_relation.relation.relname for item in statement.rels]
    return not named or relation.partition(".")[2] in named


RULE = Rule(NAME, "After many rows have changed the planner's statistics are those from before.", judge, "note")
