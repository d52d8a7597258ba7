"""Two catalogs and what they differ in."""

from __future__ import annotations

import pytest
from airside.schema.core.catalog import Catalog, CatalogObject, Json, Key
from airside.schema.core.compare import compare
from hypothesis import given
from hypothesis import strategies as st

KEYS = [Key("table", ("public", name)) for name in "abcde"] + [Key("column", ("public", "a", name)) for name in "xyz"]
values: st.SearchStrategy[Json] = st.one_of(
    # True == 1 in Python, and no property is now a number, now a truth value
    st.booleans(),
    st.integers(min_value=2),
    st.text(max_size=3),
)
properties = st.dictionaries(st.sampled_from(["type", "default", "owner"]), values, max_size=3)
catalogs = st.dictionaries(st.sampled_from(KEYS), properties, max_size=8).map(
    lambda content: Catalog({key: CatalogObject(key, value) for key, value in content.items()}, 17, "owner")
)


@given(catalogs)
def test_a_catalog_does_not_differ_from_itself(catalog: Catalog) -> None:
    assert compare(catalog, catalog) == ()


@given(catalogs, catalogs)
def test_no_change_means_equal_fingerprints_and_the_other_way_round(first: Catalog, second: Catalog) -> None:
    assert (compare(first, second) == ()) == (first.fingerprint == second.fingerprint)


@given(catalogs, catalogs)
def test_changes_applied_to_the_one_give_the_other(first: Catalog, second: Catalog) -> None:
    objects = dict(first.objects)
    for change in compare(first, second):
        if change.after is None:
            del objects[change.key]
        else:
            objects[change.key] = change.after
    assert Catalog(objects, 17, "owner").fingerprint == second.fingerprint


def test_a_change_says_what_differs() -> None:
    key = Key("column", ("public", "users", "email"))
    before = Catalog({key: CatalogObject(key, {"type": "text"}, {"position": 1})}, 17, "o")
    after = Catalog({key: CatalogObject(key, {"type": "varchar"}, {"position": 2})}, 17, "o")
    (change,) = compare(before, after)
    assert str(change) == "alter column public.users.email (type)"


def test_what_is_not_compared_makes_no_difference() -> None:
    key = Key("column", ("public", "users", "email"))
    before = Catalog({key: CatalogObject(key, {"type": "text"}, {"position": 1})}, 17, "o")
    after = Catalog({key: CatalogObject(key, {"type": "text"}, {"position": 2})}, 17, "o")
    assert compare(before, after) == ()


def test_catalogs_of_two_major_versions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="15 and 17"):
        compare(Catalog({}, 15, "o"), Catalog({}, 17, "o"))
