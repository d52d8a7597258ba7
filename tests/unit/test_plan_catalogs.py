"""Plans from hand-made catalogs: the text of statements and the shape of stages."""

from __future__ import annotations

from airside.schema.core.catalog import Catalog, CatalogObject, Json, Key
from airside.schema.core.plan import Plan, plan

OWNER = "(database owner)"


def thing(kind: str, *identity: str, extra: dict[str, Json] | None = None, **properties: Json) -> CatalogObject:
    return CatalogObject(Key(kind, identity), properties, extra or {})


def table(name: str, **properties: Json) -> CatalogObject:
    return thing("table", "public", name, relkind="r", persistence="p", owner=OWNER, **properties)


def column(name: str, position: int, type_name: str, **properties: Json) -> CatalogObject:
    return thing("column", "public", "trip", name, extra={"position": position}, type=type_name, **properties)


def constraint(name: str, kind: str, definition: str, *columns: str, **properties: Json) -> CatalogObject:
    extra: dict[str, Json] = {"columns": list(columns)}
    return thing("constraint", "public", "trip", name, extra=extra, type=kind, definition=definition, **properties)


def index(name: str, definition: str, *columns: str) -> CatalogObject:
    extra: dict[str, Json] = {"columns": list(columns), "relkind": "r"}
    text = f"CREATE INDEX {name} ON public.trip USING btree {definition}"
    return thing("index", "public", name, extra=extra, table=["public", "trip"], definition=text)


def catalog(*things: CatalogObject, major: int = 17) -> Catalog:
    objects = (thing("schema", "public", owner=OWNER), *things)
    return Catalog({item.key: item for item in objects}, major, "airside")


def shape(made: Plan) -> list[tuple[bool, list[str]]]:
    assert made.unplanned == ()
    return [(stage.transactional, [statement.sql for statement in stage.statements]) for stage in made.stages]


TRIP = (table("trip"), column("id", 1, "bigint"), column("title", 2, "text"))


def test_no_difference_is_no_stage() -> None:
    assert plan(catalog(*TRIP), catalog(*TRIP)).stages == ()


def test_create_table_reads_well() -> None:
    made = plan(
        catalog(),
        catalog(
            table("trip", options=["fillfactor=70"]),
            column("title", 2, "text", default="'none'::text", not_null=True),
            column("id", 1, "bigint", identity="ALWAYS", not_null=True),
            constraint("trip_pkey", "p", "PRIMARY KEY (id)", "id"),
            constraint("titled", "c", "CHECK ((title <> ''::text))", "title"),
        ),
    )
    assert shape(made) == [
        (
            True,
            [
                "CREATE TABLE public.trip (\n"
                "    id bigint GENERATED ALWAYS AS IDENTITY,\n"
                "    title text DEFAULT 'none'::text NOT NULL,\n"
                "    CONSTRAINT trip_pkey PRIMARY KEY (id),\n"
                "    CONSTRAINT titled CHECK ((title <> ''::text))\n"
                ")\n"
                "WITH (fillfactor = 70)"
            ],
        )
    ]


def test_not_null_goes_through_a_validated_check() -> None:
    wanted = catalog(TRIP[0], TRIP[1], column("title", 2, "text", not_null=True))
    check = "trip_title__not_null"
    assert shape(plan(catalog(*TRIP), wanted)) == [
        (True, [f"ALTER TABLE public.trip ADD CONSTRAINT {check} CHECK (title IS NOT NULL) NOT VALID"]),
        (True, [f"ALTER TABLE public.trip VALIDATE CONSTRAINT {check}"]),
        (
            True,
            [
                "ALTER TABLE public.trip ALTER COLUMN title SET NOT NULL",
                f"ALTER TABLE public.trip DROP CONSTRAINT {check}",
            ],
        ),
    ]
    assert shape(plan(catalog(*TRIP), wanted, online=False)) == [
        (True, ["ALTER TABLE public.trip ALTER COLUMN title SET NOT NULL"])
    ]


