"""The way from one catalog to another: DDL statements in the order that works."""

from .build import plan
from .model import Loss, Plan, Stage, Statement, Unplanned

__all__ = ["Loss", "Plan", "Stage", "Statement", "Unplanned", "plan"]
