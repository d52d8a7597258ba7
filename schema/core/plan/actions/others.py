"""Schemas, extensions, statistics, publications and comments."""

from __future__ import annotations

import re

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft
from ..model import Statement
from ..names import in_database, object_name
from ..quote import bare, names, qualified, quote_ident, quote_literal
from ..read import flag, items, mapping, required, text
from ..scene import Decision, Refusal, Scene, Way

_PUBLISH = ("insert", "update", "delete", "truncate")


def decide_in_place(_scene: Scene, _change: Change) -> Decision:
    """Whatever differs can be altered."""
    return Way.ALTER


def decide_extension(scene: Scene, change: Change) -> Decision:
    """Extensions only go forward."""
    old, new = required(scene.old(change.key), "version"), required(scene.new(change.key), "version")
    if _version(new) < _version(old):
        return Refusal(
            f"an extension does not go back from {old} to {new}; declare {old}, or drop and create it by hand"
        )
    return Way.ALTER


def decide_statistics(scene: Scene, change: Change) -> Decision:
    """Only the target and the owner can be altered."""
    return Way.RECREATE if scene.is_changed(change.key, "definition") else Way.ALTER


def decide_publication(scene: Scene, change: Change) -> Decision:
    """FOR ALL TABLES is decided at creation."""
    return Way.RECREATE if scene.is_changed(change.key, "all_tables") else Way.ALTER


def create_schema(draft: Draft, key: Key) -> None:
    """CREATE SCHEMA."""
    draft.create(key, f"CREATE SCHEMA {quote_ident(key.identity[0])}")


def drop_schema(draft: Draft, key: Key) -> None:
    """DROP SCHEMA, which has to be empty by then."""
    draft.drop(key, f"DROP SCHEMA {quote_ident(key.identity[0])}")


def create_extension(draft: Draft, key: Key) -> None:
    """CREATE EXTENSION in the version that the server offers."""
    schema = quote_ident(required(draft.scene.new(key), "schema"))
    draft.create(key, f"CREATE EXTENSION IF NOT EXISTS {quote_ident(key.identity[0])} WITH SCHEMA {schema}")


def drop_extension(draft: Draft, key: Key) -> None:
    """DROP EXTENSION."""
    draft.drop(key, f"DROP EXTENSION {quote_ident(key.identity[0])}")


def alter_extension(draft: Draft, key: Key) -> None:
    """SET SCHEMA and UPDATE TO."""
    scene = draft.scene
    head = f"ALTER EXTENSION {quote_ident(key.identity[0])}"
    statements: list[str] = []
    if scene.is_changed(key, "schema"):
        statements.append(f"{head} SET SCHEMA {quote_ident(required(scene.new(key), 'schema'))}")
    if scene.is_changed(key, "version"):
        statements.append(f"{head} UPDATE TO {quote_literal(required(scene.new(key), 'version'))}")
    draft.alter(key, *statements, reshapes=True)


def create_statistics(draft: Draft, key: Key) -> None:
    """CREATE STATISTICS, then its target."""
    statistics = draft.scene.new(key)
    statements = [required(statistics, "definition")]
    if text(statistics, "target") is not None:
        statements.append(f"ALTER STATISTICS {qualified(*key.identity)} SET STATISTICS {text(statistics, 'target')}")
    draft.create(key, *statements)


def drop_statistics(draft: Draft, key: Key) -> None:
    """DROP STATISTICS."""
    draft.drop(key, f"DROP STATISTICS {qualified(*key.identity)}")


def alter_statistics(draft: Draft, key: Key) -> None:
    """The target."""
    if draft.scene.is_changed(key, "target"):
        target = text(draft.scene.new(key), "target") or "-1"
        draft.alter(key, f"ALTER STATISTICS {qualified(*key.identity)} SET STATISTICS {target}")


def create_publication(draft: Draft, key: Key) -> None:
    """CREATE PUBLICATION."""
    publication = draft.scene.new(key)
    parts = [f"CREATE PUBLICATION {quote_ident(key.identity[0])}"]
    members = _members(publication)
    if flag(publication, "all_tables"):
        parts.append("FOR ALL TABLES")
    elif members:
        parts.append("FOR " + ", ".join(members))
    settings = _settings(publication)
    if settings:
        parts.append(f"WITH ({', '.join(settings)})")
    draft.create(key, " ".join(parts))


def drop_publication(draft: Draft, key: Key) -> None:
    """DROP PUBLICATION."""
    draft.drop(key, f"DROP PUBLICATION {quote_ident(key.identity[0])}")


