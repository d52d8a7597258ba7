CREATE TYPE public.mood AS ENUM ('calm', 'hurried');
CREATE TYPE public.pair AS (a integer, b text);
CREATE DOMAIN public.positive AS integer CHECK (value > 0);
CREATE DOMAIN public.price AS numeric(12, 2);
CREATE TABLE public.people (id bigint PRIMARY KEY);
INSERT INTO public.people SELECT generate_series(0, 9);
CREATE TABLE public.zoo (
    id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    person bigint REFERENCES public.people (id),
    small smallint,
    whole integer,
    huge bigint,
    counter bigint GENERATED ALWAYS AS IDENTITY,
    yes boolean,
    single real,
    double double precision,
    "text with ""quotes""" text,
    short varchar(20),
    fixed char(5),
    anycase public.citext,
    amount numeric(12, 2),
    wide numeric(38, 10),
    widest numeric(60, 5),
    loose numeric,
    cost public.price,
    plain_moment timestamp,
    day date,
    clock time,
    zoned_clock timetz,
    length_of_time interval,
    document jsonb,
    raw json,
    bytes bytea,
    numbers integer[],
    words text[],
    switches boolean[],
    moments timestamptz[],
    mood public.mood,
    moods public.mood[],
    positive public.positive,
    address inet,
    network cidr,
    hardware macaddr,
    days daterange,
    span tstzmultirange,
    flags bit(5),
    more_flags varbit,
    search tsvector,
    tags public.hstore,
    pair public.pair,
    spot point,
    place_in_log pg_lsn,
    relation regclass,
    letter "char", -- noqa: RF06
    cash money,
    doubled bigint GENERATED ALWAYS AS (huge * 2) STORED,
    PRIMARY KEY (id, created_at)
) PARTITION BY RANGE (created_at);
CREATE INDEX ON public.zoo (person);
CREATE UNIQUE INDEX "zoo's ""own""" ON public.zoo (created_at, lower("text with ""quotes"""), id) INCLUDE (small) WHERE whole > 0;
CREATE INDEX ON public.zoo USING gin (search);
ALTER TABLE public.zoo ADD UNIQUE (counter, created_at);
CREATE TABLE public.zoo_2024_01 PARTITION OF public.zoo FOR VALUES FROM ('2024-01-01 00:00+00') TO ('2024-02-01 00:00+00');
CREATE TABLE public.zoo_2024_02 PARTITION OF public.zoo FOR VALUES FROM ('2024-02-01 00:00+00') TO ('2024-03-01 00:00+00');
CREATE TABLE public.zoo_2024_03 PARTITION OF public.zoo FOR VALUES FROM ('2024-03-01 00:00+00') TO ('2024-04-01 00:00+00');
