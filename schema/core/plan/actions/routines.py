"""Functions, procedures, aggregates, triggers and event triggers."""

from __future__ import annotations

from collections.abc import Iterator

from ...catalog.model import Key
from ...compare import Change
from ..draft import Draft
from ..names import object_name
from ..quote import qualified, quote_ident, quote_literal
from ..read import flag, items, required, text
from ..scene import Decision, Scene, Way

_ENABLED = {"D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS", None: "ENABLE"}


def decide_function(scene: Scene, change: Change) -> Decision:
    """CREATE OR REPLACE keeps what depends on it, where kind, result and parameters allow it."""
    key = change.key
    if not scene.is_changed(key, "definition", "prokind"):
        return Way.ALTER
    old, new = scene.old(key), scene.new(key)
    if scene.is_changed(key, "prokind") or text(old, "result") != text(new, "result"):
        return Way.RECREATE
    before, after = parameters(text(old, "arguments") or ""), parameters(text(new, "arguments") or "")
    if [name for name, _ in before] != [name for name, _ in after]:
        return Way.RECREATE
    removed = any(had and not has for (_, had), (_, has) in zip(before, after, strict=True))
    return Way.RECREATE if removed else Way.ALTER


def decide_aggregate(scene: Scene, change: Change) -> Decision:
    """An aggregate is made anew; only its owner can be altered."""
    return Way.RECREATE if scene.is_changed(change.key, "definition") else Way.ALTER


def decide_trigger(scene: Scene, change: Change) -> Decision:
    """CREATE OR REPLACE TRIGGER does not know constraint triggers."""
    if not scene.is_changed(change.key, "definition"):
        return Way.ALTER
    constraint = flag(scene.old(change.key), "constraint") or flag(scene.new(change.key), "constraint")
    return Way.RECREATE if constraint else Way.ALTER


def decide_event_trigger(scene: Scene, change: Change) -> Decision:
    """Only the state and the owner of an event trigger can be altered."""
    return Way.RECREATE if scene.is_changed(change.key, "event", "tags", "function") else Way.ALTER


def create_routine(draft: Draft, key: Key) -> None:
    """The definition as PostgreSQL prints it."""
    draft.create(key, required(draft.scene.new(key), "definition").strip())


def alter_function(draft: Draft, key: Key) -> None:
    """CREATE OR REPLACE."""
    if draft.scene.is_changed(key, "definition"):
        draft.alter(key, required(draft.scene.new(key), "definition").strip(), reshapes=True)


def drop_routine(draft: Draft, key: Key) -> None:
    """DROP FUNCTION, PROCEDURE or AGGREGATE."""
    draft.drop(key, f"DROP {object_name(draft.scene.old(key))}")


def parameters(arguments: str) -> list[tuple[str, bool]]:
    """Each parameter without its default, and whether it has one."""
    found: list[tuple[str, bool]] = []
    for part in split_list(arguments):
        head, default, _ = part.partition(" DEFAULT ")
        found.append((head.strip(), bool(default)))
    return found


def split_list(listed: str) -> Iterator[str]:
    """Split at commas that are in no parentheses, brackets or quotes."""
    depth, quote, start = 0, "", 0
    for position, letter in enumerate(listed):
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "'\"":
            quote = letter
        elif letter in "([":
            depth += 1
        elif letter in ")]":
            depth -= 1
        elif letter == "," and depth == 0:
            yield listed[start:position].strip()
            start = position + 1
    if listed[start:].strip():
        yield listed[start:].strip()


def create_trigger(draft: Draft, key: Key) -> None:
    """CREATE TRIGGER, then its state."""
    trigger = draft.scene.new(key)
    statements = [required(trigger, "definition")]
    if text(trigger, "enabled") is not None:
        statements.append(_trigger_state(key, text(trigger, "enabled")))
    draft.create(key, *statements)


def drop_trigger(draft: Draft, key: Key) -> None:
    """DROP TRIGGER."""
    draft.drop(key, f"DROP TRIGGER {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}")


def alter_trigger(draft: Draft, key: Key) -> None:
    """CREATE OR REPLACE TRIGGER, which puts the state back to enabled, and the state."""
    scene = draft.scene
    trigger = scene.new(key)
    replaced = scene.is_changed(key, "definition")
    statements: list[str] = []
    if replaced:
        statements.append("CREATE OR REPLACE " + required(trigger, "definition").removeprefix("CREATE "))
    state = text(trigger, "enabled")
    if scene.is_changed(key, "enabled") or (replaced and state is not None):
        statements.append(_trigger_state(key, state))
    if statements:
        draft.alter(key, *statements)


def create_event_trigger(draft: Draft, key: Key) -> None:
    """CREATE EVENT TRIGGER, then its state."""
    trigger = draft.scene.new(key)
    name = quote_ident(key.identity[0])
    tags = ", ".join(quote_literal(tag) for tag in items(trigger, "tags"))
    when = f" WHEN TAG IN ({tags})" if tags else ""
    sql = f"CREATE EVENT TRIGGER {name} ON {required(trigger, 'event')}{when}"
    statements = [f"{sql} EXECUTE FUNCTION {required(trigger, 'function')}()"]
    if text(trigger, "enabled") is not None:
        statements.append(f"ALTER EVENT TRIGGER {name} {_ENABLED[text(trigger, 'enabled')]}")
    draft.create(key, *statements)


def drop_event_trigger(draft: Draft, key: Key) -> None:
    """DROP EVENT TRIGGER."""
    draft.drop(key, f"DROP EVENT TRIGGER {quote_ident(key.identity[0])}")


def alter_event_trigger(draft: Draft, key: Key) -> None:
    """The state."""
    if draft.scene.is_changed(key, "enabled"):
        state = _ENABLED[text(draft.scene.new(key), "enabled")]
        draft.alter(key, f"ALTER EVENT TRIGGER {quote_ident(key.identity[0])} {state}")


def _trigger_state(key: Key, state: str | None) -> str:
    name = quote_ident(key.identity[2])
    return f"ALTER TABLE {qualified(*key.identity[:2])} {_ENABLED[state]} TRIGGER {name}"
