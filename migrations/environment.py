"""The body of `env.py`: connect as the owner, one runner at a time, check the ledger, then let Alembic work."""

from __future__ import annotations

import time
import zlib
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from logging.config import fileConfig
from typing import Any

import psycopg
from alembic import context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from psycopg import sql
from sqlalchemy import Connection, MetaData, NullPool, create_engine

from ..schema.core.catalog import inspect
from ..schema.core.errors import AirsideError, LockNotAcquired, MultipleHeads, NotProvisioned
from ..schema.core.external import without_external
from ..schema.core.registry import Entry, load_registry
from ..server import resolve
from . import ledger, plugin
from .executor import driver
from .session import ATTRIBUTE, Session, StepDone
from .sqlfile import checksum

_LOCK_KEY = zlib.crc32(b"airside upgrade")


def run() -> None:
    """Entry point of `env.py`, offline and online, under the airside and the alembic command alike."""
    plugin.register()
    if "entry" in context.config.attributes:
        _run()
        return
    _configure_logging(context.config)
    try:
        _run()
    except AirsideError as error:
        # what Alembic's own command line prints in one line
        raise CommandError(str(error)) from error


def _configure_logging(config: Config) -> None:
    if config.config_file_name is not None and config.file_config.has_section("loggers"):
        fileConfig(config.config_file_name, disable_existing_loggers=False)


def _run() -> None:
    if context.is_offline_mode():
        context.configure(dialect_name="postgresql", literal_binds=True, **_options())
        with context.begin_transaction():
            _print_preamble(_entry())
            context.run_migrations()
        return
    session = _session()
    with _connect(session) as connection:
        if _writes():
            _take_turn(connection, session)
            _prepare(connection, session)
        context.configure(connection=connection, **_options())
        with context.begin_transaction():
            context.run_migrations()


def _options() -> dict[str, Any]:
    return {
        "target_metadata": MetaData(),
        "transaction_per_migration": True,
        "version_table_schema": ledger.SCHEMA,
        "on_version_apply": _record,
        "autogenerate_plugins": [plugin.NAME],
    }


def _entry() -> Entry:
    config = context.config
    entry = config.attributes.get("entry")
    if isinstance(entry, Entry):
        return entry
    return load_registry().one(config.config_ini_section)


def _session() -> Session:
    attributes = context.config.attributes
    if ATTRIBUTE not in attributes:
        entry = _entry()
        attributes[ATTRIBUTE] = Session(entry, resolve(), entry.name, entry.load().roles)
    return attributes[ATTRIBUTE]


@contextmanager
def _connect(session: Session) -> Generator[Connection]:
    engine = create_engine("postgresql+psycopg://", creator=lambda: connect_as_owner(session), poolclass=NullPool)
    with engine.connect() as connection:
        session.pid = driver(connection).info.backend_pid
        if session.spectator is not None:
            session.spectator.connected(connection)
        yield connection


def connect_as_owner(session: Session) -> psycopg.Connection[Any]:
    """A connection to the session's database that acts as the owner role. Raises NotProvisioned."""
    # as a setting of the connection it outlives the RESET ALL between revisions
    server = session.server.with_settings(synchronous_commit="off") if session.scratch else session.server
    connection = server.connect(session.database, application_name="airside upgrade")
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(session.roles.owner)))
    except (psycopg.errors.InvalidParameterValue, psycopg.errors.UndefinedObject) as error:
        connection.close()
        raise NotProvisioned(
            f"role {session.roles.owner} does not exist",
            where=session.entry.target,
            next_step=f"airside provision {session.entry.target}",
        ) from error
    # Alembic's autocommit_block fails on a connection that has begun a transaction before configure()
    connection.commit()
    return connection


def _writes() -> bool:
    """Upgrade, downgrade and stamp name a destination; current, check and revision only read."""
    try:
        context.get_revision_argument()
    except KeyError:
        return False
    return True


