CREATE TABLE trip (
    a integer, b character varying(20), c numeric(8, 2), d timestamp with time zone,
    e boolean, f double precision, g character(3), h bigint[]
);
