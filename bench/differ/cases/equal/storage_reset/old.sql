CREATE TABLE letter (id integer, body text);
