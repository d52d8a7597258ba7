CREATE TABLE letter (id integer, body text);
ALTER TABLE letter ALTER body SET STORAGE EXTERNAL;
ALTER TABLE letter ALTER body SET STORAGE EXTENDED;
ALTER TABLE letter ALTER body SET STATISTICS 500;
ALTER TABLE letter ALTER body SET STATISTICS -1;
ALTER TABLE letter SET (fillfactor = 70);
ALTER TABLE letter RESET (fillfactor);
ALTER TABLE letter ALTER body SET (n_distinct = 5);
ALTER TABLE letter ALTER body RESET (n_distinct);
