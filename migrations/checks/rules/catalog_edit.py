"""Rows of the system catalogs are changed by hand."""

from __future__ import annotations

from collections.abc import Iterator

from ..holding import DML
from ..model import Context, Finding, Rule, Step, about
from ..places import statements

NAME = "catalog-edit"


def judge(step: Step, _context: Context) -> Iterator[Finding]:
    for effect, tree in statements(step, *DML):
        relation = getattr(tree, tree.WhichOneof("node") or "").relation
        if relation.schemaname == "pg_catalog" or (not relation.schemaname and relation.relname.startswith("pg_")):
            yield about(
                NAME,
                effect,
                f"{relation.relname} is changed by hand: no lock is taken, no check is made, other sessions keep"
                " what they"
                " remember, and indexes or views may break",
                "the ALTER that PostgreSQL has for it; an enum value that has to go needs a new type",
            )


RULE = Rule(NAME, "The system catalogs are changed by hand.", judge, directions=("up", "down"))
