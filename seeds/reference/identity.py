"""Ids of reference rows: made from the natural key, so that databases agree without asking each other."""

from __future__ import annotations

import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_DNS, "reference.airside")


def reference_id(kind: str, key: str) -> uuid.UUID:
    """The id of the `kind` with this natural key: `reference_id("airport", "JFK")`."""
    return uuid.uuid5(_NAMESPACE, f"{kind}/{key}")
