CREATE DOMAIN code AS varchar(20);
CREATE TABLE trip (code code DEFAULT 'x');
