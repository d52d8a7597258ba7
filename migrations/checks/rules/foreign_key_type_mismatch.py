"""A foreign key between columns of different types."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import column, refused, told

NAME = "foreign-key-type-mismatch"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    if refused(step):
        return
    for key, item in step.after.objects.items():
        if key.kind != "constraint" or key in step.before or item.properties.get("type") != "f":
            continue
        target = item.extra.get("references")
        columns = item.extra.get("columns")
        if not isinstance(target, list) or not isinstance(columns, list):
            continue
        here, there = ".".join(key.identity[:2]), ".".join(map(str, target))
        referenced = _referenced(str(item.properties.get("definition")))
        for ours, theirs in zip(map(str, columns), referenced, strict=False):
            types = _type(step, here, ours), _type(step, there, theirs)
            if all(types) and types[0] != types[1]:
                yield told(
                    NAME, step, _statement(step, key), f"{here}.{ours} is {types[0]}, {there}.{theirs} that it"
                    " refers to is"
                    f" {types[1]}: values of one may not fit the other, and every check of the key converts",
                    f"make {here}.{ours} {types[1]} before the key is added", relation=here, severity="warning",
                )  # fmt: skip


def _referenced(definition: str) -> list[str]:
    inside = definition.partition("REFERENCES ")[2].partition("(")[2].partition(")")[0]
    return [name.strip().strip('"') for name in inside.split(",")]


def _type(step: Step, relation: str, name: str) -> str:
    """The type without its length: varchar(10) and varchar(20) compare alike."""
    key = column(step.after, relation, name)
    full = str(step.after[key].properties.get("type")) if key is not None else ""
    base = full.partition("(")[0]
    return "text" if base == "character varying" else base


def _statement(step: Step, key: Key) -> Effect | None:
    name = ".".join(key.identity[:2])
    touching = [effect for effect in step.effects if any(item.relation == name for item in effect.touched)]
    naming = [effect for effect in touching if "references" in effect.sql.lower() or key.identity[2] in effect.sql]
    return next(iter((*naming, *touching, *step.effects)), None)


RULE = Rule(NAME, "A foreign key's columns have another type than those it refers to.", judge, "warning")
