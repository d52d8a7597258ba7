-- airside: per booking
-- Who flies checks in on the day before; an infant has no seat.
INSERT INTO passenger_segments (
    id,
    passenger_id,
    booking_segment_id,
    seat_number,
    boarding_pass_issued,
    check_in_time,
    boarding_group,
    gate,
    created_at
)
SELECT
    pg_temp.id('passenger segment', s.n * 8 + s.way * 4 + s.place),
    pg_temp.id('passenger', s.n * 4 + s.place),
    pg_temp.id('segment', s.n * 2 + s.way),
    CASE WHEN s.place < s.seats THEN s.seat_row || pg_temp.seat_letter(s.port, s.starboard, s.side, s.place) END,
    s.checked_in,
    CASE WHEN s.checked_in THEN s.check_in END,
    CASE WHEN s.checked_in THEN pg_temp.pick('group', s.n * 2 + s.way, ARRAY['1', '2', '3', '4']) END,
    CASE
        WHEN s.checked_in AND s.departs < pg_temp.until() + interval '1 day'
            THEN pg_temp.pick('gate letter', s.departure, ARRAY['A', 'B', 'C', 'D'])
            || pg_temp.between('gate', s.departure, 1, 48)
    END,
    s.created
FROM (
    SELECT
        l.*,
        l.check_in < pg_temp.until()
        AND l.flies AND pg_temp.chance('shows up', l.n, 0.97) AS checked_in
    FROM (
        SELECT
            f.n,
            f.seats,
            f.seat_row,
            f.port,
            f.starboard,
            f.created,
            w.way,
            k.place,
            CASE w.way WHEN 0 THEN f.departure1 ELSE f.departure2 END AS departure,
            CASE w.way WHEN 0 THEN f.departs1 ELSE f.departs2 END AS departs,
            CASE w.way WHEN 0 THEN f.side1 ELSE f.side2 END AS side,
            f.verdict IN ('confirmed', 'completed') AND (w.way = 0 OR NOT f.grounded2) AS flies,
            greatest(
                f.created,
                CASE w.way WHEN 0 THEN f.departs1 ELSE f.departs2 END
                - interval '1 minute' * pg_temp.between('check-in', f.n * 2 + w.way, 60, 1430)
            ) AS check_in
        FROM pg_temp.facts(%(lo)s, %(hi)s) AS f
        CROSS JOIN generate_series(0, 1) AS w (way)
        CROSS JOIN LATERAL generate_series(0, f.seats - 1 + f.infant::int) AS k (place)
        WHERE w.way = 0 OR f.departure2 IS NOT NULL
        OFFSET 0
    ) AS l
    OFFSET 0
) AS s;
