CREATE TABLE trip (a int, b varchar(20), c decimal(8, 2), d timestamptz, e bool, f float8, g char(3), h int8[]);
