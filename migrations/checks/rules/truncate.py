"""TRUNCATE: all rows are gone, and so are those of the tables that CASCADE reaches."""

from __future__ import annotations

from collections.abc import Iterator

from postgast import pg_query_pb2

from ..effects import Effect
from ..model import Context, Finding, Rule, Step
from ..places import is_old, place, statements, told

NAME = "truncate"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, "truncate_stmt"):
        named = [place(step, effect, item.range_var) for item in tree.truncate_stmt.relations]
        old = [relation for relation in named if is_old(step, relation)]
        cascade = tree.truncate_stmt.behavior == pg_query_pb2.DROP_CASCADE
        if old:
            yield told(
                NAME, step, effect, f"all rows of {', '.join(old)} are lost, under a lock against reads and writes"
                + (_along(effect, named) if cascade else ""),
                "delete the rows that have to go, in batches, after it is certain that nobody needs them",
                relation=old[0],
            )  # fmt: skip


def _along(effect: Effect, named: list[str]) -> str:
    emptied = sorted(item.relation for item in effect.others() if item.rewritten and item.kind in "rp")
    further = [relation for relation in emptied if relation not in named]
    return f"; CASCADE empties {', '.join(further)} too" if further else "; CASCADE empties what refers to it too"


RULE = Rule(NAME, "TRUNCATE loses every row, and with CASCADE those of other tables.", judge)
