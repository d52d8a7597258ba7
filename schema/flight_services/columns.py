"""What the models of the six databases share. Line numbers in them are those of the system's schema document."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import String, Text, func
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TIMESTAMP
from sqlalchemy.orm import mapped_column

Key = Annotated[uuid.UUID, mapped_column(primary_key=True, server_default=func.gen_random_uuid())]
Moment = Annotated[datetime, mapped_column(server_default=func.current_timestamp())]

TYPES: dict[Any, Any] = {
    str: Text,
    datetime: TIMESTAMP(timezone=True),
    list[str]: ARRAY(String),
    list[Any]: JSONB,
    dict[str, Any]: JSONB,
}
