"""Revisions: raw SQL up and down, run by Alembic, recorded in a ledger, drafted and proven on a scratch server."""
