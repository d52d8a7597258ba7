CREATE TABLE cache (id integer);
