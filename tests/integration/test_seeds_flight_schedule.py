"""Generated data of flight_schedule: nobody and no aircraft is in two places; moved lessons have their options."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from airside.seeds.generated.run import Run

from .seeded import UNTIL, Seeded, seeded

NAME = "flight_schedule_pro"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    with seeded(tmp_path_factory.mktemp("cache"), "flight_schedule", 600) as filled:
        yield filled


@pytest.mark.parametrize("who", ["student_id", "instructor_id", "aircraft_id"])
def test_no_two_lessons_overlap_whatever_became_of_them(made: Seeded, who: str) -> None:
    """The constraints leave completed and cancelled ones out."""
    with made.server.connect(NAME) as connection:
        row = connection.execute(
            f"SELECT count(*) FROM bookings a JOIN bookings b ON a.id < b.id AND a.{who} = b.{who}"
            " AND flight_window(a.scheduled_datetime, a.duration_minutes)"
            " && flight_window(b.scheduled_datetime, b.duration_minutes)"
        ).fetchone()
    assert row == (0,)


def test_a_moved_lesson_leaves_its_first_booking_behind(made: Seeded) -> None:
    moved = made.rows(
        NAME,
        "SELECT o.status, o.rescheduled_to_datetime = n.scheduled_datetime, o.student_id = n.student_id,"
        " n.created_at >= o.updated_at, EXISTS (SELECT FROM reschedule_options r"
        "   WHERE r.booking_id = o.id AND r.suggested_datetime = n.scheduled_datetime)"
        " FROM bookings n JOIN bookings o ON o.id = n.original_booking_id",
    )
    assert len(moved) > 50
    assert set(moved) == {("CANCELLED", True, True, True, True)}


def test_both_people_rank_in_time(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM preference_rankings r JOIN bookings b ON b.id = r.booking_id"
        " WHERE r.submitted_at NOT BETWEEN r.created_at AND r.deadline"
        " OR r.deadline <> preference_deadline(b.scheduled_datetime, r.created_at - interval '1 minute')"
    )
    assert made.value(NAME, wrong) == 0
    twice = "SELECT count(*) = 2 * count(DISTINCT booking_id) FROM preference_rankings"
    assert made.value(NAME, twice) is True


def test_things_happen_in_order(made: Seeded) -> None:
    wrong = (
        "SELECT count(*) FROM bookings b JOIN users u ON u.id IN (b.student_id, b.instructor_id)"
        " WHERE b.created_at < u.created_at OR b.created_at > b.scheduled_datetime OR b.updated_at < b.created_at"
        " OR b.updated_at > '2026-06-10+00'"
    )
    assert made.value(NAME, wrong) == 0
    latest = "SELECT greatest((SELECT max(created_at) FROM audit_log), (SELECT max(created_at) FROM notifications))"
    assert made.value(NAME, latest) <= UNTIL
    assert made.value(NAME, "SELECT max(scheduled_datetime) FROM bookings") > UNTIL


def test_students_learn_and_instructors_teach(made: Seeded) -> None:
    roles = made.rows(
        NAME,
        "SELECT DISTINCT s.role, i.role, s.training_level = b.training_level FROM bookings b"
        " JOIN users s ON s.id = b.student_id JOIN users i ON i.id = b.instructor_id",
    )
    assert roles == [("STUDENT", "INSTRUCTOR", True)]


def test_lessons_are_flown_by_day(made: Seeded) -> None:
    hours = made.rows(
        NAME,
        "SELECT DISTINCT date_part('hour', scheduled_datetime AT TIME ZONE 'America/Los_Angeles')::int FROM bookings",
    )
    assert {hour for (hour,) in hours} == {7, 8, 10, 11, 13, 14, 16, 17}


@pytest.mark.parametrize(("scale", "days"), [(3, 365), (11, 1), (5000, 1), (2000, 1100)])
def test_no_slot_is_given_twice_however_busy_it_is(made: Seeded, scale: int, days: int) -> None:
    run = Run(scale, 3, UNTIL - timedelta(days=days), UNTIL)
    doubles = (
        "SELECT count(*) - count(DISTINCT ({who}, at)) FROM ("
        " SELECT instructor, student, aircraft, scheduled AS at FROM pg_temp.facts(0, pg_temp.lessons())"
        " UNION ALL SELECT instructor, student, aircraft, moved_to FROM pg_temp.facts(0, pg_temp.lessons())"
        " WHERE moved_to IS NOT NULL) s"
    )
    for who in ("instructor", "student", "aircraft"):
        assert made.drawn(NAME, run, doubles.replace("{who}", who)) == 0
    assert made.drawn(NAME, run, "SELECT count(*) FROM pg_temp.facts(0, pg_temp.lessons())") == 3 * scale


def test_a_school_without_a_student_has_no_lessons(made: Seeded) -> None:
    for scale in (1, 2):
        assert made.drawn(NAME, Run(scale, 1, made.run.since, UNTIL), "SELECT pg_temp.lessons()") == 0


def test_the_same_rows_in_other_batches(made: Seeded) -> None:
    """The last one here: it makes everything anew."""
    before = made.digests()
    assert all(digest.rows for digest in before[NAME])
    assert made.again(batch=111) == before