def _take_turn(connection: Connection, session: Session) -> None:
    """One runner at a time, by polling.

    A blocking pg_advisory_lock would hold a snapshot while it waits, for which CREATE INDEX CONCURRENTLY of the
    other runner waits in turn: a deadlock.
    """
    raw = driver(connection)
    for pause in session.budget.pauses(first=0.05, longest=0.5):
        row = raw.execute("SELECT pg_catalog.pg_try_advisory_lock(%s)", [_LOCK_KEY]).fetchone()
        raw.commit()
        if row is not None and row[0]:
            return
        time.sleep(pause)
    raise LockNotAcquired(
        f"another run has been migrating it for {session.budget.deadline:.0f} s",
        where=session.entry.target,
        next_step="wait for it to end, or look for it: SELECT * FROM pg_stat_activity"
        " WHERE application_name = 'airside upgrade'",
    )


def _prepare(connection: Connection, session: Session) -> None:
    raw = driver(connection)
    ledger.ensure_ledger(raw)
    raw.commit()
    script = context.script
    migrations = MigrationContext.configure(connection, opts={"version_table_schema": ledger.SCHEMA})
    applied = migrations.get_current_heads()
    recorded = ledger.applied_checksums(raw)
    connection.rollback()
    raw.rollback()
    if not session.scratch and not context.config.attributes.get("accept_files"):
        ledger.verify(script, applied, recorded, target=session.entry.target)
    one_head(script, session.entry)
    session.step_started = time.monotonic()
    session.lock_clock = None


def one_head(script: ScriptDirectory, entry: Entry) -> str | None:
    """The head of the history. Raises MultipleHeads: a database has one line of revisions."""
    heads = script.get_heads()
    if len(heads) > 1:
        raise MultipleHeads(
            f"the history has {len(heads)} heads: {', '.join(sorted(heads))}",
            where=entry.target,
            next_step="let the later revision follow the other: set its `down_revision`",
        )
    return heads[0] if heads else None


def _print_preamble(entry: Entry) -> None:
    output = context.get_context().impl.static_output
    owner = sql.Identifier(entry.load().roles.owner).as_string(None)
    output(f"SET ROLE {owner};")
    output("CREATE SCHEMA IF NOT EXISTS airside;")
    output(ledger_ddl())


def ledger_ddl() -> str:
    from ..schema.core.sql import query

    return query(ledger.QUERIES, "create_ledger").rstrip()


def _record(
    *,
    ctx: MigrationContext,
    step: MigrationInfo,
    heads: Sequence[str],  # noqa: ARG001
    run_args: Mapping[str, Any],  # noqa: ARG001
) -> None:
    """Write the ledger in the transaction of the step."""
    direction = "stamp" if step.is_stamp else "up" if step.is_upgrade else "down"
    config = ctx.config
    if config is None:
        raise RuntimeError("Alembic gave a migration context without configuration")
    script = ctx.script or ScriptDirectory.from_config(config)
    for revision_id in step.up_revision_ids:
        revision = script.get_revision(revision_id)
        digest = checksum(revision.path)
        if ctx.as_sql:
            ctx.impl.static_output(ledger.record_sql(revision_id, direction, digest) + ";")
            continue
        _record_online(ctx, config.attributes[ATTRIBUTE], revision_id, direction, digest, revision.doc)


def _record_online(
    ctx: MigrationContext, session: Session, revision: str, direction: str, digest: str, message: str
) -> None:
    if ctx.connection is None:
        raise RuntimeError("Alembic gave an online migration context without connection")
    raw = driver(ctx.connection)
    seconds = time.monotonic() - session.step_started
    fingerprint = None
    if not session.scratch and _is_destination(ctx, revision, direction):
        fingerprint = without_external(inspect(raw), session.entry.load().external).fingerprint
    ledger.record(raw, revision, direction, digest, round(seconds * 1000), fingerprint)
    if session.after_step is not None:
        session.after_step(revision, direction, raw)
    session.observer(StepDone(revision, direction, message, seconds))
    session.step_started = time.monotonic()
    session.lock_clock = None


def _is_destination(ctx: MigrationContext, revision: str, direction: str) -> bool:
    if direction != "up" or ctx.script is None:
        return False
    destination = context.get_revision_argument()
    return revision in ((destination,) if isinstance(destination, str) else tuple(destination or ()))
