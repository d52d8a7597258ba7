-- expects: table-rewrite
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE FUNCTION widen() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    command text := 'ALTER TABLE orders ALTER total TYPE double precision';
BEGIN
    EXECUTE command;
END $$;
-- migration
SELECT widen();
