"""What the models of this database share. Line numbers in them are those of its schema document."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, mapped_column

from ...core import NAMING_CONVENTION

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.now())]

TRAINING_LEVELS = "training_level IN ('STUDENT_PILOT', 'PRIVATE_PILOT', 'INSTRUMENT_RATED')"


class Base(DeclarativeBase):
    """Everything in `flight_schedule_pro`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {str: Text, datetime: TIMESTAMP(timezone=True), dict[str, Any]: JSONB}
