"""Policies, owners and security labels."""

from __future__ import annotations

from ...catalog.model import CatalogObject, Key
from ...compare import Change
from ..draft import Draft
from ..names import object_name
from ..quote import bare, qualified, quote_ident, quote_literal, role
from ..read import items, required, text
from ..scene import DATABASE_OWNER, Decision, Scene, Way


def decide_policy(scene: Scene, change: Change) -> Decision:
    """ALTER POLICY can set but not take away an expression, and not change the command."""
    key = change.key
    if scene.is_changed(key, "permissive", "command"):
        return Way.RECREATE
    old, new = scene.old(key), scene.new(key)
    removed = any(text(old, name) is not None and text(new, name) is None for name in ("using", "check"))
    return Way.RECREATE if removed else Way.ALTER


def create_policy(draft: Draft, key: Key) -> None:
    """CREATE POLICY."""
    policy = draft.scene.new(key)
    parts = [f"CREATE POLICY {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}"]
    if policy.properties.get("permissive") is False:
        parts.append("AS RESTRICTIVE")
    if required(policy, "command") != "ALL":
        parts.append(f"FOR {required(policy, 'command')}")
    if items(policy, "roles") != ("public",):
        parts.append(f"TO {_roles(draft.scene, policy)}")
    parts += _policy_expressions(policy)
    draft.create(key, "\n    ".join(parts))


def drop_policy(draft: Draft, key: Key) -> None:
    """DROP POLICY."""
    draft.drop(key, f"DROP POLICY {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}")


def alter_policy(draft: Draft, key: Key) -> None:
    """ALTER POLICY."""
    scene = draft.scene
    policy = scene.new(key)
    parts = [f"ALTER POLICY {quote_ident(key.identity[2])} ON {qualified(*key.identity[:2])}"]
    if scene.is_changed(key, "roles"):
        parts.append(f"TO {_roles(scene, policy)}")
    if scene.is_changed(key, "using", "check"):
        parts += _policy_expressions(policy)
    draft.alter(key, "\n    ".join(parts))


def set_owner(draft: Draft, key: Key) -> None:
    """ALTER ... OWNER TO, where the owner is or becomes another than the one who runs the migration."""
    scene = draft.scene
    desired = scene.desired.get(key)
    if desired is None or (owner := text(desired, "owner")) is None:
        return
    current = DATABASE_OWNER if scene.renewed(key) else text(scene.old(key), "owner")
    if owner == current or items(desired, "owned_by"):
        return
    node = draft.follow(key, "owner", f"ALTER {object_name(desired)} OWNER TO {role(scene.role(owner))}")
    draft.after_given(node, key)
    draft.rights.setdefault(key, []).append(node)
    for sequence in scene.desired:
        # It has to be the table's before the table changes hands: both need one owner then.
        if sequence.kind == "sequence" and items(scene.new(sequence), "owned_by")[:2] == key.identity:
            draft.after_steps(node, sequence)


def label(draft: Draft, key: Key) -> None:
    """SECURITY LABEL."""
    scene = draft.scene
    new = scene.desired.get(key)
    target = (scene.after if new else scene.before).target(key)
    if target is None:
        return
    thing = (scene.desired if new else scene.current)[target]
    value = quote_literal(required(new, "label")) if new else "NULL"
    node = draft.follow(
        key, "label", f"SECURITY LABEL FOR {quote_ident(key.identity[-1])} ON {object_name(thing)} IS {value}"
    )
    draft.after_given(node, target)


def _roles(scene: Scene, policy: CatalogObject) -> str:
    return ", ".join(role(scene.role(name)) for name in items(policy, "roles")) or "PUBLIC"


def _policy_expressions(policy: CatalogObject) -> list[str]:
    parts: list[str] = []
    if (using := text(policy, "using")) is not None:
        parts.append(f"USING ({bare(using)})")
    if (check := text(policy, "check")) is not None:
        parts.append(f"WITH CHECK ({bare(check)})")
    return parts
