"""A function that is made anew gives or takes something else than its callers expect."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.catalog import CatalogObject
from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import culprit, refused, told

NAME = "replaced-routine"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    if refused(step):
        return
    for key, item in step.before.objects.items():
        now = step.after.objects.get(key) if key.kind == "function" else None
        for difference in _differences(item, now) if now is not None else ():
            name = ".".join(key.identity[:2])
            yield told(
                NAME, step, _statement(step, key.identity[1]) or culprit(step), f"{name}({key.identity[2]})"
                f" {difference}:"
                " calls of the running release fail or read other values",
                "make the new function under another name, or with other arguments, beside the old one", relation=name,
                severity="warning",
            )  # fmt: skip


def _differences(old: CatalogObject, new: CatalogObject) -> Iterator[str]:
    if old.extra.get("result") != new.extra.get("result"):
        yield f"returns {new.extra.get('result')}, and {old.extra.get('result')} before"
    elif old.extra.get("names") != new.extra.get("names"):
        yield "has other argument names, so that calls by name fail"
    elif str(old.extra.get("arguments")).count(" DEFAULT ") > str(new.extra.get("arguments")).count(" DEFAULT "):
        yield "has lost defaults of arguments"


def _statement(step: Step, name: str) -> Effect | None:
    return next((effect for effect in reversed(step.effects) if name in effect.sql), None)


RULE = Rule(NAME, "A function is replaced by one that its callers do not expect.", judge, "warning")
