"""What every declared database promises of its roles, indexes and triggers, whatever its tables are."""

from __future__ import annotations

from airside.schema.core import Database
from airside.schema.core.info import is_append_only, is_never_delete
from psycopg import errors, sql

from .declared import Connection, acting_as, refused

DDL = (
    "CREATE TABLE own (id integer)",
    "CREATE FUNCTION own() RETURNS integer LANGUAGE sql RETURN 1",
    "CREATE SCHEMA own",
    "ALTER TABLE users ADD COLUMN own integer",
    "DROP TABLE users CASCADE",
    "CREATE INDEX ON users (role)",
    "CREATE OR REPLACE TRIGGER own BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION update_updated_at_column()",
)


def assert_no_ddl(connection: Connection, database: Database) -> None:
    for role in (database.roles.app, database.roles.readonly):
        for statement in DDL:
            with refused(connection, errors.InsufficientPrivilege):
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
                connection.execute(statement.encode())


def assert_table_rights(connection: Connection, database: Database) -> None:
    """Every right of the two roles on every table, no more and no less."""
    for table in database.metadata.tables.values():
        wanted = {"SELECT", "INSERT", "UPDATE", "DELETE"}
        if is_append_only(table.info):
            wanted -= {"UPDATE", "DELETE"}
        elif is_never_delete(table.info):
            wanted -= {"DELETE"}
        assert table_rights(connection, database.roles.app, table.name) == wanted, table.name
        assert table_rights(connection, database.roles.readonly, table.name) == {"SELECT"}, table.name


def table_rights(connection: Connection, role: str, table: str) -> set[str]:
    """The rights that a role has on a table or view."""
    privileges = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"]
    rows = connection.execute(
        "SELECT privilege FROM unnest(%s::text[]) AS privilege WHERE has_table_privilege(%s, %s, privilege)",
        [privileges, role, table],
    )
    return {str(row[0]) for row in rows}


def assert_no_delete(connection: Connection, database: Database) -> None:
    """The app role is refused when it tries, not only on paper."""
    for table in database.metadata.tables.values():
        protected = is_append_only(table.info) or is_never_delete(table.info)
        for verb in ("DELETE FROM", "TRUNCATE") if protected else ("TRUNCATE",):
            with refused(connection, errors.InsufficientPrivilege), acting_as(connection, database.roles.app):
                connection.execute(sql.SQL(verb + " {}").format(sql.Identifier(table.name)))


def assert_closed_to_public(connection: Connection, database: Database) -> None:
    """A role that is a member of nothing finds nothing, neither now nor in what the owner creates later."""
    connection.execute("SAVEPOINT stranger")
    connection.execute("CREATE ROLE declared_stranger")
    with acting_as(connection, database.roles.owner):
        connection.execute("CREATE FUNCTION public.later() RETURNS integer LANGUAGE sql RETURN 1")
    for statement in ("SELECT FROM public.users", "SELECT public.anonymize_user(NULL)", "SELECT public.later()"):
        with refused(connection, errors.InsufficientPrivilege), acting_as(connection, "declared_stranger"):
            connection.execute(statement.encode())
    rows = connection.execute(
        """
        SELECT p.oid::regprocedure::text FROM pg_proc AS p
        WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege('declared_stranger', p.oid, 'EXECUTE')
            AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT c.oid::regclass::text FROM pg_class AS c
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
            AND has_table_privilege('declared_stranger', c.oid, 'SELECT,INSERT,UPDATE,DELETE,TRUNCATE')
        """
    ).fetchall()
    connection.execute("ROLLBACK TO SAVEPOINT stranger")
    assert rows == []


def assert_append_only(connection: Connection, database: Database, table: str) -> None:
    """Not the app role, not the readonly role, not even the owner changes, deletes or truncates a row."""
    statements = (
        sql.SQL("UPDATE {} SET action = 'other'").format(sql.Identifier(table)),
        sql.SQL("DELETE FROM {}").format(sql.Identifier(table)),
        sql.SQL("TRUNCATE {}").format(sql.Identifier(table)),
    )
    for role in database.roles.names():
        for statement in statements:
            with refused(connection, errors.InsufficientPrivilege), acting_as(connection, role):
                connection.execute(statement)
    for statement in statements:
        with refused(connection, errors.InsufficientPrivilege):
            connection.execute(statement)


def unindexed_foreign_keys(connection: Connection) -> list[str]:
    """Foreign keys whose columns, as a set, no index begins with."""
    rows = connection.execute(
        """
        SELECT k.conrelid::regclass || '.' || k.conname
        FROM pg_constraint AS k
        WHERE k.contype = 'f' AND NOT EXISTS (
            SELECT FROM pg_index AS i
            WHERE i.indrelid = k.conrelid
                AND i.indisvalid
                AND (i.indkey::smallint[])[0:cardinality(k.conkey) - 1] @> k.conkey
        )
        ORDER BY 1
        """
    )
    return [str(row[0]) for row in rows]


def redundant_indexes(connection: Connection) -> list[str]:
    """Plain indexes whose columns another plain or unique index of the table begins with."""
    rows = connection.execute(
        """
        SELECT narrow.indexrelid::regclass::text
        FROM pg_index AS narrow
        INNER JOIN pg_index AS wide ON wide.indrelid = narrow.indrelid AND wide.indexrelid <> narrow.indexrelid
        WHERE NOT narrow.indisunique
            AND narrow.indrelid::regclass::text !~ '^pg_'
            AND narrow.indpred IS NULL AND wide.indpred IS NULL
            AND narrow.indexprs IS NULL AND wide.indexprs IS NULL
            AND (wide.indkey::smallint[])[0:narrow.indnatts - 1] = narrow.indkey::smallint[]
        ORDER BY 1
        """
    )
    return [str(row[0]) for row in rows]
