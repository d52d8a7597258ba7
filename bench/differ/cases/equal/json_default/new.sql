CREATE TABLE trip (id integer, tags json DEFAULT '{"a": 1}'::json);
