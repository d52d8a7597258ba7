"""What the refusals of a new schema mean for the release before."""

from __future__ import annotations

from airside.migrations.checks.old_release import Compared, judged
from airside.migrations.checks.probes import Answered, Answers, Probe, Refusal, values_at_risk
from airside.migrations.checks.rows import Constraint, Table
from airside.migrations.checks.values import Column

SELECT, INSERT = Probe("public.t", "SELECT"), Probe("public.t", "INSERT", None, "all columns")
RIGHTS = Refusal("42501", "permission denied for table t")
GONE = Refusal("42703", "column t.a does not exist")
CHECK = Refusal("23514", 'new row violates check constraint "c"', "c")


def severities(new: Answers, old: Answers | None, *, constraints: set[str] | None = None) -> list[str]:
    before = {} if old is None else {None: Answered(old, {"public.t": constraints or set()})}
    compared = Compared({None: Answered(new)}, before, None if old is not None else "no such type")
    return [finding.severity for finding in judged(compared, ref="v1", target="shop")]


def test_what_the_old_schema_took_and_the_new_one_refuses_is_an_error() -> None:
    assert severities({INSERT: CHECK}, {INSERT: None}) == ["error"]


def test_what_the_old_schema_refused_as_well_is_said() -> None:
    assert severities({INSERT: CHECK}, {INSERT: CHECK}) == ["note"]


def test_an_insert_that_works_in_one_form_is_no_riddle() -> None:
    required = Probe("public.t", "INSERT", None, "required columns")
    assert severities({INSERT: None, required: CHECK}, {INSERT: None, required: CHECK}) == []
    assert severities({INSERT: None, required: CHECK}, {INSERT: None, required: None}) == ["error"]


def test_what_works_is_not_mentioned() -> None:
    assert severities({INSERT: None, SELECT: None}, {INSERT: None, SELECT: None}) == []


def test_a_single_column_is_judged_by_the_select_of_the_whole_table() -> None:
    column = Probe("public.t", "SELECT", "a")
    assert severities({column: GONE}, {SELECT: None}) == ["error"]
    assert severities({column: GONE}, {SELECT: GONE}) == ["note"]


def test_without_the_old_schema_only_its_shape_is_judged() -> None:
    assert severities({INSERT: GONE}, None) == ["error", "note"]
    assert severities({INSERT: CHECK}, None) == ["note", "note"]
    assert severities({INSERT: RIGHTS}, None) == ["note", "note"]


def test_a_value_that_a_new_constraint_refuses_is_a_warning() -> None:
    value = Probe("public.t", "value", "a", "X")
    assert severities({value: CHECK}, {value: None}) == ["warning"]
    assert severities({value: CHECK}, {value: None}, constraints={"c"}) == []
    assert severities({value: Refusal("22001", "value too long")}, {value: None}) == ["error"]
    assert severities({value: Refusal("23505", "duplicate key", "k")}, {value: None}) == []


def test_a_right_that_the_application_lost_is_an_error_though_others_have_it() -> None:
    compared = Compared(
        {"app": Answered({SELECT: RIGHTS}), None: Answered({SELECT: None})},
        {"app": Answered({SELECT: None}), None: Answered({SELECT: None})},
    )
    [finding] = judged(compared, ref="v1", target="shop")
    assert (finding.severity, finding.relation) == ("error", "public.t")
    assert "permission denied" in finding.message


def test_what_the_application_may_not_do_is_judged_by_the_login_role() -> None:
    def seen(new: Refusal | None) -> Compared:
        return Compared(
            {"app": Answered({INSERT: RIGHTS}), None: Answered({INSERT: new})},
            {"app": Answered({INSERT: RIGHTS}), None: Answered({INSERT: None})},
        )

    assert judged(seen(None), ref="v1", target="shop") == ()
    [finding] = judged(seen(GONE), ref="v1", target="shop")
    assert finding.severity == "error"


def test_one_cause_is_told_once() -> None:
    select = Probe("public.t", "SELECT", "a")
    update = Probe("public.t", "UPDATE", "a")
    required = Probe("public.t", "INSERT", None, "required columns")
    null = Refusal("23502", 'null value in column "b" violates not-null constraint')
    new: Answers = {select: GONE, update: GONE, INSERT: null, required: null, Probe("public.t", "UPDATE", "b"): null}
    old: Answers = dict.fromkeys([SELECT, *new])
    found = judged(Compared({None: Answered(new)}, {None: Answered(old)}), ref="v1", target="shop")
    assert [finding.where for finding in found] == ["shop public.t.a", "shop public.t"]


def table(column: Column, *constraints: Constraint) -> Table:
    return Table(1, "public", "t", "o", "", has_partitions=False, columns=(column,), constraints=constraints,
                 all_columns=(column.name,))  # fmt: skip


def test_values_are_tried_only_where_type_or_constraints_differ() -> None:
    wide, narrow = (
        Column("a", "character varying(50)", not_null=True, has_default=False, category="S"),
        Column("a", "character varying(5)", not_null=True, has_default=False, category="S"),
    )
    check = Constraint("c", "c", "CHECK ((a = lower(a)))", ("a",), None, ())
    elsewhere = Constraint("d", "c", "CHECK ((b > 0))", ("b",), None, ())
    assert values_at_risk([table(wide)], [table(wide)]) == ()
    assert values_at_risk([table(wide)], []) == ()
    assert values_at_risk([table(wide)], [table(wide, elsewhere)]) == ()
    assert any(len(value.detail or "") == 50 for value in values_at_risk([table(wide)], [table(narrow)]))
    assert values_at_risk([table(wide)], [table(wide, check)]) != ()
    assert values_at_risk([table(wide, check)], [table(wide, check)]) == ()
