"""Views, materialized views and rules."""

from __future__ import annotations

from ...catalog.model import CatalogObject, Json, Key
from ...compare import Change
from ..draft import Draft
from ..quote import options, qualified, quote_ident
from ..read import items, mapping, required, rows, text
from ..scene import Decision, Scene, Way
from .columns import changed_options

_RULE_STATE = {"D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS", None: "ENABLE"}


def decide_view(scene: Scene, change: Change) -> Decision:
    """CREATE OR REPLACE VIEW keeps what depends on it while the old columns lead the new ones unchanged."""
    key = change.key
    if not scene.is_changed(key, "definition"):
        return Way.ALTER
    old, new = rows(scene.old(key), "columns"), rows(scene.new(key), "columns")
    return Way.ALTER if new[: len(old)] == old else Way.RECREATE


def decide_materialized_view(scene: Scene, change: Change) -> Decision:
    """A materialized view is filled anew when its query changes."""
    return Way.RECREATE if scene.is_changed(change.key, "definition") else Way.ALTER


def decide_rule(scene: Scene, change: Change) -> Decision:
    """CREATE OR REPLACE RULE keeps the event; with another event it is another rule."""
    old, new = (required(scene_of(change.key), "definition") for scene_of in (scene.old, scene.new))
    return Way.ALTER if _event(old) == _event(new) else Way.RECREATE


def create_view(draft: Draft, key: Key) -> None:
    """CREATE VIEW, then defaults of its columns."""
    draft.create(key, _view(draft.scene.new(key), "CREATE VIEW"), *_defaults(draft.scene, key))


def drop_view(draft: Draft, key: Key) -> None:
    """DROP VIEW."""
    draft.drop(key, f"DROP VIEW {qualified(*key.identity)}")


def alter_view(draft: Draft, key: Key) -> None:
    """Replace the query (with the options), else set options; then defaults."""
    scene = draft.scene
    name = qualified(*key.identity)
    if scene.is_changed(key, "definition"):
        draft.alter(key, _view(scene.new(key), "CREATE OR REPLACE VIEW"), *_defaults(scene, key), reshapes=True)
        return
    old, new = scene.old(key), scene.new(key)
    clauses = changed_options(items(old, "options"), items(new, "options"))
    statements = [*(f"ALTER VIEW {name} {clause}" for clause in clauses), *_defaults(scene, key)]
    if statements:
        draft.alter(key, *statements)


def create_materialized_view(draft: Draft, key: Key) -> None:
    """CREATE MATERIALIZED VIEW, filled."""
    view = draft.scene.new(key)
    lines = [f"CREATE MATERIALIZED VIEW {qualified(*key.identity)}"]
    if (method := text(view, "access_method")) is not None:
        lines[0] += f" USING {quote_ident(method)}"
    if items(view, "options"):
        lines[0] += f" WITH {options(items(view, 'options'))}"
    if (tablespace := text(view, "tablespace")) is not None:
        lines[0] += f" TABLESPACE {quote_ident(tablespace)}"
    draft.create(key, f"{lines[0]} AS\n{_query(view)}\nWITH DATA")


def drop_materialized_view(draft: Draft, key: Key) -> None:
    """DROP MATERIALIZED VIEW; what it holds can be computed again."""
    draft.drop(key, f"DROP MATERIALIZED VIEW {qualified(*key.identity)}")


def alter_materialized_view(draft: Draft, key: Key) -> None:
    """Options, access method and tablespace."""
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    actions = changed_options(items(old, "options"), items(new, "options"))
    if scene.is_changed(key, "access_method"):
        actions.append(f"SET ACCESS METHOD {text(new, 'access_method') or 'heap'}")
    if scene.is_changed(key, "tablespace"):
        actions.append(f"SET TABLESPACE {quote_ident(text(new, 'tablespace') or 'pg_default')}")
    if actions:
        draft.alter(key, *(f"ALTER MATERIALIZED VIEW {qualified(*key.identity)} {action}" for action in actions))


def create_rule(draft: Draft, key: Key) -> None:
    """CREATE RULE, then its state."""
    rule = draft.scene.new(key)
    statements = [_rule(rule)]
    if text(rule, "enabled") is not None:
        statements.append(_rule_state(key, text(rule, "enabled")))
    draft.create(key, *statements)


def drop_rule(draft: Draft, key: Key) -> None:
    """DROP RULE."""
    draft.drop(key, f"DROP RULE {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}")


def alter_rule(draft: Draft, key: Key) -> None:
    """CREATE OR REPLACE RULE, and the state."""
    scene = draft.scene
    rule = scene.new(key)
    statements: list[str] = []
    if scene.is_changed(key, "definition"):
        statements.append("CREATE OR REPLACE " + _rule(rule).removeprefix("CREATE "))
    if scene.is_changed(key, "enabled"):
        statements.append(_rule_state(key, text(rule, "enabled")))
    if statements:
        draft.alter(key, *statements)


def _view(view: CatalogObject, head: str) -> str:
    clause = f" WITH {options(items(view, 'options'))}" if items(view, "options") else ""
    return f"{head} {qualified(*view.key.identity)}{clause} AS\n{_query(view)}"


def _query(view: CatalogObject) -> str:
    return required(view, "definition").rstrip().removesuffix(";")


def _defaults(scene: Scene, key: Key) -> list[str]:
    old = mapping(scene.old(key), "defaults") if not scene.created(key) else dict[str, Json]()
    new = mapping(scene.new(key), "defaults")
    head = f"ALTER VIEW {qualified(*key.identity)} ALTER COLUMN"
    statements = [f"{head} {quote_ident(column)} DROP DEFAULT" for column in sorted(old.keys() - new.keys())]
    statements += [
        f"{head} {quote_ident(column)} SET DEFAULT {expression}"
        for column, expression in sorted(new.items())
        if old.get(column) != expression
    ]
    return statements


def _rule(rule: CatalogObject) -> str:
    return required(rule, "definition").strip().removesuffix(";")


def _event(definition: str) -> str:
    words = definition.split()
    return words[words.index("ON") + 1] if "ON" in words else ""


def _rule_state(key: Key, state: str | None) -> str:
    return f"ALTER TABLE {qualified(*key.identity[:2])} {_RULE_STATE[state]} RULE {quote_ident(key.identity[2])}"
