"""A unique index goes: ON CONFLICT on its columns fails, and duplicates come in."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import column, culprit, find, gone, told

NAME = "drop-unique-index"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for key in gone(step, "index"):
        item = step.before[key]
        table = item.properties.get("table")
        if not item.extra.get("unique") or not isinstance(table, list) or item.properties.get("invalid"):
            continue
        relation = ".".join(map(str, table))
        columns = item.extra.get("columns")
        stays = isinstance(columns, list) and all(column(step.after, relation, str(name)) for name in columns)
        if stays and find(step.after, relation) is not None and not _is_replaced(step, key, relation):
            yield told(
                NAME, step, _statement(step, key) or culprit(step, relation), f"the unique index {key.identity[1]}"
                f" of {relation}"
                " is gone: ON CONFLICT on its columns fails from now on, and duplicates come in",
                "build the index that replaces it first, and drop this one when no running release relies on it",
                relation=relation, severity="warning",
            )  # fmt: skip


def _is_replaced(step: Step, key: Key, relation: str) -> bool:
    columns = set(map(str, _list(step.before[key].extra.get("columns"))))
    for other, item in step.after.objects.items():
        of_table = other.kind == "index" and item.properties.get("table") == relation.split(".", 1)
        constrains = other.kind == "constraint" and ".".join(other.identity[:2]) == relation
        unique = item.extra.get("unique") if of_table else constrains and item.properties.get("type") in ("p", "u")
        if unique and set(map(str, _list(item.extra.get("columns")))) == columns:
            return True
    return False


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def _statement(step: Step, key: Key) -> Effect | None:
    name = ".".join(key.identity)
    return next(
        (effect for effect in step.effects for item in effect.touched if item.dropped and item.relation == name), None
    )


RULE = Rule(NAME, "A dropped unique index breaks ON CONFLICT and lets duplicates in.", judge, "warning")
