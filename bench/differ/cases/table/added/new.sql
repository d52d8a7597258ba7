CREATE TABLE trip (
    id integer PRIMARY KEY,
    title text NOT NULL,
    seats integer NOT NULL DEFAULT 4 CHECK (seats > 0)
);
