CREATE TABLE trip (code text UNIQUE CHECK (code <> ''));
