"""What the models of this database share. Line numbers in them are those of its design document."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import CHAR, MetaData, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import DeclarativeBase, mapped_column

from ...core import NAMING_CONVENTION

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Tenant = Annotated[uuid.UUID, mapped_column(server_default=func.current_tenant_id())]
"""The tenant that the transaction works for, unless a statement names one."""
Moment = Annotated[datetime, mapped_column(server_default=func.now())]
Currency = Annotated[str, mapped_column(CHAR(3), server_default="USD")]
NOTHING = text("'{}'")
NOBODY = text("'[]'")


class Base(DeclarativeBase):
    """Everything in `global_travel_hub`."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {
        str: Text,
        datetime: TIMESTAMP(timezone=True),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
    }
