"""The period of an archive as bounds of a partition. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, LiteralString
from uuid import UUID

from psycopg import sql

from ...schema.core.errors import Refused
from ...schema.core.partitioning import KeyType, RangePartitions
from ..state import Ladder
from .manifest import Manifest

_KEY_TYPES: dict[str, KeyType] = {
    "timestamp with time zone": "timestamptz",
    "timestamp without time zone": "timestamp",
    "date": "date",
    "uuid": "uuidv7",
}
_PRECISION = re.compile(r"\(\d+\)")


@dataclass(frozen=True, slots=True)
class Period:
    """A range of a key, upper exclusive. The literals are ours: no text of a manifest goes into a statement.

    `fine` are uuids that are finer than the moments beside them; they stand in their place.
    """

    key: str
    key_type: KeyType
    lower: datetime | None
    upper: datetime | None
    fine: tuple[str | None, str | None] = (None, None)

    @classmethod
    def of(cls, ladder: Ladder, manifest: Manifest) -> Period:
        """The period of an archive for a table as it is now. Raises Refused when that is partitioned in another way."""
        moments = (_moment(manifest.lower), _moment(manifest.upper))
        return cls.between(ladder, manifest.key, *moments, (manifest.lower_key, manifest.upper_key))

    @classmethod
    def between(
        cls,
        ladder: Ladder,
        key: str | None,
        lower: datetime | None,
        upper: datetime | None,
        fine: tuple[str | None, str | None] = (None, None),
    ) -> Period:
        """The period between two bounds of the key. Raises Refused like `of`."""
        key_type = ladder.policy.key_type if isinstance(ladder.policy, RangePartitions) else None
        key_type = key_type or _KEY_TYPES.get(_PRECISION.sub("", ladder.key_type or ""))
        if ladder.strategy != "r" or ladder.key is None or ladder.key != key or key_type is None:
            raise Refused(
                f"the table is partitioned by {ladder.key_definition}, and the archive has a range of {key}",
                where=ladder.name,
                next_step="restore it as a table of its own: --as NAME",
            )
        return cls(ladder.key, key_type, lower, upper, fine if key_type == "uuidv7" else (None, None))

    @property
    def bound(self) -> sql.Composable:
        """What follows FOR VALUES."""
        return sql.SQL("FROM ({}) TO ({})").format(
            self._side(self.lower, self.fine[0], "MINVALUE"), self._side(self.upper, self.fine[1], "MAXVALUE")
        )

    @property
    def check(self) -> sql.Composable:
        """A condition that implies the bound, so that attaching scans nothing."""
        key = sql.Identifier(self.key)
        sides = [sql.SQL("{} IS NOT NULL").format(key)]
        operators: tuple[LiteralString, LiteralString] = (">=", "<")
        for operator, moment, fine in zip(operators, (self.lower, self.upper), self.fine, strict=True):
            if moment is not None:
                sides.append(sql.SQL("{} {} {}").format(key, sql.SQL(operator), self._literal(moment, fine)))
        return sql.SQL(" AND ").join(sides)

    def taken(self, ladder: Ladder) -> str | None:
        """The partition that covers some of the period, or takes whatever has none."""
        for leaf in ladder.leaves:
            begins_before_end = self.upper is None or leaf.lower is None or leaf.lower < self.upper
            ends_after_begin = self.lower is None or leaf.upper is None or leaf.upper > self.lower
            if leaf.is_default or (begins_before_end and ends_after_begin):
                return leaf.name
        return None

    def _side(
        self, moment: datetime | None, fine: str | None, open_end: Literal["MINVALUE", "MAXVALUE"]
    ) -> sql.Composable:
        return sql.SQL(open_end) if moment is None else self._literal(moment, fine)

    def _literal(self, moment: datetime, fine: str | None) -> sql.Composable:
        if fine is not None:
            return sql.Literal(str(UUID(fine)))
        policy = RangePartitions(self.key, "year", "{year}", date(2000, 1, 1), key_type=self.key_type)
        text = policy.literal(moment).strip("'")
        if moment.microsecond and self.key_type in ("timestamptz", "timestamp"):
            seconds, plus, offset = text.partition("+")
            fraction = f"{moment.microsecond:06}".rstrip("0")
            text = f"{seconds}.{fraction}{plus}{offset}"
        return sql.Literal(text)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
