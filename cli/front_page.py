"""What `airside --help` prints. Written by docs/generate_cli.py."""

TEXT = """\
Usage: airside [OPTIONS] COMMAND [ARGS]...

  Schema-as-code migrations for PostgreSQL that show what they claim on a real
  server.

  TARGET is a system, a database (`system.database`, or its name alone), or the
  word `all`.

  Exit codes: 0 fine; 1 findings (drift, a failed check, an unproven plan); 2 usage;
  3 environment (no server, no right, a refused statement); 4 refused to protect data.

Options:
  --version             Show the version, and that of the PostgreSQL it carries.
  --url URL             Work on this PostgreSQL instead of the embedded one
                        (else AIRSIDE_URL, PG*, DATABASE_*).
  --data-dir DIRECTORY  The embedded server's data directory.
  --json                Print one JSON document; errors as JSON on stderr.
  -h, --help            Show this message and exit.

Commands:
  up          Start the embedded server and bring every database to head.
  down        Stop the embedded server.
  systems     Show what is declared: databases, tables, personal columns.
  provision   Create roles and databases, upgrade them, load reference data.
  upgrade     Apply revisions, each in a transaction of its own.
  downgrade   Undo revisions down to REVISION.
  current     Show the revision each database is at.
  history     List the revisions, newest first.
  heads       Show the newest revision of each history.
  stamp       Record a revision without running anything.
  revision    Draft a revision from the models, proven both ways.
  drift       Compare live databases with their migrations.
  check       Show what migrations do to a database, and judge it, as CI does.
  seed        Fill databases: reference data, fixtures, generated data.
  documents   Print reference data for stores beside PostgreSQL.
  partitions  Keep partitions ready for the next rows; end the old ones.
  archive     Move what is past its time out of the way, and bring it back.
  url         Print the URL of a database.
  psql        Open psql on a database.
"""
