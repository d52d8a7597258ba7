"""A type that cannot hold every value of the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from postgast import pg_query_pb2

from ....schema.core.catalog import Catalog
from ....schema.core.plan import keeps_every_value
from ..impact import Impact, Table, impacts
from ..model import Context, Finding, Rule, Step, about

NAME = "lossy-type-change"
_SAFE = "see that no value needs more (a validated CHECK), and keep the old column until the new one is proven"


def _judge(step: Step, _: Context) -> Iterator[Finding]:
    before, after = _types(step.before), _types(step.after)
    enums = frozenset(".".join(key.identity) for key in step.before if key.kind == "enum")
    told: set[tuple[str, str, str]] = set()
    for impact in impacts(step):
        for table in impact.tables:
            for column in _altered(impact, table):
                place = (*table.relation.split(".", 1), column)
                old, new = before.get(place), after.get(place)
                # PostgreSQL rewrites a column unless every value stays as it is
                if place in told or old is None or new is None or old == new or not table.rewritten:
                    continue
                told.add(place)
                if not keeps_every_value(old, new, enums=enums):
                    message = f"{column} of {table}: {new} does not hold every value of {old}; they change, or it fails"
                    yield impact.finding(NAME, table, message, _SAFE)
        yield from _refused(impact)


def _altered(impact: Impact, table: Table) -> Iterator[str]:
    for command, altered in impact.altered(pg_query_pb2.AT_AlterColumnType):
        if altered.relation == table.relation:
            yield command.name


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


def _types(catalog: Catalog) -> Mapping[tuple[str, ...], str]:
    return {key.identity: str(item.properties["type"]) for key, item in catalog.items() if key.kind == "column"}


RULE = Rule(NAME, "The new type does not hold every value of the old one.", _judge)
