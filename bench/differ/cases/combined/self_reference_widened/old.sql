CREATE TABLE place (id integer PRIMARY KEY, parent_id integer REFERENCES place);
