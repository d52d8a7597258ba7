CREATE TABLE place (name text CONSTRAINT named CHECK (name <> ''));
