"""Sequences that have given out most of their numbers."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding, SequenceUse

NAME = "sequence-near-end"
WARNED = 0.5
URGENT = 0.8
"""Shares of the numbers given out: half is when a change of type has to be planned, four fifths when it is late."""


def judge(_final: Final, context: Context) -> Iterator[Finding]:
    for name, size in sorted(context.statistics.items()):
        if size.sequence is not None and size.sequence.share >= WARNED:
            yield _finding(name, size.sequence)


def _finding(name: str, use: SequenceUse) -> Finding:
    relation, _, column = (use.column or "").rpartition(".")
    return Finding(
        NAME,
        f"sequence {name}",
        f"{name} has given out {use.share:.0%} of its numbers; after {use.end:,} every INSERT"
        + (f" into {relation} fails" if column else " that asks it fails"),
        f"add a bigint column beside {column}, keep it up to date by a trigger, fill it in batches, exchange the two"
        if column
        else f"ALTER SEQUENCE {qualified(*name.split('.', 1))} AS bigint MAXVALUE 9223372036854775807;",
        "error" if use.share >= URGENT else RULE.severity,
        observed=f"{name} is at {use.last:,} of {use.end:,}",
        relation=relation or None,
    )


RULE = FinalRule(NAME, "A sequence has given out most of its numbers.", judge)
