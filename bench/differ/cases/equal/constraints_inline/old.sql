CREATE TABLE place (id integer PRIMARY KEY);
CREATE TABLE trip (
    id integer PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    place_id integer REFERENCES place ON DELETE CASCADE
);