def test_rows_can_be_filled_between_a_new_column_and_its_check() -> None:
    before, after = catalog(*TRIP), catalog(*TRIP, column("place", 3, "text", not_null=True))
    (_, added), (_, required), *_ = shape(plan(before, after))
    assert added == ["ALTER TABLE public.trip ADD COLUMN place text"]
    assert required == [
        "ALTER TABLE public.trip ADD CONSTRAINT trip_place__not_null CHECK (place IS NOT NULL) NOT VALID"
    ]


def test_a_valid_check_proves_not_null() -> None:
    proof = constraint("there", "c", "CHECK ((title IS NOT NULL))", "title")
    wanted = catalog(TRIP[0], TRIP[1], column("title", 2, "text", not_null=True))
    assert shape(plan(catalog(*TRIP, proof), wanted)) == [
        (
            True,
            [
                "ALTER TABLE public.trip ALTER COLUMN title SET NOT NULL",
                "ALTER TABLE public.trip DROP CONSTRAINT there",
            ],
        )
    ]


def test_unique_is_built_first_and_taken_over() -> None:
    made = plan(catalog(*TRIP), catalog(*TRIP, constraint("trip_title_key", "u", "UNIQUE (title)", "title")))
    assert shape(made) == [
        (False, ["CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS trip_title_key ON public.trip (title)"]),
        (True, ["ALTER TABLE public.trip ADD CONSTRAINT trip_title_key UNIQUE USING INDEX trip_title_key"]),
    ]


def test_a_changed_index_is_built_beside_the_old() -> None:
    made = plan(
        catalog(*TRIP, index("by", "(title)", "title")), catalog(*TRIP, index("by", "(title, id)", "title", "id"))
    )
    assert shape(made) == [
        (
            False,
            [
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS by__new ON public.trip (title, id)",
                "DROP INDEX CONCURRENTLY IF EXISTS public.by",
                "ALTER INDEX IF EXISTS public.by__new RENAME TO by",
            ],
        )
    ]


def test_same_index_under_another_name_is_renamed() -> None:
    made = plan(catalog(*TRIP, index("one", "(title)", "title")), catalog(*TRIP, index("two", "(title)", "title")))
    assert shape(made) == [(True, ["ALTER INDEX public.one RENAME TO two"])]


def test_two_alike_are_not_guessed() -> None:
    before = catalog(*TRIP, index("one", "(title)", "title"), index("two", "(title)", "title"))
    made = plan(before, catalog(*TRIP, index("three", "(title)", "title")))
    assert all("RENAME" not in statement.sql for statement in made.statements)


def test_what_hangs_on_a_dropped_table_needs_no_statement() -> None:
    before = catalog(*TRIP, index("by", "(title)", "title"), constraint("k", "p", "PRIMARY KEY (id)", "id"))
    made = plan(before, catalog())
    assert shape(made) == [(True, ["DROP TABLE public.trip"])]
    assert [str(loss) for loss in made.statements[0].losses] == ["-- airside: data-loss table public.trip"]


def test_a_column_that_moved_is_no_change() -> None:
    wanted = catalog(TRIP[0], column("id", 2, "bigint"), column("title", 1, "text"))
    assert plan(catalog(*TRIP), wanted).stages == ()


def test_seen_only_kinds_are_refused_by_name_with_what_needs_them() -> None:
    operator = thing("operator", "public.=== (integer, integer)", function="public.same")
    view = thing(
        "view", "public", "v", definition=" SELECT 1;", owner=OWNER, extra={"columns": [["one", "integer", None]]}
    )
    wanted = catalog(operator, view)
    wanted = Catalog(wanted.objects, 17, "airside", {view.key: frozenset({operator.key})})
    made = plan(catalog(), wanted)
    assert made.stages == ()
    assert [(one.change.key.kind, one.reason.split(" ")[0]) for one in made.unplanned] == [
        ("operator", "a"),
        ("view", "needs"),
    ]


def test_fingerprints_are_those_of_the_catalogs() -> None:
    before, after = catalog(*TRIP), catalog()
    made = plan(before, after)
    assert (made.before, made.after) == (before.fingerprint, after.fingerprint)
