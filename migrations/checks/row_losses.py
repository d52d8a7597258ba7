"""What a revision does to rows on a way there and back, and how that is told. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .contents import MOST_ROWS, Table
from .differences import Difference
from .kinds import HARMLESS
from .model import Finding, Severity

CHECK = "roundtrip"
IRREVERSIBLE = "irreversible"

Way = Literal["up and down", "down and up"]


@dataclass(frozen=True, slots=True)
class Loss:
    """What one revision does to rows on a way there and back. `irreversible`: it drops them on purpose."""

    revision: str
    where: str
    way: Way
    difference: Difference
    irreversible: bool = False


def finding(loss: Loss) -> Finding:
    """The loss as a reader sees it."""
    item = loss.difference
    severity: Severity = "error" if loss.way == "up and down" else "warning"
    if loss.irreversible:
        severity = "warning"
    elif item.kind in HARMLESS:
        severity = "note"
    return Finding(
        IRREVERSIBLE if loss.irreversible else CHECK,
        loss.where,
        _message(loss),
        _next_step(loss),
        severity,
        loss.revision,
        relation=".".join(item.table),
        observed=_observed(item),
    )


def _message(loss: Loss) -> str:
    item = loss.difference
    count = f"{item.rows} row{'s' if item.rows != 1 else ''}"
    if loss.irreversible:
        return f"{item.name} is dropped by the revision and made again empty by its down: {count} lost"
    first, _, second = loss.way.partition(" and ")
    return f"{item.name}: {item.kind} in {count} after {first} and {second}{_example(item)}"


def _example(item: Difference) -> str:
    if item.column is None:
        return f" ({item.example})" if item.example else ""
    where = f" ({item.example})" if item.example else ""
    return f", such as {_quoted(item.before)} -> {_quoted(item.after)}{where}"


def _quoted(value: str | None) -> str:
    if value is None:
        return "NULL"
    return f"'{value[:57]}...'" if len(value) > 60 else f"'{value}'"


def _observed(item: Difference) -> str:
    return item.kind if item.column is None else f"{_quoted(item.before)} -> {_quoted(item.after)}"


def _next_step(loss: Loss) -> str:
    item = loss.difference
    if loss.irreversible:
        kind = "table" if item.column is None else "column"
        return f"keep the values aside, or say so above the statement: -- airside: data-loss {kind} {item.name}"
    if item.kind in HARMLESS:
        return "nothing, unless somebody compares the text"
    if loss.way == "down and up":
        return f"let the down refuse such rows, or say so in it: -- airside: data-loss {_marked_as(item)} {item.name}"
    return f"correct up or down, or say so in one of them: -- airside: data-loss {_marked_as(item)} {item.name}"


def _marked_as(item: Difference) -> str:
    return "table" if item.column is None else "narrowing"


def not_compared(table: Table) -> Finding:
    """A note about a table that is too large to be read after each revision."""
    return Finding(
        CHECK,
        ".".join(table),
        f"the revisions put more than {MOST_ROWS} rows into {'.'.join(table)}: they were not compared",
        "nothing; the catalog was",
        "note",
        relation=".".join(table),
    )
