"""Which actions belong to which kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..catalog.model import Key
from .actions import columns, constraints, indexes, others, routines, security, sequences, tables, types, views
from .draft import Draft
from .scene import Decide

Write = Callable[[Draft, Key], None]


@dataclass(frozen=True, slots=True)
class Actions:
    """How a kind is created, dropped and altered; `decide` chooses the way for an object on both sides."""

    decide: Decide
    create: Write
    drop: Write
    alter: Write


def _nothing(_draft: Draft, _key: Key) -> None:
    """A kind of which only the owner can be altered, which is written for all kinds alike."""


ACTIONS: dict[str, Actions] = {
    "schema": Actions(others.decide_in_place, others.create_schema, others.drop_schema, _nothing),
    "extension": Actions(
        others.decide_extension, others.create_extension, others.drop_extension, others.alter_extension
    ),
    "enum": Actions(types.decide_enum, types.create, types.drop, types.alter_enum),
    "domain": Actions(types.decide_domain, types.create, types.drop, types.alter_domain),
    "composite": Actions(types.decide_composite, types.create, types.drop, types.alter_composite),
    "range": Actions(types.decide_range, types.create, types.drop, _nothing),
    "sequence": Actions(sequences.decide, sequences.create, sequences.drop, sequences.alter),
    "table": Actions(tables.decide, tables.create, tables.drop, tables.alter),
    "column": Actions(columns.decide, columns.create, columns.drop, columns.alter),
    "constraint": Actions(constraints.decide, constraints.create, constraints.drop, constraints.alter),
    "index": Actions(indexes.decide, indexes.create, indexes.drop, indexes.alter),
    "function": Actions(
        routines.decide_function, routines.create_routine, routines.drop_routine, routines.alter_function
    ),
    "aggregate": Actions(routines.decide_aggregate, routines.create_routine, routines.drop_routine, _nothing),
    "trigger": Actions(routines.decide_trigger, routines.create_trigger, routines.drop_trigger, routines.alter_trigger),
    "event_trigger": Actions(
        routines.decide_event_trigger,
        routines.create_event_trigger,
        routines.drop_event_trigger,
        routines.alter_event_trigger,
    ),
    "view": Actions(views.decide_view, views.create_view, views.drop_view, views.alter_view),
    "materialized_view": Actions(
        views.decide_materialized_view,
        views.create_materialized_view,
        views.drop_materialized_view,
        views.alter_materialized_view,
    ),
    "rule": Actions(views.decide_rule, views.create_rule, views.drop_rule, views.alter_rule),
    "policy": Actions(security.decide_policy, security.create_policy, security.drop_policy, security.alter_policy),
    "statistics": Actions(
        others.decide_statistics, others.create_statistics, others.drop_statistics, others.alter_statistics
    ),
    "publication": Actions(
        others.decide_publication, others.create_publication, others.drop_publication, others.alter_publication
    ),
}
