"""Partitioned tables whose partitions nobody makes."""

from __future__ import annotations

from collections.abc import Iterator

from ....schema.core.quote import qualified
from ..model import Context, Final, FinalRule, Finding

NAME = "partitioned-without-policy"


def judge(final: Final, _context: Context) -> Iterator[Finding]:
    if final.partition_policies is None:
        return
    for key, item in final.catalog.items():
        relation = ".".join(key.identity)
        if key.kind == "table" and item.properties["relkind"] == "p" and relation not in final.partition_policies:
            yield Finding(
                NAME,
                str(key),
                f"{qualified(*key.identity)} is partitioned by {item.properties['partition_key']} and no policy makes"
                " partitions: an INSERT that finds none fails",
                "declare one: info=partitioned(RangePartitions(...)) in the model",
                RULE.severity,
                relation=relation,
            )


RULE = FinalRule(NAME, "A partitioned table has no declared policy that makes its partitions.", judge)
