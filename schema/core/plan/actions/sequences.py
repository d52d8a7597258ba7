"""Sequences: free ones, those owned by a column, and the options of identity columns."""

from __future__ import annotations

import re

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft, lossy
from ..model import Statement
from ..quote import qualified, quote_ident, quote_literal
from ..read import flag, items, required, text
from ..scene import Decision, Scene, Way

SERIALS = {"bigint": "bigserial", "integer": "serial", "smallint": "smallserial"}
_MAXIMA = {"bigint": 2**63 - 1, "integer": 2**31 - 1, "smallint": 2**15 - 1}
_NUMBERS = ("increment", "min", "max", "start", "cache")
_OPTION = re.compile(
    r"AS \w+|START WITH -?\d+|INCREMENT BY -?\d+|MINVALUE -?\d+|MAXVALUE -?\d+|CACHE \d+|(?:NO )?CYCLE"
)


def decide(_scene: Scene, _change: Change) -> Decision:
    """A sequence can always be altered."""
    return Way.ALTER


def serial_of(scene: Scene, column: Key) -> Key | None:
    """The sequence that `serial` makes for a new column, when all of it is as serial makes it."""
    thing = scene.new(column)
    sequence = Key("sequence", (column.identity[0], f"{column.identity[1]}_{column.identity[2]}_seq"))
    if not flag(thing, "serial") or not scene.created(sequence) or not flag(thing, "not_null"):
        return None
    if sequence in scene.current or required(thing, "type") not in SERIALS:
        return None
    made = scene.new(sequence)
    table = scene.new(Key("table", column.identity[:2]))
    as_made = (
        text(made, "type") == text(thing, "type")
        and items(made, "owned_by") == column.identity
        and _clauses(made) == []
        and text(made, "owner") == text(table, "owner")
        and text(made, "persistence") == text(table, "persistence")
        and text(thing, "default") == f"nextval({quote_literal(qualified(*sequence.identity))}::regclass)"
    )
    return sequence if as_made else None


def create(draft: Draft, key: Key) -> None:
    """CREATE SEQUENCE; the owning column is named when it exists."""
    sequence = draft.scene.new(key)
    kind = "UNLOGGED SEQUENCE" if text(sequence, "persistence") == "u" else "SEQUENCE"
    parts = [f"CREATE {kind} {qualified(*key.identity)}"]
    if required(sequence, "type") != "bigint":
        parts.append(f"AS {required(sequence, 'type')}")
    draft.create(key, " ".join([*parts, *_clauses(sequence)]))
    _own(draft, key)


def drop(draft: Draft, key: Key) -> None:
    """DROP SEQUENCE; one that no column owned loses its place."""
    sql = f"DROP SEQUENCE {qualified(*key.identity)}"
    owned = items(draft.scene.old(key), "owned_by")
    draft.drop(key, Statement(sql) if owned else lossy(sql, "sequence", *key.identity))


def alter(draft: Draft, key: Key) -> None:
    """ALTER SEQUENCE, by what differs."""
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    name = qualified(*key.identity)
    clauses = [f"AS {required(new, 'type')}"] if scene.is_changed(key, "type") else []
    words = {"increment": "INCREMENT BY", "min": "MINVALUE", "max": "MAXVALUE", "start": "START WITH", "cache": "CACHE"}
    clauses += [f"{words[prop]} {required(new, prop)}" for prop in _NUMBERS if scene.is_changed(key, prop)]
    if scene.is_changed(key, "cycle"):
        clauses.append("CYCLE" if flag(new, "cycle") else "NO CYCLE")
    statements = [f"ALTER SEQUENCE {name} {' '.join(clauses)}"] if clauses else []
    if int(required(new, "min")) > int(required(old, "min")):
        statements.insert(0, _lift(name, required(new, "min")))
    if statements:
        draft.alter(key, *statements)
    if scene.is_changed(key, "persistence"):
        draft.alter(key, f"ALTER SEQUENCE {name} SET {'UNLOGGED' if text(new, 'persistence') == 'u' else 'LOGGED'}")
    if not scene.is_changed(key, "owned_by"):
        return
    if items(old, "owned_by"):
        node = draft.part(key, f"ALTER SEQUENCE {name} OWNED BY NONE")
        draft.before_gone(node, Key("column", items(old, "owned_by")))
    _own(draft, key)


