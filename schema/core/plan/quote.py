"""Names, options and expressions as DDL text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ..quote import qualified, quote_ident, quote_literal

__all__ = ["bare", "names", "option_names", "options", "qualified", "quote_ident", "quote_literal", "role", "shortened"]

_NAME_BYTES = 63


def names(parts: Iterable[str]) -> str:
    """A comma-separated list of names."""
    return ", ".join(quote_ident(part) for part in parts)


def role(name: str) -> str:
    """A grantee or owner; PUBLIC is a keyword."""
    return "PUBLIC" if name.lower() == "public" else quote_ident(name)


def options(items: Sequence[str]) -> str:
    """`name=value` reloptions as a parenthesised list, values quoted where they are no plain word or number."""
    return "(" + ", ".join(_option(item) for item in items) + ")"


def option_names(items: Iterable[str]) -> str:
    """The names of reloptions, for RESET."""
    return "(" + ", ".join(item.partition("=")[0] for item in items) + ")"


def shortened(base: str, suffix: str) -> str:
    """`base` + `suffix`, the base cut so that both fit into a PostgreSQL name."""
    room = _NAME_BYTES - len(suffix.encode())
    return base.encode()[:room].decode(errors="ignore") + suffix


def bare(expression: str) -> str:
    """The expression without the parentheses around all of it, so that they are not doubled."""
    if not (expression.startswith("(") and expression.endswith(")")):
        return expression
    depth = 0
    for position, letter in enumerate(re.sub(r"'[^']*'|\"[^\"]*\"", lambda m: "x" * len(m[0]), expression)):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and position < len(expression) - 1:
            return expression
    return expression[1:-1]


def _option(item: str) -> str:
    name, found, value = item.partition("=")
    if not found:
        return name
    return (
        f"{name} = {value}"
        if re.fullmatch(r"[a-z_]+|-?[0-9]+(\.[0-9]+)?", value)
        else f"{name} = {quote_literal(value)}"
    )
