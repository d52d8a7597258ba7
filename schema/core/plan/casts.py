"""Type changes: which of them keep every value, and which need a USING clause."""

from __future__ import annotations

import re
from dataclasses import dataclass

_INTEGERS = ("smallint", "integer", "bigint")
_INTEGER_DIGITS = {"smallint": 5, "integer": 10, "bigint": 19}
_TEXTS = frozenset({"text", "character varying", "character", "name", '"char"', "public.citext", "citext"})
_NUMBERS = frozenset({*_INTEGERS, "numeric", "real", "double precision"})
_TIMES = frozenset({"date", "timestamp without time zone", "timestamp with time zone"})
_CLOCKS = frozenset({"time without time zone", "time with time zone", "interval"})
# Pairs with an assignment cast, apart from numbers, texts and times among themselves.
_ASSIGNABLE = frozenset(
    {
        ("json", "jsonb"),
        ("jsonb", "json"),
        ("cidr", "inet"),
        ("inet", "cidr"),
        ("bit", "bit varying"),
        ("bit varying", "bit"),
        ("xml", "text"),
        ("macaddr", "macaddr8"),
    }
)
_EXPLICIT = frozenset({("integer", "boolean"), ("boolean", "integer"), ("jsonb", "boolean"), ("integer", "bit")})
_WIDER = frozenset(
    {
        ("smallint", "integer"),
        ("smallint", "bigint"),
        ("integer", "bigint"),
        ("smallint", "real"),
        ("smallint", "double precision"),
        ("integer", "double precision"),
        ("real", "double precision"),
        ("date", "timestamp without time zone"),
        ("date", "timestamp with time zone"),
        ("timestamp without time zone", "timestamp with time zone"),
        ("cidr", "inet"),
        ("json", "text"),
        ("jsonb", "text"),
        ("jsonb", "json"),
        ("macaddr", "macaddr8"),
        ("xml", "text"),
        ("uuid", "text"),
        ("boolean", "text"),
        ("inet", "text"),
    }
)
_SHAPE = re.compile(r"(?P<head>[^(]+?)(?:\((?P<modifiers>[0-9, -]+)\))?(?P<tail> [a-z ]+)?(?P<array>(?:\[\])*)\Z")
_TIMED = ("timestamp", "time", "interval")


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as `format_type` prints it, taken apart."""

    base: str
    modifiers: tuple[int, ...]
    array: bool

    @classmethod
    def of(cls, text: str) -> TypeName:
        found = _SHAPE.match(text)
        if found is None:
            return cls(text, (), array=False)
        numbers = tuple(int(part) for part in (found["modifiers"] or "").split(",") if part.strip())
        return cls((found["head"] + (found["tail"] or "")).strip(), numbers, array=bool(found["array"]))


def using(column: str, old: str, new: str, *, enums: frozenset[str]) -> str | None:
    """The USING expression for a change of type; None where PostgreSQL casts by itself."""
    before, after = TypeName.of(old), TypeName.of(new)
    if before.array != after.array:
        return f"{column}::text::{new}"
    if _assigns(before.base, after.base) or (after.base in ("text", "character varying") and not before.array):
        return None
    if before.base in _TEXTS or (before.base, after.base) in _EXPLICIT or after.base in _TEXTS:
        return f"{column}::{new}"
    if before.base in enums or after.base in enums or not before.array:
        return f"{column}::text::{new}"
    return f"{column}::text[]::{new}"


def keeps_every_value(old: str, new: str, *, enums: frozenset[str]) -> bool:
    """Whether every value of the old type is held by the new one as it is."""
    before, after = TypeName.of(old), TypeName.of(new)
    if before.array == after.array and before.base == after.base:
        return _holds(before, after)
    return before.array == after.array and _widens(before, after, enums)


def _widens(before: TypeName, after: TypeName, enums: frozenset[str]) -> bool:
    if before.base in enums:
        return after.base == "text" or (after.base == "character varying" and not after.modifiers)
    if after.base == "numeric" and before.base in _INTEGERS:
        return _holds(TypeName("numeric", (_INTEGER_DIGITS[before.base], 0), array=False), after)
    if before.base in _TEXTS and after.base in ("text", "character varying"):
        return not after.modifiers or _length(before) <= _length(after)
    if (before.base, after.base) in _WIDER:
        return _precision(before) <= _precision(after)
    return before.base != "json" and after == TypeName("character varying", (), array=False)


def same_index_order(old: str, new: str) -> bool:
    """Whether a foreign key survives that only one of its sides changes so (same btree operator family)."""
    pair = {TypeName.of(old).base, TypeName.of(new).base}
    return pair <= set(_INTEGERS) or pair <= {"text", "character varying"} or pair <= _TIMES


def _assigns(old: str, new: str) -> bool:
    if old == new:
        return True
    groups = (_NUMBERS, _TEXTS, _TIMES)
    if any(old in group and new in group for group in groups):
        return True
    if old.startswith("time") and new in _CLOCKS and old in _CLOCKS | _TIMES:
        return (old, new) != ("time with time zone", "interval")
    return (old, new) in _ASSIGNABLE


def _holds(before: TypeName, after: TypeName) -> bool:
    if before.base in ("character varying", "character", "bit varying", "bit"):
        return (not after.modifiers and before.base != "character") or _length(before) <= _length(after)
    if before.base == "numeric":
        return _numeric_holds(before.modifiers, after.modifiers)
    if before.base.startswith(_TIMED):
        return _precision(before) <= _precision(after)
    return before.modifiers == after.modifiers or not after.modifiers


def _numeric_holds(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    if not after:
        return True
    if not before:
        return False
    (before_digits, before_scale), (after_digits, after_scale) = ((*m, 0)[:2] for m in (before, after))
    return after_scale >= before_scale and after_digits - after_scale >= before_digits - before_scale


def _length(name: TypeName) -> float:
    if name.modifiers:
        return name.modifiers[0]
    return 1 if name.base in ("character", "bit") else float("inf")


def _precision(name: TypeName) -> int:
    return name.modifiers[0] if name.modifiers and name.base.startswith(_TIMED) else 6
