CREATE TABLE account (id integer, team text);
