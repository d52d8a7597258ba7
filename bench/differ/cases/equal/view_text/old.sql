CREATE TABLE trip (id integer, title text, state text);
CREATE VIEW open_trip AS SELECT t.id, t.title FROM trip t WHERE t.state = 'open' OR t.state = 'new';
