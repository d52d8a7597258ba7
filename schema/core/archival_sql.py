"""The SQL function that moves, deletes or anonymises one batch of a rule, rendered from the declaration. Pure.

The function that a database declares (`retention_function`) and the one that the command makes for itself where there
is none are the same text but for the name: one mechanism.
"""

# ruff: noqa: S608 - rendered from quoted names and declared conditions

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import MetaData

from .archival import Family, Link, Member, family
from .database import Declared
from .quote import qualified, quote_ident, quote_literal
from .retention import Retention

_WIDTH = 116
_PLACE = "row_ctid"


def retention_function(
    metadata: MetaData, table: str, rule: Retention, *, name: str | None = None, batch: int = 1000, comment: str = ""
) -> tuple[Declared, ...]:
    """The function `name` (that of the rule) of a database, for the owner's job: nobody else may execute it.

    Raises DeclarationError where the rule would lose rows (see `archival.family`).
    """
    name = name or rule.function or f"archive_{table}"
    chosen = family(metadata, metadata.tables[table], rule)
    text = batch_function(quote_ident(name), chosen, lock=name, batch=batch)
    origin = f"retention_function({name})"
    statements = [text, f"REVOKE ALL ON FUNCTION {quote_ident(name)}(timestamptz, integer) FROM PUBLIC"]
    if comment:
        signature = f"{quote_ident(name)}(timestamptz, integer)"
        statements.append(f"COMMENT ON FUNCTION {signature} IS {quote_literal(comment)}")
    return tuple(Declared(statement, origin) for statement in statements)


def batch_function(name: str, chosen: Family, *, lock: str, batch: int = 1000) -> str:
    """CREATE FUNCTION `name`(cutoff, batch_size), which returns how many rows of the root it handled.

    `name` is quoted already, and may have a schema. `lock` names the advisory lock: of two runs at a time the second
    does nothing.
    """
    # joins that read a whole table once per batch would make the work quadratic; archives have fewer indexes
    nested = "" if chosen.back else " SET enable_hashjoin = off SET enable_mergejoin = off"
    return "\n".join(
        (
            f"CREATE FUNCTION {name}(",
            f"    cutoff timestamptz DEFAULT {_default(chosen.rule)}, batch_size integer DEFAULT {batch}",
            f") RETURNS integer LANGUAGE plpgsql{nested} AS $airside$",
            batch_body(name.rpartition(".")[2], chosen, lock=lock),
            "$airside$",
        )
    )


def batch_body(name: str, chosen: Family, *, lock: str) -> str:
    """The body of the function; `name` is how its parameters are told from columns."""
    return "\n".join(("#variable_conflict use_column", *_Body(name, chosen).lines(lock)))


def due_condition(chosen: Family, cutoff: str) -> str:
    """The condition on rows of the root that are due at `cutoff`, an expression of type timestamptz."""
    moment = {"timestamptz": cutoff, "timestamp": f"{cutoff} AT TIME ZONE 'UTC'"}.get(
        chosen.column_type, f"({cutoff} AT TIME ZONE 'UTC')::date"
    )
    rule = chosen.rule
    conditions = [f"{quote_ident(column)} < {moment}" for column in (rule.column, *rule.also)]
    if rule.where:
        conditions.append(f"({rule.where})")
    if rule.then == "anonymise":
        conditions.append(f"num_nonnulls({_listed(chosen.root.columns)}) > 0")
    return " AND ".join(conditions)


def moment_literal(moment: datetime) -> str:
    """A moment as a constant: unlike a parameter or an expression it prunes partitions when a query is planned."""
    return f"TIMESTAMPTZ {quote_literal(moment.astimezone(UTC).isoformat(sep=' '))}"


def table_name(member: Member, table: str | None = None) -> str:
    """The table of a member, or its archive, as it is written in SQL."""
    name = table or member.table
    return quote_ident(name) if member.schema == "public" else qualified(member.schema, name)


def _default(rule: Retention) -> str:
    return f"now() - interval {quote_literal(str(rule.age))}" if rule.after else "now()"


