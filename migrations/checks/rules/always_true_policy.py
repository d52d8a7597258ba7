"""Policies that let everybody through."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from ....schema.core.catalog import CatalogObject, Json
from ....schema.core.quote import qualified
from ..expressions import always_true, parsed
from ..model import Context, Final, FinalRule, Finding

NAME = "always-true-policy"
_ALL = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    policies = [item for key, item in final.catalog.items() if key.kind == "policy" and item.properties["permissive"]]
    for item in policies:
        opened = _opened(item)
        passed_by = [other for other in policies if opened and _is_passed_by(item, other)]
        writes = opened - {"SELECT"}
        if passed_by or ("public" in _roles(item) and writes):
            yield _finding(item, passed_by, writes)


def _opened(item: CatalogObject) -> frozenset[str]:
    """The commands that it lets pass for every row: USING decides for what is there, WITH CHECK for what is written."""
    using, check = _holds(item.properties.get("using")), _holds(item.properties.get("check"))
    there = {"SELECT", "UPDATE", "DELETE"} if using else set[str]()
    written = {"INSERT", "UPDATE"} if check or (check is None and using) else set[str]()
    return frozenset(there | written) & _commands(item)


def _holds(condition: Json) -> bool | None:
    """Whether it is true for every row; None for no condition."""
    if condition is None:
        return None
    tree = parsed(str(condition))
    return tree is not None and always_true(tree)


def _commands(item: CatalogObject) -> frozenset[str]:
    command = str(item.properties["command"])
    return _ALL if command == "ALL" else frozenset({command})


def _roles(item: CatalogObject) -> frozenset[str]:
    return frozenset(cast("list[str]", item.properties["roles"]))


def _is_passed_by(item: CatalogObject, other: CatalogObject) -> bool:
    """Whether `other` means to hide rows of the same table from the same roles, for a command that `item` opens.

    A policy for a role of its own (`TO admin USING (true)`) opens to that role only, and is meant to.
    """
    return (
        other.key.identity[:2] == item.key.identity[:2]
        and bool(_opened(item) & _commands(other) - _opened(other))
        and ("public" in _roles(item) or bool(_roles(item) & _roles(other)))
    )


def _finding(item: CatalogObject, passed_by: list[CatalogObject], writes: frozenset[str]) -> Finding:
    schema, table, policy = item.key.identity
    name = qualified(schema, table)
    if passed_by:
        others = ", ".join(other.key.identity[2] for other in passed_by)
        message = f"the policy {policy} of {name} is always true, and one that passes is enough: {others} hides nothing"
    else:
        message = f"the policy {policy} of {name} is always true: everybody may {' and '.join(sorted(writes))} any row"
    return Finding(
        NAME,
        str(item.key),
        message,
        f"give it a condition, or the role it is meant for: CREATE POLICY ... ON {name} TO ...",
        # forms that anybody may fill in are written so
        "note" if writes == frozenset({"INSERT"}) and not passed_by else RULE.severity,
        relation=f"{schema}.{table}",
    )


RULE = FinalRule(NAME, "A permissive policy is always true for everybody.", judge)
