CREATE TABLE trip (id integer, changed_at timestamptz);
