"""Tables of other applications leave a catalog with all that hangs on them."""

from __future__ import annotations

import pytest
from airside.schema.core.catalog import Catalog, CatalogObject, Json, Key
from airside.schema.core.external import without_external


def catalog(*objects: tuple[str, tuple[str, ...], dict[str, Json]]) -> Catalog:
    found = {
        Key(kind, identity): CatalogObject(Key(kind, identity), properties) for kind, identity, properties in objects
    }
    return Catalog(found, 17, "owner")


def of_a_table(name: str, schema: str = "public") -> Catalog:
    return catalog(
        ("table", (schema, name), {}),
        ("column", (schema, name, "id"), {"type": "integer"}),
        ("constraint", (schema, name, f"{name}_pkey"), {"type": "p"}),
        ("index", (schema, f"{name}_idx"), {"table": [schema, name]}),
        ("sequence", (schema, f"{name}_id_seq"), {"owned_by": [schema, name, "id"]}),
        ("trigger", (schema, name, "trg"), {}),
        ("policy", (schema, name, "own"), {}),
        ("grant", ("table", schema, name, "PUBLIC"), {"privileges": ["SELECT"]}),
        ("grant", ("column", schema, name, "id", "PUBLIC"), {"privileges": ["SELECT"]}),
        ("grant", ("sequence", schema, f"{name}_id_seq", "PUBLIC"), {"privileges": ["USAGE"]}),
        ("comment", ("column", schema, name, "id"), {"text": "the key"}),
        ("comment", ("table", schema, name), {"text": "a table"}),
        ("security_label", ("table", schema, name, "provider"), {"label": "secret"}),
    )


@pytest.mark.parametrize("name", ["checkpoints", "langgraph.checkpoints"])
def test_what_hangs_on_an_external_table_leaves_with_it(name: str) -> None:
    schema = name.rpartition(".")[0] or "public"
    ours, theirs = of_a_table("users"), of_a_table("checkpoints", schema)
    both = Catalog({**ours.objects, **theirs.objects}, 17, "owner")
    assert without_external(both, [name]).objects == ours.objects


@pytest.mark.parametrize("names", [(), ("checkpoints",), ("other.users",), ("user",)])
def test_other_tables_stay(names: tuple[str, ...]) -> None:
    ours = of_a_table("users")
    assert without_external(ours, names).fingerprint == ours.fingerprint


def test_nothing_depends_on_what_left() -> None:
    table, view = Key("table", ("public", "checkpoints")), Key("view", ("public", "v"))
    both = Catalog(
        {key: CatalogObject(key, {}) for key in (table, view)},
        17,
        "owner",
        {view: frozenset({table}), table: frozenset[Key]()},
    )
    assert without_external(both, ["checkpoints"]).dependencies == {view: frozenset()}
