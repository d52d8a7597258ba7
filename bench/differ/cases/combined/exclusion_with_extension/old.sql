CREATE TABLE stay (room integer NOT NULL, cancelled boolean);
