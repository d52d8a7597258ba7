-- safe
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
CREATE FUNCTION mark() RETURNS void LANGUAGE sql BEGIN ATOMIC SELECT 1; END;
-- migration
SELECT mark();
