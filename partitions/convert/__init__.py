"""A plain table becomes a partitioned one, while everybody goes on reading and writing it.

The partitioned table is filled beside it (see `moving`); then one short transaction puts it in its place, with all
that hangs on the table: foreign keys, views, triggers, policies, rights, sequences, publications. The plain table is
kept in the schema `airside` until it is dropped by hand or with `drop_old`.
"""

from .run import Converted, convert, drop_old, plan

__all__ = ["Converted", "convert", "drop_old", "plan"]
