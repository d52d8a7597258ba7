"""A type that cannot hold every value of the one before."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ....schema.core.plan import keeps_every_value
from ..impact import Impact, impacts
from ..model import Context, Finding, Rule, Step, about
from ..trees import means

NAME = "lossy-type-change"
_SAFE = "see that no value needs more (a validated CHECK), and keep the old column until the new one is proven"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    enums = frozenset(".".join(key.identity) for key in step.before if key.kind == "enum")
    changed = tuple(_changed(step))
    told: set[tuple[str, str]] = set()
    for impact in impacts(step):
        for command, table in impact.altered(pg_query_pb2.AT_AlterColumnType):
            for relation, column, old, new in changed:
                # PostgreSQL rewrites a table unless every value stays as it is
                if relation != table.relation or not means(command.name, column) or not table.rewritten:
                    continue
                if (relation, column) not in told and not keeps_every_value(old, new, enums=enums):
                    told.add((relation, column))
                    message = f"{new} does not hold every value of {old}: some of {column} change, or it fails"
                    yield impact.finding(NAME, table, message, _SAFE)
        yield from _refused(impact)


def _changed(step: Step) -> Iterator[tuple[str, str, str, str]]:
    """Table, column, type before and after the step, of each column with another type."""
    for key, item in step.before.items():
        after = step.after.get(key) if key.kind == "column" else None
        if after is not None and item.properties["type"] != after.properties["type"]:
            schema, table, column = key.identity
            yield f"{schema}.{table}", column, str(item.properties["type"]), str(after.properties["type"])


def _refused(impact: Impact) -> Iterator[Finding]:
    """A row that was made up did not fit: real ones may not either."""
    error = impact.effect.error or ""
    if not any(words in error for words in ("out of range", "too long", "overflow", "invalid input")):
        return
    for command in impact.commands:
        if command.subtype == pg_query_pb2.AT_AlterColumnType:
            message = f"the new type of {command.name} of {command.relation} does not hold every value of the old one"
            yield about(NAME, impact.effect, message, _SAFE, relation=command.relation, observed=error)
            return


RULE = Rule(NAME, "The new type does not hold every value of the old one.", _judge)
