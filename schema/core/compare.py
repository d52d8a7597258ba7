"""What two catalogs differ in. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from .catalog.model import Catalog, CatalogObject, Json, Key


@dataclass(frozen=True, slots=True)
class Change:
    """One object that differs: created (`before` is None), dropped (`after` is None) or altered."""

    key: Key
    before: CatalogObject | None
    after: CatalogObject | None

    @property
    def action(self) -> str:
        if self.before is None:
            return "create"
        return "drop" if self.after is None else "alter"

    @property
    def properties(self) -> tuple[str, ...]:
        """Names of the properties that differ, sorted."""
        nothing: dict[str, Json] = {}
        before = self.before.properties if self.before else nothing
        after = self.after.properties if self.after else nothing
        return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))

    def __str__(self) -> str:
        if self.key.kind == "partition":
            return f"{self.key} disagrees with its parent: {self._disagreements()}"
        detail = f" ({', '.join(self.properties)})" if self.action == "alter" else ""
        return f"{self.action} {self.key}{detail}"

    def _disagreements(self) -> str:
        """What a partition differs in: nobody creates or drops one because of it."""
        found = self.after or self.before
        sentences = found.properties.get("disagreements") if found else None
        return "; ".join(map(str, sentences)) if isinstance(sentences, list) else ""


def compare(current: Catalog, desired: Catalog) -> tuple[Change, ...]:
    """The changes that lead from `current` to `desired`, sorted by key. Empty when the two are equal.

    Raises ValueError when the catalogs come from different major versions, whose texts are not comparable.
    """
    if current.major != desired.major:
        raise ValueError(f"catalogs of PostgreSQL {current.major} and {desired.major} cannot be compared")
    changes: list[Change] = []
    for key in sorted(current.objects.keys() | desired.objects.keys()):
        before, after = current.objects.get(key), desired.objects.get(key)
        if before is None or after is None or before.properties != after.properties:
            changes.append(Change(key, before, after))
    return tuple(changes)
