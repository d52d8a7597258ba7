"""Partition maintenance: a pure planner, and what carries its plans out."""

from .create import create_missing, ensure, missing, provide

__all__ = ["create_missing", "ensure", "missing", "provide"]
