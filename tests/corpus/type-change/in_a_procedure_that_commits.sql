-- expects: type-change
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE PROCEDURE widen() LANGUAGE plpgsql AS $$
BEGIN
    ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 4);
    COMMIT;
END $$;
-- migration
-- airside: transaction = off
CALL widen();
