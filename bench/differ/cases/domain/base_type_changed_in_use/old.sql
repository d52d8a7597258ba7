CREATE DOMAIN code AS varchar(10);
CREATE TABLE trip (code code DEFAULT 'x');
