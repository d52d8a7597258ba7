"""A policy as the Python that declares it. Pure.

>>> print(declaration("calls", RangePartitions("at", "month", "calls_p{year}_{month:02}", start=date(2026, 1, 1))))
from datetime import date
<BLANKLINE>
from airside.schema.core import RangePartitions, partitioned
<BLANKLINE>
CALLS = RangePartitions(
    "at",
    "month",
    "calls_p{year}_{month:02}",
    start=date(2026, 1, 1),
)
# in the table: {"postgresql_partition_by": CALLS.clause, "info": partitioned(CALLS)}
"""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from datetime import date, datetime

from ...schema.core.partitioning import RangePartitions

_POSITIONAL = ("key", "period", "name")


def declaration(table: str, policy: RangePartitions) -> str:
    """What to paste into the models: the imports, the policy, and where it goes."""
    name = re.sub(r"\W", "_", table).upper()
    imports = "from datetime import " + ("UTC, datetime" if isinstance(policy.start, datetime) else "date")
    lines = [_literal(getattr(policy, field)) for field in _POSITIONAL]
    lines += [
        f"{field.name}={_literal(getattr(policy, field.name))}"
        for field in fields(policy)
        if field.name not in _POSITIONAL and (field.default is MISSING or getattr(policy, field.name) != field.default)
    ]
    return "\n".join(
        [
            imports,
            "",
            "from airside.schema.core import RangePartitions, partitioned",
            "",
            f"{name} = RangePartitions(",
            *(f"    {line}," for line in lines),
            ")",
            f'# in the table: {{"postgresql_partition_by": {name}.clause, "info": partitioned({name})}}',
        ]
    )


def _literal(value: object) -> str:
    if isinstance(value, datetime):
        return f"datetime({value.year}, {value.month}, {value.day}, {value.hour}, tzinfo=UTC)"
    if isinstance(value, date):
        return f"date({value.year}, {value.month}, {value.day})"
    # the quotes of the house
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else repr(value)