def alter_publication(draft: Draft, key: Key) -> None:
    """Members and settings; a table that is dropped leaves its publications before."""
    scene = draft.scene
    old, new = scene.old(key), scene.new(key)
    head = f"ALTER PUBLICATION {quote_ident(key.identity[0])}"
    if scene.is_changed(key, "publish", "via_root", "generated_columns"):
        draft.alter(key, f"{head} SET ({', '.join(_all_settings(new))})")
    before, after = _members(old), _members(new)
    rejoining = {qualified(*table.identity) for table in scene.rejoining.get(key, ())}
    if before == after and not rejoining:
        return
    gone = _dropped_members(old, new, rejoining)
    if gone:
        draft.part(key, f"{head} DROP {', '.join(gone)}")
    if after and (rejoining or set(after) - set(before)):
        draft.follow(key, "members", f"{head} SET {', '.join(after)}")


def comment(draft: Draft, key: Key) -> None:
    """COMMENT ON."""
    scene = draft.scene
    new = scene.desired.get(key)
    value = quote_literal(required(new, "text")) if new else "NULL"
    if key.identity[0] == "database":
        draft.follow(key, "comment", in_database(f"COMMENT ON DATABASE %I IS {value.replace('%', '%%')}"))
        return
    catalog, ties = (scene.desired, scene.after) if new else (scene.current, scene.before)
    target = ties.target(key)
    if target is None:
        return
    if target.kind == "extension" and scene.created(target):
        # CREATE EXTENSION brings its own comment, and only the extension's owner may change it.
        return
    if new is None and _went_with_domain_constraint(scene, key, target):
        return
    on = _commented(key) or object_name(catalog[target])
    node = draft.follow(key, "comment", Statement(f"COMMENT ON {on} IS {value}"))
    draft.after_given(node, target)
    if target.kind == "domain":
        draft.after_steps(node, target)


def _went_with_domain_constraint(scene: Scene, key: Key, target: Key) -> bool:
    if key.identity[0] != "domain_constraint":
        return False
    before, after = (mapping(catalog[target], "constraints") for catalog in (scene.current, scene.desired))
    return before.get(key.identity[3]) != after.get(key.identity[3])


def _commented(key: Key) -> str | None:
    """What a comment is on where that is no object of the catalog itself."""
    match key.identity:
        case ("column", *column):
            return f"COLUMN {qualified(*column)}"
        case ("index", *index):
            return f"INDEX {qualified(*index)}"
        case ("domain_constraint", schema, domain, constraint):
            return f"CONSTRAINT {quote_ident(constraint)} ON DOMAIN {qualified(schema, domain)}"
        case _:
            return None


def _version(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _members(publication: CatalogObject) -> list[str]:
    members: list[str] = []
    for table, said in sorted(mapping(publication, "tables").items()):
        columns, where = said if isinstance(said, list) else (None, None)
        clause = f"TABLE {table}"
        if isinstance(columns, list):
            clause += f" ({names(str(column) for column in columns)})"
        if where is not None:
            clause += f" WHERE ({bare(str(where))})"
        members.append(clause)
    members += [f"TABLES IN SCHEMA {quote_ident(schema)}" for schema in items(publication, "schemas")]
    return members


def _dropped_members(old: CatalogObject, new: CatalogObject, rejoining: set[str]) -> list[str]:
    before, after = mapping(old, "tables"), mapping(new, "tables")
    gone = [f"TABLE {table}" for table in sorted(before) if table in rejoining or before[table] != after.get(table)]
    kept = items(new, "schemas")
    return gone + [f"TABLES IN SCHEMA {quote_ident(name)}" for name in items(old, "schemas") if name not in kept]


def _settings(publication: CatalogObject) -> list[str]:
    defaults = _all_settings(None)
    return [setting for setting in _all_settings(publication) if setting not in defaults]


def _all_settings(publication: CatalogObject | None) -> list[str]:
    publish = (
        _PUBLISH if publication is None or "publish" not in publication.properties else items(publication, "publish")
    )
    settings = [
        f"publish = {quote_literal(', '.join(sorted(publish, key=_PUBLISH.index)))}",
        f"publish_via_partition_root = {'true' if publication and flag(publication, 'via_root') else 'false'}",
    ]
    generated = text(publication, "generated_columns") if publication else None
    return [*settings, f"publish_generated_columns = {generated}"] if generated else settings
