"""The way from one catalog to another: DDL statements in the order that works."""

from .build import plan
from .casts import keeps_every_value
from .model import Loss, Plan, Stage, Statement, Unplanned

__all__ = ["Loss", "Plan", "Stage", "Statement", "Unplanned", "keeps_every_value", "plan"]
