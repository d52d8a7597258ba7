-- Rows of one month: airside.test_rows of them from airside.test_month on; every seventh is all NULL but its key.
INSERT INTO public.zoo (
    id, created_at, person, small, whole, huge, yes, single, double, "text with ""quotes""", short, fixed, anycase,
    amount, wide, widest, loose, cost, plain_moment, day, clock, zoned_clock, length_of_time, document, raw, bytes,
    numbers, words, switches, moments, mood, moods, positive, address, network, hardware, days, span, flags,
    more_flags, search, tags, pair, spot, place_in_log, relation, letter, cash
)
SELECT
    gen_random_uuid(),
    current_setting('airside.test_month')::timestamptz + i * interval '1 second' + interval '1 microsecond' * i,
    i % 10,
    i % 32767 - 100,
    i * 3 - 1000,
    9223372036854775807 / 3 - i,
    i % 2 = 0,
    i / 3.0,
    i / 7.0,
    CASE i % 6
        WHEN 0 THEN ''
        WHEN 1 THEN 'a "quoted", text' || i
        WHEN 2 THEN E'two\nlines\n\\.\nand \\N and \r' || i
        WHEN 3 THEN '\.'
        WHEN 4 THEN 'Ünïcödé 漢字 🙂' || i
        ELSE repeat('long ', 50)
    END,
    'short' || i,
    'ab',
    'MixedCase' || i,
    i / 100.0,
    i * 12345.0123456789,
    i * 1e50,
    (i || '.5' || repeat('0', i % 5))::numeric,
    i / 10.0,
    '2001-02-03'::timestamp + i * interval '1 hour',
    '1900-01-01'::date + i,
    '00:00'::time + i * interval '1 second',
    '12:00+02'::timetz,
    i * interval '1 day' + interval '1 month',
    jsonb_build_object('n', i, 'deep', jsonb_build_array(1.10, NULL, 'x')),
    json_build_object('raw', i),
    decode(lpad(to_hex(i), 8, '0'), 'hex'),
    ARRAY[i, NULL, i + 1],
    ARRAY['plain', 'with "quotes" and \ and ,', '', NULL, 'NULL', '{}'],
    ARRAY[TRUE, FALSE, NULL],
    ARRAY['2024-01-01 00:00+00'::timestamptz],
    (ARRAY['calm', 'hurried'])[i % 2 + 1]::public.mood,
    ARRAY['calm'::public.mood],
    i,
    '10.1.2.3/24'::inet,
    '10.1.0.0/16'::cidr,
    '08:00:2b:01:02:03'::macaddr,
    daterange('2024-01-01', '2024-02-01'),
    tstzmultirange(tstzrange('2024-01-01 00:00+00', NULL)),
    b'10101',
    b'101',
    to_tsvector('simple', 'the quick fox ' || i),
    public.hstore('k', 'v "' || i || '"'),
    (i, 'b, "' || i)::public.pair,
    point(i, 0.1),
    '16/B374D848'::pg_lsn,
    'pg_catalog.pg_class'::regclass,
    'x',
    '12.50'
FROM generate_series(1, current_setting('airside.test_rows')::integer) AS i
WHERE i % 7 <> 0;
INSERT INTO public.zoo (id, created_at)
SELECT
    gen_random_uuid(),
    current_setting('airside.test_month')::timestamptz + i * interval '1 minute'
FROM generate_series(7, current_setting('airside.test_rows')::integer, 7) AS i;
