"""What the models of this database share."""

from __future__ import annotations

from sqlalchemy import MetaData
from sqlalchemy.orm import DeclarativeBase

from ...core import NAMING_CONVENTION
from ..columns import TYPES


class Base(DeclarativeBase):
    """Everything in `booking_service_db`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = TYPES
