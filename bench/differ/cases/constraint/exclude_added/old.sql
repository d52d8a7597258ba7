CREATE EXTENSION btree_gist;
CREATE TABLE stay (room integer, during daterange);
