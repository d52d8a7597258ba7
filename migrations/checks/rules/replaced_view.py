"""A view that is made anew without columns that its readers ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ....schema.core.catalog import CatalogObject, Key
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import culprit, refused, told

NAME = "replaced-view"
_KINDS = ("view", "materialized_view")


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    if refused(step):
        return
    for key, item in step.before.objects.items():
        if key.kind not in _KINDS:
            continue
        now = next((found for kind in _KINDS if (found := step.after.objects.get(Key(kind, key.identity)))), None)
        if now is None:
            continue
        name = ".".join(key.identity)
        old, new = _columns(item), _columns(now)
        lost = [column for column in old if column not in new]
        changed = [
            f"{column} ({old[column]}, now {new[column]})"
            for column in old
            if _base(old[column]) != _base(new.get(column, old[column]))
        ]
        if lost or changed:
            what = [f"no longer has {', '.join(lost)}"] if lost else []
            what += [f"has other types: {', '.join(changed)}"] if changed else []
            yield told(
                NAME, step, _statement(step, key) or culprit(step, name), f"{name} {' and '.join(what)}: queries of the"
                " running release fail or read other values",
                "add columns at the end and leave the old ones; make a view of another name for what differs",
                relation=name,
                severity="error" if lost else "warning",
            )  # fmt: skip


def _base(type_name: str) -> str:
    """Without length or precision: readers do not ask for them."""
    base = type_name.partition("(")[0]
    return "text" if base == "character varying" else base


def _columns(item: CatalogObject) -> Mapping[str, str]:
    columns = item.extra.get("columns")
    rows = columns if isinstance(columns, list) else []
    return {str(row[0]): str(row[1]) for row in rows if isinstance(row, list)}


def _statement(step: Step, key: Key) -> Effect | None:
    """The last one that names it: the one that made it anew."""
    return next((effect for effect in reversed(step.effects) if key.identity[1] in effect.sql), None)


RULE = Rule(NAME, "A view is replaced by one without columns that its readers ask for.", judge)
