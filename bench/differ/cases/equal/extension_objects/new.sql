CREATE EXTENSION citext;
CREATE EXTENSION hstore;
CREATE TABLE trip (tags public.hstore, code public.citext);
