-- expects: trigger-lock
-- given
CREATE TABLE orders (
    id bigint PRIMARY KEY,
    customer_id bigint,
    state text,
    total numeric(10, 2),
    note varchar(50),
    placed_at timestamp
);
-- migration
CREATE RULE orders_kept AS ON DELETE TO orders DO INSTEAD NOTHING;
