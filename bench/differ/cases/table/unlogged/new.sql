CREATE UNLOGGED TABLE cache (id integer);