@dataclass(frozen=True, slots=True)
class _Body:
    """Variables are written `run.x` and parameters `function.x`, so that no column can be meant instead."""

    function: str
    chosen: Family

    def lines(self, lock: str) -> Iterator[str]:
        root, *children = self.chosen.members
        yield from self._declare()
        yield "BEGIN"
        yield f"    IF NOT pg_try_advisory_xact_lock(hashtext({quote_literal(lock)})) THEN"
        yield "        RETURN 0;"
        yield "    END IF;"
        yield "    -- What is locked here stays as it is; what somebody else works on is left for the next run."
        yield from self._lock_root()
        for child in children:
            yield from self._lock(child)
        if children:
            yield from self._leave_out(children)
        if self.chosen.rule.then == "anonymise":
            yield from self._empty(root)
        numbered = list(enumerate(self.chosen.members, start=1))
        if self.chosen.rule.then != "anonymise":
            for number, member in numbered:
                yield from self._count(member, number)
        if root.archive is not None:
            for number, member in numbered:
                yield from self._copy(member, number)
            yield "    -- Nothing is deleted that was not copied, and nothing by a foreign key: children come first."
        if self.chosen.rule.then != "anonymise":
            for number, member in reversed(numbered):
                yield from self._delete(member, number)
        yield from self._note()
        yield f"    RETURN cardinality({self._keys(root)[0]});"
        yield "END"

    def _declare(self) -> Iterator[str]:
        yield "<<run>>"
        yield "DECLARE"
        for member in self.chosen.members:
            for key, key_type in self._typed_names(member):
                yield f"    {self._variable(member, key)} {key_type.lower()}[];"
            if member is not self.chosen.root:
                yield f"    {self._variable(member, 'of')} bigint[];"
        if len(self.chosen.members) > 1:
            yield "    busy bigint[] := '{}';"
        if self.chosen.rule.then != "anonymise":
            yield "    locked integer[];"
            yield "    n integer;"
            yield "    more integer;"

    def _variable(self, member: Member, name: str) -> str:
        readable = f"{member.table}_{name}"
        # a name of 64 bytes would be cut, and could then be that of another variable
        if len(readable.encode()) > 63:
            readable = f"member_{self.chosen.members.index(member)}_{name}"[:63]
        return quote_ident(readable)

    def _typed_names(self, member: Member) -> list[tuple[str, str]]:
        """By what a member's rows are found again: key, partition key of the root, place in a plain table."""
        names = list(zip(member.key, member.key_types, strict=True))
        window = self.chosen.window
        if member is self.chosen.root and window and window[0] not in member.key:
            names.append(window)
        if member.plain and self.chosen.rule.then != "anonymise":
            names.append((_PLACE, "tid"))
        return names

    def _row_names(self, member: Member) -> list[str]:
        """Those of them that are columns."""
        return [name for name in self._names(member) if name != _PLACE]

    def _read(self, member: Member, row: str = "") -> str:
        """Them as they are read from the table."""
        return ", ".join(
            f"{row}ctid AS {_PLACE}" if name == _PLACE else f"{row}{quote_ident(name)}" for name in self._names(member)
        )

    def _names(self, member: Member) -> list[str]:
        return [name for name, _ in self._typed_names(member)]

    def _keys(self, member: Member) -> list[str]:
        return [f"run.{self._variable(member, name)}" for name in self._names(member)]

    def _place(self, member: Member) -> str | None:
        """The array of places, for members that have them."""
        return f"run.{self._variable(member, _PLACE)}" if _PLACE in self._names(member) else None

    def _roots(self, member: Member) -> str:
        return f"run.{self._variable(member, 'of')}"

    def _lock_root(self) -> Iterator[str]:
        root = self.chosen.root
        wanted = ", ".join(f"array_agg(s.{quote_ident(name)})" for name in self._names(root))
        yield f"    SELECT {wanted} INTO {', '.join(self._keys(root))}"
        yield "    FROM ("
        yield f"        SELECT {self._read(root)} FROM {table_name(root)}"
        yield f"        WHERE {due_condition(self.chosen, f'{self.function}.cutoff')}"
        yield f"        ORDER BY {quote_ident(self.chosen.rule.column)}"
        yield f"        LIMIT {self.function}.batch_size"
        yield "        FOR UPDATE SKIP LOCKED"
        yield "    ) AS s;"
        yield f"    IF {self._keys(root)[0]} IS NULL THEN"
        yield "        RETURN 0;"
        yield "    END IF;"

    def _lock(self, member: Member) -> Iterator[str]:
        names = [quote_ident(name) for name in (*self._names(member), "of_root")]
        into = ", ".join((*self._keys(member), self._roots(member)))
        yield f"    SELECT {', '.join(f'array_agg(s.{name})' for name in names)} INTO {into}"
        yield "    FROM ("
        if len(member.links) == 1:
            yield from self._hanging(member, member.links[0], "        ", self._read(member, "t."))
        else:
            yield f"        SELECT {self._read(member, 't.')}, hanging.of_root FROM ("
            yield from self._union(member, "            ")
            same = " AND ".join(f"t.{quote_ident(key)} = hanging.{quote_ident(key)}" for key in member.key)
            yield f"        ) AS hanging INNER JOIN {table_name(member)} AS t ON {same}"
        yield "        FOR UPDATE OF t SKIP LOCKED"
        yield "    ) AS s;"
        found = ", ".join([f"run.{self._variable(member, key)}" for key in member.key] + [self._roots(member)])
        yield "    run.busy := run.busy || ARRAY("
        yield "        SELECT s.of_root FROM ("
        yield from self._union(member, "            ")
        yield "            EXCEPT"
        yield f"            SELECT * FROM unnest({found})"
        yield "        ) AS s"
        yield "    );"

    def _union(self, member: Member, indent: str) -> Iterator[str]:
        for number, link in enumerate(member.links):
            if number:
                yield f"{indent}UNION"
            keys = ", ".join(f"t.{quote_ident(key)}" for key in member.key)
            yield from self._hanging(member, link, indent, keys)

    def _hanging(self, member: Member, link: Link, indent: str, read: str) -> Iterator[str]:
        """The rows of a member that hang on the batch by one of its foreign keys, each with the number of its root."""
        parent = next(one for one in self.chosen.members if one.table == link.parent)
        pairs = list(zip(link.columns, link.referred, strict=True))
        joined = f"FROM {self._batch(parent)}"
        on = "b"
        if set(parent.key) <= set(link.referred) and link.referred[0] in parent.key:
            pairs = [(mine, theirs) for mine, theirs in pairs if theirs in parent.key]
        else:
            same = " AND ".join(f"p.{quote_ident(key)} = b.{quote_ident(key)}" for key in parent.key)
            joined += f" INNER JOIN {table_name(parent)} AS p ON {same}"
            on = "p"
        same = " AND ".join(f"t.{quote_ident(mine)} = {on}.{quote_ident(theirs)}" for mine, theirs in pairs)
        yield f"{indent}SELECT {read}, b.of_root"
        yield f"{indent}{joined}"
        yield f"{indent}INNER JOIN {table_name(member)} AS t ON {same}"

    def _batch(self, member: Member) -> str:
        """The locked rows of a member as a table `b` of their keys and the numbers of their roots."""
        columns = _listed(self._names(member))
        arrays = ", ".join(self._keys(member))
        if member is self.chosen.root:
            return f"unnest({arrays}) WITH ORDINALITY AS b ({columns}, of_root)"
        return f"unnest({arrays}, {self._roots(member)}) AS b ({columns}, of_root)"

    def _leave_out(self, children: Sequence[Member]) -> Iterator[str]:
        root = self.chosen.root
        yield "    -- A row with a child that somebody works on is left as well, with all of its children."
        yield "    IF cardinality(run.busy) > 0 THEN"
        for member in (*children, root):
            names = [quote_ident(name) for name in self._names(member)]
            arrays = self._keys(member)
            if member is not root:
                names, arrays = [*names, "of_root"], [*arrays, self._roots(member)]
            yield f"        SELECT {', '.join(f'array_agg(b.{name})' for name in names)} INTO {', '.join(arrays)}"
            yield f"        FROM {self._batch(member)}"
            yield "        WHERE b.of_root <> ALL (run.busy);"
        yield f"        IF {self._keys(root)[0]} IS NULL THEN"
        yield "            RETURN 0;"
        yield "        END IF;"
        yield "    END IF;"

    def _moved(self, member: Member) -> tuple[str, str]:
        """The rows to move as a table `b`, and the condition under which a row `t` is one of them."""
        names = self._row_names(member)
        source = f"unnest({', '.join(f'run.{self._variable(member, name)}' for name in names)}) AS b ({_listed(names)})"
        if len(member.links) > 1:
            # a row that hangs on two of the batch is found twice
            source = f"(SELECT DISTINCT * FROM {source}) AS b"
        return source, " AND ".join(f"t.{quote_ident(name)} = b.{quote_ident(name)}" for name in names)

    def _count(self, member: Member, number: int) -> Iterator[str]:
        yield f"    run.locked[{number}] := (SELECT count(*) FROM {self._moved(member)[0]});"

    def _copy(self, member: Member, number: int) -> Iterator[str]:
        source, same = self._moved(member)
        place = self._place(member)
        yield f"    INSERT INTO {table_name(member, member.archive)} ("
        yield from _wrapped(list(map(quote_ident, member.columns)))
        yield "    )"
        yield "    SELECT"
        yield from _wrapped([f"t.{quote_ident(column)}" for column in member.columns])
        if place:
            yield f"    FROM {table_name(member)} AS t WHERE t.ctid = ANY ({place});"
        else:
            yield f"    FROM {source}"
            yield f"    INNER JOIN {table_name(member)} AS t ON {same};"
        yield "    GET DIAGNOSTICS run.n = ROW_COUNT;"
        yield from self._compare(member, number, "copied")

    def _delete(self, member: Member, number: int) -> Iterator[str]:
        source, same = self._moved(member)
        place = self._place(member)
        by_key = (f"DELETE FROM {table_name(member)} AS t USING {source}", f"WHERE {same};")
        if place:
            yield f"    DELETE FROM {table_name(member)} AS t WHERE t.ctid = ANY ({place});"
            yield "    GET DIAGNOSTICS run.n = ROW_COUNT;"
            yield f"    IF run.n < run.locked[{number}] THEN"
            yield "        -- a trigger wrote to rows when others were deleted, which gave them another place"
            yield f"        {by_key[0]}"
            yield f"        {by_key[1]}"
            yield "        GET DIAGNOSTICS run.more = ROW_COUNT;"
            yield "        run.n := run.n + run.more;"
            yield "    END IF;"
        else:
            yield f"    {by_key[0]}"
            yield f"    {by_key[1]}"
            yield "    GET DIAGNOSTICS run.n = ROW_COUNT;"
        yield from self._compare(member, number, "deleted")

    def _compare(self, member: Member, number: int, done: str) -> Iterator[str]:
        yield f"    IF run.n <> run.locked[{number}] THEN"
        yield f"        RAISE EXCEPTION '% rows of {_message(member.table)} locked and % {done}',"
        yield f"            run.locked[{number}], run.n USING ERRCODE = 'data_exception';"
        yield "    END IF;"

    def _empty(self, root: Member) -> Iterator[str]:
        source, same = self._moved(root)
        yield f"    UPDATE {table_name(root)} AS t"
        yield f"    SET {', '.join(f'{quote_ident(column)} = NULL' for column in root.columns)}"
        yield f"    FROM {source}"
        yield f"    WHERE {same};"

    def _note(self) -> Iterator[str]:
        noted = self.chosen.noted
        if noted is None:
            return
        root = self.chosen.root
        entries = table_name(root, noted.table)
        first = quote_ident(root.key[0])
        moment = "NULL" if self.chosen.back else "now()"
        yield f"    UPDATE {entries} AS t SET {quote_ident(noted.column)} = {moment}"
        yield f"    FROM unnest({self._keys(root)[0]}) AS b ({first})"
        yield f"    WHERE t.{quote_ident(noted.key)} = b.{first};"


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(map(quote_ident, columns))


def _message(table: str) -> str:
    return table.replace("'", "''").replace("%", "%%")


def _wrapped(items: Sequence[str]) -> Iterator[str]:
    line = "       "
    for number, item in enumerate(items):
        piece = f" {item}" + ("," if number < len(items) - 1 else "")
        if len(line) + len(piece) > _WIDTH:
            yield line
            line = "       "
        line += piece
    yield line
