"""People."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ...core import kept_forever, never_delete, personal
from .base import TRAINING_LEVELS, Base, Key, Moment


class User(Base):
    """A student, an instructor or an administrator, signed in by AWS Cognito (line 27)."""

    __tablename__ = "users"

    id: Mapped[Key]
    cognito_user_id: Mapped[str] = mapped_column(String(255), info=personal("identity"))
    email: Mapped[str] = mapped_column(String(255), info=personal("contact"))
    first_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    last_name: Mapped[str] = mapped_column(String(100), info=personal("identity"))
    phone_number: Mapped[str | None] = mapped_column(String(20), info=personal("contact"))
    role: Mapped[str] = mapped_column(String(20))
    training_level: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[Moment]
    updated_at: Mapped[Moment]

    __table_args__ = (
        UniqueConstraint("cognito_user_id"),
        UniqueConstraint("email"),
        CheckConstraint("email = lower(email)", name="ck_users_email_lower"),
        CheckConstraint("role IN ('STUDENT', 'INSTRUCTOR', 'ADMIN')", name="ck_users_role"),
        CheckConstraint(TRAINING_LEVELS, name="ck_users_training_level"),
        Index("idx_users_role", "role"),
        # Bookings, rankings and the audit log keep their user (RESTRICT); a person leaves through anonymize_user().
        {"info": never_delete() | kept_forever("until the person leaves")},
    )