def catch_up(column: Key, start: int, *, rising: bool) -> Statement:
    """Let the sequence of a column that has rows already go on after the last of them."""
    table, name = qualified(*column.identity[:2]), quote_ident(column.identity[2])
    sequence = f"pg_catalog.pg_get_serial_sequence({quote_literal(table)}, {quote_literal(column.identity[2])})"
    last = f"(SELECT {'max' if rising else 'min'}({name}) FROM {table})"  # noqa: S608 - quoted names
    following = f"greatest({last} + 1, {start})" if rising else f"least({last} - 1, {start})"
    sql = f"SELECT pg_catalog.setval({sequence}, {following}, false)"
    return Statement(sql, comment="goes on after the rows that exist")


def catch_up_identity(column: CatalogObject) -> Statement:
    """`catch_up` for an identity column."""
    said: dict[str, str] = {}
    for part in _all_options(column):
        name, _, value = part.rpartition(" ")
        said[name] = value
    return catch_up(column.key, int(said["START WITH"]), rising=int(said["INCREMENT BY"]) > 0)


def identity_options(column: CatalogObject) -> str:
    """The parenthesised options of a new identity, without what is the default; empty when all is."""
    options = text(column, "identity_options")
    if options is None:
        return ""
    top = _MAXIMA.get(required(column, "type"), 0)
    defaults = {"START WITH 1", "INCREMENT BY 1", "MINVALUE 1", f"MAXVALUE {top}", "CACHE 1", "NO CYCLE"}
    kept = [part for part in _OPTION.findall(options) if part not in defaults and not part.startswith("AS ")]
    return f" ({' '.join(kept)})" if kept else ""


def identity_changes(old: CatalogObject, new: CatalogObject) -> list[str]:
    """SET clauses that lead from the one identity's options to the other's."""
    if text(old, "identity_options") == text(new, "identity_options"):
        return []
    before, after = _all_options(old), _all_options(new)
    return [f"SET {part}" for part in after if part not in before]


def _lift(name: str, lowest: str) -> str:
    # ALTER SEQUENCE refuses a minimum above the place where the sequence stands.
    place = f"greatest(last_value, {lowest}), is_called AND last_value >= {lowest}"
    return f"SELECT pg_catalog.setval({quote_literal(name)}, {place}) FROM {name}"  # noqa: S608 - quoted names


def _all_options(column: CatalogObject) -> list[str]:
    options = text(column, "identity_options")
    if options is None:
        top = _MAXIMA.get(required(column, "type"), 0)
        options = f"START WITH 1 INCREMENT BY 1 MINVALUE 1 MAXVALUE {top} CACHE 1 NO CYCLE"
    return [part for part in _OPTION.findall(options) if not part.startswith("AS ")]


def _own(draft: Draft, key: Key) -> None:
    scene = draft.scene
    owner = items(scene.new(key), "owned_by")
    if not owner:
        return
    column = Key("column", owner)
    node = draft.follow(key, "owned", f"ALTER SEQUENCE {qualified(*key.identity)} OWNED BY {qualified(*owner)}")
    draft.after_given(node, column)
    if scene.created(key) and scene.way(column) is Way.ALTER:
        made = scene.new(key)
        rising = int(required(made, "increment")) > 0
        node.statements.append(catch_up(column, int(required(made, "start")), rising=rising))


def _clauses(sequence: CatalogObject) -> list[str]:
    top = _MAXIMA[required(sequence, "type")]
    rising = int(required(sequence, "increment")) > 0
    low, high = (1, top) if rising else (-top - 1, -1)
    defaults = {"increment": 1, "min": low, "max": high, "start": None, "cache": 1}
    defaults["start"] = int(required(sequence, "min")) if rising else int(required(sequence, "max"))
    words = {"increment": "INCREMENT BY", "min": "MINVALUE", "max": "MAXVALUE", "start": "START WITH", "cache": "CACHE"}
    clauses = [
        f"{words[prop]} {required(sequence, prop)}"
        for prop in _NUMBERS
        if int(required(sequence, prop)) != defaults[prop]
    ]
    return [*clauses, "CYCLE"] if flag(sequence, "cycle") else clauses
