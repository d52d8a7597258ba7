"""Alembic's environment, shared by all databases: `alembic -n <database> upgrade head`."""

from airside.migrations.environment import run

run()
