CREATE SCHEMA sales;
CREATE TYPE sales.state AS ENUM ('new', 'paid');
CREATE TABLE sales.trip (state sales.state);
CREATE FUNCTION sales.paid() RETURNS sales.state LANGUAGE sql AS 'SELECT ''paid''::sales.state';
