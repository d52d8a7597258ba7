"""Random schemas as SQL scripts, for properties that must hold for any pair of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import strategies as st

TYPES = {
    "integer": ("7", "0"),
    "bigint": ("7",),
    "smallint": ("3",),
    "text": ("'x'", "''"),
    "varchar(20)": ("'x'",),
    "varchar(40)": ("'y'",),
    "numeric(8,2)": ("1.5",),
    "numeric(10,2)": ("1.5",),
    "boolean": ("true", "false"),
    "timestamptz": ("now()",),
    "date": ("CURRENT_DATE",),
    "jsonb": ("'{}'",),
    "uuid": ("gen_random_uuid()",),
    "text[]": ("'{}'",),
    "mood": ("'ok'",),
    "amount": ("1",),
}
LABELS = ("bad", "ok", "good", "great")
TABLES = ("alpha", "beta", "gamma")
COLUMNS = ("p", "q", "r", "s")


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    not_null: bool
    default: str | None
    comment: str | None

    def sql(self) -> str:
        parts = [self.name, self.type]
        if self.default is not None:
            parts.append(f"DEFAULT {self.default}")
        if self.not_null:
            parts.append("NOT NULL")
        return " ".join(parts)


@dataclass(frozen=True)
class Table:
    name: str
    key: str
    columns: tuple[Column, ...]
    reference: tuple[str, str] | None
    unique: tuple[str, ...]
    indexes: tuple[str, ...]
    check: str | None
    generated: bool
    options: str | None
    row_security: bool
    policy: str | None
    trigger: str | None
    granted: str | None
    comment: str | None

    def sql(self) -> list[str]:
        lines = [self.key, *(column.sql() for column in self.columns)]
        if self.generated:
            lines.append("doubled integer GENERATED ALWAYS AS (id * 2) STORED")
        if self.reference:
            lines.append("ref integer")
        if self.unique:
            lines.append(f"CONSTRAINT {self.name}_uq UNIQUE ({', '.join(self.unique)})")
        if self.check:
            lines.append(f"CONSTRAINT {self.name}_ck CHECK ({self.check})")
        options = f" WITH ({self.options})" if self.options else ""
        statements = [f"CREATE TABLE {self.name} ({', '.join(lines)}){options}"]
        statements += [f"CREATE INDEX {self.name}_{n} {index}" for n, index in enumerate(self.indexes)]
        if self.row_security:
            statements.append(f"ALTER TABLE {self.name} ENABLE ROW LEVEL SECURITY")
        if self.policy:
            statements.append(f"CREATE POLICY own ON {self.name} {self.policy}")
        if self.trigger:
            statements.append(
                f"CREATE TRIGGER touch_{self.name} {self.trigger} ON {self.name} FOR EACH ROW EXECUTE FUNCTION touch()"
            )
        if self.granted:
            statements.append(f"GRANT {self.granted} ON {self.name} TO random_reader")
        if self.comment:
            statements.append(f"COMMENT ON TABLE {self.name} IS '{self.comment}'")
        statements += [
            f"COMMENT ON COLUMN {self.name}.{column.name} IS '{column.comment}'"
            for column in self.columns
            if column.comment
        ]
        return statements

    def references(self) -> list[str]:
        if not self.reference:
            return []
        target, action = self.reference
        return [
            f"ALTER TABLE {self.name} ADD CONSTRAINT {self.name}_ref_fk"
            f" FOREIGN KEY (ref) REFERENCES {target} (id) {action}"
        ]


@dataclass(frozen=True)
class Schema:
    labels: tuple[str, ...]
    amount: str
    body: int
    signature: str
    tables: tuple[Table, ...]
    views: tuple[str, ...] = field(default=())

    def script(self) -> list[str]:
        statements = [
            f"CREATE TYPE mood AS ENUM ({', '.join(repr(label) for label in self.labels)})",
            f"CREATE DOMAIN amount AS integer {self.amount}",
            f"CREATE FUNCTION calc({self.signature}) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT {self.body}'",
            f"CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN /* {self.body} */ RETURN NEW; END'",
        ]
        for table in self.tables:
            statements += table.sql()
        for table in self.tables:
            statements += table.references()
        return [*statements, *self.views]


@st.composite
def columns(draw: st.DrawFn) -> tuple[Column, ...]:
    names = draw(st.lists(st.sampled_from(COLUMNS), unique=True, max_size=4))
    drawn: list[Column] = []
    for name in names:
        type_name = draw(st.sampled_from(sorted(TYPES)))
        default = draw(st.none() | st.sampled_from(TYPES[type_name]))
        drawn.append(Column(name, type_name, draw(st.booleans()), default, draw(st.none() | st.sampled_from("uv"))))
    return tuple(drawn)


@st.composite
def tables(draw: st.DrawFn, name: str, others: tuple[str, ...]) -> Table:
    drawn = draw(columns())
    plain = [column.name for column in drawn if column.type not in ("jsonb",)]
    texts = [column.name for column in drawn if column.type == "text" or column.type.startswith("varchar")]
    choices = [f"ON {name} (id DESC)", f"ON {name} (id) WHERE id > 5", f"ON {name} USING brin (id)"]
    choices += [f"ON {name} ({column})" for column in plain]
    choices += [f"ON {name} (lower({column}))" for column in texts]
    choices += [f"ON {name} (id) INCLUDE ({column})" for column in plain]
    checks = ["id > 0", "id <> 13"] + [f"{column} <> 'no'" for column in texts]
    return Table(
        name,
        draw(
            st.sampled_from(
                (
                    "id integer PRIMARY KEY",
                    "id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
                    "id serial PRIMARY KEY",
                    f"id integer CONSTRAINT {name}_key PRIMARY KEY",
                )
            )
        ),
        drawn,
        draw(st.none() | st.tuples(st.sampled_from(others), st.sampled_from(("", "ON DELETE CASCADE", "DEFERRABLE")))),
        tuple(draw(st.lists(st.sampled_from(plain), unique=True, max_size=2)) if plain else ()),
        tuple(draw(st.lists(st.sampled_from(choices), unique=True, max_size=3))),
        draw(st.none() | st.sampled_from(checks)),
        draw(st.booleans()),
        draw(st.none() | st.sampled_from(("fillfactor=70", "fillfactor=90, autovacuum_enabled=false"))),
        draw(st.booleans()),
        draw(st.none() | st.sampled_from(("USING (id > 1)", "FOR SELECT TO random_reader USING (true)"))),
        draw(st.none() | st.sampled_from(("BEFORE UPDATE", "AFTER INSERT OR UPDATE", "BEFORE UPDATE OF id"))),
        draw(st.none() | st.sampled_from(("SELECT", "SELECT, INSERT", "SELECT (id)"))),
        draw(st.none() | st.sampled_from(("one", "two"))),
    )


@st.composite
def views(draw: st.DrawFn, declared: tuple[Table, ...], signature: str) -> tuple[str, ...]:
    argument = "id" if signature.count(",") == 0 else "id, id"
    drawn: list[str] = []
    for table in declared:
        chosen = ["id", *(column.name for column in table.columns if draw(st.booleans()))]
        if draw(st.booleans()):
            drawn.append(f"CREATE VIEW {table.name}_view AS SELECT {', '.join(chosen)} FROM {table.name}")
            if draw(st.booleans()):
                drawn.append(f"CREATE VIEW {table.name}_top AS SELECT * FROM {table.name}_view WHERE id > 3")
            if draw(st.booleans()):
                drawn.append(f"GRANT SELECT ON {table.name}_view TO random_reader")
        if draw(st.booleans()):
            drawn.append(f"CREATE MATERIALIZED VIEW {table.name}_mat AS SELECT {', '.join(chosen)} FROM {table.name}")
            drawn.append(f"CREATE INDEX {table.name}_mat_i ON {table.name}_mat (id)")
        if draw(st.booleans()):
            drawn.append(f"CREATE VIEW {table.name}_calc AS SELECT calc({argument}) AS c FROM {table.name}")
    return tuple(drawn)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    names = tuple(draw(st.lists(st.sampled_from(TABLES), unique=True, min_size=1)))
    declared = tuple(draw(tables(name, names)) for name in names)
    signature = draw(st.sampled_from(("a integer", "b integer", "a bigint", "a integer, b integer")))
    labels = tuple(label for label in draw(st.permutations(LABELS)) if label == "ok" or draw(st.booleans()))
    return Schema(
        labels,
        draw(st.sampled_from(("", "DEFAULT 1", "CHECK (value > 0)", "CHECK (value > 1)", "NOT NULL"))),
        draw(st.sampled_from((1, 2))),
        signature,
        declared,
        draw(views(declared, signature)),
    )
