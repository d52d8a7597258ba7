CREATE TABLE letter (body text COMPRESSION pglz);
