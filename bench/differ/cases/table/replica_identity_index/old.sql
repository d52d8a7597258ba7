CREATE TABLE account (id integer PRIMARY KEY, code text NOT NULL);
