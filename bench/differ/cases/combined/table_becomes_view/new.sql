CREATE TABLE tour (id integer PRIMARY KEY, title text);
CREATE VIEW trip AS SELECT id, title FROM tour;
